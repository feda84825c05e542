// What a user does with the account as a whole: take all of it along, and delete it.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { sleep, withinTheFirstWait } from './harness/place.js';
import { bearer, startServer } from './harness/server.js';

let server;
before(async () => {
  server = await startServer({ settings: { 'server.allowed_origins': 'https://app.example.com' } });
});
after(() => server?.dispose());

const remove = (token, json, on = server) => on.request('DELETE', '/auth/me', { headers: bearer(token), json });
const is = (answer, status, code) => assert.deepEqual([answer.status, answer.code], [status, code], answer.text);

test('who has just signed in deletes the account: every device is out, and nobody signs in any more', async () => {
  const account = await server.signUp();
  const other = await server.logIn(account);
  const answer = await remove(account.access);
  assert.deepEqual([answer.status, answer.json], [200, { user: { id: account.user } }]);
  for (const { access, refresh } of [account, other]) {
    is(await server.verify(access), 401, 'token_revoked');
    assert.equal((await server.refresh(refresh)).status, 401);
  }
  const { email, password } = account;
  is(await server.post('/auth/login', { email, password }), 401, 'invalid_credentials');
  is(await server.admin('GET', `/admin/users/${account.user}`), 404, 'not_found');
  is(await remove(account.access), 401, 'token_revoked');
  const events = (await server.events(`?user=${account.user}`)).filter((event) => event.type === 'user_deleted');
  assert.deepEqual(events.map((event) => [event.by, event.ip]), [[null, '127.0.0.1']]);
  const again = await server.signUp({ email, password });
  assert.notEqual(again.user, account.user, 'the address is free');
  await server.restart();
  is(await server.verify(account.access), 401, 'token_revoked');
});

test('by cookie: from an allowed page only, and the cookies are cleared', async () => {
  const { cookie, access } = await server.signUpWithCookies();
  const send = (origin) => server.request('DELETE', '/auth/me', { headers: { Cookie: cookie, Origin: origin } });
  is(await send('https://evil.example'), 403, 'csrf_rejected');
  assert.equal((await server.verify(access)).status, 200);
  const answer = await send('https://app.example.com');
  assert.equal(answer.status, 200, answer.text);
  assert.equal(answer.header('cache-control'), 'no-store');
  assert.deepEqual([...answer.cookies].map(([name, { value, attributes }]) => [name, value, attributes['max-age']]), [['rescind', '', '0'], ['rescind-refresh', '', '0']]);
});

test('an older log-in needs the password; a refresh is no log-in; a guess is a failed log-in', async () => {
  const strict = await startServer({ settings: { 'login.deletion_max_age': '1s', 'login.free_attempts': '3' } });
  try {
    const account = await strict.signUp();
    await sleep(2100);
    const fresh = (await strict.refresh(account.refresh)).json.access_token;
    const refused = await remove(fresh, undefined, strict);
    is(refused, 401, 'reauthentication_required');
    assert.match(refused.header('www-authenticate'), /insufficient_user_authentication.*max_age="1"/);
    for (let i = 0; i < 2; ++i) is(await remove(fresh, { password: 'wrong horse' }, strict), 401, 'invalid_credentials');
    assert.equal((await remove(fresh, { password: account.password }, strict)).status, 200);

    const other = await withinTheFirstWait(async () => {
      const one = await strict.signUp();
      for (let i = 0; i < 3; ++i) is(await remove(one.access, { password: 'wrong horse' }, strict), 401, 'invalid_credentials');
      is(await remove(one.access, { password: one.password }, strict), 429, 'too_many_attempts');
      return one;
    });
    assert.equal((await strict.verify(other.access)).status, 200);
    const failed = (await strict.events(`?user=${other.user}&type=login_failed`)).map((event) => event.detail);
    assert.deepEqual(failed, Array(3).fill('deletion of the account'));
  } finally {
    await strict.dispose();
  }
});

test('the export is all that is held of the user, and tells nothing of operators', async () => {
  const account = await server.signUp({ device: 'phone' });
  await server.admin('PATCH', `/admin/users/${account.user}`, { name: 'Ada' });
  const answer = await server.get('/auth/me/export', bearer(account.access));
  assert.equal(answer.status, 200, answer.text);
  assert.equal(answer.header('cache-control'), 'no-store');
  const all = answer.json;
  assert.deepEqual([all.user.id, all.user.email, all.user.name], [account.user, account.email, 'Ada']);
  assert.deepEqual(all.sessions.map((session) => [session.id, session.device]), [[account.sid, 'phone']]);
  const told = (events) => events.map((event) => [event.type, event.by, event.ip]);
  assert.deepEqual(told(all.events), [['user_signed_up', null, '127.0.0.1'], ['profile_changed', null, '']]);
  const admins = (await server.admin('GET', `/admin/users/${account.user}/export`)).json;
  assert.deepEqual(told(admins.events), [['user_signed_up', null, '127.0.0.1'], ['profile_changed', 'admin_key', '127.0.0.1']]);
  assert.ok(!/argon2/.test(answer.text));
  const other = await server.signUp();
  assert.ok(!(await server.get('/auth/me/export', bearer(other.access))).text.includes(account.user));
});
