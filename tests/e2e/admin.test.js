// What the application and its operators may do with the API key.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { sleep } from './harness/place.js';
import { bearer, claimsOf, startServer } from './harness/server.js';

let server;
before(async () => {
  server = await startServer();
});
after(() => server?.dispose());

const outcome = (answer) => `${answer.status} ${answer.code ?? ''}`.trim();
const revoke = (body) => server.admin('POST', '/admin/revocations', body);
const now = () => Math.floor(Date.now() / 1000);
const untilNextSecond = () => sleep(1001 - (Date.now() % 1000));

// The shape of every entry, and that it expires with the last token that it can touch.
function assertEntry(answer, kind, { expires, value } = {}) {
  assert.equal(answer.status, 201, answer.text);
  const entry = answer.json;
  assert.deepEqual(Object.keys(entry).sort(), ['expires', 'key', 'kind', 'seq', 'value']);
  assert.equal(entry.kind, kind);
  assert.match(entry.key, /^[A-Za-z0-9_-]{22}$/);
  assert.ok(Number.isInteger(entry.seq) && entry.seq > 0);
  if (expires !== undefined) assert.ok(Math.abs(entry.expires - expires) <= 5, `${entry.expires} is not ${expires}`);
  if (value !== undefined) assert.equal(entry.value, value);
  return entry;
}

test('a token is revoked by itself: that one and no other of its session', async () => {
  const one = await server.adopt('by-token');
  const next = (await server.refresh(one.refresh)).json;
  assertEntry(await revoke({ kind: 'token', token: one.access }), 'token', { expires: claimsOf(one.access).exp });
  assert.equal(outcome(await server.verify(one.access)), '401 token_revoked');
  assert.equal(outcome(await server.verify(next.access_token)), '200');
});

test('a token is revoked by its jti, with or without its expiry', async () => {
  const [a, b, c] = [await server.adopt('by-jti'), await server.adopt('by-jti'), await server.adopt('by-jti')];
  assertEntry(await revoke({ kind: 'token', jti: claimsOf(a.access).jti, expires_at: claimsOf(a.access).exp }), 'token');
  assertEntry(await revoke({ kind: 'token', jti: claimsOf(b.access).jti, barrier: true }), 'token', { expires: now() + 900 });
  assert.equal(outcome(await server.verify(a.access)), '401 token_revoked');
  assert.equal(outcome(await server.verify(b.access)), '401 token_revoked');
  assert.equal(outcome(await server.verify(c.access)), '200');
});

test('a bare jti is revoked as long as any token can live, whatever expiry it is said to have', async () => {
  for (const [jti, expires_at] of [['soon', now() + 60], ['far', 2 ** 53]]) {
    assertEntry(await revoke({ kind: 'token', jti, expires_at }), 'token', { expires: now() + 900 });
  }
});

test('revoking the same again gives the entry that is there', async () => {
  const { access } = await server.adopt('twice');
  const first = assertEntry(await revoke({ kind: 'token', token: access }), 'token');
  const second = assertEntry(await revoke({ kind: 'token', token: access }), 'token');
  assert.deepEqual(second, first);
});

test('a session is revoked by its sid, once and for all its tokens', async () => {
  const one = await server.adopt('by-session');
  const other = await server.adopt('by-session');
  const next = (await server.refresh(one.refresh)).json;
  assertEntry(await revoke({ kind: 'session', sid: one.sid }), 'session', { expires: now() + 900 });
  for (const token of [one.access, next.access_token]) assert.equal(outcome(await server.verify(token)), '401 token_revoked');
  assert.equal(outcome(await server.refresh(next.refresh_token)), '401 session_revoked');
  assert.equal(outcome(await server.verify(other.access)), '200');
  assertEntry(await revoke({ kind: 'session', sid: one.sid }), 'session');
  assertEntry(await revoke({ kind: 'session', sid: 'AAAAAAAAAAAAAAAAAAAAAA' }), 'session');
});

test('a user is revoked: every token and every session, whatever device; a new session is good', async () => {
  const sessions = await Promise.all([1, 2, 3].map(() => server.adopt('by-user')));
  const other = await server.adopt('by-user-not');
  const version = claimsOf(sessions[0].access).tv;
  assertEntry(await revoke({ kind: 'user', sub: 'by-user' }), 'user', { value: version + 1, expires: now() + 900 });
  for (const { access, refresh } of sessions) {
    assert.equal(outcome(await server.verify(access)), '401 token_revoked');
    assert.equal(outcome(await server.refresh(refresh)), '401 session_revoked');
  }
  assert.equal(outcome(await server.verify(other.access)), '200');
  const again = await server.adopt('by-user');
  assert.equal(claimsOf(again.access).tv, version + 1);
  assert.equal(outcome(await server.verify(again.access)), '200');
  assert.equal(outcome(await revoke({ kind: 'user', sub: 'nobody' })), '404 not_found');
});

test('“before” of a user refuses what was issued earlier and accepts what is issued from then on', async () => {
  const old = await server.adopt('before-sub');
  const other = await server.adopt('before-sub-not');
  await untilNextSecond();
  const moment = now();
  assertEntry(await revoke({ kind: 'before', sub: 'before-sub', before: moment }), 'before', { value: moment, expires: now() + 900 });
  assert.equal(outcome(await server.verify(old.access)), '401 token_revoked');
  assert.equal(outcome(await server.verify(other.access)), '200');
  const fresh = await server.adopt('before-sub');
  assert.ok(claimsOf(fresh.access).iat >= moment);
  assert.equal(outcome(await server.verify(fresh.access)), '200');
});

test('“before” of a client refuses that client’s tokens only', async () => {
  const own = await server.adopt('c', { client: 'shop' });
  const other = await server.adopt('c', { client: 'mail' });
  const none = await server.adopt('c');
  await untilNextSecond();
  assertEntry(await revoke({ kind: 'before', client: 'shop', before: now() }), 'before');
  assert.equal(outcome(await server.verify(own.access)), '401 token_revoked');
  assert.equal(outcome(await server.verify(other.access)), '200');
  assert.equal(outcome(await server.verify(none.access)), '200');
});

test('a “before” cannot be taken back by an earlier one: the strictest wins', async () => {
  const old = await server.adopt('strictest');
  await untilNextSecond();
  const strict = assertEntry(await revoke({ kind: 'before', sub: 'strictest', before: now() }), 'before');
  const loose = assertEntry(await revoke({ kind: 'before', sub: 'strictest', before: 1 }), 'before');
  assert.equal(loose.value, strict.value);
  assert.equal(outcome(await server.verify(old.access)), '401 token_revoked');
});

test('“before” of the whole issuer refuses everybody’s tokens, sessions refresh to good ones', async () => {
  const own = await startServer();
  try {
    const a = await own.adopt('a');
    const b = await own.signUp();
    await untilNextSecond();
    const answer = await own.admin('POST', '/admin/revocations', { kind: 'before', before: now() });
    assert.equal(answer.status, 201);
    assert.equal(outcome(await own.verify(a.access)), '401 token_revoked');
    assert.equal(outcome(await own.verify(b.access)), '401 token_revoked');
    const next = await own.refresh(a.refresh);
    assert.equal(outcome(await own.verify(next.json.access_token)), '200');
    await own.restart();
    assert.equal(outcome(await own.verify(a.access)), '401 token_revoked');
  } finally {
    await own.dispose();
  }
});

test('what does not say one clear thing is refused', async () => {
  const { access, sid } = await server.adopt('unclear');
  const bad = [
    { kind: 'token' },
    { kind: 'token', token: access, jti: 'x' },
    { kind: 'token', token: access, expires_at: now() + 100 },
    { kind: 'token', token: 'nonsense' },
    { kind: 'token', jti: '' },
    { kind: 'token', jti: 'x', expires_at: -1 },
    { kind: 'token', jti: 'x', expires_at: 1 }, // an expiry in the past would be forgotten at once
    { kind: 'token', jti: 'x', expires_at: 1.5 },
    { kind: 'token', jti: 'x', expires_at: '1' },
    { kind: 'session' },
    { kind: 'session', sid: 'short' },
    { kind: 'session', sid, sub: 'x' },
    { kind: 'user' },
    { kind: 'user', sub: 'x', client: 'y' },
    { kind: 'before' },
    { kind: 'before', before: 1, sub: 'x', client: 'y' },
    { kind: 'before', before: 2 ** 60 },
    { kind: 'nothing' },
    { kind: 'session', sid, issuer: 'https://elsewhere.example' },
    {},
  ];
  for (const body of bad) assert.equal(outcome(await revoke(body)), '400 invalid_request', JSON.stringify(body));
  assert.equal(outcome(await server.verify(access)), '200');
  assert.equal((await revoke({ kind: 'session', sid, issuer: server.publicUrl })).status, 201);
});

test('the list of revocations is paged in the order of seq and ends at the head', async () => {
  const own = await startServer();
  try {
    const added = [];
    for (let i = 0; i < 7; ++i) added.push((await own.admin('POST', '/admin/revocations', { kind: 'token', jti: `j${i}` })).json);
    const all = (await own.admin('GET', '/admin/revocations')).json;
    assert.deepEqual(all.revocations, added);
    assert.equal(all.head, added.at(-1).seq);
    const paged = [];
    for (let since = 0; ; ) {
      const page = (await own.admin('GET', `/admin/revocations?since=${since}&limit=3`)).json;
      assert.ok(page.revocations.length <= 3);
      assert.equal(page.head, all.head);
      if (page.revocations.length === 0) break;
      paged.push(...page.revocations);
      since = page.revocations.at(-1).seq;
    }
    assert.deepEqual(paged, added);
  } finally {
    await own.dispose();
  }
});

test('a session is ended by its id; one that is over or never was is 404', async () => {
  const { sid, access, refresh } = await server.adopt('end');
  const ended = await server.admin('DELETE', `/admin/sessions/${sid}`);
  assert.deepEqual([ended.status, ended.json], [200, { session: { id: sid } }]);
  assert.equal(outcome(await server.verify(access)), '401 token_revoked');
  assert.equal(outcome(await server.refresh(refresh)), '401 session_revoked');
  for (const path of [sid, 'AAAAAAAAAAAAAAAAAAAAAA', 'x']) {
    assert.equal(outcome(await server.admin('DELETE', `/admin/sessions/${path}`)), '404 not_found');
  }
});

test('events tell who did what to which session, in order, filtered by user, type and place', async () => {
  const user = await server.signUp();
  const id = user.user;
  const second = await server.logIn(user);
  await server.post('/auth/login', { email: user.email, password: 'wrong password' });
  await server.request('PATCH', '/auth/me', { json: { name: 'x' }, headers: bearer(user.access) });
  await server.request('DELETE', `/auth/sessions/${second.sid}`, { headers: bearer(user.access) });
  await server.post('/auth/logout-all', undefined, bearer(user.access));
  const events = await server.events(`?user=${id}`);
  assert.deepEqual(events.map((e) => e.type), ['user_signed_up', 'login_succeeded', 'login_failed', 'profile_changed', 'session_revoked', 'signed_out_everywhere']);
  for (const event of events) {
    assert.deepEqual(Object.keys(event).sort(), ['at', 'by', 'detail', 'ip', 'seq', 'session', 'type', 'user']);
    assert.deepEqual([event.user, event.ip], [id, '127.0.0.1']);
    assert.ok(Math.abs(Date.parse(event.at) - Date.now()) < 10_000);
  }
  assert.ok(events.every((event, i) => i === 0 || event.seq > events[i - 1].seq));
  assert.deepEqual([events[0].session, events[1].session, events[4].session], [user.sid, second.sid, second.sid]);
  assert.deepEqual((await server.events(`?user=${id}&type=login_failed`)).length, 1);
  assert.deepEqual(await server.events(`?user=${id}&since=${events[3].seq}`), events.slice(4));
  assert.deepEqual(await server.events(`?user=${id}&limit=2`), events.slice(0, 2));
  assert.deepEqual(await server.events('?user=nobody'), []);
});

test('bring your own login: a session with the application’s claims, delivered in the body', async () => {
  const claims = { roles: ['admin', 'editor'], scope: 'read write', tenant: 't1', nested: { a: [1, 2, { b: null }] } };
  const { access, refresh, body } = await server.adopt('byo', { claims, amr: ['pwd', 'otp'], client: 'shop', device: 'till 4' });
  const token = claimsOf(access);
  for (const [name, value] of Object.entries(claims)) assert.deepEqual(token[name], value, name);
  assert.deepEqual([token.sub, token.client_id, token.aud, token.amr], ['byo', 'shop', server.publicUrl, ['pwd', 'otp']]);
  assert.deepEqual([body.token_type, body.expires_in, body.session.device, body.user.email], ['Bearer', 900, 'till 4', '']);
  const next = claimsOf((await server.refresh(refresh)).json.access_token);
  assert.deepEqual([next.tenant, next.amr], ['t1', ['pwd', 'otp']], 'claims outlive a refresh');
  await server.restart();
  const verified = await server.verify(access);
  assert.equal(verified.header('x-auth-roles'), 'admin,editor');
  assert.equal(verified.header('x-auth-scope'), 'read write');
  assert.equal(verified.header('x-auth-client'), 'shop');
});

test('a claim that the server sets itself cannot be brought along', async () => {
  for (const name of ['iss', 'sub', 'aud', 'iat', 'nbf', 'exp', 'jti', 'sid', 'tv', 'amr', 'auth_time', 'client_id', 'cnf', 'act', 'typ']) {
    const answer = await server.admin('POST', '/admin/sessions', { user: 'reserved', claims: { [name]: 'x' } });
    assert.equal(outcome(answer), '400 invalid_request', name);
  }
  const bad = [{ roles: 'admin' }, { roles: [1] }, { scope: ['a'] }, { scope: 1 }, { x: 'y'.repeat(2048) }, { a: { b: { c: { d: { e: { f: { g: { h: { i: 1 } } } } } } } } }];
  for (const claims of bad) {
    assert.equal(outcome(await server.admin('POST', '/admin/sessions', { user: 'reserved', claims })), '400 invalid_request', JSON.stringify(claims).slice(0, 60));
  }
  for (const amr of ['pwd', [1], [''], ['a b'], ['pwd', 'pwd'], ['x'.repeat(62)], ['x'.repeat(30), 'y'.repeat(30)]]) {
    assert.equal(outcome(await server.admin('POST', '/admin/sessions', { user: 'reserved', amr })), '400 invalid_request', JSON.stringify(amr));
  }
});

test('/verify with role and scope conditions: each must be met, a misspelt one is refused', async () => {
  const { access } = await server.adopt('conditions', { claims: { roles: ['editor', 'a b', 'é'], scope: 'read write:all' } });
  const met = ['', '?', '?role=editor', '?scope=read', '?role=editor&scope=read&scope=write:all', '?role=a+b', '?role=a%20b', '?role=%C3%A9', '?scope=write%3Aall'];
  for (const query of met) assert.equal(outcome(await server.verify(access, query)), '200', query);
  const unmet = ['?role=admin', '?role=Editor', '?role=edit', '?role=editor&role=admin', '?scope=write', '?scope=read%20write:all', '?scope=', '?role=', '?role=editor&scope=none', '?scope=*'];
  for (const query of unmet) {
    const answer = await server.verify(access, query);
    const first = query.match(/role=(?!editor)/) ? 'role' : 'scope';
    assert.equal(outcome(answer), `403 insufficient_${first}`, query);
    assert.match(answer.header('www-authenticate'), /^Bearer error="insufficient_scope"/);
    assert.equal(answer.header('x-auth-user'), undefined);
  }
  for (const query of ['?roles=editor', '?Role=editor', '?role=%', '?x=1', '?role=editor&user=x']) {
    assert.equal(outcome(await server.verify(access, query)), '400 invalid_request', query);
  }
  const plain = await server.adopt('plain-conditions');
  assert.equal(outcome(await server.verify(plain.access, '?role=editor')), '403 insufficient_role');
  assert.equal(outcome(await server.get('/verify?role=editor')), '401 missing_token');
});

test('/verify?max_age=: who signed in longer ago has to sign in again, however fresh the token; a refresh does not help', async () => {
  const { access, refresh } = await server.adopt('step-up');
  assert.equal(outcome(await server.verify(access, '?max_age=60')), '200');
  await sleep(2100);
  for (const token of [access, (await server.refresh(refresh)).json.access_token]) {
    for (const again of [1, 2]) {
      const answer = await server.verify(token, '?max_age=1');
      assert.equal(outcome(answer), '401 reauthentication_required', `time ${again}`);
      assert.equal(answer.header('WWW-Authenticate'), 'Bearer error="insufficient_user_authentication", max_age="1"');
      assert.equal(answer.cookies.size, 0);
    }
    assert.equal(outcome(await server.verify(token, '?max_age=60')), '200');
    assert.equal(outcome(await server.verify(token)), '200');
    assert.equal(outcome(await server.verify(token, '?max_age=60&max_age=1')), '401 reauthentication_required', 'all must hold');
    for (const query of ['?max_age=', '?max_age=-1', '?max_age=1.5', '?max_age=x', '?max_age=99999999999', '?max_age=%31', '?maxage=1']) {
      assert.equal(outcome(await server.verify(token, query)), '400 invalid_request', query);
    }
  }
  const cookie = await server.get('/verify?max_age=1', { Cookie: `rescind=${access}` });
  assert.equal(outcome(cookie), '401 reauthentication_required');
  assert.equal(cookie.cookies.size, 0, 'the cookie is good, and stays');
});

test('the API key is compared whole; cookies, Basic and a second header do not count', async () => {
  const key = server.adminKey;
  const bad = [{}, bearer(key.slice(0, -1)), bearer(`${key}x`), bearer(key.toLowerCase()), { Authorization: key }, { Authorization: `Basic ${Buffer.from(`admin:${key}`).toString('base64')}` }, { Cookie: `rescind=${key}` }, { 'X-API-Key': key }, [['Authorization', `Bearer ${key}`], ['Authorization', `Bearer ${key}`]]];
  for (const headers of bad) {
    const answer = await server.request('GET', '/admin/events', { headers });
    assert.ok(answer.status === 401 || answer.status === 400, JSON.stringify(headers));
    assert.ok(!answer.text.includes(key.slice(4, 12)));
  }
});
