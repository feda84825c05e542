// Forgotten passwords and unverified addresses: a real SMTP server gets the mail, and its link is followed.
import assert from 'node:assert/strict';
import crypto from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { SoftAuthenticator } from './harness/passkey.js';
import { makeTempDirectory, sleep, waitUntil, withinTheFirstWait } from './harness/place.js';
import { bearer, newEmail, newPassword, startServer } from './harness/server.js';
import { linkOf, makeCertificate, startSmtpServer, tokenOf } from './harness/smtp_server.js';

const kReset = /password/i;
const kVerify = /confirm/i;
const kMail = { 'mail.from': 'Rescind Tests <id@example.com>' };

let smtp;
let server;
before(async () => {
  smtp = await startSmtpServer();
  server = await startServer({ settings: { ...kMail, 'mail.smtp_url': smtp.url, 'mail.free_per_account': '100', 'mail.free_per_address': '10000' } });
});
after(async () => {
  await server?.dispose();
  await smtp?.stop();
});

const forgot = (email, headers = {}) => server.request('POST', '/auth/password/forgot', { json: { email }, headers });
const reset = (token, password) => server.post('/auth/password/reset', { token, password });
const logIn = (email, password) => server.post('/auth/login', { email, password, delivery: 'body' });

async function resetToken(email, count = 1) {
  assert.equal((await forgot(email)).status, 202);
  return tokenOf(await smtp.wait(email, { subject: kReset, count }));
}

test('a forgotten password: the mail comes, its link is followed, and everybody else is out', async () => {
  const account = await server.signUp();
  assert.equal((await forgot(account.email)).status, 202);
  const mail = await smtp.wait(account.email, { subject: kReset });
  assert.deepEqual(mail.from, { name: 'Rescind Tests', address: 'id@example.com' });
  assert.deepEqual(mail.envelope, { from: 'id@example.com', to: [account.email] });
  assert.ok(mail.html.includes(linkOf(mail)));
  const link = new URL(linkOf(mail));
  assert.equal(link.origin, server.publicUrl);
  assert.equal(link.search, '', 'the token is in the fragment, which is sent to nobody');

  const page = await server.get(link.pathname);
  assert.equal(page.status, 200);
  assert.match(page.header('content-type'), /^text\/html/);
  const password = newPassword();
  assert.equal((await reset(tokenOf(mail), password)).status, 200);
  assert.equal((await server.verify(account.access)).code, 'token_revoked');
  assert.equal((await server.refresh(account.refresh)).code, 'session_revoked');
  assert.equal((await logIn(account.email, account.password)).code, 'invalid_credentials');
  assert.equal((await logIn(account.email, password)).status, 200);
  assert.equal((await reset(tokenOf(mail), newPassword())).code, 'invalid_link');
  const events = (await server.events(`?user=${account.user}`)).map((e) => e.type);
  for (const type of ['password_reset_asked', 'password_reset']) assert.equal(events.filter((e) => e === type).length, 1, type);
});

test('an account that somebody else has made with a passkey is its owner\'s from the reset on', async () => {
  const email = newEmail();
  const thief = new SoftAuthenticator(server.publicUrl);
  const options = async (what, json = {}) => (await server.post(`/auth/passkeys/${what}/options`, json)).json;
  const signIn = async (authenticator) => server.post('/auth/passkeys/login', { credential: authenticator.get(await options('login')), delivery: 'body' });
  const credential = thief.create(await options('signup', { email }));
  const made = await server.post('/auth/passkeys/signup', { email, credential, delivery: 'body' });
  assert.equal(made.status, 201, made.text);
  assert.equal((await signIn(thief)).status, 200);

  const password = newPassword();
  assert.equal((await reset(await resetToken(email), password)).status, 200);
  assert.equal((await signIn(thief)).code, 'invalid_credentials');
  assert.equal((await server.verify(made.json.access_token)).code, 'token_revoked');
  const owner = await logIn(email, password);
  assert.equal(owner.status, 200);
  assert.equal(owner.json.user.email_verified, true);
  const types = (await server.events(`?user=${made.json.user.id}`)).map((e) => e.type);
  assert.deepEqual(types.slice(types.indexOf('password_reset')), ['password_reset', 'email_verified', 'passkey_removed', 'login_succeeded']);

  // The passkey that she makes herself stays: a forgotten password is no reason to lose it.
  const hers = new SoftAuthenticator(server.publicUrl);
  const headers = bearer(owner.json.access_token);
  const asked = (await server.request('POST', '/auth/passkeys/register/options', { headers, json: {} })).json;
  assert.equal((await server.request('POST', '/auth/passkeys/register', { headers, json: { credential: hers.create(asked) } })).status, 201);
  assert.equal((await reset(await resetToken(email, 2), newPassword())).status, 200);
  assert.equal((await signIn(hers)).status, 200);
});

test('the pages may run their own script and nothing else', async () => {
  for (const at of ['/reset-password', '/verify-email', '/change-email']) {
    const page = await server.get(at);
    assert.equal(page.header('referrer-policy'), 'no-referrer');
    assert.equal(page.header('cache-control'), 'no-store');
    const policy = Object.fromEntries(page.header('content-security-policy').split('; ').map((part) => [part.split(' ')[0], part.slice(part.indexOf(' ') + 1)]));
    assert.equal(policy['default-src'], "'none'");
    for (const [tag, directive] of [['script', 'script-src'], ['style', 'style-src']]) {
      const inline = page.text.match(new RegExp(`<${tag}>([^]*?)</${tag}>`))[1];
      assert.equal(policy[directive], `'sha256-${crypto.createHash('sha256').update(inline).digest('base64')}'`, tag);
    }
    assert.ok(!/https?:/.test(page.text), 'no third party');
  }
});

test('the link is made of the configured origin, whatever the request says of its host', async () => {
  const { email } = await server.signUp();
  const lies = [
    [['Host', 'evil.example'], ['Content-Type', 'application/json']],
    [['Host', `evil.example:${server.port}`], ['X-Forwarded-Host', 'evil.example'], ['Content-Type', 'application/json']],
    { 'X-Forwarded-Host': 'evil.example', 'X-Forwarded-Proto': 'https', Forwarded: 'host=evil.example', 'X-Host': 'evil.example' },
  ];
  for (const [i, headers] of lies.entries()) {
    const answer = await forgot(email, headers);
    assert.equal(answer.status, 202, answer.text);
    const mail = await smtp.wait(email, { subject: kReset, count: i + 1 });
    assert.equal(new URL(linkOf(mail)).origin, server.publicUrl);
    assert.ok(!mail.raw.includes('evil'), mail.raw);
  }
});

test('an address without an account is answered alike, and gets nothing', async () => {
  const { email } = await server.signUp();
  const strip = ({ status, text, rawHeaders }) => ({ status, text, headers: rawHeaders.filter((_, i, all) => all[i - (i % 2)] !== 'Date') });
  const nobody = newEmail();
  assert.deepEqual(strip(await forgot(nobody)), strip(await forgot(email)));
  await smtp.wait(email, { subject: kReset });
  assert.equal(smtp.to(nobody).length, 0);
});

test('a link is void once the password is changed, another link was used, or the user was blocked', async () => {
  const account = await server.signUp();
  const first = await resetToken(account.email);
  const fresh = newPassword();
  const changed = await server.request('POST', '/auth/password', { json: { current: account.password, new: fresh, delivery: 'body' }, headers: bearer(account.access) });
  assert.equal(changed.status, 200, changed.text);
  assert.equal((await reset(first, newPassword())).code, 'invalid_link', 'after a change of the password');

  const [one, other] = [await resetToken(account.email, 2), await resetToken(account.email, 3)];
  assert.equal((await reset(other, newPassword())).status, 200);
  assert.equal((await reset(one, newPassword())).code, 'invalid_link', 'after the other mail was used');

  const blocked = await resetToken(account.email, 4);
  await server.admin('POST', `/admin/users/${account.user}/block`, {});
  assert.equal((await reset(blocked, newPassword())).code, 'invalid_link', 'after a block');
  assert.equal((await forgot(account.email)).status, 202);
  await sleep(300);
  assert.equal(smtp.to(account.email).filter((m) => kReset.test(m.subject)).length, 4, 'a blocked user gets no mail');
  await server.admin('POST', `/admin/users/${account.user}/unblock`);
  assert.equal((await reset(blocked, newPassword())).code, 'invalid_link', 'also when the block is lifted');
});

test('one link used 32 times at once is good once, and survives a restart before it', async () => {
  const { email } = await server.signUp();
  const token = await resetToken(email);
  await server.restart();
  const answers = await Promise.all(Array.from({ length: 32 }, () => reset(token, newPassword())));
  assert.equal(answers.filter((a) => a.status === 200).length, 1);
  assert.equal(answers.filter((a) => a.code === 'invalid_link').length, 31);
});

test('the password is changed: the other session is out, this one goes on with a fresh pair', async () => {
  const account = await server.signUp();
  const other = (await logIn(account.email, account.password)).json;
  const change = (current, fresh, token) => server.request('POST', '/auth/password', { json: { current, new: fresh, delivery: 'body' }, headers: bearer(token) });
  assert.equal((await change('wrong horse', newPassword(), account.access)).code, 'invalid_credentials');
  assert.equal((await change(account.password, 'short', account.access)).code, 'invalid_request');
  const fresh = newPassword();
  const changed = await change(account.password, fresh, account.access);
  assert.equal(changed.status, 200, changed.text);
  assert.equal(changed.json.session.id, account.sid);
  assert.equal((await server.verify(changed.json.access_token)).status, 200);
  for (const token of [account.access, other.access_token]) assert.equal((await server.verify(token)).code, 'token_revoked');
  assert.equal((await server.refresh(other.refresh_token)).code, 'session_revoked');
  assert.equal((await server.refresh(changed.json.refresh_token)).status, 200);
  assert.equal((await logIn(account.email, account.password)).code, 'invalid_credentials');
  assert.equal((await logIn(account.email, fresh)).status, 200);
});

test('a stolen token does not help to guess the password', async () => {
  const strict = await startServer({ settings: { 'login.free_attempts': '3' } });
  try {
    await withinTheFirstWait(async () => {
      const { access, email, password } = await strict.signUp();
      const guess = (current) => strict.request('POST', '/auth/password', { json: { current, new: newPassword() }, headers: bearer(access) });
      for (let i = 0; i < 3; ++i) assert.equal((await guess('wrong horse')).code, 'invalid_credentials');
      assert.equal((await guess(password)).code, 'too_many_attempts');
      assert.equal((await strict.post('/auth/login', { email, password })).code, 'too_many_attempts');
    });
  } finally {
    await strict.dispose();
  }
});

test('an address is verified by the mail that comes at sign-up, or by another one', async () => {
  const account = await server.signUp();
  assert.equal(account.body.user.email_verified, false);
  const first = tokenOf(await smtp.wait(account.email, { subject: kVerify }));
  const send = () => server.request('POST', '/auth/email/verify/send', { headers: bearer(account.access) });
  assert.equal((await send()).status, 202);
  const mail = await smtp.wait(account.email, { subject: kVerify, count: 2 });
  assert.equal(new URL(linkOf(mail)).pathname, '/verify-email');
  assert.equal((await server.post('/auth/email/verify', { token: tokenOf(mail) })).status, 200);
  assert.equal((await server.get('/auth/me', bearer(account.access))).json.user.email_verified, true);
  assert.equal((await server.post('/auth/email/verify', { token: tokenOf(mail) })).code, 'invalid_link');
  assert.equal((await reset(first, newPassword())).code, 'invalid_link', 'it resets no password');
  assert.equal((await send()).status, 202);
  await sleep(200);
  assert.equal(smtp.to(account.email).filter((m) => kVerify.test(m.subject)).length, 2, 'nothing is sent once it is verified');
});

test('what a user wrote is no markup, no field and no second recipient of a mail', async () => {
  const templates = makeTempDirectory('templates');
  fs.writeFileSync(path.join(templates, 'verify.txt'), 'Subject: Hello {{name}}\n\nDear {{name}}: {{link}} ({{minutes}})\n');
  fs.writeFileSync(path.join(templates, 'verify.html'), '<p>Dear {{name}}: <a href="{{link}}">{{email}}</a></p>\n');
  const other = await startServer({ settings: { ...kMail, 'mail.smtp_url': smtp.url, 'mail.templates': templates } });
  try {
    const name = 'Zoë\r\nBcc: eve@example.com\r\n\r\n<script>alert(1)</script>{{link}}';
    const { email } = await other.signUp({ name });
    const mail = await smtp.wait(email);
    assert.deepEqual(mail.envelope.to, [email]);
    assert.equal(mail.bcc, undefined);
    assert.equal(mail.subject, 'Hello Zoë  Bcc: eve@example.com    <script>alert(1)</script>{{link}}');
    assert.ok(!mail.html.includes('<script>'), mail.html);
    assert.match(mail.text, /\(1440\)/);
    for (const bad of ['ada@example.com\r\nBcc: eve@example.com', 'ada@example.com>', 'ada@example.com, eve@example.com']) {
      assert.equal((await other.post('/auth/signup', { email: bad, password: newPassword() })).code, 'invalid_request', bad);
      assert.equal((await other.post('/auth/password/forgot', { email: bad })).status, 202, bad);
    }
  } finally {
    await other.dispose();
    fs.rmSync(templates, { recursive: true });
  }
});

test('STARTTLS with a good certificate and a password; without either nothing is sent', async () => {
  const certificate = makeCertificate('127.0.0.1');
  const strange = makeCertificate('127.0.0.1');
  const secure = await startSmtpServer({ certificate, user: 'mailer', password: 'mail secret' });
  const passwordFile = path.join(certificate.directory, 'password');
  fs.writeFileSync(passwordFile, 'mail secret\n');
  const start = (settings) =>
    startServer({ settings: { ...kMail, 'mail.smtp_url': secure.url.replace('//', '//mailer@'), 'mail.smtp_password_file': passwordFile, 'mail.tls': 'required', ...settings } });
  const good = await start({ 'mail.ca_file': certificate.certFile });
  const distrustful = await start({ 'mail.ca_file': strange.certFile });
  try {
    const { email } = await good.signUp();
    const mail = await secure.wait(email);
    assert.equal(mail.secure, true);
    assert.equal(mail.user, 'mailer');
    assert.ok(!good.stderr.includes('mail secret'));

    await distrustful.signUp();
    await waitUntil(() => /could not be sent yet.*/.test(distrustful.stderr), { what: 'the refusal' });
    assert.match(distrustful.stderr, /certificate/i);
    assert.equal(secure.mails.length, 1);
  } finally {
    await good.dispose();
    await distrustful.dispose();
    await secure.stop();
  }
  const plain = await startSmtpServer();
  const demanding = await startServer({ settings: { ...kMail, 'mail.smtp_url': plain.url, 'mail.tls': 'required' } });
  try {
    await demanding.signUp();
    await waitUntil(() => /could not be sent yet/.test(demanding.stderr), { what: 'the refusal' });
    assert.equal(plain.tried, 0, 'no mail in the clear');
  } finally {
    await demanding.dispose();
    await plain.stop();
  }
});

test('a mail that is refused for now is tried again, one that is refused for good is not', async () => {
  const moody = await startSmtpServer({ refusals: [[451, 'later'], [550, 'never']] });
  const other = await startServer({ settings: { ...kMail, 'mail.smtp_url': moody.url } });
  try {
    const first = await other.signUp();
    await waitUntil(() => moody.tried === 1, { what: 'the first try' });
    const second = await other.signUp();
    await moody.wait(first.email, { timeout: 20_000 });
    assert.equal(moody.tried, 3);
    assert.equal(moody.to(second.email).length, 0);
    assert.match(other.stderr, /could not be sent .*550/);
    assert.ok(!other.stderr.includes('@example.com'), 'no address in the log');
  } finally {
    await other.dispose();
    await moody.stop();
  }
});

test('requests do not wait for a mail server that does not answer', async () => {
  const other = await startServer({ settings: { ...kMail, 'mail.smtp_url': 'smtp://127.0.0.1:9' } });
  try {
    const { email } = await other.signUp();
    assert.equal((await other.post('/auth/password/forgot', { email })).status, 202);
    assert.equal((await other.stop()).code, 0);
  } finally {
    await other.dispose();
  }
});

test('without a mail server the link is shown on standard error on localhost, and nowhere else', async () => {
  const local = await startServer();
  try {
    const { email, access } = await local.signUp();
    assert.equal((await local.request('POST', '/auth/email/verify/send', { headers: bearer(access) })).status, 202);
    await local.post('/auth/password/forgot', { email });
    await waitUntil(() => local.stderr.includes('/reset-password#token=pr1.'), { what: 'the link' });
    const token = local.stderr.match(/#token=(pr1\.[\w-]+)/)[1];
    assert.equal((await local.post('/auth/password/reset', { token, password: newPassword() })).status, 200);
  } finally {
    await local.dispose();
  }
  const elsewhere = await startServer({ settings: { 'server.public_url': 'https://id.example' } });
  try {
    const { email, access } = await elsewhere.signUp();
    for (const to of [email, newEmail()]) {
      const answer = await elsewhere.post('/auth/password/forgot', { email: to });
      assert.equal(answer.status, 503);
      assert.equal(answer.code, 'mail_unavailable');
    }
    assert.equal((await elsewhere.request('POST', '/auth/email/verify/send', { headers: bearer(access) })).code, 'mail_unavailable');
    assert.ok(!elsewhere.stderr.includes('token='));
  } finally {
    await elsewhere.dispose();
  }
});

test('accounts made from one address are limited', async () => {
  await withinTheFirstWait(async () => {
    const strict = await startServer({ settings: { 'login.sign_up_free_attempts': '2' } });
    try {
      await strict.signUp();
      await strict.signUp();
      const third = await strict.post('/auth/signup', { email: newEmail(), password: newPassword() });
      assert.equal(third.status, 429);
      assert.equal(third.code, 'too_many_attempts');
      assert.match(third.header('Retry-After'), /^[1-9][0-9]*$/);
    } finally {
      await strict.dispose();
    }
  });
});
