// Refresh tokens: rotation, the grace, reuse, and races.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { sleep } from './harness/place.js';
import { bearer, startServer } from './harness/server.js';

const kParallel = 32;
const many = (count, make) => Promise.all(Array.from({ length: count }, make));
const outcome = (answer) => `${answer.status} ${answer.code ?? ''}`.trim();

describe('with a grace of 2 s', () => {
  let server;
  before(async () => {
    server = await startServer({ settings: { 'session.refresh_grace': '5s' } });
  });
  after(() => server?.dispose());

  test('32 parallel refreshes of one token give one and the same successor', async () => {
    const { refresh, sid } = await server.adopt('parallel');
    const answers = await many(kParallel, () => server.refresh(refresh));
    assert.deepEqual([...new Set(answers.map(outcome))], ['200']);
    const successors = new Set(answers.map((a) => a.json.refresh_token));
    assert.equal(successors.size, 1);
    assert.ok(!successors.has(refresh));
    for (const answer of answers) assert.equal(answer.json.session.id, sid);
    assert.equal((await server.refresh([...successors][0])).status, 200, 'the successor is good');
  });

  test('the token before gives the same successor within the grace, and after it ends the session', async () => {
    const { refresh, access, sid, user } = await server.adopt('graceful');
    const rotated = (await server.refresh(refresh)).json;
    assert.equal((await server.refresh(refresh)).json.refresh_token, rotated.refresh_token);
    await sleep(1200);
    assert.equal((await server.refresh(refresh)).json.refresh_token, rotated.refresh_token, 'still within');
    await sleep(4000); // 5.2 s since the rotation: the second look did not extend anything
    const reused = await server.refresh(refresh);
    assert.equal(outcome(reused), '401 refresh_reused');
    assert.equal(outcome(await server.verify(access)), '401 token_revoked');
    assert.equal(outcome(await server.verify(rotated.access_token)), '401 token_revoked');
    assert.equal(outcome(await server.refresh(rotated.refresh_token)), '401 session_revoked');
    const events = await server.events(`?type=refresh_reused&user=${user}`);
    assert.equal(events.length, 1);
    assert.equal(events[0].session, sid);
  });

  test('a token older than the one before ends the session even within the grace', async () => {
    const { refresh } = await server.adopt('older');
    const second = (await server.refresh(refresh)).json;
    const third = (await server.refresh(second.refresh_token)).json;
    assert.equal(outcome(await server.refresh(refresh)), '401 refresh_reused');
    assert.equal(outcome(await server.verify(third.access_token)), '401 token_revoked');
    assert.equal(outcome(await server.refresh(third.refresh_token)), '401 session_revoked');
  });

  test('reuse ends that session only', async () => {
    const [a, b] = [await server.adopt('two-sessions'), await server.adopt('two-sessions')];
    const next = (await server.refresh(a.refresh)).json;
    await server.refresh(next.refresh_token);
    assert.equal(outcome(await server.refresh(a.refresh)), '401 refresh_reused');
    assert.equal(outcome(await server.verify(b.access)), '200');
  });

  test('a forged refresh token is refused and nothing happens to the session', async () => {
    const { refresh, access } = await server.adopt('forged');
    const [prefix, body] = refresh.split('.');
    const bytes = Buffer.from(body, 'base64url');
    const forgeries = [];
    for (let i = 0; i < bytes.length; ++i) {
      const changed = Buffer.from(bytes);
      changed[i] ^= 1;
      forgeries.push(`${prefix}.${changed.toString('base64url')}`);
    }
    forgeries.push(refresh.slice(0, -1), `${refresh}A`, `${refresh}=`, refresh.replace('rt1.', 'rt2.'), refresh.toUpperCase(), ` ${refresh}`, body);
    for (const forgery of forgeries) assert.equal(outcome(await server.refresh(forgery)), '401 invalid_token', forgery);
    assert.equal(outcome(await server.verify(access)), '200');
    assert.equal((await server.refresh(refresh)).status, 200);
  });

  test('rotation leaves the access tokens before it good', async () => {
    const { refresh, access } = await server.adopt('in-flight');
    const next = (await server.refresh(refresh)).json;
    assert.equal((await server.verify(access)).status, 200);
    assert.equal((await server.verify(next.access_token)).status, 200);
  });

  test('a refresh delivers where the token came from, or where it is told to', async () => {
    const { cookie } = await server.signUpWithCookies();
    const byCookie = await server.post('/auth/refresh', undefined, { Cookie: cookie });
    assert.equal(byCookie.status, 200);
    assert.deepEqual([...byCookie.cookies.keys()].sort(), ['rescind', 'rescind-refresh']);
    assert.equal(byCookie.json.refresh_token, undefined);
    const token = byCookie.cookies.get('rescind-refresh').value;
    const inBody = await server.post('/auth/refresh', { refresh_token: token });
    assert.equal(inBody.cookies.size, 0);
    assert.match(inBody.json.refresh_token, /^rt1\./);
    const moved = await server.post('/auth/refresh', { refresh_token: inBody.json.refresh_token, delivery: 'cookie' });
    assert.equal(moved.json.refresh_token, undefined);
    assert.equal(moved.cookies.size, 2);
    assert.equal(outcome(await server.post('/auth/refresh')), '401 missing_token');
  });

  test('refresh against log-out, 200 rounds: after the acknowledged log-out nothing of the session lives', async () => {
    for (let round = 0; round < 200; ++round) {
      const first = await server.adopt('race');
      const refreshes = [0, 1, 2].map(() => server.refresh(first.refresh));
      const second = refreshes[0].then((a) => (a.status === 200 ? server.refresh(a.json.refresh_token) : a));
      // From before the first refresh to after the last: the log-out falls everywhere in between.
      const logout = (round % 3 === 0 ? sleep(0) : round % 3 === 1 ? refreshes[0] : Promise.resolve()).then(() =>
        server.post('/auth/logout', undefined, bearer(first.access)),
      );
      assert.equal((await logout).status, 200);
      const access = [first.access];
      const refresh = [first.refresh];
      for (const answer of await Promise.all([...refreshes, second])) {
        if (answer.status === 200) {
          access.push(answer.json.access_token);
          refresh.push(answer.json.refresh_token);
        } else {
          // Reused: the successor was used before the last of the three arrived.
          assert.match(outcome(answer), /^401 (session_revoked|refresh_reused)$/, `round ${round}`);
        }
      }
      for (const token of access) assert.equal(outcome(await server.verify(token)), '401 token_revoked', `round ${round}`);
      for (const token of new Set(refresh)) {
        assert.equal(outcome(await server.refresh(token)), '401 session_revoked', `round ${round}`);
      }
    }
  });

  test('a log-out that loses the race against another log-out is acknowledged only when the tokens are dead', async () => {
    for (let round = 0; round < 50; ++round) {
      const { access } = await server.adopt('two-logouts');
      const checked = await many(4, async () => {
        const answer = await server.post('/auth/logout', undefined, bearer(access));
        return [answer.status, outcome(await server.verify(access))];
      });
      for (const one of checked) assert.deepEqual(one, [200, '401 token_revoked'], `round ${round}`);
    }
  });
});

test('with a grace of 0 exactly one of 32 parallel refreshes wins, and the session ends', async () => {
  const server = await startServer({ settings: { 'session.refresh_grace': '0s' } });
  try {
    for (let round = 0; round < 5; ++round) {
      const { refresh, access } = await server.adopt('strict');
      const answers = await many(kParallel, () => server.refresh(refresh));
      const won = answers.filter((a) => a.status === 200);
      assert.equal(won.length, 1);
      for (const answer of answers) {
        if (answer.status !== 200) assert.match(outcome(answer), /^401 (refresh_reused|session_revoked)$/);
      }
      assert.equal(outcome(await server.verify(access)), '401 token_revoked');
      assert.equal(outcome(await server.verify(won[0].json.access_token)), '401 token_revoked');
      assert.equal(outcome(await server.refresh(won[0].json.refresh_token)), '401 session_revoked');
    }
  } finally {
    await server.dispose();
  }
});

test('with session.on_reuse = user a reused token ends every session of the user and of nobody else', async () => {
  const server = await startServer({ settings: { 'session.refresh_grace': '0s', 'session.on_reuse': 'user' } });
  try {
    const [a, b, other] = [await server.adopt('u'), await server.adopt('u'), await server.adopt('other')];
    await server.refresh(a.refresh);
    assert.equal(outcome(await server.refresh(a.refresh)), '401 refresh_reused');
    assert.equal(outcome(await server.verify(b.access)), '401 token_revoked');
    assert.equal(outcome(await server.refresh(b.refresh)), '401 session_revoked');
    assert.equal(outcome(await server.verify(other.access)), '200');
    assert.equal((await server.refresh(other.refresh)).status, 200);
  } finally {
    await server.dispose();
  }
});

test('a session that nobody used for the idle lifetime, or that is too old, has expired', async () => {
  const server = await startServer({
    settings: { 'session.refresh_grace': '0s', 'session.idle_ttl': '5s', 'session.absolute_ttl': '9s' },
  });
  try {
    const idle = await server.adopt('idle');
    const kept = await server.adopt('kept');
    await sleep(2500);
    const second = (await server.refresh(kept.refresh)).json;
    await sleep(2700);
    assert.equal(outcome(await server.refresh(idle.refresh)), '401 session_expired');
    const third = (await server.refresh(second.refresh_token)).json;
    assert.ok(third.refresh_token, 'use keeps a session alive');
    await sleep(4000);
    assert.equal(outcome(await server.refresh(third.refresh_token)), '401 session_expired', 'but not beyond its absolute end');
  } finally {
    await server.dispose();
  }
});
