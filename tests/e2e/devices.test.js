// The list of one's devices: what they are called, renaming one, signing out one, the others, all.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { bearer, startServer } from './harness/server.js';

let server;
before(async () => {
  server = await startServer();
});
after(() => server?.dispose());

const outcome = (answer) => `${answer.status} ${answer.code ?? ''}`.trim();
const kFirefox = 'Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0';
const rename = (token, sid, json, headers = {}) =>
  server.request('PATCH', `/auth/sessions/${sid}`, { headers: { ...bearer(token), ...headers }, json });
const list = async (token) => (await server.get('/auth/sessions', bearer(token))).json.sessions;

async function logIn({ email, password }, headers, device) {
  const answer = await server.request('POST', '/auth/login', { headers, json: { email, password, delivery: 'body', device } });
  assert.equal(answer.status, 200, answer.text);
  return { access: answer.json.access_token, refresh: answer.json.refresh_token, sid: answer.json.session.id };
}

test('a device is called what its browser says it is, by hints before the User-Agent, unless the client names it', async () => {
  const account = await server.signUp();
  const hints = { 'Sec-CH-UA': '"Brave";v="126", "Chromium";v="126"', 'Sec-CH-UA-Platform': '"Windows"' };
  const named = await logIn(account, { 'User-Agent': kFirefox }, 'Ada’s laptop');
  await logIn(account, { 'User-Agent': kFirefox });
  await logIn(account, { 'User-Agent': kFirefox, ...hints });
  await logIn(account, { 'User-Agent': '<b>' });
  const sessions = await list(named.access);
  assert.deepEqual(sessions.map((session) => session.device), ['', 'Brave on Windows', 'Firefox on Linux', 'Ada’s laptop', '']);
  assert.deepEqual(sessions.map((session) => session.current), [false, false, false, true, false]);
  assert.equal(sessions[2].browser, kFirefox);
  assert.equal(sessions[2].ip, '127.0.0.1');
  for (const session of sessions) for (const time of ['created_at', 'last_used_at']) assert.match(session[time], /Z$/);
});

test('a user renames a device of his own, and no other', async () => {
  const ada = await server.signUp();
  const eve = await server.signUp();
  const renamed = await rename(ada.access, ada.sid, { name: 'Küche' });
  assert.deepEqual([renamed.json.session.id, renamed.json.session.device, renamed.json.session.current], [ada.sid, 'Küche', true]);
  assert.equal((await list(ada.access))[0].device, 'Küche');
  assert.equal(outcome(await rename(eve.access, ada.sid, { name: 'mine' })), '404 not_found');
  for (const sid of ['x', 'AAAAAAAAAAAAAAAAAAAAAA']) assert.equal(outcome(await rename(ada.access, sid, { name: 'x' })), '404 not_found');
  for (const json of [{}, { name: '' }, { name: 1 }, { name: 'a\nb' }, { name: 'x'.repeat(201) }, { name: 'x', current: true }]) {
    assert.equal(outcome(await rename(ada.access, ada.sid, json)), '400 invalid_request', JSON.stringify(json));
  }
  const other = await logIn(ada);
  await server.post('/auth/logout', undefined, bearer(other.access));
  assert.equal(outcome(await rename(ada.access, other.sid, { name: 'late' })), '404 not_found');
  assert.equal((await list(ada.access))[0].device, 'Küche');
});

test('by cookie a device is renamed from an allowed origin only', async () => {
  const { cookie, answer } = await server.signUpWithCookies();
  const sid = answer.json.session.id;
  const ask = (headers) => server.request('PATCH', `/auth/sessions/${sid}`, { headers: { Cookie: cookie, ...headers }, json: { name: 'x' } });
  assert.equal(outcome(await ask({ Origin: 'https://evil.example' })), '403 csrf_rejected');
  assert.equal(outcome(await ask({ 'Sec-Fetch-Site': 'cross-site' })), '403 csrf_rejected');
  assert.equal(outcome(await ask({ Origin: server.publicUrl })), '200');
});

test('sign out one, all others, all', async () => {
  const account = await server.signUp();
  const [one, two, three] = [await logIn(account), await logIn(account), await logIn(account)];
  const good = async (...pairs) => (await Promise.all(pairs.map(({ access }) => server.verify(access)))).map((answer) => answer.status === 200);

  assert.equal((await server.request('DELETE', `/auth/sessions/${two.sid}`, { headers: bearer(one.access) })).status, 200);
  assert.deepEqual(await good(account, one, two, three), [true, true, false, true]);

  const kept = await server.post('/auth/logout-all', { keep_current: true, delivery: 'body' }, bearer(one.access));
  assert.equal(kept.json.session.id, one.sid);
  const next = { access: kept.json.access_token };
  assert.deepEqual(await good(account, one, three, next), [false, false, false, true]);
  assert.deepEqual((await list(next.access)).map((session) => session.id), [one.sid]);
  assert.equal(outcome(await server.refresh(three.refresh)), '401 session_revoked');
  assert.equal((await server.refresh(kept.json.refresh_token)).status, 200);

  assert.equal((await server.post('/auth/logout-all', undefined, bearer(next.access))).status, 200);
  assert.deepEqual(await good(next), [false]);
});
