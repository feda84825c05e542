// Forward-auth behind a real nginx: what the application sees, and that a sign-out holds at once.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { kIdentityHeaders, startNginx } from './harness/nginx.js';
import { sendRaw } from './harness/http.js';
import { sleep } from './harness/place.js';
import { bearer, claimsOf, cookieHeader, startServer } from './harness/server.js';

let server;
let nginx;
before(async () => {
  server = await startServer();
  nginx = await startNginx(server);
});
after(async () => {
  await nginx?.dispose();
  await server?.dispose();
});

// What the application was sent, as name → values; "_" counts as "-", as CGI and WSGI have it.
function seen(answer) {
  assert.equal(answer.status, 200, answer.text);
  const headers = {};
  for (let i = 0; i < answer.json.headers.length; i += 2) {
    (headers[answer.json.headers[i].toLowerCase().replaceAll('_', '-')] ??= []).push(answer.json.headers[i + 1]);
  }
  return headers;
}

async function assertRefusedEverywhere(token, code = 'token_revoked') {
  assert.equal((await nginx.get('/page', bearer(token))).status, 401);
  const direct = await server.verify(token);
  assert.deepEqual([direct.status, direct.code], [401, code]);
}

test('a protected page opens with the token in the header and in the cookie, and not without', async () => {
  const { cookie, access, answer } = await server.signUpWithCookies();
  const byHeader = seen(await nginx.get('/page?x=1', bearer(access)));
  assert.deepEqual(byHeader['x-auth-user'], [answer.json.user.id]);
  assert.deepEqual(byHeader['x-auth-session'], [answer.json.session.id]);
  assert.deepEqual(byHeader['x-auth-token-id'], [claimsOf(access).jti]);
  assert.deepEqual(seen(await nginx.get('/page', { Cookie: cookie }))['x-auth-user'], [answer.json.user.id]);
  assert.equal((await nginx.get('/page')).status, 401);
});

test('a page that asks for a role and a recent log-in opens for both and for nothing less', async () => {
  const admin = await server.adopt('strict-admin', { claims: { roles: ['admin'] } });
  const reader = await server.adopt('strict-reader', { claims: { roles: ['reader'] } });
  assert.equal((await nginx.get('/strict/page', bearer(admin.access))).status, 200);
  assert.equal((await nginx.get('/strict/page', bearer(reader.access))).status, 403);
  await sleep(4100);
  const { access_token: fresh } = (await server.refresh(admin.refresh)).json;
  for (const token of [admin.access, fresh]) {
    const refused = await nginx.get('/strict/page', bearer(token));
    assert.equal(refused.status, 401);
    assert.equal(refused.header('WWW-Authenticate'), 'Bearer error="insufficient_user_authentication", max_age="3"');
    assert.equal((await nginx.get('/page', bearer(token))).status, 200);
  }
});

test('a signed-out token is refused at once, in nginx and at /verify, while the second device goes on', async () => {
  const phone = await server.signUp();
  const laptop = await server.logIn(phone);
  assert.equal((await nginx.get('/page', bearer(phone.access))).status, 200);
  assert.equal((await nginx.request('POST', '/auth/logout', { headers: bearer(phone.access) })).status, 200);
  await assertRefusedEverywhere(phone.access);
  assert.equal((await server.refresh(phone.refresh)).code, 'session_revoked');
  assert.equal((await nginx.get('/page', bearer(laptop.access))).status, 200);
});

test('after sign-out everywhere both devices are out, and stay out after kill -9 and restart', async () => {
  const phone = await server.signUp();
  const laptop = await server.logIn(phone);
  const other = await server.signUp();
  const single = await server.adopt('single');
  assert.equal((await nginx.request('POST', '/auth/logout', { headers: bearer(single.access) })).status, 200);
  assert.equal((await nginx.request('POST', '/auth/logout-all', { headers: bearer(laptop.access) })).status, 200);
  for (let round = 0; round < 2; ++round) {
    for (const token of [phone.access, laptop.access, single.access]) await assertRefusedEverywhere(token);
    for (const token of [phone.refresh, laptop.refresh, single.refresh]) {
      assert.equal((await server.refresh(token)).code, 'session_revoked');
    }
    assert.equal((await nginx.get('/page', bearer(other.access))).status, 200, 'nobody else is signed out');
    if (round === 0) await server.restart();
  }
});

test('a revoked cookie is cleared in the answer that refuses it, through nginx as well', async () => {
  const { cookie, access } = await server.signUpWithCookies();
  await server.post('/auth/logout', undefined, bearer(access));
  const refused = await nginx.get('/page', { Cookie: cookie });
  assert.equal(refused.status, 401);
  assert.equal(refused.cookies.get('rescind')?.attributes['max-age'], '0');
});

const kSpoofedNames = kIdentityHeaders.flatMap((h) => {
  const name = `X-Auth-${h}`;
  return [name, name.toLowerCase(), name.toUpperCase(), name.replaceAll('-', '_'), name.replaceAll('-', '_').toUpperCase()];
});

test('identity headers that a client sends never reach the application, in no spelling and no number', async () => {
  const { access, user, sid } = await server.adopt('honest', { claims: { roles: ['reader'] } });
  for (const name of kSpoofedNames) {
    for (const spoof of [[[name, 'spoofed']], [[name, 'spoofed'], [name, 'spoofed']], [['Connection', name], [name, 'spoofed']]]) {
      const headers = seen(await nginx.get('/page', [...spoof, ...Object.entries(bearer(access))]));
      assert.ok(!JSON.stringify(headers).includes('"spoofed"'), `${JSON.stringify(spoof)} came through`);
      assert.deepEqual(headers['x-auth-user'], [user]);
      assert.deepEqual(headers['x-auth-session'], [sid]);
      assert.deepEqual(headers['x-auth-roles'], ['reader']);
    }
  }
});

test('a field that is empty for this token overwrites what the client sent', async () => {
  const { access } = await server.adopt('plain');
  const headers = seen(
    await nginx.get('/page', { ...bearer(access), 'X-Auth-Roles': 'admin', 'X-Auth-Scope': 'all', 'X-Auth-Client': 'evil' }),
  );
  for (const name of ['x-auth-roles', 'x-auth-scope', 'x-auth-client']) assert.deepEqual(headers[name] ?? [''], [''], name);
});

test('"Connection: Authorization" does not turn a request without a good token into one with', async () => {
  const { access } = await server.adopt('hop');
  await server.post('/auth/logout', undefined, bearer(access));
  const answer = await nginx.get('/page', [['Connection', 'Authorization, X-Auth-User'], ...Object.entries(bearer(access)), ['X-Auth-User', 'x']]);
  assert.equal(answer.status, 401);
});

test('no forwarding header changes the decision', async () => {
  const good = await server.adopt('decided');
  const bad = await server.adopt('undecided');
  await server.post('/auth/logout', undefined, bearer(bad.access));
  const forwarding = {
    'X-Original-URL': '/healthz',
    'X-Rewrite-URL': '/healthz',
    'X-Forwarded-Uri': '/public',
    'X-Forwarded-Method': 'OPTIONS',
    'X-HTTP-Method-Override': 'OPTIONS',
    'X-Forwarded-Prefix': '/healthz?',
    'X-Forwarded-Host': 'localhost',
    'X-Forwarded-For': '127.0.0.1',
    'X-Real-IP': '127.0.0.1',
    Forwarded: 'for=127.0.0.1',
  };
  for (const [name, value] of Object.entries(forwarding)) {
    for (const ask of [(h) => nginx.get('/page', h), (h) => server.get('/verify', h)]) {
      assert.equal((await ask({ ...bearer(good.access), [name]: value })).status, 200, name);
      assert.equal((await ask({ ...bearer(bad.access), [name]: value })).status, 401, name);
      assert.equal((await ask({ [name]: value })).status, 401, name);
    }
  }
});

test('any method at /verify gets the same decision', async () => {
  const { access } = await server.adopt('methods');
  for (const method of ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'PROPFIND']) {
    assert.equal((await server.request(method, '/verify', { headers: bearer(access) })).status, 200, method);
    assert.equal((await server.request(method, '/verify')).status, 401, method);
  }
});

test('names with line breaks or NUL are refused as users, and reach the application percent-encoded as roles', async () => {
  for (const user of ['a\r\nX-Auth-Roles: admin', 'a\nb', 'admin\u0000', 'a\u007f']) {
    const answer = await server.admin('POST', '/admin/sessions', { user });
    assert.deepEqual([answer.status, answer.code], [400, 'invalid_request'], JSON.stringify(user));
  }
  const { access } = await server.adopt('injected', { claims: { roles: ['a\r\nX-Auth-User: root', 'b,c', 'd\u0000'], scope: 'é x\r\ny' } });
  const headers = seen(await nginx.get('/page', bearer(access)));
  assert.deepEqual(headers['x-auth-user'], ['injected']);
  assert.deepEqual(headers['x-auth-roles'], ['a%0D%0AX-Auth-User%3A%20root,b%2Cc,d%00']);
  assert.deepEqual(headers['x-auth-scope'], ['%C3%A9 x%0D%0Ay']);
});

test('names beyond ASCII, with percent, quotes or blanks come out percent-encoded and whole', async () => {
  for (const user of ['Zoë', '日本', 'a%0d%0ab', '100%', 'a b', '"q"', "o'neil", '<script>', 'a,b;c=d', 'ad\u200bmin', '\u{1f600}']) {
    const { access } = await server.adopt(user);
    const headers = seen(await nginx.get('/page', bearer(access)));
    assert.equal(headers['x-auth-user'].length, 1);
    assert.match(headers['x-auth-user'][0], /^[A-Za-z0-9._~%-]+$/);
    assert.equal(decodeURIComponent(headers['x-auth-user'][0]), user);
  }
});

test('a cache in front of the check does not keep a "good" alive: every answer says no-store', async () => {
  const { access, cookie } = await server.signUpWithCookies();
  for (let i = 0; i < 3; ++i) assert.equal((await nginx.get('/cached/page', bearer(access))).status, 200);
  for (let i = 0; i < 3; ++i) assert.equal((await nginx.get('/cached/page', { Cookie: cookie })).status, 200);
  await server.post('/auth/logout', undefined, bearer(access));
  assert.equal((await nginx.get('/cached/page', bearer(access))).status, 401);
  assert.equal((await nginx.get('/cached/page', { Cookie: cookie })).status, 401);
});

test('every answer that depends on a credential carries Cache-Control: no-store', async () => {
  const user = await server.signUp();
  const api = bearer(server.adminKey);
  const answers = [
    await server.verify(user.access),
    await server.verify('nonsense'),
    await server.get('/verify'),
    await server.verify(user.access, '?role=none'),
    await server.get('/auth/me', bearer(user.access)),
    await server.get('/auth/me'),
    await server.get('/auth/sessions', bearer(user.access)),
    await server.post('/auth/login', { email: user.email, password: 'wrong password' }),
    await server.post('/auth/login', { email: user.email, password: user.password }),
    await server.refresh(user.refresh),
    await server.refresh('rt1.nonsense'),
    await server.request('POST', '/oauth2/introspect', { form: { token: user.access }, headers: api }),
    await server.request('POST', '/oauth2/introspect', { form: { token: user.access } }),
    await server.request('POST', '/oauth2/revoke', { form: { token: 'nonsense' }, headers: api }),
    await server.get('/admin/events', api),
    await server.get('/admin/revocations', api),
    await server.get('/admin/events'),
    await server.get('/nowhere'),
    await server.post('/auth/logout', undefined, bearer(user.access)),
  ];
  for (const answer of answers) assert.equal(answer.header('cache-control'), 'no-store', answer.text);
});

test('a path that is not written exactly as /verify is 404, whatever it would decode to', async () => {
  const { access } = await server.adopt('paths');
  const paths = ['//verify', '/verify/', '/%76erify', '/verify/..;/', '/VERIFY', '/Verify', '/./verify', '/x/../verify', '/verify;x=1', '/verify%00', '/verify%2f', '/verify.json', '/auth/..%2fverify', '/verify%20'];
  for (const path of paths) {
    const answer = await server.request('GET', path, { headers: bearer(access) });
    assert.deepEqual([answer.status, answer.code], [404, 'not_found'], path);
  }
});

test('the internal location of the check cannot be called from outside', async () => {
  const { access } = await server.adopt('internal');
  for (const path of ['/_verify', '/_verify_cached', '//_verify', '/%5fverify']) {
    assert.equal((await nginx.get(path, bearer(access))).status, 404, path);
  }
});

test('two credentials at once are refused behind nginx too', async () => {
  const { access } = await server.adopt('double');
  const raw = await sendRaw(
    nginx.port,
    `GET /page HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${access}\r\nAuthorization: Bearer ${access}\r\nConnection: close\r\n\r\n`,
  );
  assert.ok(raw.statuses[0] === 400 || raw.statuses[0] === 401, raw.text);
  const cookies = await nginx.get('/page', [['Cookie', `rescind=${access}`], ['Cookie', 'rescind=x']]);
  assert.equal(cookies.status, 401);
});
