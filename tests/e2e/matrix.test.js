// Every kind of artefact at every endpoint, in every place where a credential can stand: only the diagonal passes.
import assert from 'node:assert/strict';
import crypto from 'node:crypto';
import { after, before, test } from 'node:test';
import { sleep } from './harness/place.js';
import { basic, bearer, claimsOf, startServer } from './harness/server.js';

let server;
let artefacts; // name → value; all of one user
let expired;

before(async () => {
  server = await startServer({ settings: { 'token.access_ttl': '4s', 'token.leeway': '0s' }, clients: ['shop'] });
  expired = (await server.adopt('matrix')).access;
  await sleep(4100);
});
after(() => server?.dispose());

const encode = (value) => Buffer.from(JSON.stringify(value)).toString('base64url');
function sign(header, claims, key, options = { dsaEncoding: 'ieee-p1363' }) {
  const input = `${encode(header)}.${encode(claims)}`;
  return `${input}.${crypto.sign('sha256', Buffer.from(input), { key, ...options }).toString('base64url')}`;
}

async function makeArtefacts() {
  const good = await server.adopt('matrix', { client: 'shop' });
  const revoked = await server.adopt('matrix');
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

// The diagonal, written out: what each endpoint may say yes to.
const endpoints = [
  { name: 'GET /verify', passes: kAccess },
  { name: 'GET /auth/me', passes: kAccess },
  { name: 'GET /auth/sessions', passes: kAccess },
  { name: 'GET /auth/passkeys', passes: kAccess },
  { name: 'POST /auth/passkeys/register/options', passes: kAccess },
  { name: 'DELETE /auth/sessions/:sid', passes: kAccess },
  { name: 'PATCH /auth/me', json: { name: 'x' }, passes: kAccess, noBody: true },
  { name: 'PATCH /auth/sessions/:sid', json: { name: 'x' }, passes: kAccess, noBody: true },
  { name: 'POST /auth/logout-all', passes: kAccess },
  { name: 'POST /auth/email/verify/send', passes: kAccess },
  { name: 'POST /auth/refresh', passes: kRefresh },
  { name: 'GET /admin/events', passes: kAdmin },
  { name: 'GET /admin/revocations', passes: kAdmin },
  { name: 'GET /admin/apikeys', passes: kAdmin },
  { name: 'GET /admin/users', passes: kAdmin },
  { name: 'POST /admin/sessions', json: { user: 'x' }, passes: kAdmin, noBody: true },
  { name: 'POST /admin/revocations', json: { kind: 'token', jti: 'x' }, passes: kAdmin, noBody: true },
  { name: 'DELETE /admin/sessions/:sid', passes: kAdmin },
  { name: 'POST /oauth2/introspect', form: { token: 'x' }, passes: kClient, noBody: true },
  { name: 'POST /oauth2/revoke', form: { token: 'x' }, passes: kClient, noBody: true },
];

for (const endpoint of endpoints) {
  test(`${endpoint.name} passes ${endpoint.passes.join(', ')} and nothing else`, async () => {
    const [method, path] = endpoint.name.split(' ');
    const passed = [];
    for (const place of Object.keys(places)) {
      artefacts = await makeArtefacts(); // access tokens live 4 s
      for (const name of Object.keys(artefacts)) {
        const { headers, body, query } = places[place](artefacts[name]);
        if (body && (endpoint.noBody || method === 'GET' || method === 'DELETE')) continue;
        const target = path.replace(':sid', claimsOf(artefacts['access token']).sid) + (query ? `?${query}` : '');
        const answer = await server.request(method, target, { headers, json: body ?? endpoint.json, form: endpoint.form });
        if (answer.status < 300) {
          passed.push(`${name} as ${place}`);
          artefacts = await makeArtefacts(); // what passed may have ended the session
        } else {
          assert.ok([400, 401].includes(answer.status), `${name} as ${place}: ${answer.status} ${answer.text}`);
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
