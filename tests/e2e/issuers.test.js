// Tokens that other systems issue, made by jose: who is believed, how each is taken back, and what becomes of all that when
// the other system's keys rotate, vanish or are garbage.
import assert from 'node:assert/strict';
import crypto from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { after, before, test } from 'node:test';
import * as jose from 'jose';
import { Signer, startJwksServer } from './harness/jwks_server.js';
import { sleep, waitUntil } from './harness/place.js';
import { basic, bearer, claimsOf, startServer } from './harness/server.js';

const kSso = 'https://sso.example/realms/shop';
const kTenant = 'https://tenant.auth0.example/';
const kShared = 'https://shared.example';
const kFile = 'https://file.example';
const secret = crypto.randomBytes(48).toString('base64url');

let sso, ssoKeys, tenant, tenantKeys, file, server;

const now = () => Math.floor(Date.now() / 1000);
// As Keycloak writes them …
const ssoClaims = (more = {}) => ({
  exp: now() + 300,
  iat: now(),
  jti: crypto.randomUUID(),
  iss: kSso,
  aud: ['shop-api', 'account'],
  sub: crypto.randomUUID(),
  typ: 'Bearer',
  azp: 'shop-web',
  sid: crypto.randomUUID(),
  acr: '1',
  realm_access: { roles: ['admin', 'offline_access'] },
  resource_access: { account: { roles: ['view-profile'] } },
  scope: 'openid email',
  preferred_username: 'ada',
  ...more,
});
// … and as Auth0 does: no jti, no sid.
const tenantClaims = (more = {}) => ({
  iss: kTenant,
  sub: `auth0|${crypto.randomBytes(12).toString('hex')}`,
  aud: 'https://shop.example/api',
  iat: now(),
  exp: now() + 300,
  azp: 'B3xCl13nt',
  scope: 'read:orders',
  'https://shop.example/roles': ['buyer'],
  ...more,
});
const plainClaims = (iss, more = {}) => ({ iss, sub: 'u-1', aud: 'api', iat: now(), exp: now() + 300, jti: crypto.randomUUID(), ...more });
const signShared = (claims, key = secret, header = {}) =>
  new jose.SignJWT(claims).setProtectedHeader({ alg: 'HS256', typ: 'JWT', ...header }).sign(Buffer.from(key));

const common = { jwks_cooldown: '1s', jwks_timeout: '1s', jwks_max_age: '1s', jwks_max_stale: '1h' };

before(async () => {
  sso = await Signer.make({ kid: 'sso-1' });
  tenant = await Signer.make({ kid: 'tenant-1' });
  file = await Signer.make({ alg: 'ES256', kid: undefined });
  ssoKeys = await startJwksServer(sso);
  tenantKeys = await startJwksServer(tenant);
  server = await startServer({
    clients: ['shop-web'],
    issuers: [
      { name: 'sso', issuer: kSso, jwks_url: ssoKeys.url, audience: 'shop-api', roles_claim: 'realm_access.roles', ...common },
      { name: 'tenant', issuer: kTenant, jwks_url: tenantKeys.url, audience: ['x', 'https://shop.example/api'],
        roles_claim: 'https://shop.example/roles', ...common, jwks_max_age: '10m' },
      { name: 'shared', issuer: kShared, secret, audience: 'api', max_lifetime: '1h' },
      { name: 'file', issuer: kFile, jwks: { keys: [file.jwk] }, accept_any_audience: true, type: 'at+jwt' },
    ],
  });
  await waitUntil(async () => (await server.verify(await sso.sign(ssoClaims()))).status === 200, { what: 'the keys of sso' });
  await waitUntil(async () => (await server.verify(await tenant.sign(tenantClaims()))).status === 200, { what: 'the keys of tenant' });
});
after(async () => {
  await server?.dispose();
  await ssoKeys?.stop();
  await tenantKeys?.stop();
});

const fileToken = (more = {}) => file.sign(plainClaims(kFile, { aud: undefined, ...more }), { typ: 'at+jwt' });
const makers = {
  'Keycloak': { issuer: kSso, make: (more) => sso.sign(ssoClaims(more)), by: ['jti', 'sid', 'sub', 'client'] },
  'Auth0': { issuer: kTenant, make: (more) => tenant.sign(tenantClaims(more)), by: ['sub', 'client'] },
  'shared secret': { issuer: kShared, make: (more) => signShared(plainClaims(kShared, { sid: 's-1', ...more })), by: ['jti', 'sid', 'sub'] },
  'key file, no kid, no aud': { issuer: kFile, make: fileToken, by: ['jti', 'sub'] },
};

async function refused(token, code, what) {
  const answer = await server.verify(token);
  assert.deepEqual([answer.status, answer.code], [code === 'verifier_stale' ? 503 : 401, code], what);
}
async function accepted(token, what) {
  const answer = await server.verify(token);
  assert.equal(answer.status, 200, `${what ?? ''} ${answer.text}`);
  return answer;
}
async function revoke(body) {
  const answer = await server.admin('POST', '/admin/revocations', body);
  assert.equal(answer.status, 201, answer.text);
  return answer.json;
}

test('the identity of a Keycloak token is mapped', async () => {
  const claims = ssoClaims();
  const answer = await accepted(await sso.sign(claims));
  assert.equal(answer.header('X-Auth-Issuer'), encodeURIComponent(kSso));
  assert.equal(answer.header('X-Auth-User'), claims.sub);
  assert.equal(answer.header('X-Auth-Session'), claims.sid);
  assert.equal(answer.header('X-Auth-Roles'), 'admin,offline_access');
  assert.equal(answer.header('X-Auth-Scope'), 'openid email');
  assert.equal(answer.header('X-Auth-Client'), 'shop-web');
  assert.equal(answer.header('X-Auth-Token-Id'), claims.jti);
  assert.equal(answer.header('X-Auth-Expires'), String(claims.exp));
  assert.equal((await server.verify(await sso.sign(claims), '?role=admin&scope=email')).status, 200);
  assert.equal((await server.verify(await sso.sign(claims), '?role=view-profile')).status, 403);
});

test('the identity of an Auth0 token is mapped, and the digest of its claims is its id', async () => {
  const token = await tenant.sign(tenantClaims());
  const answer = await accepted(token);
  const payload = Buffer.from(token.split('.')[1], 'base64url');
  const id = `payload-sha256:${crypto.createHash('sha256').update(payload).digest('base64url')}`;
  assert.equal(decodeURIComponent(answer.header('X-Auth-Token-Id')), id);
  assert.equal(answer.header('X-Auth-Roles'), 'buyer');
  assert.equal(answer.header('X-Auth-Session'), '');
  await revoke({ kind: 'token', issuer: kTenant, jti: id });
  await refused(token, 'token_revoked');
});

test('our own tokens name us', async () => {
  const answer = await server.verify((await server.adopt('own-1')).access);
  assert.equal(answer.header('X-Auth-Issuer'), encodeURIComponent(server.publicUrl));
});

for (const [name, { issuer, make, by }] of Object.entries(makers)) {
  test(`${name}: each way of taking a token back, and nothing else goes with it`, async () => {
    const id = { jti: `j-${crypto.randomUUID()}`, sid: `s-${crypto.randomUUID()}`, sub: `u-${crypto.randomUUID()}` };
    const client = `c-${crypto.randomUUID()}`;
    const token = (more) => make({ ...id, azp: client, iat: now() - 20, ...more });
    const ways = {
      'by its text': (text) => ({ kind: 'token', token: text }),
      'by its text and issuer': (text) => ({ kind: 'token', token: text, issuer }),
      'by jti': () => ({ kind: 'token', jti: id.jti, issuer }),
      'by jti with expiry': () => ({ kind: 'token', jti: id.jti, issuer, expires_at: now() + 1 }),
      'by sid': () => ({ kind: 'session', sid: id.sid, issuer }),
      'by sub': () => ({ kind: 'user', sub: id.sub, issuer }),
      'before, of sub': () => ({ kind: 'before', sub: id.sub, before: now() - 10, issuer }),
      'before, of client': () => ({ kind: 'before', client, before: now() - 10, issuer }),
    };
    assert.ok(by.length > 1);
    const bystander = await make({ jti: 'j-other', sid: 's-other', sub: 'u-other', azp: 'c-other', iat: now() - 20 });
    for (const [way, body] of Object.entries(ways)) {
      for (const key of Object.keys(id)) id[key] = `${key}-${crypto.randomUUID()}`;
      const text = await token();
      await accepted(text, `${way}, before`);
      const entry = await revoke(body(text));
      await refused(text, 'token_revoked', way);
      assert.ok(entry.expires >= claimsOf(text).exp, `${way}: the entry lives as long as the token`);
      await accepted(bystander, `${way}, another token`);
      if (way.startsWith('before')) await accepted(await token({ sub: way.includes('client') ? 'u-x' : id.sub, iat: now() - 5 }), `${way}, a later one`);
    }
  });
}

test('a restart forgets no revocation of a foreign token', async () => {
  const texts = await Promise.all(Object.values(makers).map(({ make }) => make({})));
  for (const text of texts) await revoke({ kind: 'token', token: text });
  await server.restart();
  await waitUntil(async () => (await server.verify(texts[0])).code === 'token_revoked');
  for (const text of texts) await waitUntil(async () => (await server.verify(text)).code === 'token_revoked');
});

test('all tokens of one issuer before a moment; no other issuer is touched', async () => {
  const old = await signShared(plainClaims(kShared, { iat: now() - 30 }));
  const others = [await sso.sign(ssoClaims({ iat: now() - 30 })), (await server.adopt('before-1')).access];
  await accepted(old);
  await revoke({ kind: 'before', before: now() - 25, issuer: kShared });
  await refused(old, 'token_revoked');
  await accepted(await signShared(plainClaims(kShared)));
  for (const other of others) await accepted(other);
});

test('"user" refuses every token that is accepted now, also of a clock that is ahead', async () => {
  const sub = `ahead-${crypto.randomUUID()}`;
  const texts = await Promise.all([-60, 0, 4].map((ahead) => sso.sign(ssoClaims({ sub, iat: now() + ahead }))));
  for (const text of texts) await accepted(text);
  await revoke({ kind: 'user', sub, issuer: kSso });
  for (const text of texts) await refused(text, 'token_revoked');
});

test('one token without jti, many texts: all are refused', async () => {
  const token = await signShared(plainClaims(kShared, { jti: undefined }));
  await revoke({ kind: 'token', token });
  const twin = await new jose.SignJWT(claimsOf(token)).setProtectedHeader({ typ: 'JWT', alg: 'HS256' }).sign(Buffer.from(secret));
  assert.notEqual(twin, token);
  await refused(twin, 'token_revoked');
});

test('RFC 7009 and RFC 7662 take foreign tokens, from the API key', async () => {
  const form = { ...bearer(server.adminKey), 'Content-Type': 'application/x-www-form-urlencoded' };
  const ask = (path, token, headers = form) => server.request('POST', path, { headers, body: `token=${token}` });
  for (const [name, { issuer, make }] of Object.entries(makers)) {
    const token = await make({});
    const claims = claimsOf(token);
    const told = (await ask('/oauth2/introspect', token)).json;
    assert.equal(told.active, true, name);
    assert.equal(told.iss, issuer);
    assert.equal(told.sub, claims.sub);
    assert.deepEqual(told.aud, Array.isArray(claims.aud) ? claims.aud : claims.aud);
    assert.equal((await ask('/oauth2/revoke', token)).status, 200);
    assert.deepEqual((await ask('/oauth2/introspect', token)).json, { active: false }, name);
    await refused(token, 'token_revoked', name);
  }
  // The client "shop-web" of ours is not the "shop-web" of sso.
  const token = await sso.sign(ssoClaims({ azp: 'shop-web' }));
  const client = { ...basic('shop-web', server.clients['shop-web']), 'Content-Type': 'application/x-www-form-urlencoded' };
  assert.deepEqual((await ask('/oauth2/introspect', token, client)).json, { active: false });
  assert.equal((await ask('/oauth2/revoke', token, client)).status, 200);
  await accepted(token);
});

test('confusion: no key vouches for another issuer, no algorithm for another', async () => {
  const own = (await server.adopt('own-2')).access;
  const ownHeader = jose.decodeProtectedHeader(own);
  const pem = crypto.createPublicKey({ key: sso.jwk, format: 'jwk' }).export({ type: 'spki', format: 'pem' });
  const stranger = await Signer.make({ kid: 'sso-1' });
  const unsigned = (claims, header) =>
    `${[header, claims].map((part) => Buffer.from(JSON.stringify(part)).toString('base64url')).join('.')}.`;
  const hmac = (key, header, claims) => {
    const input = [header, claims].map((part) => Buffer.from(JSON.stringify(part)).toString('base64url')).join('.');
    return `${input}.${crypto.createHmac('sha256', key).update(input).digest('base64url')}`;
  };
  const bad = {
    'key of sso, iss of tenant': await sso.sign(tenantClaims()),
    'key of tenant, iss of sso': await tenant.sign(ssoClaims()),
    'key of sso, our iss': await sso.sign({ ...claimsOf(own), aud: ['shop-api', claimsOf(own).aud] }, { typ: 'at+jwt' }),
    'key of sso under our kid': await sso.sign(ssoClaims(), { kid: ownHeader.kid }),
    'secret of shared, iss of sso': await signShared(ssoClaims()),
    'secret of shared under the kid of sso': await signShared(ssoClaims(), secret, { kid: 'sso-1' }),
    'another secret': await signShared(plainClaims(kShared), crypto.randomBytes(48).toString('base64url')),
    'public key of sso as secret, its kid': hmac(pem, { alg: 'HS256', typ: 'JWT', kid: 'sso-1' }, ssoClaims()),
    'public key of sso as secret, no kid': hmac(pem, { alg: 'HS256', typ: 'JWT' }, ssoClaims()),
    'public key of sso as the shared secret': hmac(pem, { alg: 'HS256', typ: 'JWT' }, plainClaims(kShared)),
    'a stranger under the kid of sso': await stranger.sign(ssoClaims()),
    'a stranger that brings its key': await stranger.sign(ssoClaims(), { jwk: stranger.jwk }),
    'jku': await sso.sign(ssoClaims(), { jku: `${ssoKeys.url}-x` }),
    'RS256 key with alg PS256': await new jose.SignJWT(ssoClaims()).setProtectedHeader({ alg: 'PS256', kid: 'sso-1' })
      .sign(crypto.createPrivateKey({ key: await jose.exportJWK(sso.privateKey), format: 'jwk' })),
    'no signature': unsigned(ssoClaims(), { alg: 'none', kid: 'sso-1' }),
    'iss with another end': await sso.sign(ssoClaims({ iss: `${kSso}/` })),
    'iss in other case': await sso.sign(ssoClaims({ iss: kSso.toUpperCase() })),
    'no iss': await sso.sign(ssoClaims({ iss: undefined })),
    'another audience': await sso.sign(ssoClaims({ aud: 'account' })),
    'audience inside another': await sso.sign(ssoClaims({ aud: 'shop-api-2' })),
    'no audience': await sso.sign(ssoClaims({ aud: undefined })),
    'no exp': await sso.sign(ssoClaims({ exp: undefined })),
    'no iat': await sso.sign(ssoClaims({ iat: undefined })),
    'no sub': await sso.sign(ssoClaims({ sub: undefined })),
    'longer than max_lifetime': await signShared(plainClaims(kShared, { exp: now() + 3601 })),
    'iat ahead': await sso.sign(ssoClaims({ iat: now() + 60 })),
    'typ of a log-out token': await sso.sign(ssoClaims(), { typ: 'logout+jwt' }),
    'typ JWT where at+jwt is asked for': await file.sign(plainClaims(kFile), { typ: 'JWT' }),
    'no typ where at+jwt is asked for': await file.sign(plainClaims(kFile), { typ: undefined }),
    'no kid where there are several issuers with one key': await sso.sign(tenantClaims(), { kid: undefined }),
  };
  for (const [what, token] of Object.entries(bad)) await refused(token, 'invalid_token', what);
  await refused(await sso.sign(ssoClaims({ iat: now() - 600, exp: now() - 300 })), 'token_expired');
  await accepted(await sso.sign(ssoClaims(), { typ: undefined }), 'no typ');
  await accepted(own);
  assert.equal(ssoKeys.strays, 0, 'nothing was fetched because a token said so');
});

test('two issuers with one kid: each key speaks for its own issuer only', async () => {
  const [one, other] = [await Signer.make({ kid: 'key-1' }), await Signer.make({ kid: 'key-1' })];
  const issuer = (name, signer) => ({ name, issuer: `https://${name}.example`, jwks: { keys: [signer.jwk] }, audience: 'api' });
  const local = await startServer({ issuers: [issuer('one', one), issuer('other', other)] });
  try {
    const status = async (signer, name) => (await local.verify(await signer.sign(plainClaims(`https://${name}.example`)))).status;
    assert.deepEqual([await status(one, 'one'), await status(other, 'other')], [200, 200]);
    assert.deepEqual([await status(one, 'other'), await status(other, 'one')], [401, 401]);
  } finally {
    await local.dispose();
  }
});

test('a foreign user is nobody under /auth, whatever his sub', async () => {
  const own = await server.adopt('victim');
  const token = await sso.sign(ssoClaims({ sub: 'victim', sid: own.sid }));
  await accepted(token);
  for (const [method, path] of [['GET', '/auth/me'], ['GET', '/auth/sessions'], ['POST', '/auth/logout'], ['POST', '/auth/logout-all'],
    ['DELETE', `/auth/sessions/${own.sid}`], ['PATCH', '/auth/me']]) {
    const json = method === 'PATCH' ? { name: 'x' } : undefined;
    const answer = await server.request(method, path, { json, headers: bearer(token) });
    assert.deepEqual([answer.status, answer.code], [401, 'invalid_token'], `${method} ${path}`);
  }
  await revoke({ kind: 'session', sid: own.sid, issuer: kSso });
  await revoke({ kind: 'user', sub: 'victim', issuer: kSso });
  await accepted(own.access, 'a session and a user of sso are none of ours');
  assert.equal((await server.refresh(own.refresh)).status, 200);
});

test('bad revocations change nothing', async () => {
  const text = await sso.sign(ssoClaims());
  for (const body of [
    { kind: 'token', token: text, issuer: kTenant },
    { kind: 'token', jti: 'x', issuer: 'https://nobody.example' },
    { kind: 'token', jti: '', issuer: kSso },
    { kind: 'token', jti: 'x', issuer: kSso, expires_at: now() - 1 },
    { kind: 'token', issuer: kSso },
    { kind: 'before', issuer: kSso },
    { kind: 'before', before: now() + 60, issuer: kSso },
    { kind: 'before', before: now(), sub: 'x', client: 'y', issuer: kSso },
    { kind: 'session', sid: '', issuer: kSso },
  ]) {
    const answer = await server.admin('POST', '/admin/revocations', body);
    assert.deepEqual([answer.status, answer.code], [400, 'invalid_request'], JSON.stringify(body));
  }
  await accepted(text);
});

test('a rotation: the new key is fetched when a token names it, the old one is refused once it has left the set', async () => {
  const old = await sso.sign(ssoClaims());
  await accepted(old);
  const next = await Signer.make({ kid: 'sso-2' });
  ssoKeys.signers = [next];
  const text = await next.sign(ssoClaims());
  await waitUntil(async () => (await server.verify(text)).status === 200, { what: 'the new key' });
  // While the fetch that its unknown kid has set off is under way, the answer is 503.
  await waitUntil(async () => (await server.verify(old)).code === 'invalid_token', { what: 'the old key to be gone' });
  ssoKeys.signers = [sso];
  await waitUntil(async () => (await server.verify(old)).status === 200, { what: 'the old key to be back' });
});

test('a flood of unknown kids asks for the keys once in a cooldown', async () => {
  const text = await tenant.sign(tenantClaims());
  const [, payload, signature] = text.split('.');
  const requests = tenantKeys.requests;
  const begun = Date.now();
  let sent = 0;
  const codes = new Set();
  await Promise.all(
    Array.from({ length: 32 }, async () => {
      while (Date.now() - begun < 2500) {
        const kid = crypto.randomBytes(8).toString('hex');
        const header = Buffer.from(JSON.stringify({ alg: 'RS256', typ: 'JWT', kid })).toString('base64url');
        codes.add((await server.verify(`${header}.${payload}.${signature}`)).code);
        sent += 1;
      }
    }),
  );
  const cooldowns = Math.ceil((Date.now() - begun) / 1000) + 1;
  assert.ok(sent > 100, `${sent} sent`);
  const asked = tenantKeys.requests - requests;
  assert.ok(asked >= 1 && asked <= cooldowns, `${asked} fetches for ${sent} tokens in ${cooldowns} cooldowns`);
  assert.ok([...codes].every((code) => code === 'invalid_token' || code === 'verifier_stale'), [...codes].join());
  await accepted(text);
});

const troubles = {
  'garbage': (response) => response.end('<html>'),
  'another status': (response) => response.writeHead(500).end(JSON.stringify(ssoKeys.document())),
  'a megabyte': (response) => response.end(JSON.stringify({ ...ssoKeys.document(), pad: 'x'.repeat(1 << 20) })),
  'a megabyte without its length': (response) => {
    response.on('error', () => {});
    for (let i = 0; i < 64; ++i) response.write(' '.repeat(1 << 14));
    response.end('{}');
  },
  'a redirect': (response) => response.writeHead(302, { Location: `http://127.0.0.1:${ssoKeys.port}/elsewhere` }).end(),
  'an empty set': (response) => response.end('{"keys":[]}'),
  'two keys with one kid': (response) => response.end(JSON.stringify({ keys: [sso.jwk, sso.jwk] })),
  'no answer': () => {},
  'half an answer': (response) => response.writeHead(200, { 'Content-Length': 1000 }).write('{"keys":['),
  'a closed connection': (response) => response.destroy(),
};
for (const [what, answer] of Object.entries(troubles)) {
  test(`the last good keys stay in use: ${what}`, async () => {
    const failures = async () => Number(/rescind_jwks_fetches_total\{issuer="sso",result="failed"\} (\d+)/.exec((await server.get('/metrics')).text)?.[1] ?? 0);
    const text = await sso.sign(ssoClaims());
    const own = (await server.adopt('meanwhile')).access;
    const before = await failures();
    ssoKeys.answer = answer;
    try {
      await waitUntil(async () => {
        await accepted(text);
        await accepted(own);
        return (await failures()) > before;
      }, { every: 50, what: 'a fetch to fail' });
    } finally {
      ssoKeys.answer = undefined;
    }
    await accepted(text);
    assert.equal(ssoKeys.strays, 0, 'no redirect was followed');
  });
}

test('keys that cannot be had: the server starts, its own tokens are good, those of the issuer are 503 until they can', async () => {
  const signer = await Signer.make({ kid: 'late' });
  const keys = await startJwksServer(signer);
  const { port, url } = keys;
  await keys.stop();
  const issuers = [{ name: 'late', issuer: kSso, jwks_url: url, audience: 'shop-api', ...common, jwks_max_stale: '2s' }];
  const local = await startServer({ issuers });
  try {
    const text = await signer.sign(ssoClaims());
    const own = (await local.adopt('early')).access;
    const stale = await local.verify(text);
    assert.deepEqual([stale.status, stale.code, stale.header('Retry-After')], [503, 'verifier_stale', '1']);
    assert.equal((await local.verify(own)).status, 200);
    const form = { ...bearer(local.adminKey), 'Content-Type': 'application/x-www-form-urlencoded' };
    for (const route of ['/oauth2/revoke', '/oauth2/introspect']) {
      assert.equal((await local.request('POST', route, { headers: form, body: `token=${text}` })).status, 503, route);
    }
    const revoked = await local.admin('POST', '/admin/revocations', { kind: 'token', token: text });
    assert.deepEqual([revoked.status, revoked.code], [503, 'verifier_stale']);
    await keys.restart(port);
    await waitUntil(async () => (await local.verify(text)).status === 200, { what: 'the keys' });
    // Down for longer than max_stale: its keys are not used any more.
    await keys.stop();
    await waitUntil(async () => (await local.verify(text)).status === 503, { what: 'the keys to be too old' });
    assert.equal((await local.verify(own)).status, 200);
    await keys.restart(port);
    await waitUntil(async () => (await local.verify(text)).status === 200, { what: 'the keys to be back' });
    for (const secretText of [text, own]) assert.ok(!local.stderr.includes(secretText), 'no token in the log');
    assert.match(local.stderr, /cannot be fetched.*late/);
    assert.match(local.stderr, /can be fetched again.*late/);
  } finally {
    await local.dispose();
    await keys.stop().catch(() => {});
  }
});

test('keys in a file: another set is taken up without a restart, and garbage leaves the last good one', async () => {
  const [before, after] = [await Signer.make({ kid: 'before' }), await Signer.make({ kid: 'after' })];
  const local = await startServer({
    issuers: [{ name: 'turned', issuer: kFile, jwks: { keys: [before.jwk] }, audience: 'api', ...common }],
  });
  const replace = (text) => {
    const place = path.join(local.files, 'turned.keys');
    fs.writeFileSync(`${place}.new`, text);
    fs.renameSync(`${place}.new`, place);
  };
  try {
    const [old, fresh] = [await before.sign(plainClaims(kFile)), await after.sign(plainClaims(kFile))];
    assert.equal((await local.verify(old)).status, 200, 'from the first request on');
    replace(JSON.stringify({ keys: [after.jwk] }));
    await waitUntil(async () => (await local.verify(fresh)).status === 200, { what: 'the keys' });
    // Remembered, and of a key that is gone. 503 where the set is old enough to be asked for that key once more.
    let refused;
    await waitUntil(async () => (refused = await local.verify(old)).status !== 503, { what: 'the key to be known as gone' });
    assert.deepEqual([refused.status, refused.code], [401, 'invalid_token']);
    replace('{"keys":[');
    await waitUntil(() => /cannot be fetched.*turned/.test(local.stderr), { what: 'the garbage to be seen' });
    assert.equal((await local.verify(fresh)).status, 200);
  } finally {
    await local.dispose();
  }
});

test('a server whose fetch hangs stops at once', async () => {
  const keys = await startJwksServer();
  keys.answer = () => {};
  const local = await startServer({
    issuers: [{ name: 'hangs', issuer: kSso, jwks_url: keys.url, audience: 'a', jwks_timeout: '1m' }],
  });
  await waitUntil(() => keys.requests === 1, { what: 'the fetch' });
  const begun = Date.now();
  assert.equal((await local.stop()).code, 0);
  assert.ok(Date.now() - begun < 10_000);
  await local.dispose();
  await keys.stop();
});

test('start-up refuses what cannot be meant', async () => {
  const good = { name: 'x', issuer: kSso, audience: 'a' };
  const jwks = { keys: [file.jwk] };
  const cases = [
    [{ ...good }, /exactly one of/],
    [{ ...good, jwks, secret }, /exactly one of|jwks_file/],
    [{ ...good, jwks, audience: undefined }, /audience is needed/],
    [{ ...good, jwks, accept_any_audience: true }, /accept_any_audience/],
    [{ ...good, jwks_url: 'http://sso.example/jwks' }, /plain http/],
    [{ ...good, jwks_url: 'https://user:pass@sso.example/jwks' }, /user, a password/],
    [{ ...good, jwks_url: 'file:///etc/passwd' }, /jwks_url/],
    [{ ...good, jwks, max_lifetimes: '1h' }, /unknown setting issuers.max_lifetimes/],
    [{ ...good, secret: 'too short' }, /shorter than 32/],
    [{ ...good, secret: `${'x'.repeat(40)}-----BEGIN PUBLIC KEY-----` }, /no secret/],
    [{ ...good, jwks: { keys: [] } }, /no JWK Set with a key/],
  ];
  for (const [issuer, problem] of cases) {
    const table = Object.fromEntries(Object.entries(issuer).filter(([, value]) => value !== undefined));
    await assert.rejects(startServer({ issuers: [table] }), problem, JSON.stringify(table).slice(0, 120));
  }
});

test('no token and no secret was logged', () => {
  for (const value of server.secrets) assert.ok(!server.stderr.includes(value));
  assert.ok(!/eyJ[A-Za-z0-9_-]{20}/.test(server.stderr));
});
