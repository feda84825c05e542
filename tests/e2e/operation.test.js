// Running it: start, stop, restart, what it writes and what it refuses to start with.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import { test } from 'node:test';
import { whileLocked } from './harness/locked_store.js';
import { binary, findFreePort, makeTempDirectory, sleep, waitUntil } from './harness/place.js';
import { sendRaw } from './harness/http.js';
import { Server, bearer, newPassword, startServer } from './harness/server.js';

const outcome = (answer) => `${answer.status} ${answer.code ?? ''}`.trim();

async function withServer(options, body) {
  const server = await startServer(options);
  try {
    await body(server);
  } finally {
    await server.dispose();
  }
}

const serve = (flags, env = {}) =>
  spawnSync(binary(), ['serve', ...flags], {
    env: { PATH: process.env.PATH, RESCIND_ADMIN_KEY: 'rk1_only-for-this-test-0123456789', ...env },
    encoding: 'utf8',
    timeout: 10_000,
  });

test('a server that nobody disturbs goes on answering for longer than its lease', async () => {
  await withServer({ settings: { 'feed.lease': '4s' } }, async (server) => {
    const { access } = await server.adopt('lease');
    for (let i = 0; i < 30; ++i) {
      assert.equal((await server.verify(access)).status, 200);
      assert.equal((await server.get('/readyz')).status, 200);
      await sleep(200);
    }
  });
});

// Two whose passwords are being hashed. Of those that were answered before anybody could look there are more.
async function beginToSignUp(server) {
  for (;;) {
    let answered = 0;
    const begun = [server.signUp(), server.signUp()];
    for (const one of begun) one.finally(() => (answered += 1)).catch(() => {});
    while (answered === 0) {
      if ((await server.get('/metrics')).text.includes('\nrescind_password_checks_waiting 2\n')) return begun;
    }
    await Promise.all(begun);
  }
}

test('SIGTERM: requests that have begun are answered, nothing new is taken, the exit is clean', async () => {
  for (const signal of ['SIGTERM', 'SIGINT']) {
    await withServer({ settings: { 'password.memory': '32MiB', 'password.iterations': '2' } }, async (server) => {
      const idle = net.connect(server.port, '127.0.0.1').on('error', () => {});
      const begun = await beginToSignUp(server);
      const asked = Date.now();
      server.process.kill(signal);
      const pairs = await Promise.all(begun);
      assert.deepEqual(await server.exited, { code: 0, signal: null });
      assert.ok(Date.now() - asked < 8000, 'an idle connection holds nothing up');
      await assert.rejects(server.get('/readyz'), { code: 'ECONNREFUSED' });
      idle.destroy();
      await server.start();
      for (const pair of pairs) assert.equal((await server.verify(pair.access)).status, 200, 'what was answered is durable');
    });
  }
});

test('a restart forgets nothing: sessions, revocations, events and keys are the same, after SIGTERM and after kill -9', async () => {
  await withServer({}, async (server) => {
    const user = await server.signUp({ name: 'Ada', device: 'phone' });
    const laptop = await server.logIn(user);
    const gone = await server.adopt('gone');
    await server.post('/auth/logout', undefined, bearer(gone.access));
    const all = await server.adopt('all');
    await server.admin('POST', '/admin/revocations', { kind: 'user', sub: 'all' });
    const single = await server.adopt('single');
    await server.admin('POST', '/admin/revocations', { kind: 'token', token: single.access });
    const rotated = await server.adopt('rotated');
    const second = (await server.refresh(rotated.refresh)).json;
    const third = (await server.refresh(second.refresh_token)).json;
    const everything = async () => ({
      me: (await server.get('/auth/me', bearer(user.access))).json,
      sessions: (await server.get('/auth/sessions', bearer(user.access))).json,
      revocations: (await server.admin('GET', '/admin/revocations')).json,
      events: await server.events(),
      keys: (await server.get('/.well-known/jwks.json')).json,
      tokens: await Promise.all([user, laptop, gone, all, single].map(async (one) => outcome(await server.verify(one.access)))),
    });
    const earlier = await everything();
    assert.deepEqual(earlier.tokens, ['200', '200', '401 token_revoked', '401 token_revoked', '401 token_revoked']);
    await server.stop();
    await server.start();
    assert.deepEqual(await everything(), earlier);
    await server.restart();
    assert.deepEqual(await everything(), earlier);
    assert.equal(outcome(await server.refresh(rotated.refresh)), '401 refresh_reused', 'an old refresh token is still known as old');
    assert.equal(outcome(await server.verify(third.access_token)), '401 token_revoked');
    assert.equal((await server.logIn(user)).user, user.user);
  });
});

test('a second server on the same data directory does not start, and the first one does not notice', async () => {
  await withServer({}, async (server) => {
    const { access } = await server.adopt('first');
    const second = serve(['--data', server.data, '--server.listen', `127.0.0.1:${await findFreePort()}`]);
    assert.notEqual(second.status, 0);
    assert.notEqual(second.status, null, 'it ended by itself');
    assert.match(second.stderr, /another|already|in use|lock/i);
    assert.equal((await server.verify(access)).status, 200);
    assert.equal((await server.post('/auth/logout', undefined, bearer(access))).status, 200);
  });
});

test('an address that is taken is a start-up error', async () => {
  await withServer({}, async (server) => {
    const data = makeTempDirectory('taken');
    const second = serve(['--data', data, '--server.listen', `127.0.0.1:${server.port}`]);
    fs.rmSync(data, { recursive: true });
    assert.ok(second.status > 0, second.stderr);
    assert.match(second.stderr, new RegExp(String(server.port)));
  });
});

test('a setting that is not known or not possible is a start-up error that names it and where it stands', () => {
  const directory = makeTempDirectory('wrong');
  const file = path.join(directory, 'rescind.toml');
  const base = ['--data', path.join(directory, 'data'), '--server.listen', '127.0.0.1:0'];
  const withFile = (toml) => {
    fs.writeFileSync(file, toml);
    return serve([...base, '--config', file]);
  };
  const cases = [
    [() => serve([...base, '--session.refresh-grce', '30s']), /--session\.refresh-grce.*--session\.refresh-grace/],
    [() => serve(base, { RESCIND_SESSION_REFRESH_GRCE: '30s' }), /RESCIND_SESSION_REFRESH_GRCE.*RESCIND_SESSION_REFRESH_GRACE/],
    [() => withFile('[session]\nrefresh_grce = "30s"\n'), /session\.refresh_grce.*:2.*session\.refresh_grace/],
    [() => withFile('[nothing]\nx = 1\n'), /nothing/],
    [() => withFile('[session\n'), /rescind\.toml/],
    [() => serve([...base, '--config', path.join(directory, 'absent.toml')]), /absent\.toml/],
    [() => serve([...base, '--session.refresh-grace', '30']), /session\.refresh_grace/],
    [() => serve([...base, '--token.access-ttl', '25h']), /token\.access_ttl/],
    [() => serve([...base, '--token.algorithm', 'none']), /token\.algorithm/],
    [() => serve([...base, '--token.algorithm', 'HS256']), /token\.secret_file/],
    [() => serve([...base, '--server.public-url', 'http://example.com']), /server\.public_url/],
    [() => serve([...base, '--server.public-url', 'https://example.com/path']), /server\.public_url/],
    [() => serve([...base, '--server.allowed-origins', 'https://x.example/']), /server\.allowed_origins/],
    [() => serve([...base, '--cookie.same-site', 'none']), /cookie\.same_site/],
    [() => serve(base, { RESCIND_ADMIN_KEY: 'short' }), /RESCIND_ADMIN_KEY/],
  ];
  for (const [start, message] of cases) {
    const ended = start();
    assert.ok(ended.status > 0, `${start}: ${ended.status} ${ended.stderr}`);
    assert.match(ended.stderr, message);
    assert.equal(ended.stderr.trim().split('\n').length, 1, 'one line');
    assert.doesNotMatch(ended.stderr, /\bshort\b.*short/);
  }
  const secret = path.join(directory, 'secret');
  fs.writeFileSync(secret, 'x'.repeat(31));
  const weak = serve([...base, '--token.algorithm', 'HS256', '--token.secret-file', secret]);
  assert.ok(weak.status > 0);
  assert.match(weak.stderr, /32/);
  fs.rmSync(directory, { recursive: true });
});

test('flag beats variable beats file', async () => {
  const directory = makeTempDirectory('layers');
  const file = path.join(directory, 'rescind.toml');
  fs.writeFileSync(file, '[token]\naccess_ttl = "1m"\naudience = "from-file"\nissuer = "from-file"\n');
  const env = { RESCIND_CONFIG: file, RESCIND_TOKEN_ACCESS_TTL: '2m', RESCIND_TOKEN_AUDIENCE: 'from-variable' };
  await withServer({ env, settings: { 'token.access_ttl': '3m' } }, async (server) => {
    const { body, access } = await server.adopt('layers');
    const claims = JSON.parse(Buffer.from(access.split('.')[1], 'base64url'));
    assert.deepEqual([body.expires_in, claims.aud, claims.iss], [180, 'from-variable', 'from-file']);
  });
  fs.rmSync(directory, { recursive: true });
});

test('HS256 works with a shared secret of 32 bytes, and publishes no key', async () => {
  const directory = makeTempDirectory('hs256');
  const secret = path.join(directory, 'secret');
  fs.writeFileSync(secret, 'a shared secret of 32 bytes or so', { mode: 0o600 });
  await withServer({ settings: { 'token.algorithm': 'HS256', 'token.secret_file': secret } }, async (server) => {
    const { access } = await server.adopt('hs');
    assert.equal((await server.verify(access)).status, 200);
    assert.deepEqual((await server.get('/.well-known/jwks.json')).json, { keys: [] });
    await server.post('/auth/logout', undefined, bearer(access));
    assert.equal((await server.verify(access)).code, 'token_revoked');
  });
  fs.rmSync(directory, { recursive: true });
});

test('without RESCIND_ADMIN_KEY a key is made, kept with mode 0600, and its place is logged, not the key', async () => {
  const data = makeTempDirectory('key');
  const server = new Server({}, [], data, { RESCIND_ADMIN_KEY: '' }, 'debug');
  await server.start(await findFreePort());
  try {
    const file = path.join(data, 'admin.key');
    assert.equal(fs.statSync(file).mode & 0o777, 0o600);
    const key = fs.readFileSync(file, 'utf8').trim();
    assert.match(key, /^rk1_[A-Za-z0-9_-]{43}$/);
    await waitUntil(() => server.stderr.includes(file), { what: 'the place of the key in the log' });
    assert.ok(!server.stderr.includes(key));
    assert.equal((await server.get('/admin/events', bearer(key))).status, 200);
    await server.restart();
    assert.equal((await server.get('/admin/events', bearer(key))).status, 200);
  } finally {
    await server.dispose();
    fs.rmSync(data, { recursive: true, force: true });
  }
});

test('the data directory and its files are their owner’s only', async () => {
  const data = path.join(makeTempDirectory('modes'), 'made');
  const server = new Server({}, [], data, {}, 'info');
  await server.start(await findFreePort());
  try {
    await server.adopt('modes');
    assert.equal(fs.statSync(data).mode & 0o777, 0o700);
    for (const name of fs.readdirSync(data, { recursive: true })) {
      const stat = fs.statSync(path.join(data, name));
      if (stat.isFile()) assert.equal(stat.mode & 0o077, 0, `${name} is open to others`);
    }
  } finally {
    await server.dispose();
    fs.rmSync(path.dirname(data), { recursive: true, force: true });
  }
});

// A bit of everything, good and bad.
async function beBusy(server) {
  const user = await server.signUp({ name: 'Ada' });
  const laptop = await server.logIn(user);
  const wrong = newPassword();
  server.secrets.add(wrong);
  await server.post('/auth/login', { email: user.email, password: wrong });
  await server.post('/auth/signup', { email: user.email, password: wrong });
  const next = (await server.refresh(laptop.refresh)).json;
  await server.refresh((await server.refresh(next.refresh_token)).json.refresh_token);
  await server.refresh(laptop.refresh); // reused
  await server.verify(user.access);
  await server.verify(laptop.access); // revoked
  await server.verify(`${user.access}x`);
  await server.get(`/verify?access_token=${user.access}`);
  await server.get(`/nowhere/${user.access}`);
  await server.get(`/auth/sessions/${user.refresh}`);
  await server.request('DELETE', `/admin/sessions/${user.refresh}`, { headers: bearer(server.adminKey) });
  await server.get('/admin/events', bearer(`${server.adminKey}x`));
  const browser = await server.signUpWithCookies();
  await server.post('/auth/refresh', undefined, { Cookie: browser.cookie, Origin: 'https://evil.example' });
  await server.post('/auth/refresh', undefined, { Cookie: `${browser.cookie}; ${browser.cookie}` });
  for (const [id, secret] of Object.entries(server.clients)) {
    const headers = { Authorization: `Basic ${Buffer.from(`${id}:${secret}`).toString('base64')}` };
    server.secrets.add(headers.Authorization.slice(6));
    await server.request('POST', '/oauth2/introspect', { form: { token: user.access }, headers });
    await server.request('POST', '/oauth2/revoke', { form: { token: user.access }, headers });
  }
  await server.admin('POST', '/admin/revocations', { kind: 'token', token: browser.access });
  await server.post('/auth/logout', undefined, { Cookie: browser.cookie });
  // Broken on the wire, with a token in every place that an error message could quote.
  for (const bytes of [
    `GET /verify?t=${user.access} HTTP/1.1\r\nAuthorization: Bearer ${user.access}\r\n\r\n`,
    `GET /verify HTTP/1.1\r\nHost: x\r\nAuthorization : Bearer ${user.access}\r\n\r\n`,
    `${user.refresh} /auth/refresh HTTP/1.1\r\nHost: x\r\n\r\n`,
    `POST /auth/refresh HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 300\r\n\r\n{"refresh_token":"${user.refresh}"`,
    `POST /auth/refresh HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n${user.refresh}\r\n`,
  ]) {
    await sendRaw(server.port, bytes, { quiet: 100 });
  }
  await server.signUp({ email: `x${user.email}`, password: `${newPassword()}` });
}

test('no token, password or key is in the log at debug level, in the metrics, in an event or in the data directory', async () => {
  for (const format of ['text', 'json']) {
    await withServer({ logLevel: 'debug', clients: ['shop'], settings: { 'log.format': format } }, async (server) => {
      await beBusy(server);
      const metrics = (await server.get('/metrics')).text;
      const events = (await server.admin('GET', '/admin/events?limit=1000')).text;
      await server.restart();
      await server.stop();
      const files = fs
        .readdirSync(server.data, { recursive: true })
        .map((name) => path.join(server.data, name))
        .filter((name) => fs.statSync(name).isFile())
        .map((name) => fs.readFileSync(name).toString('latin1'))
        .join('\n');
      assert.ok(server.secrets.size > 15);
      for (const secret of server.secrets) {
        // A JWT's signature and a refresh token's MAC are what makes them secret; their front parts are not.
        const tail = secret.slice(-24);
        for (const [where, text] of [['log', server.stderr], ['metrics', metrics], ['events', events], ['data', files]]) {
          assert.ok(!text.includes(tail), `${tail} of a secret is in the ${where}`);
        }
      }
      if (format === 'json') for (const line of server.stderr.trim().split('\n')) JSON.parse(line);
    });
  }
});

test('the metrics count log-ins, refreshes, reuse, checks and revocations', async () => {
  await withServer({}, async (server) => {
    await beBusy(server);
    const answer = await server.get('/metrics');
    assert.match(answer.header('content-type'), /^text\/plain; version=0\.0\.4/);
    const value = (name) => Number(answer.text.match(new RegExp(`^${name.replace(/[{}"]/g, '\\$&')} (\\S+)$`, 'm'))?.[1]);
    assert.equal(value('rescind_logins_total{result="succeeded"}'), 1);
    assert.equal(value('rescind_logins_total{result="failed"}'), 1);
    assert.equal(value('rescind_refreshes_total'), 3);
    assert.equal(value('rescind_refreshes_reused_total'), 1);
    assert.ok(value('rescind_verify_total{result="accepted"}') >= 1);
    assert.ok(value('rescind_verify_total{result="refused"}') >= 3);
    assert.equal(value('rescind_revocations_total'), value('rescind_revocations_live'));
    assert.equal(value('rescind_lease_live'), 1);
    assert.doesNotMatch(answer.text, /example\.com|127\.0\.0\.1/, 'no user and no address in a label');
  });
});

test('while the store does not answer: memory answers until the lease ends, then 503; nothing is "good", no cookie is cleared', async () => {
  await withServer({ settings: { 'feed.lease': '5s' } }, async (server) => {
    const browser = await server.signUpWithCookies();
    const revoked = await server.signUpWithCookies();
    await server.post('/auth/logout', undefined, bearer(revoked.access));
    await whileLocked(server, async () => {
      assert.equal((await server.verify(browser.access)).status, 200, 'the lease lives');
      assert.equal((await server.verify(revoked.access)).code, 'token_revoked');
      await waitUntil(async () => (await server.verify(browser.access)).status !== 200, { what: 'the lease to end' });
      for (const cookie of [browser.cookie, revoked.cookie]) {
        for (const route of ['/verify', '/auth/me', '/auth/sessions']) {
          const answer = await server.get(route, { Cookie: cookie });
          assert.equal(outcome(answer), '503 verifier_stale');
          assert.equal(answer.cookies.size, 0);
          assert.ok(Number(answer.header('retry-after')) >= 1);
        }
      }
      assert.equal(outcome(await server.get('/readyz')), '503 verifier_stale');
      assert.equal((await server.get('/healthz')).status, 200);
      const introspected = await server.request('POST', '/oauth2/introspect', { form: { token: browser.access }, headers: bearer(server.adminKey) });
      assert.deepEqual([introspected.status, introspected.json.error], [503, 'temporarily_unavailable']);
    });
    await waitUntil(async () => (await server.verify(browser.access)).status === 200, { what: 'the lease to be renewed' });
    assert.equal((await server.verify(revoked.access)).code, 'token_revoked');
  });
});

test('a change that the store cannot take is 503 with Retry-After, clears nothing, and is not half done', async () => {
  await withServer({ settings: { 'feed.lease': '30s' } }, async (server) => {
    const browser = await server.signUpWithCookies();
    await whileLocked(server, async () => {
      const changes = [
        server.post('/auth/logout', undefined, { Cookie: browser.cookie }),
        server.post('/auth/refresh', undefined, { Cookie: browser.cookie }),
        server.post('/auth/logout-all', undefined, bearer(browser.access)),
        server.admin('POST', '/admin/revocations', { kind: 'session', sid: browser.answer.json.session.id }),
        server.admin('POST', '/admin/sessions', { user: 'nobody' }),
      ];
      for (const answer of await Promise.all(changes)) {
        assert.equal(outcome(answer), '503 store_unavailable', answer.text);
        assert.equal(answer.cookies.size, 0);
        assert.ok(Number(answer.header('retry-after')) >= 1);
      }
      assert.equal((await server.verify(browser.access)).status, 200);
    });
    assert.equal((await server.post('/auth/refresh', undefined, { Cookie: browser.cookie })).status, 200);
    assert.equal((await server.post('/auth/logout', undefined, { Cookie: browser.cookie })).status, 200);
    assert.equal((await server.verify(browser.access)).code, 'token_revoked');
  });
});
