// A block holds at every step, not only at log-in; a limit of sessions; a back-off that survives a restart.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { sleep, waitUntil, withinTheFirstWait } from './harness/place.js';
import { bearer, startServer } from './harness/server.js';

let server;
before(async () => {
  server = await startServer({ settings: { 'session.max_per_user': '3', 'login.free_attempts': '3' } });
});
after(() => server.dispose());

const admin = () => bearer(server.adminKey);
const block = (id, json) => server.request('POST', `/admin/users/${encodeURIComponent(id)}/block`, { headers: admin(), json });
const unblock = (id) => server.request('POST', `/admin/users/${encodeURIComponent(id)}/unblock`, { headers: admin() });
const logIn = (json) => server.request('POST', '/auth/login', { json: { ...json, delivery: 'body' } });

test('a block refuses the token, the refresh, the log-in and every changing route at once', async () => {
  const { email, password, user: id } = await server.signUp();
  const session = (await logIn({ email, password })).json;
  assert.equal((await block(id, { reason: 'chargeback' })).status, 200);

  const headers = bearer(session.access_token);
  assert.equal((await server.verify(session.access_token)).code, 'token_revoked');
  assert.equal((await server.request('POST', '/auth/refresh', { json: { refresh_token: session.refresh_token } })).code, 'session_revoked');
  for (const [method, path] of [['GET', '/auth/me'], ['GET', '/auth/sessions'], ['POST', '/auth/logout-all'], ['DELETE', `/auth/sessions/${session.session.id}`]]) {
    assert.equal((await server.request(method, path, { headers })).code, 'token_revoked', path);
  }
  const refused = await logIn({ email, password });
  assert.equal(refused.status, 403);
  assert.equal(refused.code, 'user_blocked');
  assert.match(refused.json.message, /chargeback/);
  assert.equal((await logIn({ email, password: 'wrong horse' })).code, 'invalid_credentials', 'a block is told to the owner only');
  assert.equal((await server.request('POST', '/admin/sessions', { headers: admin(), json: { user: id } })).code, 'user_blocked');

  await server.restart();
  assert.equal((await server.verify(session.access_token)).code, 'token_revoked', 'after a crash, too');
  assert.equal((await logIn({ email, password })).code, 'user_blocked');

  assert.equal((await unblock(id)).status, 200);
  assert.equal((await server.verify(session.access_token)).code, 'token_revoked', 'what the block has ended stays ended');
  assert.equal((await logIn({ email, password })).status, 200);
  const events = await server.request('GET', `/admin/events?user=${id}&type=user_blocked`, { headers: admin() });
  assert.equal(events.json.events.length, 1);
});

test('a user id of the application is percent-encoded in the path', async () => {
  const id = 'a/b c%';
  const adopted = await server.request('POST', '/admin/sessions', { headers: admin(), json: { user: id } });
  assert.equal(adopted.status, 201);
  assert.equal((await block(id)).json.user.id, id);
  assert.equal((await server.verify(adopted.json.access_token)).code, 'token_revoked');
  for (const path of ['/admin/users//block', '/admin/users/a/b/block', '/admin/users/%zz/block', '/admin/users/block']) {
    assert.equal((await server.request('POST', path, { headers: admin() })).status, path === '/admin/users/block' ? 405 : 404, path);
  }
});

test('the oldest session gives way to one too many, and 32 log-ins at once leave as many as there may be', async () => {
  const { user } = await server.signUp();
  const all = await Promise.all(Array.from({ length: 32 }, () => server.adopt(user)));
  const checks = await Promise.all(all.map(({ access }) => server.verify(access)));
  assert.equal(checks.filter((check) => check.status === 200).length, 3);
  assert.equal(checks.filter((check) => check.code === 'token_revoked').length, 29);
});

for (const [policy, store] of ['evict', 'reject'].flatMap((one) => [[one, 'sqlite:DATA/rescind.db'], [one, 'memory:']])) {
  test(`32 right log-ins at once never leave more sessions than there may be (${policy}, ${store})`, async () => {
    const own = await startServer({ settings: { 'store.url': store, 'session.max_per_user': '3', 'session.limit_policy': policy, 'login.free_attempts': '100', 'password.max_queued': '64' } });
    try {
      const { email, password, access } = await own.signUp();
      const answers = await Promise.all(Array.from({ length: 32 }, () => own.post('/auth/login', { email, password, delivery: 'body' })));
      const outcomes = answers.map((answer) => `${answer.status} ${answer.code ?? ''}`.trim());
      const tokens = [access, ...answers.filter((answer) => answer.status === 200).map((answer) => answer.json.access_token)];
      const checks = await Promise.all(tokens.map((token) => own.verify(token)));
      const good = tokens.filter((token, i) => checks[i].status === 200);
      assert.equal(good.length, 3);
      if (policy === 'evict') assert.deepEqual(new Set(outcomes), new Set(['200']));
      else assert.deepEqual(outcomes.sort(), [...Array(2).fill('200'), ...Array(30).fill('409 session_limit')]);
      assert.equal((await own.get('/auth/sessions', bearer(good[0]))).json.sessions.length, 3);
    } finally {
      await own.dispose();
    }
  });
}

test('guessing has to wait, under every spelling of the address, and across a restart', async () => {
  const email = await withinTheFirstWait(async () => {
    const { email, password } = await server.signUp();
    for (const spelling of [email, email.toUpperCase(), email]) {
      assert.equal((await logIn({ email: spelling, password: 'wrong horse' })).code, 'invalid_credentials');
    }
    const waiting = await logIn({ email: email.toUpperCase(), password });
    assert.equal(waiting.status, 429);
    assert.equal(waiting.code, 'too_many_attempts');
    assert.match(waiting.header('Retry-After'), /^[1-9][0-9]*$/);
    return email;
  });
  await server.restart();
  const answers = await Promise.all(Array.from({ length: 20 }, () => logIn({ email, password: 'wrong horse' })));
  assert.ok(answers.filter((answer) => answer.code === 'invalid_credentials').length <= 1, 'at most one guess a wait');
});

test('who guesses from elsewhere does not keep out an owner at a new address who has reset the password', async () => {
  const own = await startServer({ settings: { 'server.trusted_proxies': '127.0.0.1/32' } });
  try {
    const { email, password } = await own.signUp();
    const from = (address) => ({ 'X-Forwarded-For': address });
    let guesses = 0;
    const guessALot = async () => {
      for (;;) {
        const guess = await own.post('/auth/login', { email, password: 'wrong horse' }, from(`::ffff:198.51.100.${(guesses += 1)}`));
        assert.ok(guesses < 250, 'an account has its limit');
        if (guess.status !== 429) continue;
        const wait = Number(guess.header('Retry-After'));
        if (wait > 2) return assert.ok(guesses > 50, 'and each address is one of its own');
        await sleep(wait * 1000);
      }
    };
    const home = from('203.0.113.7:49152');
    await guessALot();
    assert.equal((await own.post('/auth/login', { email, password }, home)).code, 'too_many_attempts');
    await own.post('/auth/password/forgot', { email }, home);
    const link = () => own.stderr.match(/#token=(pr1\.[\w-]+)/)?.[1];
    await waitUntil(link, { what: 'the mail with the link' });
    assert.equal((await own.post('/auth/password/reset', { token: link(), password: 'another horse' }, home)).status, 200);
    await guessALot();
    assert.equal((await own.post('/auth/login', { email, password: 'another horse' }, from('203.0.113.8'))).code, 'too_many_attempts');
    assert.equal((await own.post('/auth/login', { email, password: 'another horse' }, home)).status, 200);
  } finally {
    await own.dispose();
  }
});
