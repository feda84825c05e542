// What programs that know nothing of Rescind make of it: jose verifies, oauth4webapi discovers, introspects and revokes.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { createRemoteJWKSet, decodeProtectedHeader, jwtVerify } from 'jose';
import * as oauth from 'oauth4webapi';
import { basic, bearer, startServer } from './harness/server.js';

for (const algorithm of ['ES256', 'EdDSA', 'RS256', 'PS256']) {
  test(`jose verifies an ${algorithm} access token with our published keys (RFC 9068)`, async () => {
    const server = await startServer({ settings: { 'token.algorithm': algorithm } });
    try {
      const { access, user, sid } = await server.adopt('jose', { claims: { roles: ['a'], scope: 'b c', tenant: { id: 7 } } });
      const keys = createRemoteJWKSet(new URL(`${server.url}/.well-known/jwks.json`));
      const options = { issuer: server.publicUrl, audience: server.publicUrl, typ: 'at+jwt', algorithms: [algorithm], requiredClaims: ['iat', 'exp', 'jti', 'sid', 'tv', 'auth_time'] };
      const { payload, protectedHeader } = await jwtVerify(access, keys, options);
      assert.equal(protectedHeader.alg, algorithm);
      assert.deepEqual([payload.sub, payload.sid, payload.roles, payload.scope, payload.tenant], [user, sid, ['a'], 'b c', { id: 7 }]);
      assert.equal(payload.exp - payload.iat, 900);
      assert.equal((await server.verify(access)).status, 200);
      const flipped = `${access.slice(0, -10)}${access.at(-10) === 'A' ? 'B' : 'A'}${access.slice(-9)}`;
      await assert.rejects(jwtVerify(flipped, keys, options), { code: 'ERR_JWS_SIGNATURE_VERIFICATION_FAILED' });
      assert.equal((await server.verify(flipped)).code, 'invalid_token');

      await server.restart();
      await jwtVerify(access, createRemoteJWKSet(new URL(`${server.url}/.well-known/jwks.json`)), options);
      assert.equal((await server.verify(access)).status, 200, 'the key outlives a restart');
    } finally {
      await server.dispose();
    }
  });
}

test('the published keys are public: no private member, each with kid, alg and use', async () => {
  for (const algorithm of ['ES256', 'EdDSA', 'RS256']) {
    const server = await startServer({ settings: { 'token.algorithm': algorithm } });
    try {
      const answer = await server.get('/.well-known/jwks.json');
      assert.match(answer.header('content-type'), /^application\/(jwk-set\+)?json/);
      const { keys } = answer.json;
      assert.equal(keys.length, 2); // the one that signs, and the next
      for (const key of keys) {
        for (const member of ['d', 'p', 'q', 'dp', 'dq', 'qi', 'k', 'oth']) assert.ok(!(member in key), member);
        assert.deepEqual([key.alg, key.use], [algorithm, 'sig']);
      }
      const { access } = await server.adopt('kid');
      assert.deepEqual(decodeProtectedHeader(access), { alg: algorithm, typ: 'at+jwt', kid: keys[0].kid });
    } finally {
      await server.dispose();
    }
  }
});

describe('as an OAuth client', () => {
  let server;
  let metadata;
  const insecure = { [oauth.allowInsecureRequests]: true };
  const shop = { client_id: 'shop' };
  let secret;
  before(async () => {
    server = await startServer({ clients: ['shop', 'other'] });
    secret = oauth.ClientSecretBasic(server.clients.shop);
    const issuer = new URL(server.publicUrl);
    const response = await oauth.discoveryRequest(issuer, { algorithm: 'oauth2', ...insecure });
    metadata = await oauth.processDiscoveryResponse(issuer, response);
  });
  after(() => server?.dispose());

  const introspect = async (token, client = shop, auth = secret) =>
    oauth.processIntrospectionResponse(metadata, client, await oauth.introspectionRequest(metadata, client, auth, token, insecure));
  const revoke = async (token, client = shop, auth = secret) =>
    oauth.processRevocationResponse(await oauth.revocationRequest(metadata, client, auth, token, insecure));

  test('the metadata is discovered (RFC 8414) and names what is there', () => {
    assert.equal(metadata.issuer, server.publicUrl);
    assert.equal(metadata.jwks_uri, `${server.publicUrl}/.well-known/jwks.json`);
    assert.equal(metadata.revocation_endpoint, `${server.publicUrl}/oauth2/revoke`);
    assert.equal(metadata.introspection_endpoint, `${server.publicUrl}/oauth2/introspect`);
    assert.deepEqual(metadata.revocation_endpoint_auth_methods_supported, ['client_secret_basic']);
  });

  test('a client introspects and revokes an access token; then everything refuses it', async () => {
    const { access, sid, user } = await server.adopt('oauth', { client: 'shop' });
    const before = await introspect(access);
    assert.equal(before.active, true);
    assert.deepEqual([before.sub, before.sid, before.client_id, before.iss], [user, sid, 'shop', server.publicUrl]);
    await revoke(access);
    assert.deepEqual(await introspect(access), { active: false });
    assert.equal((await server.verify(access)).code, 'token_revoked');
    await revoke(access); // RFC 7009 section 2.2: again is fine
  });

  test('revoking an access token leaves the session and its next token alone', async () => {
    const { access, refresh } = await server.adopt('oauth-one', { client: 'shop' });
    await revoke(access);
    const next = await server.refresh(refresh);
    assert.equal(next.status, 200);
    assert.equal((await server.verify(next.json.access_token)).status, 200);
    assert.equal((await server.verify(access)).code, 'token_revoked');
  });

  test('revoking a refresh token ends the session and every access token of it (RFC 7009 section 2.1)', async () => {
    const { access, refresh } = await server.adopt('oauth-all', { client: 'shop' });
    assert.equal((await introspect(refresh)).token_type, 'refresh_token');
    await revoke(refresh);
    assert.deepEqual(await introspect(refresh), { active: false });
    assert.equal((await server.verify(access)).code, 'token_revoked');
    assert.equal((await server.refresh(refresh)).code, 'session_revoked');
  });

  test('a wrong type hint changes nothing', async () => {
    const { access, refresh } = await server.adopt('hint', { client: 'shop' });
    for (const [token, hint] of [[access, 'refresh_token'], [refresh, 'access_token'], [access, 'nonsense']]) {
      const answer = await server.request('POST', '/oauth2/introspect', { form: { token, token_type_hint: hint }, headers: basic('shop', server.clients.shop) });
      assert.equal(answer.json.active, true);
    }
  });

  test('another client’s token, an unknown, a foreign and an expired one are all exactly {"active":false}', async () => {
    const others = await server.adopt('theirs', { client: 'other' });
    const answers = [];
    for (const token of [others.access, others.refresh, 'unknown', 'rt1.unknown', 'a.b.c', server.adminKey, server.clients.other]) {
      answers.push(await server.request('POST', '/oauth2/introspect', { form: { token }, headers: basic('shop', server.clients.shop) }));
    }
    for (const answer of answers) {
      assert.deepEqual([answer.status, answer.text], [200, '{"active":false}']);
      assert.deepEqual(answer.rawHeaders.filter((_, i) => i % 2 === 0), answers[0].rawHeaders.filter((_, i) => i % 2 === 0));
    }
  });

  test('a client cannot revoke another client’s token, and is not told', async () => {
    const others = await server.adopt('theirs', { client: 'other' });
    for (const token of [others.access, others.refresh, 'unknown', 'rt1.unknown']) {
      const answer = await server.request('POST', '/oauth2/revoke', { form: { token }, headers: basic('shop', server.clients.shop) });
      assert.deepEqual([answer.status, answer.text], [200, '']);
    }
    assert.equal((await server.verify(others.access)).status, 200);
    assert.equal((await server.refresh(others.refresh)).status, 200);
  });

  test('who does not authenticate gets 401 and learns nothing', async () => {
    const { access } = await server.adopt('unauthenticated', { client: 'shop' });
    const wrong = [{}, basic('shop', 'wrong'), basic('nobody', server.clients.shop), basic('other', server.clients.shop), basic('', ''), basic('shop', ''), bearer('wrong'), bearer(access), { Authorization: 'Basic !!!!' }, { Authorization: 'Basic' }, { Cookie: `rescind=${access}` }];
    for (const path of ['/oauth2/introspect', '/oauth2/revoke']) {
      for (const headers of wrong) {
        const answer = await server.request('POST', path, { form: { token: access }, headers });
        assert.deepEqual([answer.status, answer.json.error], [401, 'invalid_client'], JSON.stringify(headers));
        assert.match(answer.header('www-authenticate'), /^Basic /);
      }
      // In the form (client_secret_post) it is not a credential here.
      const posted = await server.request('POST', path, { form: { token: access, client_id: 'shop', client_secret: server.clients.shop } });
      assert.equal(posted.status, 401);
    }
    assert.equal((await server.verify(access)).status, 200);
    await assert.rejects(introspect(access, shop, oauth.ClientSecretBasic('wrong')));
  });
});
