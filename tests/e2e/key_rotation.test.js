// The life of signing keys: nobody notices a rotation, everybody notices a removal.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import crypto from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import { promisify } from 'node:util';
import { SignJWT, createRemoteJWKSet, decodeProtectedHeader, importJWK, jwtVerify } from 'jose';
import { startNginx } from './harness/nginx.js';
import { SoftAuthenticator, signUpWithPasskey } from './harness/passkey.js';
import { binary, makeTempDirectory, sleep, waitUntil } from './harness/place.js';
import { bearer, claimsOf, cookieHeader, newEmail, startServer } from './harness/server.js';

const kidOf = (token) => decodeProtectedHeader(token).kid;
const keysOf = async (server) => (await server.admin('GET', '/admin/keys')).json.keys;
const inState = (keys, state) => keys.filter((key) => key.state === state).map((key) => key.kid);
const rotate = async (server, json) => {
  const answer = await server.admin('POST', '/admin/keys/rotate', json);
  assert.equal(answer.status, 200, answer.text);
  return answer.json.keys;
};
const publishedKids = async (server) => (await server.get('/.well-known/jwks.json')).json.keys.map((key) => key.kid);

// As an application that verifies by itself: jose with its own cache of our keys, of `age`, asked again after `cooldown`.
function verifierOf(server, { age = 600_000, cooldown = 30_000 } = {}) {
  const keys = createRemoteJWKSet(new URL(`${server.url}/.well-known/jwks.json`), { cacheMaxAge: age, cooldownDuration: cooldown });
  return (token) => jwtVerify(token, keys, { issuer: server.publicUrl, audience: server.publicUrl, typ: 'at+jwt' });
}

describe('under load, with nginx and jose in front', () => {
  let server;
  let nginx;
  before(async () => {
    server = await startServer({ settings: { 'keys.rotate_every': '4s', 'keys.publish_ahead': '2s', 'feed.lease': '5s' } });
    nginx = await startNginx(server);
  });
  after(async () => {
    await nginx?.dispose();
    await server?.dispose();
  });

  test('keys rotate by schedule and by hand, and no request fails', async () => {
    const verify = verifierOf(server, { age: 1000, cooldown: 500 });
    const seen = new Set();
    const failures = [];
    let requests = 0;
    const end = Date.now() + 14_000;
    const client = async (number) => {
      let pair = await server.adopt(`user-${number}`);
      while (Date.now() < end) {
        seen.add(kidOf(pair.access));
        const checks = [
          ['nginx', nginx.get('/page', bearer(pair.access)).then((answer) => answer.status === 200 || answer.text)],
          ['server', server.verify(pair.access).then((answer) => answer.status === 200 || answer.text)],
          ['jose', verify(pair.access).then(() => true, (error) => error.code)],
        ];
        for (const [who, outcome] of checks) {
          ++requests;
          const good = await outcome;
          if (good !== true) failures.push(`${who}: ${good}`);
        }
        const refreshed = await server.refresh(pair.refresh);
        ++requests;
        if (refreshed.status === 200) pair = { access: refreshed.json.access_token, refresh: refreshed.json.refresh_token };
        else failures.push(`refresh: ${refreshed.text}`);
      }
    };
    const hand = (async () => {
      while (Date.now() < end) {
        await sleep(1500);
        await rotate(server);
      }
    })();
    await Promise.all([hand, ...Array.from({ length: 8 }, (_, number) => client(number))]);
    assert.deepEqual(failures, []);
    assert.ok(requests > 1000, `only ${requests} requests`);
    assert.ok(seen.size >= 5, `only ${seen.size} keys signed`);
  });

  test('a removed key is refused at once by the server and nginx, and by jose as soon as its cache ends', async () => {
    const { access, refresh } = await server.adopt('thief');
    const verify = verifierOf(server, { age: 1500, cooldown: 500 });
    await verify(access);
    for (let i = 0; i < 3; ++i) assert.equal((await nginx.get('/page', bearer(access))).status, 200);
    const kid = kidOf(access);
    const removed = await server.admin('DELETE', `/admin/keys/${kid}`);
    assert.equal(removed.status, 200, removed.text);
    assert.deepEqual([(await server.verify(access)).status, (await server.verify(access)).code], [401, 'invalid_token']);
    assert.equal((await nginx.get('/page', bearer(access))).status, 401);
    assert.ok(!(await publishedKids(server)).includes(kid));
    await sleep(1600);
    await assert.rejects(verify(access), { code: 'ERR_JWKS_NO_MATCHING_KEY' });
    const next = await server.refresh(refresh);
    assert.equal(next.status, 200, 'the session goes on, with a token of another key');
    assert.notEqual(kidOf(next.json.access_token), kid);
    await verify(next.json.access_token);
    assert.equal((await nginx.get('/page', bearer(next.json.access_token))).status, 200);
  });
});

describe('by hand', () => {
  let server;
  before(async () => {
    server = await startServer({ settings: { 'keys.rotate_every': '0s', 'keys.publish_ahead': '2s' } });
  });
  after(() => server?.dispose());

  test('a verifier whose cache is as old as may be knows every key before it signs', async () => {
    const maxAge = Number(/^public, max-age=(\d+)$/.exec((await server.get('/.well-known/jwks.json')).header('cache-control'))[1]);
    assert.equal(maxAge, 1, 'half of the time that a key is published ahead');
    let cachedAt = Date.now();
    let cached = new Set(await publishedKids(server));
    await rotate(server);
    const end = Date.now() + 6000;
    while (Date.now() < end) {
      const { access } = await server.adopt('cached');
      // Older than that it is only where this process stood still.
      if (Date.now() - cachedAt < 2000) assert.ok(cached.has(kidOf(access)), 'a key that signs was not published in time');
      await rotate(server);
      if (Date.now() - cachedAt > maxAge * 1000) {
        cachedAt = Date.now();
        cached = new Set(await publishedKids(server));
      }
    }
  });

  test('an asked-for rotation shows when it will be; at once does not wait', async () => {
    const [first] = inState(await keysOf(server), 'active');
    const young = await rotate(server, { at_once: true });
    const [active] = inState(young, 'active');
    assert.notEqual(active, first);
    assert.ok(inState(young, 'retired').includes(first));
    assert.equal(young.find((key) => key.state === 'next').active_at, null);
    const planned = await rotate(server);
    assert.deepEqual(inState(planned, 'active'), [active]);
    const { kid, active_at } = planned.find((key) => key.state === 'next');
    assert.ok(Math.abs(Date.parse(active_at) - Date.now() - 2000) < 4000, active_at);
    await waitUntil(async () => inState(await keysOf(server), 'active')[0] === kid, { what: 'the rotation that was asked for', every: 50 });
    const rotated = async () => (await server.events('?type=key_rotated&limit=1000')).map((event) => event.detail);
    await waitUntil(async () => (await rotated()).includes(kid), { what: 'the event' }); // a key signs, and then it is said
    assert.ok((await rotated()).includes(active));
  });

  test('the list of keys holds nothing private', async () => {
    for (const key of await keysOf(server)) {
      assert.deepEqual(Object.keys(key), ['kid', 'alg', 'state', 'published_at', 'active_at', 'retired_at', 'removed_at']);
    }
  });

  test('kill -9 at any moment of a rotation loses neither a token nor a session', async () => {
    let pair = await server.adopt('crash');
    for (let round = 0; round < 12; ++round) {
      const rotating = Array.from({ length: 2 }, () => server.admin('POST', '/admin/keys/rotate', { at_once: true }).catch(() => undefined));
      await sleep(Math.random() * 4);
      await server.kill();
      await Promise.all(rotating);
      await server.start();
      assert.equal((await server.verify(pair.access)).status, 200, `round ${round}`);
      const refreshed = await server.refresh(pair.refresh);
      assert.equal(refreshed.status, 200, refreshed.text);
      pair = { access: refreshed.json.access_token, refresh: refreshed.json.refresh_token };
      const keys = await keysOf(server);
      assert.equal(inState(keys, 'active').length, 1);
      assert.equal(inState(keys, 'next').length, 1);
    }
  });

  test('passkey sign-ins and sign-ups that have begun are finished after a rotation', async () => {
    const email = newEmail();
    const { authenticator } = await signUpWithPasskey(server, newEmail());
    const newcomer = new SoftAuthenticator(server.publicUrl);
    const requested = (await server.post('/auth/passkeys/login/options')).json;
    const offered = (await server.post('/auth/passkeys/signup/options', { email })).json;
    await rotate(server, { at_once: true });
    const signedIn = await server.post('/auth/passkeys/login', { credential: authenticator.get(requested) });
    assert.equal(signedIn.status, 200, signedIn.text);
    const signedUp = await server.post('/auth/passkeys/signup', { email, credential: newcomer.create(offered) });
    assert.equal(signedUp.status, 201, signedUp.text);
    const again = (await server.post('/auth/passkeys/login/options')).json;
    const back = await server.post('/auth/passkeys/login', { credential: newcomer.get(again) });
    assert.equal(back.status, 200, 'the passkey is of the user that was made: ' + back.text);
    assert.equal(back.json.user.id, signedUp.json.user.id);
  });

  test('the key routes want the admin key', async () => {
    const { access } = await server.adopt('nobody');
    for (const [method, path] of [['GET', '/admin/keys'], ['DELETE', '/admin/keys'], ['POST', '/admin/keys/rotate'], ['DELETE', `/admin/keys/${kidOf(access)}`]]) {
      assert.equal((await server.request(method, path)).status, 401);
      assert.equal((await server.request(method, path, { headers: bearer(access) })).status, 401);
    }
    assert.equal((await server.verify(access)).status, 200);
  });
});

// Who has copied keys.json makes what the server itself would make.
describe('a copied key file', () => {
  const run = promisify(execFile);
  let server;
  before(async () => {
    server = await startServer({ settings: { 'keys.rotate_every': '0s' } });
    await rotate(server, { at_once: true }); // now there are two refresh keys, and keys in all three states
  });
  after(() => server?.dispose());

  const stolen = () => JSON.parse(fs.readFileSync(path.join(server.data, 'keys.json'), 'utf8'));
  function forgeRefreshToken(key, sid, generation = 1n) {
    const number = Buffer.alloc(8);
    number.writeBigUInt64BE(generation);
    const content = Buffer.concat([Buffer.from(sid, 'base64url'), number]);
    const tag = crypto.createHmac('sha256', Buffer.from(key, 'base64url')).update('rescind-refresh-v1').update(content).digest();
    return `rt1.${Buffer.concat([content, tag]).toString('base64url')}`;
  }
  const forgeAccessToken = async (jwk, claims) =>
    new SignJWT({ ...claims, jti: 'AAAAAAAAAAAAAAAAAAAAAA' }).setProtectedHeader({ alg: jwk.alg, typ: 'at+jwt', kid: jwk.kid }).sign(await importJWK(jwk, jwk.alg));

  test('once all keys are removed nothing is taken that is made with it, and users sign in anew', async () => {
    const { signing_keys: signingKeys, refresh_keys: refreshKeys } = stolen();
    assert.deepEqual([signingKeys.map((key) => key.state).sort(), refreshKeys.length], [['active', 'next', 'retired'], 2]);

    for (const { key } of refreshKeys) {
      const { sid } = await server.adopt('robbed');
      assert.equal((await server.refresh(forgeRefreshToken(key, sid))).status, 200, 'the thief can do it: the test forges well');
    }
    const victim = await server.signUpWithCookies();
    const claims = claimsOf(victim.access);
    for (const { jwk } of signingKeys) assert.equal((await server.verify(await forgeAccessToken(jwk, claims))).status, 200, 'and so here');
    const { authenticator } = await signUpWithPasskey(server, newEmail());
    const requested = (await server.post('/auth/passkeys/login/options')).json;
    await server.post('/auth/password/forgot', { email: victim.email });
    const link = () => server.stderr.match(/#token=(pr1\.[\w-]+)/)?.[1];
    await waitUntil(link, { what: 'the mail with the link' });

    const env = { PATH: process.env.PATH, RESCIND_API_KEY: server.adminKey };
    const done = await run(binary(), ['key', 'remove', '--all', '--yes', '--json', '--server', server.url], { env });
    const kids = done.stdout.trim().split('\n').map((line) => JSON.parse(line).kid);
    assert.equal(kids.length, 2);
    for (const { jwk } of signingKeys) assert.ok(!kids.includes(jwk.kid) && !(await publishedKids(server)).includes(jwk.kid));

    for (let round = 0; round < 2; ++round) {
      const { sid } = await server.adopt('robbed');
      for (const { key } of refreshKeys) {
        for (const [whose, generation] of [[claims.sid, 1n], [claims.sid, 2n], [sid, 1n]]) {
          const refused = await server.refresh(forgeRefreshToken(key, whose, generation));
          assert.deepEqual([refused.status, refused.code], [401, 'invalid_token']);
        }
      }
      for (const { jwk } of signingKeys) assert.equal((await server.verify(await forgeAccessToken(jwk, claims))).code, 'invalid_token');
      if (round === 0) await server.restart();
    }

    const cookies = { Cookie: cookieHeader(victim.answer) };
    assert.deepEqual([(await server.get('/auth/me', cookies)).status, (await server.get('/auth/me', cookies)).code], [401, 'invalid_token']);
    const refused = await server.post('/auth/refresh', undefined, cookies);
    assert.deepEqual([refused.status, refused.code], [401, 'invalid_token']);
    await server.logIn(victim);

    const begun = await server.post('/auth/passkeys/login', { credential: authenticator.get(requested) });
    assert.equal(begun.code, 'invalid_challenge', 'the key made challenges, too');
    const fresh = (await server.post('/auth/passkeys/login/options')).json;
    assert.equal((await server.post('/auth/passkeys/login', { credential: authenticator.get(fresh) })).status, 200);
    assert.equal((await server.post('/auth/password/reset', { token: link(), password: 'long enough' })).status, 200, 'links of mails are of no key');

    const removed = (await server.events('?type=key_removed&limit=1000')).filter((event) => event.by === 'admin_key').map((event) => event.detail);
    assert.deepEqual(removed.sort(), [...signingKeys.map(({ jwk }) => jwk.kid), 'the keys of refresh tokens'].sort());
  });

  test('the command line wants a key or --all, and asks before it removes', async () => {
    const env = { PATH: process.env.PATH, RESCIND_API_KEY: server.adminKey };
    const before = await publishedKids(server);
    for (const [args, code] of [[[], 2], [['a-key', '--all', '--yes'], 2], [['--all'], 1]]) {
      const running = run(binary(), ['key', 'remove', ...args, '--server', server.url], { env });
      running.child.stdin.end();
      await assert.rejects(running, { code }, args.join(' '));
    }
    assert.deepEqual(await publishedKids(server), before);
  });
});

test('another algorithm takes over after a restart, and tokens of the old one stay good', async () => {
  const server = await startServer({ settings: { 'keys.publish_ahead': '5s' } });
  try {
    const old = await server.adopt('old');
    await server.stop();
    server.settings['token.algorithm'] = 'EdDSA';
    await server.start();
    const verify = verifierOf(server);
    const algorithmNow = async () => decodeProtectedHeader((await server.adopt('new')).access).alg;
    assert.equal(await algorithmNow(), 'ES256', 'the new key is published first');
    await waitUntil(async () => (await algorithmNow()) === 'EdDSA', { what: 'the new algorithm', every: 100, timeout: 20_000 });
    for (const { access } of [old, await server.adopt('new')]) {
      await verify(access);
      assert.equal((await server.verify(access)).status, 200);
    }
  } finally {
    await server.dispose();
  }
});

describe('the master secret', () => {
  const directory = makeTempDirectory('master');
  const fileWith = (text) => {
    const file = path.join(directory, crypto.createHash('sha256').update(text).digest('hex'));
    fs.writeFileSync(file, `${text}\n`, { mode: 0o600 });
    return file;
  };
  const secrets = ['one', 'two', 'three'].map((name) => `${name} ${crypto.randomBytes(32).toString('base64')}`);
  const current = (text) => ({ 'keys.master_secret_file': fileWith(text) });
  const exchange = (from, to) => ({ ...current(to), 'keys.previous_master_secret_file': fileWith(from) });
  let server;
  before(async () => {
    server = await startServer();
    for (const secret of secrets) server.secrets.add(secret);
  });
  after(async () => {
    await server?.dispose();
    fs.rmSync(directory, { recursive: true });
  });
  const keyFile = () => fs.readFileSync(path.join(server.data, 'keys.json'), 'utf8');
  const restart = async (settings, env = {}) => {
    await server.stop();
    server.settings = settings;
    server.env = env;
    await server.start();
  };
  const refusal = async (settings, env = {}) => {
    await server.stop();
    server.settings = settings;
    server.env = env;
    return server.start().then(() => assert.fail('it started'), (error) => error.message);
  };

  test('sealing, exchanging the secret and giving it by the environment sign nobody out', async () => {
    let pair = await server.adopt('sealed');
    assert.match(server.stderr, /not sealed/);
    assert.ok(keyFile().includes('"d"'));
    const same = async (what) => {
      assert.equal((await server.verify(pair.access)).status, 200, what);
      const refreshed = await server.refresh(pair.refresh);
      assert.equal(refreshed.status, 200, what);
      pair = { access: refreshed.json.access_token, refresh: refreshed.json.refresh_token };
      assert.deepEqual(Object.keys(JSON.parse(keyFile())), ['version', 'sealed'], what);
      assert.equal(fs.statSync(path.join(server.data, 'keys.json')).mode & 0o777, 0o600);
    };
    await restart(current(secrets[0]));
    await same('sealed at the next start');
    await rotate(server, { at_once: true });
    await same('a rotation seals again');
    await restart(exchange(secrets[0], secrets[1]));
    await same('exchanged');
    await restart(current(secrets[1]));
    await same('without the previous one');
    await restart({}, { RESCIND_MASTER_SECRET: secrets[1] });
    await same('by the environment');
    for (const secret of secrets) assert.ok(!server.stderr.includes(secret));
  });

  test('a key file that cannot be opened, and secrets that make no sense, are told in clear words', async () => {
    const sealed = keyFile();
    assert.match(await refusal({}), /is sealed: keys\.master_secret_file or RESCIND_MASTER_SECRET is needed/);
    assert.match(await refusal(current(secrets[2])), /another master secret/);
    assert.match(await refusal(exchange(secrets[0], secrets[2])), /another master secret/);
    assert.match(await refusal(current('short')), /shorter than 32 bytes/);
    assert.match(await refusal({}, { RESCIND_MASTER_SECRET: 'short' }), /RESCIND_MASTER_SECRET.*shorter than 32/);
    assert.match(await refusal(current(secrets[1]), { RESCIND_MASTER_SECRET: secrets[1] }), /give one of them/);
    assert.match(await refusal({ 'keys.previous_master_secret_file': fileWith(secrets[1]) }), /no new master secret/);
    assert.equal(keyFile(), sealed);
    server.settings = current(secrets[1]);
    server.env = {};
    await server.start();
  });
});
