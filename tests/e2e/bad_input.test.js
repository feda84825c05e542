// What is not of a route's form is refused with a stable code and changes nothing.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { startNginx } from './harness/nginx.js';
import { sendRaw } from './harness/http.js';
import { bearer, newEmail, startServer } from './harness/server.js';

let server;
let account; // signs in and is never changed
before(async () => {
  server = await startServer();
  account = await server.signUp({ name: 'unchanged' });
});
after(() => server?.dispose());

// Everything that any route below could have changed.
async function snapshot() {
  const revocations = (await server.admin('GET', '/admin/revocations?limit=1000')).json;
  const sessions = (await server.get('/auth/sessions', bearer(account.access))).json.sessions.map((s) => s.id);
  const me = (await server.get('/auth/me', bearer(account.access))).json.user;
  const events = [];
  for (;;) {
    const page = await server.events(`?limit=1000&since=${events.at(-1)?.seq ?? 0}`);
    if (page.length === 0) break;
    events.push(...page);
  }
  return JSON.stringify({ head: revocations.head, revocations: revocations.revocations.length, sessions, me, events: events.at(-1)?.seq });
}

const text = (max, more = {}) => ({ type: 'string', max, ...more });
const flag = { type: 'boolean' };
const routes = [
  { method: 'POST', path: '/auth/signup', good: () => ({ email: newEmail(), password: 'long enough' }),
    fields: { email: text(254, { required: true, strict: true }), password: text(1024, { required: true }), name: text(200), device: text(200), delivery: text(16, { strict: true }) } },
  { method: 'POST', path: '/auth/login', good: () => ({ email: account.email, password: account.password }),
    fields: { email: text(254, { required: true }), password: text(1024, { required: true }), device: text(200), delivery: text(16, { strict: true }) } },
  { method: 'POST', path: '/auth/refresh', good: () => ({ refresh_token: account.refresh }), mayBeEmpty: true,
    fields: { refresh_token: text(256, { strict: true }), delivery: text(16, { strict: true }) } },
  { method: 'POST', path: '/auth/logout', good: () => ({ refresh_token: account.refresh }), mayBeEmpty: true,
    fields: { refresh_token: text(256, { strict: true }) } },
  { method: 'POST', path: '/auth/logout-all', good: () => ({}), by: () => account.access, mayBeEmpty: true,
    fields: { keep_current: flag, delivery: text(16, { strict: true }) } },
  { method: 'PATCH', path: '/auth/me', good: () => ({ name: 'changed' }), by: () => account.access,
    fields: { name: text(200, { required: true }) } },
  { method: 'POST', path: '/admin/sessions', good: () => ({ user: 'u' }), by: () => server.adminKey,
    fields: { user: text(255, { required: true, strict: true }), client: text(255, { strict: true }), claims: { type: 'object' }, device: text(200) } },
  { method: 'POST', path: '/admin/revocations', good: () => ({ kind: 'session', sid: account.sid }), by: () => server.adminKey,
    fields: { kind: text(16, { required: true, strict: true }), sid: text(1024, { required: true, strict: true }), issuer: text(1024, { strict: true }), barrier: flag } },
];

const kWrong = { string: [1, true, null, {}, []], boolean: ['true', 1, null, {}, []], object: ['{}', 1, true, null, []] };

// [what, body text, expected "status code"]
function badBodies(route) {
  const good = route.good();
  const first = JSON.stringify(Object.keys(route.fields)[0]);
  const inside = JSON.stringify(good).slice(1, -1);
  const with_ = (more) => JSON.stringify({ ...good, ...more });
  const bad = [
    ['half a body', JSON.stringify({ ...good, x: 1 }).slice(0, -3)],
    ['no JSON', 'name=x'],
    ['an array', `[${JSON.stringify(good)}]`],
    ['a string', '"x"'],
    ['null', 'null'],
    ['two values', `${JSON.stringify(good)}{}`],
    ['something behind it', `${JSON.stringify(good)},`],
    ['a trailing comma', `{${inside}${inside ? ',' : '"x":1,'}}`],
    ['a comment', `{/**/${inside}}`],
    ['single quotes', `{'name':'x'}`],
    ['a byte order mark', `\ufeff${JSON.stringify(good)}`],
    ['a NUL behind it', `${JSON.stringify(good)}\0`],
    ['a duplicate name', `{${first}:"x",${first}:"x"}`],
    ['a duplicate name, once escaped', `{${first}:"x","\\u${first.charCodeAt(1).toString(16).padStart(4, '0')}${first.slice(2)}:"x"}`],
    ['an unknown field', with_({ unknown: 1 })],
    ['__proto__', `{"__proto__":{}${inside ? `,${inside}` : ''}}`],
    ['a lone surrogate, escaped', `{${first}:"\\ud800"}`],
    ['bytes that are not UTF-8', Buffer.concat([Buffer.from(`{${first}:"`), Buffer.from([0xff, 0xfe]), Buffer.from('"}')])],
    ['an overlong encoding', Buffer.concat([Buffer.from(`{${first}:"`), Buffer.from([0xc0, 0xaf]), Buffer.from('"}')])],
    ['20,000 brackets', '['.repeat(20_000)],
    ['an object nested 20,000 deep', '{"a":'.repeat(10_000)],
    ['a field nested too deep', `{${first}:${'['.repeat(20)}${']'.repeat(20)}}`],
    ['a number out of range', `{${first}:1e999}`],
    ['NaN', `{${first}:NaN}`],
  ];
  for (const [name, rule] of Object.entries(route.fields)) {
    for (const wrong of kWrong[rule.type]) bad.push([`${name}: ${JSON.stringify(wrong)}`, with_({ [name]: wrong })]);
    if (rule.required) {
      const { [name]: _, ...without } = good;
      bad.push([`${name} missing`, JSON.stringify(without)], [`${name} empty`, with_({ [name]: '' })]);
    }
    if (rule.max) bad.push([`${name} too long`, with_({ [name]: 'x'.repeat(rule.max + 1) })]);
    if (rule.type === 'string' && name !== 'refresh_token') bad.push([`${name} with NUL`, with_({ [name]: `${good[name] ?? 'body'}\0` })]);
    if (rule.strict && name !== 'refresh_token') bad.push([`${name} with a line break`, with_({ [name]: 'x\r\n@x' })]);
  }
  return bad;
}

const kCodes = new Set(['invalid_request', 'unsupported_media_type', 'payload_too_large']);

function assertRefused(answer, expected, what) {
  assert.deepEqual([answer.status, answer.code], expected, `${what}: ${answer.text}`);
  assert.ok(kCodes.has(answer.code), what);
  assert.equal(typeof answer.json.message, 'string');
  assert.ok(answer.json.message.length > 0, what);
  assert.deepEqual(Object.keys(answer.json).sort(), ['code', 'message']);
}

for (const route of routes) {
  const ask = (options) =>
    server.request(route.method, route.path, { ...options, headers: { ...(route.by ? bearer(route.by()) : {}), ...options.headers } });

  test(`${route.method} ${route.path} refuses every body that is not of its form, and nothing changes`, async () => {
    const earlier = await snapshot();
    for (const [what, body] of badBodies(route)) assertRefused(await ask({ json: body }), [400, 'invalid_request'], what);
    assert.equal(await snapshot(), earlier);
  });

  test(`${route.method} ${route.path} takes JSON only`, async () => {
    const earlier = await snapshot();
    const body = JSON.stringify(route.good());
    for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=x', 'application/jsonp', 'application/json; charset=utf-16', 'application/json, text/plain', 'json', '']) {
      assertRefused(await ask({ body, headers: { 'Content-Type': type } }), [415, 'unsupported_media_type'], type);
    }
    assertRefused(await ask({ body }), [415, 'unsupported_media_type'], 'none');
    if (!route.mayBeEmpty) assertRefused(await ask({ body: '' }), [415, 'unsupported_media_type'], 'empty');
    assert.equal(await snapshot(), earlier);
  });

  test(`${route.method} ${route.path} refuses a body over the limit before reading it`, async () => {
    const earlier = await snapshot();
    const answer = await ask({ json: JSON.stringify({ ...route.good(), x: 'x'.repeat(80 * 1024) }) }).catch((error) => error);
    // The server may close while the body is on its way.
    if (answer instanceof Error) assert.match(answer.code, /ECONNRESET|EPIPE/);
    else assertRefused(answer, [413, 'payload_too_large'], 'too large');
    const declared = await sendRaw(
      server.port,
      `${route.method} ${route.path} HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 70000\r\n\r\n{`,
    );
    assert.deepEqual(declared.statuses, [413]);
    assert.match(declared.text, /"code":"payload_too_large"/);
    assert.equal(await snapshot(), earlier);
  });
}

test('the good bodies of the tables above are good, so that each refusal is for the reason named', async () => {
  const spare = await server.signUp();
  for (const route of routes) {
    const body = route.good();
    if (body.refresh_token) body.refresh_token = spare.refresh;
    if (body.sid) body.sid = spare.sid;
    const by = route.by?.() === account.access ? (await server.logIn(spare)).access : route.by?.();
    const answer = await server.request(route.method, route.path, { json: body, headers: by ? bearer(by) : {} });
    assert.ok(answer.status === 200 || answer.status === 201, `${route.path}: ${answer.text}`);
  }
});

test('e-mail addresses that are none, and passwords out of range, make no account', async () => {
  const earlier = await snapshot();
  for (const email of ['x', '@', 'a@', '@b', 'a@b@c', 'a b@c.d', 'a@b..c', 'a@.b', 'a@b.', '<a@b.c>', '"a"@b.c', 'a@b.c\u0000', 'a@b.c\n', 'ad\u200bmin@b.c', 'a@b.c, d@e.f', `${'a'.repeat(250)}@b.cd`]) {
    const answer = await server.post('/auth/signup', { email, password: 'long enough' });
    assertRefused(answer, [400, 'invalid_request'], JSON.stringify(email));
  }
  for (const password of ['short', '1234567', 'x'.repeat(1025), 'ä'.repeat(513)]) {
    assertRefused(await server.post('/auth/signup', { email: newEmail(), password }), [400, 'invalid_request'], password.slice(0, 20));
  }
  assert.equal(await snapshot(), earlier);
});

test('a password counts in full: what differs behind byte 72 is another password', async () => {
  const password = 'x'.repeat(1023) + 'a';
  const user = await server.signUp({ password });
  const wrong = await server.post('/auth/login', { email: user.email, password: 'x'.repeat(1023) + 'b' });
  assert.equal(wrong.code, 'invalid_credentials');
  assert.equal((await server.post('/auth/login', { email: user.email, password })).status, 200);
});

describe('forms of /oauth2/*', () => {
  for (const path of ['/oauth2/revoke', '/oauth2/introspect']) {
    test(`${path} refuses what is not one form with one token`, async () => {
      const earlier = await snapshot();
      const ask = (options) => server.request('POST', path, { ...options, headers: { ...bearer(server.adminKey), ...options.headers } });
      const token = encodeURIComponent(account.access);
      for (const form of ['', 'token', 'token=', `token=${token}&token=${token}`, 'token=%', 'token=%zz', 'token=%00', '=x', 'tokens=x', 'a=b&'.repeat(40) + `token=${token}`]) {
        const answer = await ask({ form });
        assert.deepEqual([answer.status, answer.json.error], [400, 'invalid_request'], form.slice(0, 40));
        assert.equal(typeof answer.json.error_description, 'string');
        assert.deepEqual(Object.keys(answer.json).sort(), ['error', 'error_description']);
      }
      for (const type of ['application/json', 'text/plain', '']) {
        const answer = await ask({ body: `token=${token}`, headers: { 'Content-Type': type } });
        assert.deepEqual([answer.status, answer.json.error], [415, 'invalid_request'], type);
      }
      assert.equal(await snapshot(), earlier);
    });
  }
});

test('queries that are not known are refused, not ignored', async () => {
  const ask = async (path) => server.get(path, bearer(server.adminKey));
  for (const query of ['since=-1', 'since=x', 'since=', 'limit=0', 'limit=1001', 'limit=1e3', 'sinec=1', 'since=99999999999999999999', 'since=%', 'since=1;drop']) {
    for (const path of ['/admin/events', '/admin/revocations']) {
      assertRefused(await ask(`${path}?${query}`), [400, 'invalid_request'], `${path}?${query}`);
    }
  }
  assertRefused(await ask('/admin/events?type=nothing'), [400, 'invalid_request'], 'type');
  for (const query of ['roles=x', 'role', 'x', 'role=%', 'role=%00', 'ROLE=x']) {
    const answer = await server.verify(account.access, `?${query}`);
    assert.notEqual(answer.status, 200, query);
    assert.ok(answer.status === 400 || answer.status === 403, query);
  }
});

// --- request smuggling: whatever two readers could read differently is refused, and the connection ends ---
const kBody = 'POST /auth/logout HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n';
const kNext = 'GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n';
const smuggled = [
  ['Content-Length and Transfer-Encoding', `${kBody}Content-Length: 6\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n${kNext}`],
  ['Transfer-Encoding and Content-Length', `${kBody}Transfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n${kNext}`],
  ['two Content-Lengths', `${kBody}Content-Length: 2\r\nContent-Length: 3\r\n\r\n{}${kNext}`],
  ['two equal Content-Lengths', `${kBody}Content-Length: 2\r\nContent-Length: 2\r\n\r\n{}${kNext}`],
  ['a list as Content-Length', `${kBody}Content-Length: 2, 2\r\n\r\n{}${kNext}`],
  ['a signed Content-Length', `${kBody}Content-Length: +2\r\n\r\n{}${kNext}`],
  ['a hexadecimal Content-Length', `${kBody}Content-Length: 0x2\r\n\r\n{}${kNext}`],
  ['a Content-Length with underscore', `${kBody}Content-Length: 1_0\r\n\r\n{}${kNext}`],
  ['a negative Content-Length', `${kBody}Content-Length: -2\r\n\r\n{}${kNext}`],
  ['an empty Content-Length', `${kBody}Content-Length: \r\n\r\n{}${kNext}`],
  ['Transfer-Encoding: xchunked', `${kBody}Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n${kNext}`],
  ['Transfer-Encoding: identity', `${kBody}Transfer-Encoding: identity\r\n\r\n${kNext}`],
  ['Transfer-Encoding: chunked, identity', `${kBody}Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n${kNext}`],
  ['Transfer-Encoding twice', `${kBody}Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n${kNext}`],
  ['Transfer-Encoding: "chunked"', `${kBody}Transfer-Encoding: "chunked"\r\n\r\n0\r\n\r\n${kNext}`],
  ['Transfer-Encoding with a vertical tab', `${kBody}Transfer-Encoding: \x0bchunked\r\n\r\n0\r\n\r\n${kNext}`],
  ['a space before the colon', `${kBody}Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n${kNext}`],
  ['Content-Length with a space before the colon', `${kBody}Content-Length : 2\r\n\r\n{}${kNext}`],
  ['an obs-fold', `${kBody}X: a\r\n b\r\nContent-Length: 2\r\n\r\n{}${kNext}`],
  ['a bare LF behind a header', `${kBody}X: a\nContent-Length: 2\r\n\r\n{}${kNext}`],
  ['a bare CR in a header', `${kBody}X: a\rContent-Length: 2\r\n\r\n{}${kNext}`],
  ['a bare LF at the end of the head', `${kBody}Content-Length: 2\r\n\n{}${kNext}`],
  ['a NUL in a header', `${kBody}X: a\0b\r\nContent-Length: 2\r\n\r\n{}${kNext}`],
  ['a header without colon', `${kBody}X\r\nContent-Length: 2\r\n\r\n{}${kNext}`],
  ['a header without name', `${kBody}: x\r\nContent-Length: 2\r\n\r\n{}${kNext}`],
  ['no Host', `POST /auth/logout HTTP/1.1\r\nContent-Length: 0\r\n\r\n${kNext}`],
  ['two Hosts', `${kBody}Host: y\r\nContent-Length: 0\r\n\r\n${kNext}`],
  ['an absolute target', `GET http://x/healthz HTTP/1.1\r\nHost: x\r\n\r\n${kNext}`],
  ['a chunk size with a sign', `${kBody}Transfer-Encoding: chunked\r\n\r\n+2\r\n{}\r\n0\r\n\r\n${kNext}`],
  ['a chunk size with 0x', `${kBody}Transfer-Encoding: chunked\r\n\r\n0x2\r\n{}\r\n0\r\n\r\n${kNext}`],
  ['a chunk size with underscore', `${kBody}Transfer-Encoding: chunked\r\n\r\n0_2\r\n{}\r\n0\r\n\r\n${kNext}`],
  ['a chunk that ends with a bare LF', `${kBody}Transfer-Encoding: chunked\r\n\r\n2\n{}\n0\n\n${kNext}`],
  ['a chunk longer than said', `${kBody}Transfer-Encoding: chunked\r\n\r\n1\r\n{}\r\n0\r\n\r\n${kNext}`],
  ['HTTP/1.2 with junk', `GET /healthz HTTP/1.1x\r\nHost: x\r\n\r\n${kNext}`],
  ['a double space in the request line', `GET  /healthz HTTP/1.1\r\nHost: x\r\n\r\n${kNext}`],
  ['a tab in the request line', `GET\t/healthz\tHTTP/1.1\r\nHost: x\r\n\r\n${kNext}`],
  ['a space in the target', `GET /health z HTTP/1.1\r\nHost: x\r\n\r\n${kNext}`],
];

test('request smuggling: whatever could be read in two ways gets one refusal and the connection ends', async () => {
  const results = await Promise.all(smuggled.map(async ([what, bytes]) => [what, await sendRaw(server.port, Buffer.from(bytes, 'latin1'))]));
  for (const [what, raw] of results) {
    assert.equal(raw.statuses.length, 1, `${what}: ${raw.text}`);
    assert.ok(raw.statuses[0] >= 400 && raw.statuses[0] < 600 && raw.statuses[0] !== 404, `${what}: ${raw.text}`);
    assert.ok(raw.closed, `${what}: the connection stayed open`);
    assert.match(raw.text, /"code":"[a-z_]+","message":"/, what);
  }
  assert.equal((await server.verify(account.access)).status, 200);
});

test('request smuggling behind nginx: one request in, never two answered', async () => {
  const nginx = await startNginx(server);
  try {
    const attacks = smuggled.filter(([, bytes]) => bytes.startsWith('POST'));
    const results = await Promise.all(
      attacks.map(async ([what, bytes]) => [what, await sendRaw(nginx.port, Buffer.from(bytes.replaceAll('/healthz', '/auth/nothing'), 'latin1'), { quiet: 800 })]),
    );
    for (const [what, raw] of results) {
      // nginx may take an unusual but unambiguous form as it is meant (a bare LF): then there are two honest answers. What
      // must not be is an answer of the application or an identity.
      assert.ok(raw.statuses.length <= 2, `${what}: ${raw.text}`);
      assert.doesNotMatch(raw.text, /x-auth-user/i, what);
    }
    // The connections to us are shared: a desynchronised one would answer these with something else.
    for (let i = 0; i < 20; ++i) {
      const marker = `/auth/nothing-${i}`;
      const answer = await nginx.get(marker, {});
      assert.equal(answer.code, 'not_found');
      const good = await nginx.get('/page', bearer(account.access));
      assert.deepEqual([good.status, good.json.path], [200, '/page']);
      assert.equal((await nginx.get('/page', {})).status, 401);
    }
  } finally {
    await nginx.dispose();
  }
});

test('pipelined requests are answered in order, each by its own credential', async () => {
  const head = (auth) => `GET /verify HTTP/1.1\r\nHost: x\r\n${auth}`;
  const good = head(`Authorization: Bearer ${account.access}\r\n\r\n`);
  const none = head('\r\n');
  const raw = await sendRaw(server.port, good + none + good + none + none + good.replace('\r\n\r\n', '\r\nConnection: close\r\n\r\n'));
  assert.deepEqual(raw.statuses, [200, 401, 200, 401, 401, 200]);
});
