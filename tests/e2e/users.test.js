// /admin/users: find, change, sign out, delete, export; and what each means for tokens that are out.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { claimsOf, newEmail, startServer } from './harness/server.js';

let server;
before(async () => {
  server = await startServer();
});
after(() => server?.dispose());

const outcome = (answer) => `${answer.status} ${answer.code ?? ''}`.trim();
const at = (id, rest = '') => `/admin/users/${encodeURIComponent(id)}${rest}`;
const change = (id, json) => server.admin('PATCH', at(id), json);

test('a user is found by any spelling of the e-mail address', async () => {
  const email = newEmail();
  const { user } = await server.signUp({ email });
  for (const spelling of [email, email.toUpperCase()]) {
    const found = await server.admin('GET', `/admin/users?email=${encodeURIComponent(spelling)}`);
    assert.deepEqual(found.json.users.map((one) => one.id), [user]);
    assert.ok(!/argon2|password/.test(found.text));
  }
  assert.deepEqual((await server.admin('GET', `/admin/users?email=${newEmail()}`)).json, { users: [] });
  for (const query of ['email=', 'email=x', 'mail=a@b.c', 'limit=0', 'limit=1001', 'email=a@b.c&email=a@b.c', 'after=%']) {
    assert.equal(outcome(await server.admin('GET', `/admin/users?${query}`)), '400 invalid_request', query);
  }
});

test('all users are listed page by page, each once', async () => {
  for (let i = 0; i < 5; ++i) await server.adopt(`paged/${i} é`);
  const all = (await server.admin('GET', '/admin/users?limit=1000')).json.users.map((user) => user.id);
  const paged = [];
  for (let after = ''; ; after = paged.at(-1)) {
    const page = (await server.admin('GET', `/admin/users?limit=2&after=${encodeURIComponent(after)}`)).json.users;
    if (page.length === 0) break;
    paged.push(...page.map((user) => user.id));
  }
  assert.deepEqual(paged, all);
  assert.equal(new Set(all).size, all.length);
});

test('a role that is taken away is refused now, on every device; a refresh gives the new roles', async () => {
  const { user, access, refresh } = await server.adopt('roles');
  assert.deepEqual((await change(user, { roles: ['admin', 'editor'] })).json.user.roles, ['admin', 'editor']);
  assert.equal(outcome(await server.verify(access)), '401 token_revoked', 'it says the old roles');
  const one = (await server.refresh(refresh)).json;
  const other = await server.adopt('roles');
  for (const token of [one.access_token, other.access]) assert.equal(outcome(await server.verify(token, '?role=admin')), '200');

  assert.equal((await change(user, { roles: ['editor'] })).status, 200);
  for (const token of [one.access_token, other.access]) {
    for (const query of ['?role=admin', '']) assert.equal(outcome(await server.verify(token, query)), '401 token_revoked');
  }
  for (const token of [one.refresh_token, other.refresh]) {
    const next = (await server.refresh(token)).json;
    assert.deepEqual(claimsOf(next.access_token).roles, ['editor']);
    assert.equal(outcome(await server.verify(next.access_token, '?role=editor')), '200');
    assert.equal(outcome(await server.verify(next.access_token, '?role=admin')), '403 insufficient_role');
  }
  await server.restart();
  for (const token of [access, one.access_token, other.access]) assert.equal(outcome(await server.verify(token)), '401 token_revoked');
  const events = await server.events(`?user=roles&type=roles_changed`);
  assert.deepEqual(events.map((event) => event.detail), ['admin, editor', 'editor']);
});

test('the same roles, or another name alone, revoke nothing', async () => {
  const { user, access } = await server.adopt('same-roles');
  assert.equal((await change(user, { roles: [] })).status, 200);
  const renamed = await change(user, { name: 'Ada' });
  assert.equal(renamed.json.user.name, 'Ada');
  assert.equal(outcome(await server.verify(access)), '200');
  const both = await change(user, { name: 'Grace', roles: ['x'] });
  assert.deepEqual([both.json.user.name, both.json.user.roles], ['Grace', ['x']]);
});

test('roles that a token cannot carry are refused, and nothing changes', async () => {
  const { user, access } = await server.adopt('bad-roles');
  for (const roles of ['admin', [1], [''], ['a', 'a'], ['a\nb'], ['x'.repeat(513)], Array.from({ length: 65 }, (_, i) => `r${i}`), Array.from({ length: 60 }, (_, i) => `role${i}`.padEnd(9, 'x'))]) {
    assert.equal(outcome(await change(user, { roles })), '400 invalid_request', JSON.stringify(roles));
  }
  assert.equal(outcome(await change(user, { role: ['a'] })), '400 invalid_request');
  assert.equal(outcome(await change('nobody', { roles: ['a'] })), '404 not_found');
  assert.equal(outcome(await change('nobody', { name: 'a' })), '404 not_found');
  assert.equal(outcome(await server.verify(access)), '200');
});

test('an administrator signs a user out everywhere', async () => {
  const sessions = [await server.adopt('out'), await server.adopt('out')];
  assert.equal((await server.admin('POST', at('out', '/logout'))).json.user.id, 'out');
  for (const { access, refresh } of sessions) {
    assert.equal(outcome(await server.verify(access)), '401 token_revoked');
    assert.equal(outcome(await server.refresh(refresh)), '401 session_revoked');
  }
  assert.equal(outcome(await server.verify((await server.adopt('out')).access)), '200');
  assert.equal(outcome(await server.admin('POST', at('nobody', '/logout'))), '404 not_found');
});

test('a deleted user is gone: tokens, sessions, log-in; the e-mail address is free again', async () => {
  const account = await server.signUp();
  const { user, access, refresh, email, password } = account;
  assert.deepEqual((await server.admin('DELETE', at(user))).json, { user: { id: user } });
  assert.equal(outcome(await server.verify(access)), '401 token_revoked');
  assert.equal(outcome(await server.refresh(refresh)), '401 session_expired');
  assert.equal(outcome(await server.post('/auth/login', { email, password })), '401 invalid_credentials');
  assert.equal(outcome(await server.admin('GET', at(user))), '404 not_found');
  assert.equal(outcome(await server.admin('DELETE', at(user))), '404 not_found');
  await server.restart();
  assert.equal(outcome(await server.verify(access)), '401 token_revoked');
  assert.notEqual((await server.signUp({ email, password })).user, user);
  assert.equal((await server.events(`?user=${user}&type=user_deleted`)).length, 1);
});

test('a user of the application that is deleted and comes back has tokens that are good; the old ones are not', async () => {
  const old = await server.adopt('phoenix');
  await server.admin('POST', at('phoenix', '/logout'));
  assert.equal((await server.admin('DELETE', at('phoenix'))).status, 200);
  const again = await server.adopt('phoenix');
  assert.equal(outcome(await server.verify(again.access)), '200');
  assert.equal(outcome(await server.verify(old.access)), '401 token_revoked');
});

test('an export holds everything of one user and no secret', async () => {
  const { user, email, password } = await server.signUp({ name: 'Ada', device: 'Ada’s phone' });
  await server.logIn({ email, password });
  await server.post('/auth/login', { email, password: 'wrong horse' });
  await server.signUp();
  const all = await server.admin('GET', at(user, '/export'));
  assert.deepEqual(Object.keys(all.json).sort(), ['email_verified_at', 'events', 'events_go_on_after', 'passkeys', 'sessions', 'user']);
  assert.deepEqual([all.json.user.id, all.json.user.email, all.json.user.name], [user, email, 'Ada']);
  assert.equal(all.json.sessions.length, 2);
  assert.deepEqual(all.json.events.map((event) => event.type), ['user_signed_up', 'login_succeeded', 'login_failed']);
  assert.ok(all.json.events.every((event) => event.user === user));
  assert.equal(all.json.events_go_on_after, null);
  for (const secret of server.secrets) assert.ok(!all.text.includes(secret));
  assert.ok(!all.text.includes('$argon2'));
  assert.equal(outcome(await server.admin('GET', at('nobody', '/export'))), '404 not_found');
});

test('the sessions of a user are listed for the administrator', async () => {
  const { sid } = await server.adopt('listed', { device: 'till 7' });
  const gone = await server.adopt('listed');
  await server.admin('DELETE', `/admin/sessions/${gone.sid}`);
  const listed = (await server.admin('GET', '/admin/sessions?user=listed')).json.sessions;
  assert.deepEqual(listed.map((session) => [session.id, session.device, session.current]), [[sid, 'till 7', false]]);
  assert.deepEqual((await server.admin('GET', '/admin/sessions?user=nobody')).json, { sessions: [] });
  assert.equal(outcome(await server.admin('GET', '/admin/sessions')), '400 invalid_request');
});

test('events come as JSON lines to whoever accepts them, page by page', async () => {
  for (let i = 0; i < 7; ++i) await server.adopt('lines');
  const lines = async (query, accept) => {
    const answer = await server.request('GET', `/admin/events?user=lines&${query}`, { headers: { Authorization: `Bearer ${server.adminKey}`, Accept: accept } });
    assert.equal(answer.status, 200);
    assert.equal(answer.header('Cache-Control'), 'no-store');
    assert.equal(answer.header('Content-Type'), 'application/x-ndjson');
    if (answer.text === '') return [];
    assert.ok(answer.text.endsWith('\n'));
    return answer.text.slice(0, -1).split('\n').map((line) => JSON.parse(line));
  };
  const all = await lines('limit=1000', 'application/x-ndjson');
  assert.equal(all.length, 7);
  assert.deepEqual(all, await server.events('?user=lines'));
  const paged = [];
  for (let since = 0; ; since = paged.at(-1).seq) {
    const page = await lines(`limit=3&since=${since}`, 'application/json;q=0.1, Application/X-NDJSON ;q=1');
    if (page.length === 0) break;
    paged.push(...page);
  }
  assert.deepEqual(paged, all);
});
