// Another e-mail address for an account: a real SMTP server gets the link and the notice, and the link is followed. And what an
// administrator does about addresses, passwords and passkeys.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { signUpWithPasskey } from './harness/passkey.js';
import { makeTempDirectory, sleep, withinTheFirstWait } from './harness/place.js';
import { bearer, newEmail, newPassword, startServer } from './harness/server.js';
import { linkOf, startSmtpServer, tokenOf } from './harness/smtp_server.js';

const kReset = /password/i;
const kConfirm = /confirm your new/i;
const kNotice = /about to change/i;

let smtp;
let server;
before(async () => {
  smtp = await startSmtpServer();
  const mail = { 'mail.smtp_url': smtp.url, 'mail.from': 'id@example.com', 'mail.free_per_address': '10000' };
  server = await startServer({ settings: { ...mail, 'server.allowed_origins': 'https://app.example.com' } });
});
after(async () => {
  await server?.dispose();
  await smtp?.stop();
});

const is = (answer, status, code) => assert.deepEqual([answer.status, answer.code], [status, code], answer.text);
const ask = (account, email, more = {}, on = server) => on.post('/auth/email', { email, ...more }, bearer(account.access));
const confirm = (token) => server.post('/auth/email/confirm', { token });
const shown = async (id) => (await server.admin('GET', `/admin/users/${id}`)).json.user;
async function linkTo(account, email) {
  is(await ask(account, email), 202, undefined);
  return tokenOf(await smtp.wait(email, { subject: kConfirm }));
}

test('the link goes to the new address and a notice to the old one; following it is the change, and sessions live on', async () => {
  const account = await server.signUp();
  const other = await server.logIn(account);
  const next = newEmail().replace(/^./, (c) => c.toUpperCase());
  is(await ask(account, next), 202, undefined);
  const mail = await smtp.wait(next, { subject: kConfirm });
  const notice = await smtp.wait(account.email, { subject: kNotice });
  assert.ok(!mail.raw.includes(account.email), 'a mistyped address is a stranger\u2019s, who learns nothing of the account');
  assert.ok(!notice.raw.includes('token=') && !notice.text.includes(next), 'nor is the old one good for anything');
  const link = new URL(linkOf(mail));
  assert.deepEqual([link.origin, link.pathname, link.search], [server.publicUrl, '/change-email', '']);
  assert.equal((await server.get(link.pathname)).status, 200);
  assert.equal((await shown(account.user)).email, account.email, 'nothing has changed yet');

  is(await confirm(tokenOf(mail)), 200, undefined);
  const user = await shown(account.user);
  assert.deepEqual([user.email, user.email_verified], [next, true]);
  is(await confirm(tokenOf(mail)), 400, 'invalid_link');
  is(await server.verify(account.access), 401, 'token_revoked');
  for (const { refresh } of [account, other]) {
    const fresh = await server.refresh(refresh);
    assert.deepEqual([fresh.status, fresh.json.user.email], [200, next]);
  }
  is(await server.post('/auth/login', { email: account.email, password: account.password }), 401, 'invalid_credentials');
  assert.equal((await server.post('/auth/login', { email: next.toLowerCase(), password: account.password })).status, 200);
  const events = (await server.events(`?user=${account.user}`)).filter((event) => event.type.startsWith('email_chang'));
  assert.deepEqual(events.map((event) => [event.type, event.by, event.detail]), [['email_change_asked', null, ''], ['email_changed', null, '']]);
  await server.restart();
  assert.equal((await shown(account.user)).email, next);
  assert.equal((await server.signUp({ email: account.email })).body.user.email, account.email, 'the old address is free');
});

test('links that went to the old address are dead', async () => {
  const account = await server.signUp();
  await server.post('/auth/password/forgot', { email: account.email });
  const reset = tokenOf(await smtp.wait(account.email, { subject: kReset }));
  const verify = tokenOf(await smtp.wait(account.email, { subject: /confirm/i }));
  is(await confirm(await linkTo(account, newEmail())), 200, undefined);
  is(await server.post('/auth/password/reset', { token: reset, password: newPassword() }), 400, 'invalid_link');
  is(await server.post('/auth/email/verify', { token: verify }), 400, 'invalid_link');
  const before = smtp.to(account.email).length;
  assert.equal((await server.post('/auth/password/forgot', { email: account.email })).status, 202);
  await sleep(300);
  assert.equal(smtp.to(account.email).length, before, 'and no further one goes there');
});

test('a password change, a reset and a sign-out everywhere void the link', async () => {
  for (const act of [
    (account) => server.post('/auth/password', { current: account.password, new: newPassword(), delivery: 'body' }, bearer(account.access)),
    (account) => server.post('/auth/logout-all', {}, bearer(account.access)),
  ]) {
    const account = await server.signUp();
    const token = await linkTo(account, newEmail());
    assert.equal((await act(account)).status, 200);
    is(await confirm(token), 400, 'invalid_link');
    assert.equal((await shown(account.user)).email, account.email);
  }
});

test('the answer does not tell whether the address is taken; whoever follows the link learns it', async () => {
  const [account, holder] = [await server.signUp(), await server.signUp()];
  const strip = ({ status, text, rawHeaders }) => ({ status, text, headers: rawHeaders.filter((_, i, all) => all[i - (i % 2)] !== 'Date') });
  const [free, taken] = [await ask(account, newEmail()), await ask(account, holder.email.toUpperCase())];
  assert.deepEqual(strip(taken), strip(free));
  const token = tokenOf(await smtp.wait(holder.email.toUpperCase(), { subject: kConfirm }));
  is(await confirm(token), 409, 'email_taken');
  is(await confirm(token), 400, 'invalid_link');
  assert.deepEqual([(await shown(account.user)).email, (await shown(holder.user)).email], [account.email, holder.email]);
});

test('one link used 32 times at once is good once; of many accounts that want one address one gets it', async () => {
  const account = await server.signUp();
  const token = await linkTo(account, newEmail());
  const answers = await Promise.all(Array.from({ length: 32 }, () => confirm(token)));
  assert.deepEqual([answers.filter((a) => a.status === 200).length, answers.filter((a) => a.code === 'invalid_link').length], [1, 31]);

  const next = newEmail();
  const tokens = [];
  for (let i = 0; i < 3; ++i) {
    is(await ask(await server.signUp(), next), 202, undefined);
    tokens.push(tokenOf(await smtp.wait(next, { subject: kConfirm, count: i + 1 })));
  }
  const outcomes = (await Promise.all(tokens.map(confirm))).map((answer) => answer.code ?? 'changed');
  assert.deepEqual(outcomes.sort(), ['changed', 'email_taken', 'email_taken']);
});

test('a stolen token is not enough, and wrong passwords count', async () => {
  const strict = await startServer({ settings: { 'login.email_change_max_age': '1s', 'login.free_attempts': '3', 'mail.smtp_url': smtp.url, 'mail.from': 'id@example.com' } });
  try {
    const account = await strict.signUp();
    const others = await Promise.all(Array.from({ length: 5 }, () => strict.signUp()));
    await sleep(2100);
    const freshOf = async ({ refresh }) => ({ access: (await strict.refresh(refresh)).json.access_token });
    const fresh = await freshOf(account);
    const refused = await ask(fresh, newEmail(), {}, strict);
    is(refused, 401, 'reauthentication_required');
    assert.match(refused.header('www-authenticate'), /insufficient_user_authentication.*max_age="1"/);
    is(await ask(fresh, newEmail(), { password: 'wrong horse' }, strict), 401, 'invalid_credentials');
    is(await ask(fresh, newEmail(), { password: account.password }, strict), 202, undefined);
    await withinTheFirstWait(async () => {
      const other = others.pop();
      const stolen = await freshOf(other);
      for (let i = 0; i < 3; ++i) is(await ask(stolen, newEmail(), { password: 'wrong horse' }, strict), 401, 'invalid_credentials');
      is(await ask(stolen, newEmail(), { password: other.password }, strict), 429, 'too_many_attempts');
    });
  } finally {
    await strict.dispose();
  }
});

test('by cookie from an allowed page only; bad addresses are refused; mails are limited in every spelling', async () => {
  const { cookie } = await server.signUpWithCookies();
  const send = (origin) => server.request('POST', '/auth/email', { headers: { Cookie: cookie, Origin: origin }, json: { email: newEmail() } });
  is(await send('https://evil.example'), 403, 'csrf_rejected');
  const good = await send('https://app.example.com');
  is(good, 202, undefined);
  assert.equal(good.header('cache-control'), 'no-store');
  is(await server.request('POST', '/auth/email/confirm', { headers: { Origin: 'https://evil.example' }, json: { token: 'x' } }), 403, 'csrf_rejected');

  const account = await server.signUp();
  for (const bad of ['', 'x', 'a@b@c', 'ada@example.com\r\nBcc: eve@example.com', 'Ada <ada@example.com>']) is(await ask(account, bad), 400, 'invalid_request');
  const adopted = await server.adopt('theirs');
  is(await ask(adopted, newEmail()), 400, 'invalid_request');
  const victim = newEmail();
  for (const email of [victim, victim.toUpperCase(), victim]) is(await ask(await server.signUp(), email), 202, undefined);
  const many = await ask(await server.signUp(), victim.replace('example', 'EXAMPLE'));
  is(many, 429, 'too_many_attempts');
  assert.match(many.header('retry-after'), /^[1-9][0-9]*$/);
});

test('the operator\u2019s own templates', async () => {
  const templates = makeTempDirectory('templates');
  fs.writeFileSync(path.join(templates, 'change.txt'), 'Subject: Neu: {{email}}\n\n{{link}} ({{minutes}})\n');
  fs.writeFileSync(path.join(templates, 'change.html'), '<a href="{{link}}">neu</a>\n');
  fs.writeFileSync(path.join(templates, 'change-notice.txt'), 'Subject: Hinweis\n\n{{email}}\n');
  fs.writeFileSync(path.join(templates, 'change-notice.html'), '<p>{{email}}</p>\n');
  const other = await startServer({ settings: { 'mail.smtp_url': smtp.url, 'mail.from': 'id@example.com', 'mail.templates': templates, 'mail.change_email_url': 'https://app.example.com/settings/email' } });
  try {
    const account = await other.signUp();
    const next = newEmail();
    is(await ask(account, next, {}, other), 202, undefined);
    const mail = await smtp.wait(next);
    assert.equal(mail.subject, `Neu: ${next}`);
    assert.match(mail.text, /^https:\/\/app\.example\.com\/settings\/email#token=ec1\.[\w-]+ \(30\)/);
    assert.equal((await smtp.wait(account.email, { subject: /Hinweis/ })).text.trim(), account.email);
  } finally {
    await other.dispose();
    fs.rmSync(templates, { recursive: true });
  }
});

const change = (id, json) => server.admin('PATCH', `/admin/users/${id}`, json);

test('an administrator changes an address, says that it is verified, and events say who', async () => {
  const account = await server.signUp();
  const next = newEmail();
  const changed = await change(account.user, { email: next, name: 'Ada' });
  assert.deepEqual([changed.status, changed.json.user.email, changed.json.user.name, changed.json.user.email_verified], [200, next, 'Ada', false]);
  is(await server.verify(account.access), 401, 'token_revoked');
  assert.equal((await server.refresh(account.refresh)).status, 200);
  assert.equal((await change(account.user, { email_verified: true })).json.user.email_verified, true);
  assert.equal((await change(account.user, { email: newEmail() })).json.user.email_verified, false, 'it says nothing of another address');
  assert.equal((await change(account.user, { email: newEmail(), email_verified: true })).json.user.email_verified, true);
  is(await change(account.user, { email: (await server.signUp()).email }), 409, 'email_taken');
  for (const bad of [{ email: 'x' }, { email: '' }, { email_verified: false }, { email: newEmail(), roles: ['x'] }, { email_verified: true, roles: ['x'] }]) {
    is(await change(account.user, bad), 400, 'invalid_request');
  }
  const events = (await server.events(`?user=${account.user}`)).filter((event) => event.by !== null).map((event) => event.type);
  assert.deepEqual(events, ['email_changed', 'email_verified', 'email_changed', 'email_changed']);
});

test('an imported user gets the mail with which to set a password, beyond the limits, and not while blocked', async () => {
  const email = newEmail();
  const { id } = (await server.admin('POST', '/admin/users', { email })).json.user;
  const send = (user = id) => server.admin('POST', `/admin/users/${user}/password-reset`);
  for (let i = 0; i < 5; ++i) assert.deepEqual((await send()).json, { user: { id } });
  const mail = await smtp.wait(email, { subject: kReset, count: 5 });
  const password = newPassword();
  is(await server.post('/auth/password/reset', { token: tokenOf(mail), password }), 200, undefined);
  assert.equal((await server.post('/auth/login', { email, password })).status, 200);
  const asked = (await server.events(`?user=${id}&type=password_reset_asked`)).map((event) => event.by !== null);
  assert.deepEqual(asked, Array(5).fill(true));
  await server.admin('POST', `/admin/users/${id}/block`, {});
  is(await send(), 403, 'user_blocked');
  is(await send('nobody'), 404, 'not_found');
  is(await send((await server.adopt('no address')).user.replaceAll(' ', '%20')), 400, 'invalid_request');
});

test('an administrator lists passkeys and removes a lost one, be it the only way in', async () => {
  const { email, authenticator, answer } = await signUpWithPasskey(server, newEmail());
  const { id } = answer.json.user;
  const at = `/admin/users/${id}/passkeys`;
  const [passkey] = (await server.admin('GET', at)).json.passkeys;
  assert.deepEqual(Object.keys(passkey).sort(), ['created_at', 'id', 'last_used_at', 'name', 'synced', 'transports']);
  const other = await server.signUp();
  is(await server.admin('DELETE', `/admin/users/${other.user}/passkeys/${passkey.id}`), 404, 'not_found');
  for (const bad of [`${at}/`, `${at}/x/y`, `/admin/users/${id}/passkey/${passkey.id}`, `/admin/users//passkeys/${passkey.id}`]) {
    is(await server.admin('DELETE', bad), 404, 'not_found');
  }
  assert.deepEqual((await server.admin('DELETE', `${at}/${passkey.id}`)).json, { passkey: { id: passkey.id } });
  assert.deepEqual((await server.admin('GET', at)).json, { passkeys: [] });
  const options = (await server.post('/auth/passkeys/login/options')).json;
  is(await server.post('/auth/passkeys/login', { credential: authenticator.get(options) }), 401, 'invalid_credentials');
  assert.equal((await server.verify(answer.json.access_token)).status, 200, 'what it has signed in to goes on');
  const [event] = await server.events(`?user=${id}&type=passkey_removed`);
  assert.ok(event.by);
  await server.admin('POST', `/admin/users/${id}/password-reset`);
  const token = tokenOf(await smtp.wait(email, { subject: kReset }));
  is(await server.post('/auth/password/reset', { token, password: newPassword() }), 200, undefined);
});

test('events newest first, page by page', async () => {
  const account = await server.signUp();
  for (let i = 0; i < 4; ++i) await server.logIn(account);
  const page = async (query) => (await server.admin('GET', `/admin/events?user=${account.user}&${query}`)).json.events.map((event) => event.seq);
  const all = await page('limit=1000');
  const newest = await page('order=desc&limit=2');
  assert.deepEqual(newest, all.slice(-2).reverse());
  assert.deepEqual(await page(`order=desc&limit=2&before=${newest[1]}`), all.slice(-4, -2).reverse());
  assert.deepEqual(await page(`order=asc&before=${newest[1]}&since=${all[0]}`), all.slice(1, -2));
  is(await server.admin('GET', '/admin/events?order=up'), 400, 'invalid_request');
});

test('a device name with control characters is refused at the log-in as at the renaming', async () => {
  const { email, password, sid, access } = await server.signUp();
  for (const device of ['a\nb', '\u001b[31m']) {
    is(await server.post('/auth/login', { email, password, device }), 400, 'invalid_request');
    is(await server.post('/auth/signup', { email: newEmail(), password, device }), 400, 'invalid_request');
    is(await server.admin('POST', '/admin/sessions', { user: 'x', device }), 400, 'invalid_request');
    is(await server.request('PATCH', `/auth/sessions/${sid}`, { headers: bearer(access), json: { name: device } }), 400, 'invalid_request');
  }
});

test('roles are judged alike at an import and at a change', async () => {
  const { user } = await server.signUp();
  for (const [roles, good] of [[['a', 'b'], true], [['a', 'a'], false], [['a b'], false], [['a,b'], false], [[''], false], [['a\tb'], false], [['Büro'], true]]) {
    const statuses = [(await change(user, { roles })).status, (await server.admin('POST', '/admin/users', { email: newEmail(), roles })).status];
    assert.deepEqual(statuses, good ? [200, 201] : [400, 400], JSON.stringify(roles));
  }
});
