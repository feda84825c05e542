// API keys: named, hashed, revocable, with scopes; which route needs which.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { root } from './harness/place.js';
import { basic, bearer, startServer } from './harness/server.js';

let server;
before(async () => {
  server = await startServer();
});
after(() => server?.dispose());

async function createKey(scopes, { name = 'till', by = server.adminKey } = {}) {
  const answer = await server.request('POST', '/admin/apikeys', { headers: bearer(by), json: { name, scopes } });
  if (answer.status === 201) server.secrets.add(answer.json.key);
  return answer;
}
const ask = (key, method, target, json) => server.request(method, target, { headers: bearer(key), json });
const outcome = (answer) => `${answer.status} ${answer.code ?? answer.json?.error ?? ''}`.trim();

// Method and path of every route that machines call, with the scope that the server's table names.
function routesWithScope() {
  const source = fs.readFileSync(path.join(root, 'src/http/api.cc'), 'utf8');
  const names = new Map(
    [...fs.readFileSync(path.join(root, 'src/domain/api_scope.cc'), 'utf8').matchAll(/case ApiScope::(k\w+): return "([^"]+)"/g)].map(
      ([, name, text]) => [name, text],
    ),
  );
  return [...source.matchAll(/RouteEntry\{"([A-Z]+)",\s*"([^"]+)",\s*ApiScope::(k\w+)/g)].map(([, method, at, scope]) => ({
    method,
    target: at.replace('{sid}', 'AAAAAAAAAAAAAAAAAAAAAA').replace('{id}', 'nobody'),
    scope: names.get(scope),
  }));
}

test('a key is shown once, works at once and after a crash, and is no secret of the store', async () => {
  const made = await createKey(['users:read'], { name: 'Büro' });
  assert.equal(made.status, 201);
  assert.deepEqual(Object.keys(made.json).sort(), ['created_at', 'id', 'key', 'name', 'scopes']);
  const { id, key } = made.json;
  assert.match(key, /^rk1\.[A-Za-z0-9_-]{64}$/);
  assert.equal(outcome(await ask(key, 'GET', '/admin/users/nobody')), '404 not_found');
  await server.restart();
  assert.equal(outcome(await ask(key, 'GET', '/admin/users/nobody')), '404 not_found');
  const listed = await ask(server.adminKey, 'GET', '/admin/apikeys');
  const row = listed.json.apikeys.find((one) => one.id === id);
  assert.deepEqual([row.name, row.scopes, row.revoked_at], ['Büro', ['users:read'], null]);
  const secret = Buffer.from(key.slice(4), 'base64url').subarray(16);
  for (const file of fs.readdirSync(server.data).filter((name) => name.startsWith('rescind.db'))) {
    const bytes = fs.readFileSync(path.join(server.data, file));
    assert.ok(!bytes.includes(key) && !bytes.includes(secret), file);
  }
  assert.ok(!listed.text.includes(key.slice(30)));
  assert.ok(!server.stderr.includes(key));
});

test('an event says which key asked for what it tells of', async () => {
  const shop = await startServer({ clients: ['shop'] });
  try {
    const made = await shop.request('POST', '/admin/apikeys', { headers: bearer(shop.adminKey), json: { name: 'till', scopes: ['admin'] } });
    const { id, key } = made.json;
    shop.secrets.add(key);
    const till = async (method, target, json) => {
      const answer = await shop.request(method, target, { headers: bearer(key), json });
      assert.ok(answer.status < 300, `${method} ${target}: ${answer.text}`);
      return answer.json;
    };
    const { user } = await till('POST', '/admin/users', { email: 'ada@example.com' });
    const at = `/admin/users/${user.id}`;
    const session = async () => (await till('POST', '/admin/sessions', { user: user.id })).session.id;
    await till('DELETE', `/admin/sessions/${await session()}`);
    for (const revocation of [{ kind: 'token', jti: 'x' }, { kind: 'user', sub: user.id }, { kind: 'before', before: 1 }, { kind: 'session', sid: await session() }]) {
      await till('POST', '/admin/revocations', revocation);
    }
    await till('PATCH', at, { name: 'Ada' });
    await till('PATCH', at, { roles: ['editor'] });
    await till('POST', `${at}/logout`);
    await till('POST', `${at}/block`, { reason: 'chargeback' });
    await till('POST', `${at}/unblock`);
    await till('DELETE', at);
    await till('POST', '/admin/keys/rotate');
    const { keys } = await till('GET', '/admin/keys');
    await till('DELETE', `/admin/keys/${keys.find((one) => one.state === 'retired' || one.state === 'next').kid}`);
    const gone = await till('POST', '/admin/apikeys', { name: 'gone', scopes: ['events:read'] });
    await till('DELETE', `/admin/apikeys/${gone.id}`);

    const events = await shop.events();
    const by = (type) => [...new Set(events.filter((event) => event.type === type).map((event) => event.by))];
    for (const type of ['user_imported', 'session_created', 'session_revoked', 'revocation_added', 'signed_out_everywhere', 'profile_changed', 'roles_changed', 'user_blocked', 'user_unblocked', 'user_deleted', 'key_rotated', 'key_removed', 'apikey_revoked']) {
      assert.deepEqual(by(type), [id], type);
    }
    assert.deepEqual(by('apikey_created'), ['admin_key', id]);

    const own = await shop.signUp();
    await shop.request('POST', '/oauth2/revoke', { headers: basic('shop', shop.clients.shop), form: { token: own.access } });
    await shop.request('POST', '/oauth2/revoke', { headers: basic('shop', shop.clients.shop), form: { token: own.refresh } });
    const told = (await shop.events(`?user=${own.user}`)).map((event) => [event.type, event.by]);
    assert.deepEqual(told, [['user_signed_up', null], ['revocation_added', 'client:shop'], ['session_revoked', 'client:shop']]);
    const lines = await shop.request('GET', '/admin/events', { headers: { ...bearer(key), Accept: 'application/x-ndjson' } });
    assert.ok(lines.text.split('\n').filter(Boolean).map((line) => JSON.parse(line)).some((event) => event.by === id));
  } finally {
    await shop.dispose();
  }
});

test('a revoked key is refused at once, and after a crash', async () => {
  const { id, key } = (await createKey(['admin'])).json;
  assert.equal((await ask(key, 'GET', '/admin/events')).status, 200);
  assert.equal(outcome(await ask(server.adminKey, 'DELETE', `/admin/apikeys/${id}`)), '200');
  assert.equal(outcome(await ask(key, 'GET', '/admin/events')), '401 invalid_token');
  await server.restart();
  assert.equal(outcome(await ask(key, 'GET', '/admin/events')), '401 invalid_token');
  assert.equal(outcome(await ask(server.adminKey, 'DELETE', `/admin/apikeys/${id}`)), '404 not_found');
  for (const other of ['x', 'AAAAAAAAAAAAAAAAAAAAAA']) {
    assert.equal(outcome(await ask(server.adminKey, 'DELETE', `/admin/apikeys/${other}`)), '404 not_found');
  }
  const listed = (await ask(server.adminKey, 'GET', '/admin/apikeys')).json.apikeys;
  assert.match(listed.find((one) => one.id === id).revoked_at, /^\d{4}-/);
});

test('each route opens for its own scope and for no other', async () => {
  const routes = routesWithScope();
  assert.ok(routes.length >= 13);
  const scopes = [...new Set(routes.map((route) => route.scope))];
  const keys = new Map();
  for (const scope of scopes) keys.set(scope, (await createKey([scope])).json.key);
  for (const { method, target, scope } of routes) {
    for (const [held, key] of keys) {
      const answer = await ask(key, method, target);
      const refused = answer.status === 403;
      assert.equal(refused, held !== scope, `${method} ${target} with ${held}: ${outcome(answer)}`);
      if (!refused) continue;
      assert.equal(answer.code ?? answer.json.error, 'insufficient_scope');
      assert.equal(answer.header('WWW-Authenticate'), 'Bearer error="insufficient_scope"');
    }
  }
});

test('a key gives away no scope that it has not itself', async () => {
  const { key } = (await createKey(['apikeys:write', 'users:read'])).json;
  assert.equal((await createKey(['users:read'], { by: key })).status, 201);
  for (const scopes of [['users:write'], ['admin'], ['users:read', 'events:read']]) {
    assert.equal(outcome(await createKey(scopes, { by: key })), '403 insufficient_scope', scopes.join());
  }
});

test('what is no clear wish makes no key', async () => {
  for (const json of [{}, { name: 'x' }, { name: 'x', scopes: [] }, { name: 'x', scopes: 'admin' }, { name: 'x', scopes: [1] }, { name: '', scopes: ['admin'] }, { name: 'x\n', scopes: ['admin'] }, { name: 'x'.repeat(101), scopes: ['admin'] }, { name: 'x', scopes: ['user:read'] }, { name: 'x', scopes: ['admin'], extra: 1 }]) {
    assert.equal(outcome(await ask(server.adminKey, 'POST', '/admin/apikeys', json)), '400 invalid_request', JSON.stringify(json));
  }
});

test('making and revoking are events that name the key and do not hold it', async () => {
  const { id, key } = (await createKey(['events:read'], { name: 'audit' })).json;
  await ask(server.adminKey, 'DELETE', `/admin/apikeys/${id}`);
  const made = await server.events('?type=apikey_created&limit=1000');
  const gone = await server.events('?type=apikey_revoked&limit=1000');
  assert.ok(made.some((event) => event.detail === `${id}, audit`));
  assert.ok(gone.some((event) => event.detail === id));
  assert.ok(!JSON.stringify([made, gone]).includes(key.slice(4)));
});
