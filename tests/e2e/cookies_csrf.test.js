// Cookies as credentials: which are set, which are read, and which pages may make a browser send them.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { sleep, waitUntil } from './harness/place.js';
import { sendRaw } from './harness/http.js';
import { bearer, cookieHeader, startServer } from './harness/server.js';

const outcome = (answer) => `${answer.status} ${answer.code ?? ''}`.trim();

describe('on http://localhost', () => {
  let server;
  let user; // a browser's session that no test ends
  before(async () => {
    server = await startServer({ settings: { 'server.allowed_origins': 'https://app.example.com' } });
    user = await server.signUpWithCookies();
  });
  after(() => server?.dispose());

  test('the cookies have bare names, HttpOnly, SameSite=Strict, their paths and no Secure', () => {
    const cookies = user.answer.cookies;
    assert.deepEqual([...cookies.keys()].sort(), ['rescind', 'rescind-refresh']);
    const access = cookies.get('rescind').attributes;
    const refresh = cookies.get('rescind-refresh').attributes;
    assert.deepEqual(access, { path: '/', 'max-age': '900', httponly: true, samesite: 'Strict' });
    assert.deepEqual({ ...refresh, 'max-age': 'x' }, { path: '/auth', 'max-age': 'x', httponly: true, samesite: 'Strict' });
    assert.ok(Math.abs(Number(refresh['max-age']) - 90 * 86400) <= 1);
  });

  test('the body never holds the refresh token that went into a cookie, and the other way round', async () => {
    assert.equal(user.answer.json.refresh_token, undefined);
    const inBody = await server.post('/auth/login', { email: user.email, password: user.password, delivery: 'body' });
    assert.match(inBody.json.refresh_token, /^rt1\./);
    assert.equal(inBody.cookies.size, 0);
  });

  const token = () => user.access;
  const kRefused = '401 invalid_token';
  const kMissing = '401 missing_token';
  // [what, Cookie header lines, expected]
  const table = [
    ['one cookie', () => [`rescind=${token()}`], '200'],
    ['among others', () => [`a=b; rescind=${token()}; c=d`], '200'],
    ['blanks around it', () => [`  rescind = ${token()}  ;x=y`], '200'],
    ['twice the same', () => [`rescind=${token()}; rescind=${token()}`], kRefused],
    ['an other one before (tossing)', () => [`rescind=x; rescind=${token()}`], kRefused],
    ['an other one behind', () => [`rescind=${token()}; rescind=x`], kRefused],
    ['an empty one before', () => [`rescind=; rescind=${token()}`], kRefused],
    ['two header lines', () => [`rescind=${token()}`, 'rescind=x'], kRefused],
    ['upper-case name', () => [`RESCIND=${token()}`], kMissing],
    ['mixed-case name', () => [`Rescind=${token()}`], kMissing],
    ['quoted value', () => [`rescind="${token()}"`], kRefused],
    ['$Version before it', () => [`$Version=1; rescind=${token()}; $Path=/`], '200'],
    ['cookie sandwich', () => [`$Version=1; a="x; rescind=${token()}; b=y"`], '200'],
    ['nameless cookie that looks like ours', () => [`=rescind=${token()}`], kMissing],
    ['nameless and ours', () => [`=rescind=x; rescind=${token()}`], '200'],
    ['no equals sign', () => ['rescind'], kMissing],
    ['comma is no separator', () => [`a=b,rescind=${token()}`], kMissing],
    ['the Secure name is another cookie here', () => [`__Host-rescind=${token()}`], kMissing],
    ['percent-encoded name', () => [`%72escind=${token()}`], kMissing],
    ['percent-encoded value', () => [`rescind=%65${token().slice(1)}`], kRefused],
    ['no-break space before the name', () => [`\u00a0rescind=${token()}`], kMissing],
    ['the refresh token as access cookie', () => [`rescind=${user.answer.cookies.get('rescind-refresh').value}`], kRefused],
    ['empty value', () => ['rescind='], kRefused],
    ['a trailing dot', () => [`rescind=${token()}.`], kRefused],
  ];
  for (const [what, lines, expected] of table) {
    test(`cookie header: ${what} → ${expected}`, async () => {
      const head = lines().map((line) => `Cookie: ${line}\r\n`).join('');
      const raw = await sendRaw(server.port, Buffer.from(`GET /verify HTTP/1.1\r\nHost: x\r\n${head}Connection: close\r\n\r\n`, 'latin1'));
      const code = raw.text.match(/"code":"(\w+)"/)?.[1] ?? '';
      assert.equal(`${raw.statuses[0]} ${code}`.trim(), expected, raw.text);
    });
  }

  test('two refresh cookies are refused, and the session lives on', async () => {
    const fresh = await server.signUpWithCookies();
    const value = fresh.answer.cookies.get('rescind-refresh').value;
    for (const cookie of [`rescind-refresh=${value}; rescind-refresh=${value}`, `rescind-refresh=x; rescind-refresh=${value}`]) {
      assert.equal(outcome(await server.post('/auth/refresh', undefined, { Cookie: cookie })), kRefused);
      assert.equal(outcome(await server.post('/auth/logout', undefined, { Cookie: cookie })), kRefused);
    }
    assert.equal((await server.verify(fresh.access)).status, 200);
  });

  test('where an Authorization header is present it alone counts', async () => {
    const cookie = `rescind=${token()}`;
    for (const value of ['Bearer nonsense', 'Bearer ', 'Bearer', 'Basic eDp5', 'Digest x', '', `Bearer ${token()} x`, `bearer  ${token()}`, token()]) {
      assert.equal(outcome(await server.get('/verify', { Cookie: cookie, Authorization: value })), kRefused, value);
    }
    const other = await server.adopt('header-wins');
    const answer = await server.get('/verify', { Cookie: cookie, ...bearer(other.access) });
    assert.equal(answer.header('x-auth-user'), 'header-wins');
    assert.equal((await server.get('/verify', { Cookie: 'rescind=x; rescind=y', ...bearer(other.access) })).status, 200);
  });

  test('the scheme is compared without case', async () => {
    for (const scheme of ['bearer', 'BEARER', 'BeArEr']) {
      assert.equal((await server.get('/verify', { Authorization: `${scheme} ${token()}` })).status, 200, scheme);
    }
  });

  test('two Authorization headers are refused, even two good ones', async () => {
    for (const [a, b] of [[token(), token()], ['x', token()], [token(), 'x']]) {
      const raw = await sendRaw(
        server.port,
        `GET /verify HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${a}\r\nAuthorization: Bearer ${b}\r\nConnection: close\r\n\r\n`,
      );
      assert.ok(raw.statuses[0] === 401 || raw.statuses[0] === 400, raw.text);
    }
  });

  // --- who may make a browser change something ---
  const origins = (own) => [
    ['neither header', {}, true],
    ['our own origin', { Origin: own }, true],
    ['an allowed origin', { Origin: 'https://app.example.com' }, true],
    ['an allowed origin, cross-site', { Origin: 'https://app.example.com', 'Sec-Fetch-Site': 'cross-site' }, true],
    ['another origin', { Origin: 'https://evil.example' }, false],
    ['another origin that says same-origin', { Origin: 'https://evil.example', 'Sec-Fetch-Site': 'same-origin' }, false],
    ['the null origin', { Origin: 'null' }, false],
    ['an empty origin', { Origin: '' }, false],
    ['an allowed origin as prefix', { Origin: 'https://app.example.com.evil.example' }, false],
    ['an allowed origin with a path', { Origin: 'https://app.example.com/' }, false],
    ['an allowed origin in capitals', { Origin: 'https://APP.example.com' }, false],
    ['an allowed origin over http', { Origin: 'http://app.example.com' }, false],
    ['our host on another port', { Origin: 'http://localhost:1' }, false],
    ['Sec-Fetch-Site: same-origin', { 'Sec-Fetch-Site': 'same-origin' }, true],
    ['Sec-Fetch-Site: none', { 'Sec-Fetch-Site': 'none' }, true],
    ['Sec-Fetch-Site: same-site', { 'Sec-Fetch-Site': 'same-site' }, false],
    ['Sec-Fetch-Site: cross-site', { 'Sec-Fetch-Site': 'cross-site' }, false],
    ['Sec-Fetch-Site: Same-Origin', { 'Sec-Fetch-Site': 'Same-Origin' }, false],
    ['two origins', [['Origin', 'https://app.example.com'], ['Origin', 'https://evil.example']], false],
  ];
  const routes = [
    ['POST', '/auth/refresh', undefined],
    ['POST', '/auth/logout', undefined],
    ['POST', '/auth/logout-all', undefined],
    ['PATCH', '/auth/me', { name: 'x' }],
    ['DELETE', '/auth/sessions/:sid', undefined],
  ];
  for (const [method, path, json] of routes) {
    test(`cross-site requests: ${method} ${path} by cookie needs an allowed origin, by header or body it does not`, async () => {
      for (const [what, headers, allowed] of origins(server.publicUrl)) {
        const list = Array.isArray(headers) ? headers : Object.entries(headers);
        const fresh = await server.adopt(`csrf ${method} ${path} ${what}`);
        const at = path.replace(':sid', fresh.sid);
        const cookie = ['Cookie', `rescind=${fresh.access}; rescind-refresh=${fresh.refresh}`];
        const byCookie = await server.request(method, at, { json, headers: [...list, cookie] });
        if (allowed) {
          assert.equal(byCookie.status, 200, `${what}: ${byCookie.text}`);
        } else {
          assert.equal(outcome(byCookie), '403 csrf_rejected', what);
          assert.equal(byCookie.cookies.size, 0, 'and clears nothing');
          assert.equal((await server.verify(fresh.access)).status, 200, `${what}: nothing happened`);
          const refreshed = await server.refresh(fresh.refresh);
          assert.equal(refreshed.status, 200, `${what}: nothing happened`);
        }
        const other = await server.adopt('csrf-free');
        const free = path === '/auth/refresh' ? { json: { refresh_token: other.refresh } } : { json, headers: Object.entries(bearer(other.access)) };
        const byHeader = await server.request(method, path.replace(':sid', other.sid), { ...free, headers: [...list, ...(free.headers ?? [])] });
        assert.equal(byHeader.status, 200, `${what}, no cookie: ${byHeader.text}`);
      }
    });
  }

  test('cross-site requests: a foreign page cannot have the cookies cleared that the browser kept from it', async () => {
    const answer = await server.post('/auth/logout', undefined, { Origin: 'https://evil.example', 'Sec-Fetch-Site': 'cross-site' });
    assert.equal(outcome(answer), '403 csrf_rejected');
    assert.equal(answer.cookies.size, 0);
  });

  test('a dead refresh token in the body clears no cookie of another session', async () => {
    const dead = await server.adopt('dead-in-the-body');
    await server.post('/auth/logout', { refresh_token: dead.refresh });
    const answer = await server.post('/auth/refresh', { refresh_token: dead.refresh }, { Cookie: 'rescind=other; rescind-refresh=other' });
    assert.equal(outcome(answer), '401 session_revoked');
    assert.equal(answer.cookies.size, 0);
  });

  test('cross-site requests: a foreign page cannot sign a browser in or up either', async () => {
    const account = await server.signUp();
    for (const [what, headers, allowed] of origins(server.publicUrl)) {
      const list = Array.isArray(headers) ? headers : Object.entries(headers);
      const logIn = await server.request('POST', '/auth/login', { json: { email: account.email, password: account.password }, headers: list });
      assert.equal(outcome(logIn), allowed ? '200' : '403 csrf_rejected', what);
      const email = `csrf-${Math.random()}@example.com`;
      const signUp = await server.request('POST', '/auth/signup', { json: { email, password: 'long enough' }, headers: list });
      assert.equal(outcome(signUp), allowed ? '201' : '403 csrf_rejected', what);
    }
  });

  test('GET changes nothing: the routes that change something do not know it', async () => {
    for (const path of ['/auth/refresh', '/auth/logout', '/auth/logout-all', '/auth/login', '/auth/signup', '/oauth2/revoke']) {
      for (const method of ['GET', 'HEAD']) {
        const answer = await server.request(method, path, { headers: { Cookie: user.cookie } });
        assert.equal(answer.status, 405, path);
        assert.equal(answer.header('allow'), 'POST', path);
      }
    }
    assert.equal((await server.verify(user.access)).status, 200);
  });

  // --- which pages may read an answer ---
  test('pages of allowed origins may read the answers of /auth/*, with cookies; others, and other routes, may not', async () => {
    const kNames = ['access-control-allow-origin', 'access-control-allow-credentials'];
    const read = (answer) => kNames.map((name) => answer.header(name));
    for (const path of ['/auth/me', '/auth/sessions']) {
      for (const cookie of [user.cookie, 'x=y']) {
        for (const origin of [server.publicUrl, 'https://app.example.com']) {
          const answer = await server.get(path, { Cookie: cookie, Origin: origin });
          assert.deepEqual(read(answer), [origin, 'true'], path);
          assert.equal(answer.header('vary'), 'Origin');
        }
        for (const origin of ['https://evil.example', 'null', '*', 'https://app.example.com.evil.example']) {
          const answer = await server.get(path, { Cookie: cookie, Origin: origin });
          assert.deepEqual(read(answer), [undefined, undefined], `${path} ${origin}`);
          assert.equal(answer.header('vary'), 'Origin', 'a cache must not give one origin’s answer to another');
        }
      }
    }
    for (const path of ['/verify', '/admin/events', '/metrics', '/.well-known/jwks.json']) {
      const answer = await server.get(path, { ...bearer(server.adminKey), Origin: 'https://app.example.com' });
      assert.equal(answer.header('access-control-allow-credentials'), undefined, path);
    }
  });

  test('a preflight is answered for allowed origins only, and never with a wildcard', async () => {
    const preflight = (path, origin) =>
      server.request('OPTIONS', path, { headers: { Origin: origin, 'Access-Control-Request-Method': 'PATCH', 'Access-Control-Request-Headers': 'content-type' } });
    const good = await preflight('/auth/me', 'https://app.example.com');
    assert.equal(good.status, 204);
    assert.equal(good.header('access-control-allow-origin'), 'https://app.example.com');
    assert.match(good.header('access-control-allow-methods'), /PATCH/);
    assert.match(good.header('access-control-allow-headers'), /Content-Type/);
    const bad = await preflight('/auth/me', 'https://evil.example');
    for (const name of ['access-control-allow-origin', 'access-control-allow-methods', 'access-control-allow-credentials']) {
      assert.equal(bad.header(name), undefined, name);
    }
    assert.notEqual((await preflight('/admin/events', 'https://app.example.com')).status, 204);
  });

  // --- which answers clear which cookie ---
  test('the 401 for a revoked access cookie clears it, and not the refresh cookie', async () => {
    const fresh = await server.signUpWithCookies();
    await server.post('/auth/logout', undefined, bearer(fresh.access));
    for (const [method, path] of [['GET', '/verify'], ['GET', '/auth/me'], ['GET', '/auth/sessions'], ['POST', '/auth/logout-all']]) {
      const answer = await server.request(method, path, { headers: { Cookie: fresh.cookie } });
      assert.equal(outcome(answer), '401 token_revoked');
      assert.deepEqual([...answer.cookies.keys()], ['rescind'], path);
      assert.equal(answer.cookies.get('rescind').attributes['max-age'], '0');
      assert.equal(answer.cookies.get('rescind').attributes.path, '/');
    }
    const refused = await server.post('/auth/refresh', undefined, { Cookie: fresh.cookie });
    assert.equal(outcome(refused), '401 session_revoked');
    assert.deepEqual([...refused.cookies.keys()].sort(), ['rescind', 'rescind-refresh']);
    assert.equal(refused.cookies.get('rescind-refresh').attributes.path, '/auth');
  });

  test('a revoked token in the header clears no cookie', async () => {
    const fresh = await server.signUpWithCookies();
    const gone = await server.adopt('gone');
    await server.post('/auth/logout', undefined, bearer(gone.access));
    const answer = await server.get('/verify', { Cookie: fresh.cookie, ...bearer(gone.access) });
    assert.equal(outcome(answer), '401 token_revoked');
    assert.equal(answer.cookies.size, 0);
  });

  test('a cookie that is nonsense is not cleared: somebody else may have tossed it', async () => {
    for (const cookie of ['rescind=nonsense', 'rescind=a; rescind=b']) {
      const answer = await server.get('/verify', { Cookie: cookie });
      assert.equal(outcome(answer), kRefused);
      assert.equal(answer.cookies.size, 0);
    }
  });

  test('log-out clears both cookies, also of who has none left', async () => {
    for (const headers of [{}, { Cookie: (await server.signUpWithCookies()).cookie }]) {
      const answer = await server.post('/auth/logout', undefined, headers);
      assert.equal(answer.status, 200);
      for (const name of ['rescind', 'rescind-refresh']) {
        assert.equal(answer.cookies.get(name).value, '');
        assert.equal(answer.cookies.get(name).attributes['max-age'], '0');
      }
    }
  });
});

test('an expired access cookie is refused and no cookie is cleared: the refresh cookie is good yet', async () => {
  const server = await startServer({ settings: { 'token.access_ttl': '1s', 'token.leeway': '0s' } });
  try {
    const fresh = await server.signUpWithCookies();
    await sleep(1100);
    for (const path of ['/verify', '/auth/me']) {
      const answer = await server.get(path, { Cookie: fresh.cookie });
      assert.equal(outcome(answer), '401 token_expired');
      assert.equal(answer.cookies.size, 0);
    }
    let cookie = fresh.cookie;
    const isGoodFor = async () => {
      const refreshed = await server.post('/auth/refresh', undefined, { Cookie: cookie });
      assert.equal(refreshed.status, 200);
      cookie = cookieHeader(refreshed);
      return (await server.get('/verify', { Cookie: cookie })).status === 200;
    };
    await waitUntil(isGoodFor, { what: 'a token that the turn of a second has not ended' });
  } finally {
    await server.dispose();
  }
});

describe('behind TLS', () => {
  for (const [settings, sameSite] of [[{}, 'Strict'], [{ 'cookie.same_site': 'lax' }, 'Lax'], [{ 'cookie.same_site': 'none' }, 'None']]) {
    test(`the cookies have the __Host- and __Secure- names, Secure and SameSite=${sameSite}; bare names are not read`, async () => {
      const server = await startServer({ settings: { 'server.public_url': 'https://auth.example.com', ...settings } });
      try {
        const user = await server.signUpWithCookies({ Origin: 'https://auth.example.com' });
        const cookies = user.answer.cookies;
        assert.deepEqual([...cookies.keys()].sort(), ['__Host-rescind', '__Secure-rescind-refresh']);
        for (const [name, path] of [['__Host-rescind', '/'], ['__Secure-rescind-refresh', '/auth']]) {
          const { attributes } = cookies.get(name);
          assert.deepEqual([attributes.secure, attributes.httponly, attributes.samesite, attributes.path, attributes.domain], [true, true, sameSite, path, undefined]);
        }
        assert.equal((await server.get('/verify', { Cookie: user.cookie })).status, 200);
        for (const name of ['rescind', '__host-rescind', '__HOST-rescind', '__Secure-rescind', '__Host-Rescind']) {
          assert.equal((await server.get('/verify', { Cookie: `${name}=${user.access}` })).status, 401, name);
        }
        assert.equal((await server.post('/auth/refresh', undefined, { Cookie: user.cookie, Origin: server.url })).code, 'csrf_rejected');
        const gone = await server.post('/auth/logout', undefined, { Cookie: user.cookie });
        for (const { attributes } of gone.cookies.values()) assert.deepEqual([attributes.secure, attributes['max-age']], [true, '0']);
      } finally {
        await server.dispose();
      }
    });
  }
});
