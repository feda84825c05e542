// Every kind of artefact at every endpoint, in every place where a credential can stand: only the diagonal passes.
import assert from 'node:assert/strict';
import crypto from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { root, sleep } from './harness/place.js';
import { basic, bearer, claimsOf, newEmail, newPassword, startServer } from './harness/server.js';
import { startSmtpServer, tokenOf } from './harness/smtp_server.js';

let smtp;
let server;
let account; // whose the artefacts are, but for the links of mails: the account's log-outs would void them
let artefacts; // name → value
let expired;
let events; // an API key that may read events
const links = {};

before(async () => {
  smtp = await startSmtpServer();
  const mail = { 'mail.smtp_url': smtp.url, 'mail.from': 'id@example.com', 'mail.free_per_account': '1000', 'mail.free_per_address': '1000' };
  server = await startServer({ settings: { 'token.access_ttl': '4s', 'token.leeway': '0s', 'login.free_attempts': '1000', ...mail }, clients: ['shop'] });
  account = await server.signUp();
  expired = account.access;
  events = (await server.admin('POST', '/admin/apikeys', { name: 'reader', scopes: ['events:read'] })).json.key;
  const { email, access } = await server.signUp();
  await server.post('/auth/password/forgot', { email });
  const next = newEmail();
  await server.post('/auth/email', { email: next }, bearer(access));
  links.change = tokenOf(await smtp.wait(next, { subject: /confirm/i }));
  links.confirm = tokenOf(await smtp.wait(email, { subject: /confirm/i }));
  links.reset = tokenOf(await smtp.wait(email, { subject: /password/i }));
  await sleep(4100);
});
after(async () => {
  await server?.dispose();
  await smtp?.stop();
});

const encode = (value) => Buffer.from(JSON.stringify(value)).toString('base64url');
function sign(header, claims, key, options = { dsaEncoding: 'ieee-p1363' }) {
  const input = `${encode(header)}.${encode(claims)}`;
  return `${input}.${crypto.sign('sha256', Buffer.from(input), { key, ...options }).toString('base64url')}`;
}

async function makeArtefacts() {
  const good = await server.adopt(account.user, { client: 'shop' });
  const revoked = await server.adopt(account.user);
  await server.post('/auth/logout', undefined, bearer(revoked.access));
  const claims = claimsOf(good.access);
  const header = JSON.parse(Buffer.from(good.access.split('.')[0], 'base64url'));
  const foreign = crypto.generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey;
  const [h, p, s] = good.access.split('.');
  return {
    'access token': good.access,
    'refresh token': good.refresh,
    'expired access token': expired,
    'revoked access token': revoked.access,
    'revoked refresh token': revoked.refresh,
    'API key': server.adminKey,
    'API key for events': events,
    'token of a reset link': links.reset,
    'token of a confirmation link': links.confirm,
    'token of a link to another address': links.change,
    'challenge to add a passkey': (await server.post('/auth/passkeys/register/options', undefined, bearer(good.access))).json.challenge,
    'challenge to sign in with a passkey': (await server.post('/auth/passkeys/login/options')).json.challenge,
    'client secret': server.clients.shop,
    'client id and secret': `shop:${server.clients.shop}`,
    'client id and secret in base64': Buffer.from(`shop:${server.clients.shop}`).toString('base64'),
    'token of another key': sign(header, claims, foreign),
    'token of another key and kid': sign({ ...header, kid: 'other' }, claims, foreign),
    'token of type JWT': sign({ ...header, typ: 'JWT' }, claims, foreign),
    'ID token': sign({ alg: 'ES256', typ: 'JWT', kid: header.kid }, { iss: claims.iss, sub: claims.sub, aud: 'shop', nonce: 'x', iat: claims.iat, exp: claims.exp }, foreign),
    'unsigned token': `${encode({ alg: 'none', typ: 'at+jwt' })}.${p}.`,
    'token without its signature': `${h}.${p}.`,
    'token with four parts': `${good.access}.x`,
    'token signed with the public key as HMAC secret': await confuse(header, claims),
    'session id': good.sid,
    'jti': claims.jti,
    'user id': good.user,
    'key id': header.kid,
    'empty': '',
    'undefined': 'undefined',
  };
}

async function confuse(header, claims) {
  const jwk = (await server.get('/.well-known/jwks.json')).json.keys[0];
  const pem = crypto.createPublicKey({ key: jwk, format: 'jwk' }).export({ type: 'spki', format: 'pem' });
  const input = `${encode({ ...header, alg: 'HS256' })}.${encode(claims)}`;
  return `${input}.${crypto.createHmac('sha256', pem).update(input).digest('base64url')}`;
}

// Where a credential can stand. Each puts `value` there and nothing else.
const places = {
  bearer: (value) => ({ headers: { Authorization: `Bearer ${value}` } }),
  basic: (value) => ({ headers: { Authorization: `Basic ${value}` } }),
  'basic, as the password of shop': (value) => ({ headers: basic('shop', value) }),
  'access cookie': (value) => ({ headers: { Cookie: `rescind=${value}` } }),
  'refresh cookie': (value) => ({ headers: { Cookie: `rescind-refresh=${value}` } }),
  'both cookies': (value) => ({ headers: { Cookie: `rescind=${value}; rescind-refresh=${value}` } }),
  'refresh_token in the body': (value) => ({ body: { refresh_token: value } }),
  'access_token in the query': (value) => ({ query: `access_token=${encodeURIComponent(value)}` }),
  'access_token in the body': (value) => ({ body: { access_token: value } }),
  'token in the body': (value) => ({ body: { token: value } }),
  'X-API-Key': (value) => ({ headers: { 'X-API-Key': value } }),
};

const kAccess = ['bearer', 'access cookie', 'both cookies'].map((place) => `access token as ${place}`);
const kRefresh = ['refresh cookie', 'both cookies', 'refresh_token in the body'].map((place) => `refresh token as ${place}`);
const kAdmin = ['API key as bearer'];
const kClient = [
  'API key as bearer',
  'client secret as basic, as the password of shop',
  'client id and secret in base64 as basic',
];

// The diagonal, written out: what each endpoint may say yes to. Where the right credential is told of something else (there is
// no such passkey), `told` says of what.
const user = (name, more) => ({ name, passes: kAccess, ...more });
const admin = (name, more) => ({ name, passes: kAdmin, ...more });
const endpoints = [
  user('GET /verify'),
  user('GET /auth/me'),
  user('PATCH /auth/me', { json: { name: 'x' } }),
  user('DELETE /auth/me', { json: { password: 'wrong horse' }, told: 'invalid_credentials' }),
  user('GET /auth/me/export'),
  user('GET /auth/sessions'),
  user('PATCH /auth/sessions/:sid', { json: { name: 'x' } }),
  user('DELETE /auth/sessions/:sid'),
  user('POST /auth/logout-all'),
  user('POST /auth/password', { json: () => ({ current: account.password, new: account.password }) }),
  user('POST /auth/email/verify/send'),
  user('POST /auth/email', { json: () => ({ email: newEmail() }) }),
  user('POST /auth/passkeys/register/options'),
  user('POST /auth/passkeys/register', { json: { credential: {} }, told: 'invalid_request' }),
  user('GET /auth/passkeys'),
  user('PATCH /auth/passkeys/:id', { json: { name: 'x' }, told: 'not_found' }),
  user('DELETE /auth/passkeys/:id', { told: 'not_found' }),
  { name: 'POST /auth/refresh', passes: kRefresh },
  admin('GET /admin/events', { passes: [...kAdmin, 'API key for events as bearer'] }),
  admin('GET /admin/revocations'),
  admin('POST /admin/revocations', { json: { kind: 'token', jti: 'x' } }),
  admin('GET /admin/apikeys'),
  admin('POST /admin/apikeys', { json: { name: 'x', scopes: ['events:read'] } }),
  admin('DELETE /admin/apikeys/:id', { told: 'not_found' }),
  admin('GET /admin/users'),
  admin('POST /admin/users', { json: () => ({ email: newEmail() }) }),
  admin('GET /admin/users/:id', { told: 'not_found' }),
  admin('PATCH /admin/users/:id', { json: { name: 'x' }, told: 'not_found' }),
  admin('DELETE /admin/users/:id', { told: 'not_found' }),
  admin('POST /admin/users/:id/block', { told: 'not_found' }),
  admin('POST /admin/users/:id/unblock', { told: 'not_found' }),
  admin('POST /admin/users/:id/logout', { told: 'not_found' }),
  admin('GET /admin/users/:id/export', { told: 'not_found' }),
  admin('POST /admin/users/:id/password-reset', { told: 'not_found' }),
  admin('GET /admin/users/:id/passkeys', { told: 'not_found' }),
  admin('DELETE /admin/users/:id/passkeys/:id', { told: 'not_found' }),
  admin('GET /admin/sessions', { query: 'user=x' }),
  admin('POST /admin/sessions', { json: { user: 'x' } }),
  admin('DELETE /admin/sessions/:sid'),
  admin('GET /admin/keys'),
  admin('POST /admin/keys/rotate'),
  admin('DELETE /admin/keys/:id', { told: 'not_found' }),
  { name: 'POST /oauth2/introspect', form: { token: 'x' }, passes: kClient },
  { name: 'POST /oauth2/revoke', form: { token: 'x' }, passes: kClient },
  admin('DELETE /admin/keys'), // last: the expired token is of an unknown key from then on
];

test('every route that asks for a credential is in the matrix', () => {
  const document = JSON.parse(fs.readFileSync(path.join(root, 'docs/openapi.json'), 'utf8'));
  const asking = Object.entries(document.paths).flatMap(([at, item]) =>
    Object.entries(item).filter(([, operation]) => operation.security?.length > 0).map(([method]) => `${method.toUpperCase()} ${at.replace(/\{sid\}/, ':sid').replace(/\{\w+\}/g, ':id')}`),
  );
  const listed = [...endpoints.map((endpoint) => endpoint.name), 'POST /auth/logout']; // which has a test of its own
  assert.deepEqual(asking.filter((name) => !listed.includes(name)), []);
  assert.ok(asking.length > 30);
});

for (const endpoint of endpoints) {
  test(`${endpoint.name} passes ${endpoint.passes.join(', ')} and nothing else`, async () => {
    const [method, at] = endpoint.name.split(' ');
    const hasOwnBody = endpoint.json || endpoint.form;
    const passed = [];
    for (const place of Object.keys(places)) {
      artefacts = await makeArtefacts(); // access tokens live 4 s
      for (const name of Object.keys(artefacts)) {
        const { headers, body, query } = places[place](artefacts[name]);
        if (body && (hasOwnBody || method === 'GET' || method === 'DELETE')) continue;
        const queries = [endpoint.query, query].filter(Boolean).join('&');
        const target = at.replace(':sid', claimsOf(artefacts['access token']).sid).replaceAll(':id', 'AAAAAAAAAAAAAAAAAAAAAA') + (queries && `?${queries}`);
        const json = body ?? (typeof endpoint.json === 'function' ? endpoint.json() : endpoint.json);
        const answer = await server.request(method, target, { headers, json, form: endpoint.form });
        if (answer.status < 300 || (endpoint.told && answer.code === endpoint.told)) {
          passed.push(`${name} as ${place}`);
          artefacts = await makeArtefacts(); // what passed may have ended the session
        } else {
          const isLesserKey = name === 'API key for events' && answer.code === 'insufficient_scope';
          assert.ok([400, 401].includes(answer.status) || isLesserKey, `${name} as ${place}: ${answer.status} ${answer.text}`);
        }
      }
    }
    assert.deepEqual(passed.sort(), [...endpoint.passes].sort());
  });
}

test('POST /auth/logout ends the session for the access token, expired or revoked too, and for its refresh token; nothing else ends it', async () => {
  const ending = ['access token as bearer', 'access token as access cookie', 'access token as both cookies', ...kRefresh].sort();
  const ended = [];
  for (const place of Object.keys(places)) {
    for (const name of Object.keys(await makeArtefacts())) {
      if (name.startsWith('expired') || name.startsWith('revoked')) continue; // of other sessions; see sessions.test.js
      artefacts = await makeArtefacts();
      const { headers, body, query } = places[place](artefacts[name]);
      await server.request('POST', `/auth/logout${query ? `?${query}` : ''}`, { headers, json: body });
      const alive = (await server.verify(artefacts['access token'])).status === 200;
      if (!alive) ended.push(`${name} as ${place}`);
    }
  }
  assert.deepEqual(ended.sort(), ending);
});

test('no artefact is taken for another by revocation or introspection', async () => {
  artefacts = await makeArtefacts();
  const active = [];
  for (const [name, value] of Object.entries(artefacts)) {
    if (value === '') continue;
    const answer = await server.request('POST', '/oauth2/introspect', { form: { token: value }, headers: bearer(server.adminKey) });
    assert.equal(answer.status, 200, name);
    if (answer.json.active) active.push(name);
    else assert.equal(answer.text, '{"active":false}', name);
  }
  assert.deepEqual(active.sort(), ['access token', 'refresh token']);
});

// Last: what passes here is used up.
for (const [name, only, more] of [['POST /auth/email/verify', 'token of a confirmation link', {}], ['POST /auth/password/reset', 'token of a reset link', { password: 'long enough' }]]) {
  test(`${name} takes the ${only} and nothing else`, async () => {
    const passed = [];
    for (const [artefact, value] of Object.entries(await makeArtefacts())) {
      const answer = await server.post(name.split(' ')[1], { token: value, ...more });
      if (answer.status === 200) passed.push(artefact);
      else assert.equal(answer.status, 400, `${artefact}: ${answer.status} ${answer.text}`);
    }
    assert.deepEqual(passed, [only]);
  });
}

test('no artefact is a credential of a passkey', async () => {
  for (const [name, value] of Object.entries(await makeArtefacts())) {
    for (const credential of [value, { id: value }, { id: value, rawId: value, type: 'public-key', response: { clientDataJSON: value, authenticatorData: value, signature: value } }]) {
      const answer = await server.post('/auth/passkeys/login', { credential });
      assert.equal(answer.status, 400, `${name}: ${answer.status} ${answer.text}`);
    }
  }
});
