// Devices, and the ways to sign them out.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { sleep } from './harness/place.js';
import { bearer, claimsOf, cookieHeader, startServer } from './harness/server.js';

let server;
before(async () => {
  server = await startServer();
});
after(() => server?.dispose());

const outcome = (answer) => `${answer.status} ${answer.code ?? ''}`.trim();
const listOf = async (access) => (await server.get('/auth/sessions', bearer(access))).json.sessions;
const kNoSession = 'AAAAAAAAAAAAAAAAAAAAAA'; // of the right form

test('the list shows each device with its label, browser and address, and which one is asking', async () => {
  const phone = await server.signUp({ device: 'Ada’s phone' });
  const answer = await server.post(
    '/auth/login',
    { email: phone.email, password: phone.password, device: 'laptop', delivery: 'body' },
    { 'User-Agent': 'Firefox/128' },
  );
  const laptop = answer.json;
  const sessions = await listOf(laptop.access_token);
  assert.deepEqual(sessions.map((s) => s.device), ['laptop', 'Ada’s phone'], 'newest first');
  assert.deepEqual(sessions.map((s) => s.current), [true, false]);
  assert.equal(sessions[0].browser, 'Firefox/128');
  assert.equal(sessions[0].ip, '127.0.0.1');
  assert.equal(sessions[0].id, laptop.session.id);
  for (const time of ['created_at', 'last_used_at', 'expires_at']) assert.match(sessions[0][time], /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
  assert.deepEqual((await listOf(phone.access)).map((s) => s.current), [false, true]);
});

test('signing one device out ends that device and no other', async () => {
  const phone = await server.signUp();
  const laptop = await server.logIn(phone);
  const signedOut = await server.request('DELETE', `/auth/sessions/${phone.sid}`, { headers: bearer(laptop.access) });
  assert.deepEqual([signedOut.status, signedOut.json], [200, { session: { id: phone.sid } }]);
  assert.equal(outcome(await server.verify(phone.access)), '401 token_revoked');
  assert.equal(outcome(await server.refresh(phone.refresh)), '401 session_revoked');
  assert.deepEqual((await listOf(laptop.access)).map((s) => s.id), [laptop.sid]);
  const again = await server.request('DELETE', `/auth/sessions/${phone.sid}`, { headers: bearer(laptop.access) });
  assert.equal(outcome(again), '404 not_found');
});

test('somebody else’s session is answered like one that does not exist, and lives on', async () => {
  const ada = await server.signUp();
  const eve = await server.signUp();
  const answers = [];
  for (const sid of [ada.sid, kNoSession, 'x', '%00', `${ada.sid}x`, `${ada.sid}%20`]) {
    answers.push(await server.request('DELETE', `/auth/sessions/${sid}`, { headers: bearer(eve.access) }));
  }
  for (const answer of answers) assert.equal(outcome(answer), '404 not_found');
  assert.equal(answers[0].text, answers[1].text, 'nothing tells the two apart');
  assert.equal(outcome(await server.verify(ada.access)), '200');
});

test('signing out the session that asks by cookie clears its cookies', async () => {
  const { cookie, answer } = await server.signUpWithCookies();
  const signedOut = await server.request('DELETE', `/auth/sessions/${answer.json.session.id}`, { headers: { Cookie: cookie } });
  assert.equal(signedOut.status, 200);
  assert.deepEqual([...signedOut.cookies.keys()].sort(), ['rescind', 'rescind-refresh']);
  for (const { value, attributes } of signedOut.cookies.values()) assert.deepEqual([value, attributes['max-age']], ['', '0']);
});

test('log-out is idempotent', async () => {
  const { access } = await server.signUp();
  for (let i = 0; i < 3; ++i) {
    const answer = await server.post('/auth/logout', undefined, bearer(access));
    assert.deepEqual([answer.status, answer.json], [200, {}]);
  }
  const nobody = await server.post('/auth/logout');
  assert.deepEqual([nobody.status, nobody.json], [200, {}]);
});

test('log-out with only the refresh token, in the body or as cookie, ends the session', async () => {
  const inBody = await server.signUp();
  assert.equal((await server.post('/auth/logout', { refresh_token: inBody.refresh })).status, 200);
  assert.equal(outcome(await server.verify(inBody.access)), '401 token_revoked');
  const browser = await server.signUpWithCookies();
  const refreshOnly = browser.cookie.split('; ').find((c) => c.startsWith('rescind-refresh='));
  const answer = await server.post('/auth/logout', undefined, { Cookie: refreshOnly });
  assert.equal(answer.status, 200);
  assert.equal(answer.cookies.get('rescind').value, '');
  assert.equal(answer.cookies.get('rescind-refresh').value, '');
  assert.equal(outcome(await server.verify(browser.access)), '401 token_revoked');
});

test('log-out with a rotated-out refresh token still ends the session', async () => {
  const { refresh } = await server.signUp();
  const next = (await server.refresh(refresh)).json;
  assert.equal((await server.post('/auth/logout', { refresh_token: refresh })).status, 200);
  assert.equal(outcome(await server.verify(next.access_token)), '401 token_revoked');
});

test('log-out with a forged token ends nothing and says so', async () => {
  const { access, refresh } = await server.signUp();
  const [header, payload, signature] = access.split('.');
  const forged = `${header}.${payload}.${signature[0] === 'A' ? 'B' : 'A'}${signature.slice(1)}`;
  assert.equal(outcome(await server.post('/auth/logout', undefined, bearer(forged))), '401 invalid_token');
  const badMac = `rt1.${'A'.repeat(refresh.length - 4)}`;
  assert.equal(outcome(await server.post('/auth/logout', { refresh_token: badMac })), '401 invalid_token');
  assert.equal((await server.post('/auth/logout', undefined, { Cookie: `rescind=${forged}` })).status, 200);
  assert.equal(outcome(await server.verify(access)), '200');
});

test('log-out ends the sessions of both cookies where they are of two sessions', async () => {
  const a = await server.signUpWithCookies();
  const b = await server.signUpWithCookies();
  const pick = (cookie, name) => cookie.split('; ').find((c) => c.startsWith(`${name}=`));
  const mixed = `${pick(a.cookie, 'rescind')}; ${pick(b.cookie, 'rescind-refresh')}`;
  assert.equal((await server.post('/auth/logout', undefined, { Cookie: mixed })).status, 200);
  assert.equal(outcome(await server.verify(a.access)), '401 token_revoked');
  assert.equal(outcome(await server.verify(b.access)), '401 token_revoked');
});

test('log-out with an expired access token ends the session', async () => {
  const short = await startServer({ settings: { 'token.access_ttl': '1s', 'token.leeway': '0s' } });
  try {
    const first = await short.signUp();
    await sleep(1100);
    assert.equal(outcome(await short.verify(first.access)), '401 token_expired');
    assert.equal((await short.post('/auth/logout', undefined, bearer(first.access))).status, 200);
    assert.equal(outcome(await short.refresh(first.refresh)), '401 session_revoked');
  } finally {
    await short.dispose();
  }
});

test('sign-out everywhere ends every session and clears the cookies', async () => {
  const phone = await server.signUp();
  const laptop = await server.logIn(phone);
  const answer = await server.post('/auth/logout-all', undefined, bearer(phone.access));
  assert.deepEqual([answer.status, answer.json], [200, {}]);
  for (const one of [phone, laptop]) {
    assert.equal(outcome(await server.verify(one.access)), '401 token_revoked');
    assert.equal(outcome(await server.refresh(one.refresh)), '401 session_revoked');
  }
  const back = await server.logIn(phone);
  assert.equal(claimsOf(back.access).tv, claimsOf(phone.access).tv + 1);
  assert.equal(outcome(await server.verify(back.access)), '200');
});

test('sign-out everywhere with keep_current gives this session a fresh pair; everything else dies', async () => {
  const phone = await server.signUp();
  const laptop = await server.logIn(phone);
  const kept = await server.post('/auth/logout-all', { keep_current: true, delivery: 'body' }, bearer(phone.access));
  assert.equal(kept.status, 200);
  assert.equal(kept.json.session.id, phone.sid);
  assert.equal(outcome(await server.verify(phone.access)), '401 token_revoked', 'the old access token of the kept session');
  assert.equal(outcome(await server.verify(laptop.access)), '401 token_revoked');
  assert.equal(outcome(await server.refresh(laptop.refresh)), '401 session_revoked');
  assert.equal(outcome(await server.verify(kept.json.access_token)), '200');
  assert.equal((await server.refresh(kept.json.refresh_token)).status, 200);
});

test('each log-in gives a session id of its own, also to who brings the cookies of another session', async () => {
  const first = await server.signUpWithCookies();
  const second = await server.post('/auth/login', { email: first.email, password: first.password }, { Cookie: first.cookie });
  assert.equal(second.status, 200);
  assert.notEqual(second.json.session.id, first.answer.json.session.id);
  assert.notEqual(claimsOf(second.json.access_token).jti, claimsOf(first.access).jti);
  assert.notEqual(cookieHeader(second), first.cookie);
});

test('a session id that was given before log-in is worth nothing after it (fixation)', async () => {
  const attacker = await server.signUpWithCookies();
  const victim = await server.signUpWithCookies();
  const loggedIn = await server.post(
    '/auth/login',
    { email: victim.email, password: victim.password },
    { Cookie: attacker.cookie },
  );
  const me = await server.get('/auth/me', { Cookie: attacker.cookie });
  assert.equal(me.json.user.id, attacker.answer.json.user.id, 'the attacker’s cookies did not become the victim’s');
  assert.notEqual(loggedIn.json.session.id, attacker.answer.json.session.id);
});

test('a session that has ended does not come back: its id stays dead after the next log-in', async () => {
  const user = await server.signUp();
  await server.post('/auth/logout', undefined, bearer(user.access));
  const again = await server.logIn(user);
  assert.notEqual(again.sid, user.sid);
  assert.equal(outcome(await server.verify(user.access)), '401 token_revoked');
  assert.equal(outcome(await server.refresh(user.refresh)), '401 session_revoked');
  assert.deepEqual((await listOf(again.access)).map((s) => s.id), [again.sid]);
});

test('the profile shows the user and the session, and its name can be changed', async () => {
  const user = await server.signUp({ name: 'Ada' });
  const me = (await server.get('/auth/me', bearer(user.access))).json;
  assert.deepEqual([me.user.id, me.user.email, me.user.name, me.session.id], [user.user, user.email, 'Ada', user.sid]);
  const changed = await server.request('PATCH', '/auth/me', { json: { name: 'Ada Lovelace' }, headers: bearer(user.access) });
  assert.deepEqual([changed.status, changed.json.user.name], [200, 'Ada Lovelace']);
  assert.equal((await server.get('/auth/me', bearer(user.access))).json.user.name, 'Ada Lovelace');
});

test('an e-mail address has one account, whatever the case it is written in', async () => {
  const user = await server.signUp();
  for (const email of [user.email, user.email.toUpperCase()]) {
    const answer = await server.post('/auth/signup', { email, password: 'another password' });
    assert.equal(outcome(answer), '409 email_taken');
  }
  const answer = await server.post('/auth/login', { email: user.email.toUpperCase(), password: user.password });
  assert.equal(answer.status, 200);
});

test('wrong password and unknown user are one answer', async () => {
  const user = await server.signUp();
  const wrong = await server.post('/auth/login', { email: user.email, password: 'not the password' });
  const unknown = await server.post('/auth/login', { email: 'nobody@example.com', password: 'not the password' });
  assert.equal(outcome(wrong), '401 invalid_credentials');
  assert.equal(wrong.text, unknown.text);
});
