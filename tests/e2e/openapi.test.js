// docs/openapi.json against the running server: every route is documented, every documented status and code is seen, and
// every answer and header is as documented.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { Validator } from '@seriousme/openapi-schema-validator';
import Ajv from 'ajv/dist/2020.js';
import { Signer } from './harness/jwks_server.js';
import { whileLocked } from './harness/locked_store.js';
import { SoftAuthenticator, signUpWithPasskey } from './harness/passkey.js';
import { makeTempDirectory, root, sleep, waitUntil, withinTheFirstWait } from './harness/place.js';
import { basic, bearer, newEmail, startServer } from './harness/server.js';

const document = JSON.parse(fs.readFileSync(path.join(root, 'docs/openapi.json'), 'utf8'));
const ajv = new Ajv({ strict: false, allErrors: true });
ajv.addSchema(document, 'openapi');

const operations = Object.entries(document.paths).flatMap(([template, item]) =>
  ['get', 'post', 'patch', 'put', 'delete'].filter((m) => item[m]).map((m) => ({ template, method: m.toUpperCase(), ...item[m] })),
);
const resolve = (value) => (value?.$ref ? value.$ref.slice(2).split('/').reduce((at, key) => at[key], document) : value);
const pointer = (...keys) => `openapi#/${keys.map((k) => encodeURIComponent(String(k).replaceAll('~', '~0').replaceAll('/', '~1'))).join('/')}`;

// "operationId status code": what the document says can be seen. Success has no code.
function documented() {
  const all = [];
  for (const operation of operations) {
    for (const [status, response] of Object.entries(operation.responses)) {
      if (status === 'default') continue;
      const schema = response.content?.['application/json']?.schema;
      const codes = schema?.properties?.code?.enum ?? schema?.properties?.error?.enum ?? [''];
      for (const code of codes) all.push(`${operation.operationId} ${status} ${code}`.trim());
    }
  }
  return all;
}

const seen = new Set();
const kOfTheWire = new Set(['content-length', 'date', 'connection', 'keep-alive', 'content-type']);
const kOfCors = new Set(['vary', 'access-control-allow-origin', 'access-control-allow-credentials']); // of /auth/*, in info.description

// Sends a request of an operation and holds the answer against the document.
async function ask(server, operationId, options = {}) {
  const operation = operations.find((o) => o.operationId === operationId);
  assert.ok(operation, `no operation ${operationId}`);
  const target = operation.template.replace('{sid}', options.sid ?? 'AAAAAAAAAAAAAAAAAAAAAA').replace('{id}', options.id ?? 'nobody').replace('{pid}', options.pid ?? 'AAAA').replace('{kid}', options.kid ?? 'no-such-key') + (options.query ? `?${options.query}` : '');
  const answer = await server.request(operation.method, target, options);
  const code = answer.json?.code ?? answer.json?.error ?? '';
  const what = `${operationId} ${answer.status} ${code}`.trim();
  const response = operation.responses[answer.status];
  assert.ok(response, `${what} is not documented`);
  const keys = ['paths', operation.template, operation.method.toLowerCase(), 'responses', answer.status];
  assertBody(answer, response, keys, what);
  assertHeaders(answer, response, what, operation.template.startsWith('/auth/') ? kOfCors : new Set());
  seen.add(what);
  return answer;
}

function assertBody(answer, response, keys, what) {
  if (!response.content) return assert.equal(answer.text, '', what);
  const type = answer.header('content-type').split(';')[0];
  assert.ok(Object.keys(response.content).includes(type), `${what}: ${type}`);
  if (type !== 'application/json') return undefined;
  assert.ok(answer.json !== undefined, `${what}: ${answer.text}`);
  const validate = ajv.getSchema(pointer(...keys, 'content', type, 'schema'));
  return assert.ok(validate(answer.json), `${what}: ${ajv.errorsText(validate.errors)} in ${answer.text}`);
}

function assertHeaders(answer, response, what, further) {
  const expected = new Map(Object.entries(response.headers ?? {}).map(([name, header]) => [name.toLowerCase(), resolve(header)]));
  for (const [name, header] of expected) {
    const values = answer.all(name);
    if (header.required) assert.equal(values.length, 1, `${what}: ${name}`);
    for (const value of values) assert.ok(ajv.validate(header.schema, value), `${what}: ${name}: ${value}`);
  }
  for (let i = 0; i < answer.rawHeaders.length; i += 2) {
    const name = answer.rawHeaders[i].toLowerCase();
    assert.ok(expected.has(name) || kOfTheWire.has(name) || further.has(name), `${what}: ${name} is not documented`);
  }
}

let server;
before(async () => {
  server = await startServer({ clients: ['shop'], settings: { 'session.refresh_grace': '0s' } });
});
after(() => server?.dispose());
const admin = () => bearer(server.adminKey);
const shop = () => basic('shop', server.clients.shop);
const kForeign = { Origin: 'https://evil.example' };

test('the document is valid OpenAPI 3.1', async () => {
  const result = await new Validator().validate(structuredClone(document));
  assert.ok(result.valid, JSON.stringify(result.errors));
  const ids = operations.map((o) => o.operationId);
  assert.equal(new Set(ids).size, ids.length);
});

test('the routes of the server and of the document are the same', () => {
  const source = fs.readFileSync(path.join(root, 'src/http/api.cc'), 'utf8');
  const routes = [...source.matchAll(/RouteEntry\{"([A-Z]+)",\s*"([^"]+)"/g)].map(([, method, at]) => `${method} ${at}`);
  assert.ok(routes.length > 15);
  routes.push('GET /verify'); // answered before the table
  assert.deepEqual(operations.map((o) => `${o.method} ${o.template}`).sort(), routes.sort());
});

test('error codes are the closed set of the server', () => {
  const source = fs.readFileSync(path.join(root, 'src/base/error.cc'), 'utf8');
  const known = new Set([...source.matchAll(/return "(\w+)"/g)].map((m) => m[1]));
  const used = documented().map((d) => d.split(' ')).filter(([id, , code]) => code && !id.startsWith('oauth')).map(([, , code]) => code);
  for (const code of used) assert.ok(known.has(code), code);
  for (const code of known) if (!['method_not_allowed', 'internal'].includes(code)) assert.ok(used.includes(code), `${code} is documented nowhere`);
});

test('every schema forbids what it does not name, but for claims and forms', () => {
  for (const [name, schema] of Object.entries(document.components.schemas)) {
    for (const one of schema.oneOf?.every((s) => s.type === 'object') ? schema.oneOf : [schema]) {
      if (one.type === 'object' && name !== 'TokenForm') assert.equal(one.additionalProperties, false, name);
    }
  }
});

test('accounts and sessions as documented', async () => {
  const email = newEmail();
  const password = 'long enough';
  const up = (json, more) => ask(server, 'signUp', { json, ...more });
  await up({ email, password, name: 'Ada', device: 'phone' });
  await up({ email: newEmail(), password, delivery: 'body' });
  await up({ email, password });
  await up({ email });
  await up({ email: newEmail(), password }, { headers: kForeign });
  const logIn = (json, more) => ask(server, 'logIn', { json, ...more });
  const ada = (await logIn({ email, password, delivery: 'body' })).json;
  await logIn({ email, password });
  await logIn({ email, password: 'wrong' });
  await logIn({});
  await logIn({ email, password }, { headers: kForeign });

  const refresh = (json, more) => ask(server, 'refresh', { json, ...more });
  const next = (await refresh({ refresh_token: ada.refresh_token })).json;
  await refresh(undefined);
  await refresh({ refresh_token: 'x' });
  await refresh({ refresh_token: 1 });
  await refresh(undefined, { headers: { ...kForeign, Cookie: `rescind-refresh=${next.refresh_token}` } });
  await refresh({ refresh_token: ada.refresh_token }); // reused
  const cleared = await refresh(undefined, { headers: { Cookie: `rescind-refresh=${next.refresh_token}` } }); // revoked
  assert.equal(cleared.cookies.size, 2); // the access cookie is over with the session

  const me = await server.adopt('documented');
  await ask(server, 'showMe', { headers: bearer(me.access) });
  await ask(server, 'changeMe', { headers: bearer(me.access), json: { name: 'x' } });
  await ask(server, 'changeMe', { headers: bearer(me.access), json: {} });
  await ask(server, 'listSessions', { headers: bearer(me.access) });
  await ask(server, 'renameSession', { headers: bearer(me.access), sid: me.sid, json: { name: 'x' } });
  await ask(server, 'renameSession', { headers: bearer(me.access), json: { name: 'x' } });
  await ask(server, 'renameSession', { headers: bearer(me.access), json: {} });
  await ask(server, 'renameSession', { headers: { Cookie: `rescind=${me.access}`, ...kForeign }, sid: me.sid, json: { name: 'x' } });
  await ask(server, 'changeMe', { headers: { Cookie: `rescind=${me.access}`, ...kForeign }, json: { name: 'x' } });
  await ask(server, 'signOutSession', { headers: { Cookie: `rescind=${me.access}`, ...kForeign }, sid: me.sid });
  await ask(server, 'logOutEverywhere', { headers: { Cookie: `rescind=${me.access}`, ...kForeign } });
  await ask(server, 'logOut', { headers: { Cookie: `rescind=${me.access}`, ...kForeign } });
  await ask(server, 'signOutSession', { headers: bearer(me.access) });
  await ask(server, 'signOutSession', { headers: { Cookie: `rescind=${me.access}` }, sid: me.sid });

  const all = await server.adopt('documented');
  await ask(server, 'logOutEverywhere', { headers: bearer(all.access), json: { keep_current: 1 } });
  const kept = await ask(server, 'logOutEverywhere', { headers: bearer(all.access), json: { keep_current: true } });
  await ask(server, 'logOutEverywhere', { headers: bearer(kept.json.access_token) });
  await ask(server, 'logOut', { headers: bearer(kept.json.access_token) });
  await ask(server, 'logOut', { headers: bearer('x') });
  await ask(server, 'logOut', { json: [] });
});

test('passwords and mail as documented', async () => {
  const { email, password, user, access } = await server.signUp();
  const change = (json, headers = bearer(access)) => ask(server, 'changePassword', { json, headers });
  await change({ current: password });
  await change({ current: 'wrong horse', new: 'long enough too' });
  await change({ current: password, new: 'long enough too' }, { Cookie: `rescind=${access}`, ...kForeign });
  const fresh = (await change({ current: password, new: 'long enough too' })).json.access_token;
  assert.ok(fresh);

  const linkAfter = async (kind, action) => {
    const from = server.stderr.length;
    await action();
    const link = new RegExp(`#token=(${kind}1\\.[\\w-]+)`);
    await waitUntil(() => link.test(server.stderr.slice(from)), { what: 'the link' });
    return server.stderr.slice(from).match(link)[1];
  };
  const verify = await linkAfter('ev', () => ask(server, 'sendVerification', { headers: bearer(fresh) }));
  await ask(server, 'sendVerification', { headers: { Cookie: `rescind=${fresh}`, ...kForeign } });
  for (const token of [verify, verify, undefined]) await ask(server, 'verifyEmail', { json: { token } });
  await ask(server, 'verifyEmail', { json: { token: 'x' }, headers: kForeign });
  const reset = await linkAfter('pr', () => ask(server, 'forgotPassword', { json: { email } }));
  await ask(server, 'forgotPassword', { json: {} });
  await ask(server, 'forgotPassword', { json: { email }, headers: kForeign });
  for (const token of [reset, reset, undefined]) await ask(server, 'resetPassword', { json: { token, password } });
  await ask(server, 'resetPassword', { json: { token: 'x', password }, headers: kForeign });
  assert.equal((await ask(server, 'showUser', { headers: admin(), id: user })).json.user.email_verified, true);
  const user2 = await server.signUp();
  const fresh2 = newEmail();
  const askChange = (json, headers = bearer(user2.access)) => ask(server, 'askEmailChange', { json, headers });
  await askChange({});
  await askChange({ email: fresh2, password: 'wrong horse' });
  await askChange({ email: fresh2 }, { Cookie: `rescind=${user2.access}`, ...kForeign });
  const change2 = await linkAfter('ec', () => askChange({ email: fresh2 }));
  const taken = await linkAfter('ec', () => askChange({ email }));
  assert.equal((await ask(server, 'confirmEmailChange', { json: { token: taken } })).code, 'email_taken');
  for (const token of [change2, change2, undefined]) await ask(server, 'confirmEmailChange', { json: { token } });
  await ask(server, 'confirmEmailChange', { json: { token: 'x' }, headers: kForeign });
  for (const id of ['showResetPage', 'showVerifyPage', 'showChangeEmailPage']) await ask(server, id);

  const imported = { email: newEmail(), name: 'Ada', roles: ['a'], email_verified: true, password_hash: '$2a$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW' };
  assert.equal((await ask(server, 'importUser', { headers: admin(), json: imported })).json.user.email_verified, true);
  assert.equal((await ask(server, 'importUser', { headers: admin(), json: imported })).code, 'email_taken');
  await ask(server, 'importUser', { headers: admin(), json: { email: newEmail(), password_hash: 'in the clear' } });
});

test('bodies too large or of another type as documented', async () => {
  const { access } = await server.adopt('bodies');
  for (const operation of operations.filter((o) => o.requestBody)) {
    const id = operation.operationId;
    const headers = id.startsWith('oauth') || /admin/.test(operation.template) ? admin() : bearer(access);
    await ask(server, id, { headers: { ...headers, 'Content-Type': 'text/plain' }, body: 'x' });
    await ask(server, id, { headers: { ...headers, 'Content-Type': 'application/json' }, body: 'x'.repeat(65 * 1024) });
  }
});

test('passkeys as documented', async () => {
  const { access } = await server.signUp();
  const headers = bearer(access);
  const foreign = { Cookie: `rescind=${access}`, ...kForeign };
  const begin = async () => (await ask(server, 'beginPasskey', { headers })).json;
  const add = (json, more) => ask(server, 'addPasskey', { headers, json, ...more });
  const soft = () => new SoftAuthenticator(server.publicUrl);
  const first = soft();
  const credential = first.create(await begin());
  const { passkey } = (await add({ credential, name: 'phone' })).json;
  assert.equal((await add({ credential })).code, 'invalid_challenge');
  assert.equal((await add({ credential: {} })).code, 'invalid_request');
  first.count = 0;
  assert.equal((await add({ credential: first.create(await begin()) })).code, 'passkey_taken');
  await ask(server, 'beginPasskey', { headers: foreign });
  await add({ credential }, { headers: foreign });
  await ask(server, 'listPasskeys', { headers });
  const rename = (json, more) => ask(server, 'renamePasskey', { headers, id: passkey.id, json, ...more });
  await rename({ name: 'blue phone' });
  await rename({});
  await rename({ name: 'x' }, { id: 'AAAA' });
  await rename({ name: 'x' }, { headers: foreign });

  const logIn = (json, more) => ask(server, 'logInWithPasskey', { json, ...more });
  const options = async () => (await ask(server, 'beginPasskeyLogIn')).json;
  await ask(server, 'beginPasskeyLogIn', { headers: kForeign });
  const assertion = first.get(await options());
  assert.equal((await logIn({ credential: assertion, delivery: 'body' })).status, 200);
  first.count = 0;
  assert.equal((await logIn({ credential: first.get(await options()) })).code, 'invalid_credentials');
  assert.equal((await logIn({ credential: first.get({ challenge: 'A'.repeat(43), rpId: 'localhost' }) })).code, 'invalid_challenge');
  await logIn({ credential: 1 });
  await logIn({ credential: assertion }, { headers: kForeign });

  const remove = (more) => ask(server, 'removePasskey', { headers, id: passkey.id, ...more });
  await remove({ headers: foreign });
  assert.equal((await remove()).status, 200);
  assert.equal((await remove()).status, 404);

  for (let i = 0; i < 19; ++i) await add({ credential: soft().create(await begin()) });
  const [one, another] = [await begin(), await begin()];
  assert.equal((await add({ credential: soft().create(one) })).status, 201);
  assert.equal((await add({ credential: soft().create(another) })).code, 'passkey_limit');
  assert.equal((await ask(server, 'beginPasskey', { headers })).code, 'passkey_limit');
});

test('accounts with a passkey and no password as documented', async () => {
  const email = newEmail();
  const soft = new SoftAuthenticator(server.publicUrl);
  const begin = (json, more) => ask(server, 'beginPasskeySignUp', { json, ...more });
  const up = (json, more) => ask(server, 'signUpWithPasskey', { json, ...more });
  await begin({ email: 'x' });
  await begin({ email }, { headers: kForeign });
  const credential = soft.create((await begin({ email, name: 'Ada' })).json);
  const made = (await up({ email, credential, name: 'Ada', device: 'phone', delivery: 'body' })).json;
  assert.equal((await up({ email, credential })).code, 'email_taken');
  assert.equal((await up({ email: newEmail(), credential })).code, 'invalid_challenge');
  await up({ email });
  await up({ email, credential }, { headers: kForeign });
  const other = newEmail();
  assert.equal((await up({ email: other, credential: soft.create((await begin({ email: other })).json) })).code, 'passkey_taken');
  const headers = bearer(made.access_token);
  assert.equal((await ask(server, 'removePasskey', { headers, id: credential.id })).code, 'last_credential');
});

test('what keeps passkeys out as documented', async () => {
  const settings = { 'session.max_per_user': '1', 'session.limit_policy': 'reject', 'login.address_free_attempts': '2', 'login.sign_up_free_attempts': '2', 'webauthn.registration_max_age': '1s' };
  const strict = await startServer({ settings });
  try {
    const { authenticator, answer } = await signUpWithPasskey(strict, newEmail());
    const logIn = async () => {
      const options = (await ask(strict, 'beginPasskeyLogIn')).json;
      return ask(strict, 'logInWithPasskey', { json: { credential: authenticator.get(options) } });
    };
    assert.equal((await logIn()).code, 'session_limit');
    await strict.admin('POST', `/admin/users/${answer.json.user.id}/block`);
    assert.equal((await logIn()).code, 'user_blocked');
    await withinTheFirstWait(async () => {
      for (let i = 0; i < 2; ++i) {
        authenticator.count = 0;
        await logIn();
      }
      assert.equal((await logIn()).code, 'too_many_attempts');
    });
    const signUp = async () => {
      const email = newEmail();
      const options = (await ask(strict, 'beginPasskeySignUp', { json: { email } })).json;
      return ask(strict, 'signUpWithPasskey', { json: { email, credential: new SoftAuthenticator(strict.publicUrl).create(options) } });
    };
    const ada = await withinTheFirstWait(async () => {
      const made = await signUp();
      assert.equal((await signUp()).code, 'too_many_attempts');
      return made.json;
    });
    await sleep(2100);
    for (const id of ['beginPasskey', 'removePasskey']) assert.equal((await ask(strict, id, { headers: bearer(ada.access_token), id: 'AAAA' })).code, 'reauthentication_required', id);
  } finally {
    await strict.dispose();
  }
  const without = await startServer({ settings: { 'server.public_url': 'http://127.0.0.1:18080' } });
  try {
    const headers = bearer((await without.adopt('x')).access);
    for (const id of ['beginPasskey', 'addPasskey', 'renamePasskey', 'removePasskey']) assert.equal((await ask(without, id, { headers })).status, 404, id);
  } finally {
    await without.dispose();
  }
});

test('checks and what they need as documented', async () => {
  const good = await server.adopt('checks', { client: 'shop', claims: { roles: ['a'], scope: 'b c' } });
  await ask(server, 'verify', { headers: bearer(good.access) });
  await ask(server, 'verify', { headers: bearer(good.access), query: 'role=a&scope=b&scope=c' });
  await ask(server, 'verify', { headers: bearer(good.access), query: 'role=b' });
  await ask(server, 'verify', { headers: bearer(good.access), query: 'scope=a' });
  await sleep(1100);
  await ask(server, 'verify', { headers: bearer(good.access), query: 'max_age=0' });
  await ask(server, 'verify', { headers: bearer(good.access), query: 'rolle=b' });
  const gone = await server.adopt('checks');
  await server.post('/auth/logout', undefined, bearer(gone.access));
  const byAccess = operations.filter((o) => o.security.some((s) => s.accessToken) && o.operationId !== 'logOut');
  for (const { operationId, requestBody } of byAccess) {
    const json = requestBody ? { name: 'x' } : undefined;
    await ask(server, operationId, { json });
    await ask(server, operationId, { json, headers: bearer('x') });
    await ask(server, operationId, { json, headers: bearer(gone.access) });
    const cleared = await ask(server, operationId, { json, headers: { Cookie: `rescind=${gone.access}` } });
    assert.equal(cleared.cookies.size, 1, operationId);
  }
});

test('OAuth as documented', async () => {
  const token = await server.adopt('oauth', { client: 'shop', claims: { scope: 'a' } });
  for (const id of ['oauthIntrospect', 'oauthRevoke']) {
    for (const value of [token.access, token.refresh, 'x']) await ask(server, id, { headers: shop(), form: { token: value } });
    await ask(server, id, { headers: shop(), form: {} });
    await ask(server, id, { form: { token: 'x' } });
  }
  await ask(server, 'oauthIntrospect', { headers: shop(), form: { token: token.access } });
});

test('keys as documented', async () => {
  const rotate = (json) => ask(server, 'rotateKeys', { headers: admin(), json });
  const { keys } = (await ask(server, 'listKeys', { headers: admin() })).json;
  await rotate();
  await rotate({ at_once: 1 });
  await ask(server, 'removeKey', { headers: admin(), kid: keys.find((key) => key.state === 'active').kid });
  await ask(server, 'removeKey', { headers: admin() });
  await ask(server, 'removeAllKeys', { headers: admin() });
  const full = await startServer({ settings: { 'token.algorithm': 'EdDSA' } });
  try {
    let status = 200;
    for (let i = 0; i < 32 && status === 200; ++i) {
      ({ status } = await ask(full, 'rotateKeys', { headers: bearer(full.adminKey), json: { at_once: true } }));
    }
    assert.equal(status, 429);
  } finally {
    await full.dispose();
  }
  const secret = path.join(makeTempDirectory('secret'), 'hs256');
  fs.writeFileSync(secret, 'x'.repeat(32), { mode: 0o600 });
  const shared = await startServer({ settings: { 'token.algorithm': 'HS256', 'token.secret_file': secret } });
  try {
    const [{ kid }] = (await ask(shared, 'listKeys', { headers: bearer(shared.adminKey) })).json.keys;
    assert.equal((await ask(shared, 'removeKey', { headers: bearer(shared.adminKey), kid })).status, 400);
    assert.equal((await ask(shared, 'rotateKeys', { headers: bearer(shared.adminKey) })).status, 400);
  } finally {
    await shared.dispose();
    fs.rmSync(path.dirname(secret), { recursive: true });
  }
});

test('accounts that must be verified first as documented', async () => {
  const strict = await startServer({ settings: { 'login.require_verified_email': 'true' } });
  try {
    const account = { email: newEmail(), password: 'long enough' };
    assert.equal((await ask(strict, 'signUp', { json: account })).status, 202);
    assert.equal((await ask(strict, 'logIn', { json: account })).code, 'email_not_verified');
    const authenticator = new SoftAuthenticator(strict.publicUrl);
    const email = newEmail();
    const credential = authenticator.create((await ask(strict, 'beginPasskeySignUp', { json: { email } })).json);
    assert.equal((await ask(strict, 'signUpWithPasskey', { json: { email, credential } })).status, 202);
    const assertion = authenticator.get((await ask(strict, 'beginPasskeyLogIn')).json);
    assert.equal((await ask(strict, 'logInWithPasskey', { json: { credential: assertion } })).code, 'email_not_verified');
  } finally {
    await strict.dispose();
  }
});

test('an account that is deleted by its user as documented', async () => {
  const { access, password } = await server.signUp();
  const remove = (json, headers = bearer(access)) => ask(server, 'deleteMe', { json, headers });
  await ask(server, 'exportMe', { headers: bearer(access) });
  await remove({ password: 1 });
  await remove(undefined, { Cookie: `rescind=${access}`, ...kForeign });
  assert.equal((await remove({ password: 'wrong horse' })).code, 'invalid_credentials');
  assert.equal((await remove({ password })).status, 200);
  const strict = await startServer({ settings: { 'login.deletion_max_age': '1s', 'login.email_change_max_age': '1s', 'login.free_attempts': '1' } });
  try {
    const headers = bearer((await strict.signUp()).access);
    await sleep(2100);
    assert.equal((await ask(strict, 'askEmailChange', { headers, json: { email: newEmail() } })).code, 'reauthentication_required');
    assert.equal((await ask(strict, 'deleteMe', { headers })).code, 'reauthentication_required');
    await withinTheFirstWait(async () => {
      await ask(strict, 'deleteMe', { headers, json: { password: 'wrong horse' } });
      assert.equal((await ask(strict, 'deleteMe', { headers, json: { password: 'wrong horse' } })).code, 'too_many_attempts');
      assert.equal((await ask(strict, 'askEmailChange', { headers, json: { email: newEmail(), password: 'x' } })).code, 'too_many_attempts');
    });
  } finally {
    await strict.dispose();
  }
});

test('administration as documented', async () => {
  const adopt = (json) => ask(server, 'adoptSession', { headers: admin(), json });
  const one = (await adopt({ user: 'admin-documented', claims: { roles: ['x'] }, amr: ['pwd', 'otp'], device: 'd', client: 'shop' })).json;
  await adopt({});
  const revoke = (json) => ask(server, 'addRevocation', { headers: admin(), json });
  const good = [
    { kind: 'token', token: one.access_token },
    { kind: 'token', jti: 'x', expires_at: 2 ** 40, barrier: true, issuer: server.publicUrl },
    { kind: 'session', sid: one.session.id },
    { kind: 'user', sub: 'admin-documented' },
    { kind: 'before', before: 1, sub: 'x' },
    { kind: 'before', before: 1, client: 'x' },
    { kind: 'before', before: 1 },
  ];
  const valid = ajv.getSchema(pointer('components', 'schemas', 'NewRevocation'));
  for (const json of good) {
    assert.ok(valid(json), `${JSON.stringify(json)}: ${ajv.errorsText(valid.errors)}`);
    assert.equal((await revoke(json)).status, 201);
  }
  for (const json of [{ kind: 'token' }, { kind: 'token', token: 'x', jti: 'x' }, { kind: 'before' }, { kind: 'before', before: 1, sub: 'x', client: 'x' }, { kind: 'x' }, { kind: 'session', sid: 'x' }]) {
    assert.ok(!valid(json), JSON.stringify(json));
    assert.equal((await revoke(json)).status, 400, JSON.stringify(json));
  }
  await revoke({ kind: 'user', sub: 'nobody' });
  await ask(server, 'listUsers', { headers: admin(), query: 'limit=2' });
  await ask(server, 'listUsers', { headers: admin(), query: 'email=x' });
  await ask(server, 'listUserSessions', { headers: admin(), query: 'user=admin-documented' });
  await ask(server, 'listUserSessions', { headers: admin() });
  const lines = await ask(server, 'listEvents', { headers: { ...admin(), Accept: 'application/x-ndjson' } });
  assert.equal(lines.header('Content-Type'), 'application/x-ndjson');
  const { user } = await server.signUp();
  const taken = (await server.signUp()).email;
  assert.equal((await ask(server, 'changeUser', { headers: admin(), id: user, json: { email: taken } })).code, 'email_taken');
  await ask(server, 'changeUser', { headers: admin(), id: user, json: { email: newEmail(), email_verified: true } });
  const keyed = (await signUpWithPasskey(server, newEmail())).answer.json.user.id;
  for (const id of [user, 'nobody', 'admin-documented']) await ask(server, 'sendPasswordReset', { headers: admin(), id });
  for (const id of [keyed, 'nobody']) await ask(server, 'listUserPasskeys', { headers: admin(), id });
  const [{ id: pid }] = (await ask(server, 'listUserPasskeys', { headers: admin(), id: keyed })).json.passkeys;
  for (let i = 0; i < 2; ++i) await ask(server, 'removeUserPasskey', { headers: admin(), id: keyed, pid });
  for (const id of [user, 'nobody']) {
    await ask(server, 'changeUser', { headers: admin(), id, json: { name: 'x', roles: ['y'] } });
    await ask(server, 'exportUser', { headers: admin(), id });
    await ask(server, 'logOutUser', { headers: admin(), id });
    await ask(server, 'deleteUser', { headers: admin(), id });
  }
  await ask(server, 'changeUser', { headers: admin(), id: user, json: { roles: [''] } });
  const till = (await ask(server, 'createApiKey', { headers: admin(), json: { name: 'till', scopes: ['keys:write'] } })).json;
  server.secrets.add(till.key);
  await ask(server, 'createApiKey', { headers: admin(), json: { name: 'till', scopes: ['x'] } });
  await ask(server, 'listApiKeys', { headers: admin() });
  await ask(server, 'revokeApiKey', { headers: admin(), id: (await ask(server, 'createApiKey', { headers: admin(), json: { name: 'gone', scopes: ['admin'] } })).json.id });
  await ask(server, 'listRevocations', { headers: admin(), query: 'since=0&limit=1000' });
  await ask(server, 'listRevocations', { headers: admin(), query: 'limit=0' });
  const events = await ask(server, 'listEvents', { headers: admin(), query: 'limit=1000' });
  const types = new Set(events.json.events.map((e) => e.type));
  for (const type of document.components.schemas.EventType.enum) assert.ok(types.has(type), `no event ${type} was seen`);
  await ask(server, 'listEvents', { headers: admin(), query: 'type=x' });
  const two = await server.adopt('admin-documented');
  await ask(server, 'endSession', { headers: admin(), sid: two.sid });
  await ask(server, 'endSession', { headers: admin(), sid: two.sid });
  const byKey = operations.filter((o) => o.security.some((s) => s.apiKey));
  for (const { operationId } of byKey.filter((o) => !o.operationId.startsWith('oauth'))) {
    await ask(server, operationId);
    await ask(server, operationId, { headers: bearer('x') });
  }
  const revoker = (await ask(server, 'createApiKey', { headers: admin(), json: { name: 'no other', scopes: ['tokens:revoke'] } })).json;
  for (const { operationId } of byKey) {
    const holds = operationId === 'oauthRevoke' ? till.key : revoker.key;
    assert.equal((await ask(server, operationId, { headers: bearer(holds) })).status, 403, operationId);
  }
  await ask(server, 'revokeApiKey', { headers: admin(), id: till.id });
  await ask(server, 'revokeApiKey', { headers: admin(), id: till.id });
});

test('what everybody may read as documented, with every algorithm', async () => {
  for (const id of ['showKeys', 'showMetadata', 'showHealth', 'showReadiness', 'showMetrics']) await ask(server, id);
  for (const algorithm of ['EdDSA', 'RS256', 'PS256']) {
    const other = await startServer({ settings: { 'token.algorithm': algorithm } });
    try {
      await ask(other, 'showKeys');
      await ask(other, 'verify', { headers: bearer((await other.adopt('x')).access) });
    } finally {
      await other.dispose();
    }
  }
});

test('expired tokens and sessions as documented', async () => {
  const short = await startServer({ settings: { 'token.access_ttl': '1s', 'token.leeway': '0s', 'session.refresh_grace': '0s', 'session.idle_ttl': '1s' } });
  try {
    const { access, refresh } = await short.adopt('short');
    await sleep(1100);
    for (const { operationId, requestBody, responses } of operations) {
      const codes = responses[401]?.content['application/json'].schema.properties.code?.enum ?? [];
      if (codes.includes('token_expired')) await ask(short, operationId, { headers: bearer(access), json: requestBody ? { name: 'x' } : undefined });
    }
    await ask(short, 'refresh', { json: { refresh_token: refresh } });
  } finally {
    await short.dispose();
  }
});

// Every change, asked of a store that does not answer. `crowd` is told of the store before: it fills its queue, or does not.
async function askForChangesOfALockedStore(settings, crowd) {
  const locked = await startServer({ clients: ['shop'], settings: { 'feed.lease': '6s', ...settings } });
  try {
    const { access, refresh, sid } = await locked.adopt('locked');
    const account = await locked.signUp();
    const key = bearer(locked.adminKey);
    await locked.post('/auth/password/forgot', { email: account.email });
    const link = (kind) => locked.stderr.match(new RegExp(`#token=(${kind}1\\.[\\w-]+)`))?.[1];
    await locked.post('/auth/email', { email: newEmail() }, bearer(account.access));
    await waitUntil(() => link('pr') && link('ev') && link('ec'), { what: 'the mails' });
    const [reset, verify, change] = [link('pr'), link('ev'), link('ec')];
    const authenticator = new SoftAuthenticator(locked.publicUrl);
    const registration = authenticator.create((await locked.post('/auth/passkeys/register/options', undefined, bearer(access))).json);
    const requested = (await locked.post('/auth/passkeys/login/options')).json;
    const { answers, crowding } = await whileLocked(locked, async () => {
      const user = bearer(access);
      const crowding = await crowd(locked, key);
      const answers = await Promise.all([
        ask(locked, 'signUp', { json: { email: newEmail(), password: 'long enough' } }),
        ask(locked, 'logIn', { json: { email: account.email, password: account.password } }),
        ask(locked, 'refresh', { json: { refresh_token: refresh } }),
        ask(locked, 'logOut', { headers: user }),
        ask(locked, 'logOutEverywhere', { headers: user }),
        ask(locked, 'changePassword', { headers: bearer(account.access), json: { current: account.password, new: 'long enough' } }),
        ask(locked, 'forgotPassword', { json: { email: account.email } }),
        ask(locked, 'sendVerification', { headers: bearer(account.access) }),
        ask(locked, 'resetPassword', { json: { token: reset, password: 'long enough' } }),
        ask(locked, 'verifyEmail', { json: { token: verify } }),
        ask(locked, 'askEmailChange', { headers: bearer(account.access), json: { email: newEmail() } }),
        ask(locked, 'confirmEmailChange', { json: { token: change } }),
        ask(locked, 'sendPasswordReset', { headers: key, id: account.user }),
        ask(locked, 'removeUserPasskey', { headers: key, id: account.user }),
        ask(locked, 'signOutSession', { headers: user, sid }),
        ask(locked, 'changeMe', { headers: user, json: { name: 'x' } }),
        ask(locked, 'deleteMe', { headers: user }),
        ask(locked, 'beginPasskey', { headers: user }),
        ask(locked, 'addPasskey', { headers: user, json: { credential: registration } }),
        ask(locked, 'renamePasskey', { headers: user, id: 'AAAA', json: { name: 'x' } }),
        ask(locked, 'removePasskey', { headers: user, id: 'AAAA' }),
        ask(locked, 'logInWithPasskey', { json: { credential: authenticator.get(requested) } }),
        ask(locked, 'signUpWithPasskey', { json: { email: 'x@example.com', credential: registration } }),
        ask(locked, 'adoptSession', { headers: key, json: { user: 'x' } }),
        ask(locked, 'importUser', { headers: key, json: { email: newEmail() } }),
        ask(locked, 'endSession', { headers: key, sid }),
        ask(locked, 'blockUser', { headers: key, id: 'x' }),
        ask(locked, 'unblockUser', { headers: key, id: 'x' }),
        ask(locked, 'changeUser', { headers: key, id: 'locked', json: { name: 'y' } }),
        ask(locked, 'deleteUser', { headers: key, id: 'x' }),
        ask(locked, 'logOutUser', { headers: key, id: 'x' }),
        ask(locked, 'renameSession', { headers: user, sid, json: { name: 'x' } }),
        ask(locked, 'createApiKey', { headers: key, json: { name: 'x', scopes: ['admin'] } }),
        ask(locked, 'revokeApiKey', { headers: key, id: 'AAAAAAAAAAAAAAAAAAAAAA' }),
        ask(locked, 'addRevocation', { headers: key, json: { kind: 'session', sid } }),
        ask(locked, 'oauthRevoke', { headers: key, form: { token: access } }),
      ]);
      await waitUntil(async () => (await locked.verify(access)).status === 503, { what: 'the lease to end' });
      for (const { operationId, requestBody, responses } of operations) {
        const codes = responses[503]?.content['application/json'].schema.properties.code?.enum ?? [];
        if (codes.includes('verifier_stale')) await ask(locked, operationId, { headers: user, sid, json: requestBody ? { name: 'x' } : undefined });
      }
      await ask(locked, 'oauthIntrospect', { headers: key, form: { token: access } });
      return { answers, crowding };
    });
    await Promise.all(crowding);
    return answers;
  } finally {
    await locked.dispose();
  }
}

test('a store that does not answer as documented', async () => {
  await askForChangesOfALockedStore({}, async () => []);
});

test('a store for which too many changes wait as documented', async () => {
  const kRoom = 4; // and one more is being done
  const answers = await askForChangesOfALockedStore({ 'store.max_queued': String(kRoom) }, async (locked, key) => {
    const crowding = [];
    for (let i = 0; i < 2 * kRoom; ++i) {
      crowding.push(locked.request('POST', '/admin/sessions', { headers: key, json: { user: `crowd-${i}` } }));
      await sleep(20); // the first is taken up before the others queue
    }
    return crowding;
  });
  for (const answer of answers) assert.ok(['overloaded', 'temporarily_unavailable'].includes(answer.code ?? answer.json.error), answer.text);
});

// Every question, each as a function that asks it of a store which cannot answer it.
function questions(server, access) {
  const key = bearer(server.adminKey);
  const user = bearer(access);
  return [
    ...['showMe', 'listSessions', 'listPasskeys', 'exportMe'].map((id) => () => ask(server, id, { headers: user })),
    ...['listRevocations', 'listEvents', 'listApiKeys', 'listUsers', 'showUser', 'exportUser', 'listUserPasskeys'].map((id) => () => ask(server, id, { headers: key })),
    () => ask(server, 'listUserSessions', { headers: key, query: 'user=x' }),
  ];
}

// What is left of a damaged disk: the readers find that the pages which they know of are not there.
test('a store that cannot be read as documented', async () => {
  const damaged = await startServer();
  try {
    const { access } = await damaged.adopt('damaged'); // a change without a mail that reads: what the readers have kept is of before it
    for (const file of ['rescind.db', 'rescind.db-wal']) fs.truncateSync(path.join(damaged.data, file));
    const answers = await Promise.all(questions(damaged, access).map((question) => question()));
    for (const answer of answers) assert.deepEqual([answer.status, answer.code], [503, 'store_unavailable'], answer.text);
  } finally {
    await damaged.dispose();
  }
});

test('a store for which too many questions wait as documented', async () => {
  const crowded = await startServer({ settings: { 'store.max_queued': '1' } });
  try {
    const { access } = await crowded.signUp();
    for (const question of questions(crowded, access)) {
      const isOverloaded = async () => (await Promise.all(Array.from({ length: 48 }, question))).some((answer) => answer.code === 'overloaded');
      await waitUntil(isOverloaded, { what: `a question too many: ${question}` });
    }
  } finally {
    await crowded.dispose();
  }
});

test('whoever may hear that the store does not answer may hear that too many wait for it', () => {
  const told = (code) => documented().filter((what) => what.endsWith(` 503 ${code}`)).map((what) => what.split(' ')[0]);
  assert.deepEqual(told('overloaded'), told('store_unavailable'));
});

test('tokens of a trusted issuer as documented, where its keys are here and where they are away', async () => {
  const signer = await Signer.make();
  const claims = { iss: 'https://sso.example', sub: 'u', aud: 'a', iat: 1, exp: 2 };
  const here = { name: 'here', issuer: claims.iss, audience: 'a', jwks: { keys: [signer.jwk] } };
  const away = { name: 'away', issuer: 'https://away.example', audience: 'a', jwks_url: 'http://127.0.0.1:9/jwks' };
  const trusting = await startServer({ issuers: [here, away] });
  try {
    const key = bearer(trusting.adminKey);
    const now = Math.floor(Date.now() / 1000);
    const good = await signer.sign({ ...claims, iat: now, exp: now + 60 });
    const unknown = await (await Signer.make()).sign({ ...claims, iat: now, exp: now + 60 });
    const revoke = (json) => ask(trusting, 'addRevocation', { headers: key, json });
    assert.equal((await ask(trusting, 'verify', { headers: bearer(good) })).status, 200);
    assert.equal((await ask(trusting, 'oauthIntrospect', { headers: key, form: { token: good } })).json.active, true);
    const valid = ajv.getSchema(pointer('components', 'schemas', 'NewRevocation'));
    for (const json of [
      { kind: 'session', sid: 'any text', issuer: claims.iss },
      { kind: 'user', sub: 'any text', issuer: claims.iss },
      { kind: 'token', jti: 'any text', issuer: claims.iss },
      { kind: 'before', before: 1, issuer: claims.iss },
      { kind: 'token', token: good },
    ]) {
      assert.ok(valid(json), ajv.errorsText(valid.errors));
      assert.equal((await revoke(json)).status, 201, JSON.stringify(json));
    }
    assert.equal((await ask(trusting, 'verify', { headers: bearer(good) })).code, 'token_revoked');
    assert.equal((await ask(trusting, 'verify', { headers: bearer(unknown) })).code, 'verifier_stale');
    for (const id of ['oauthRevoke', 'oauthIntrospect']) {
      assert.equal((await ask(trusting, id, { headers: key, form: { token: unknown } })).status, 503);
    }
    assert.equal((await revoke({ kind: 'token', token: unknown })).code, 'verifier_stale');
  } finally {
    await trusting.dispose();
  }
});

test('blocks, limits and back-off as documented', async () => {
  const strict = await startServer({ settings: { 'session.max_per_user': '1', 'session.limit_policy': 'reject', 'login.free_attempts': '2', 'login.sign_up_free_attempts': '1', 'mail.free_per_account': '1', 'mail.free_per_address': '1' } });
  try {
    const key = bearer(strict.adminKey);
    const { email, password, user: id } = await withinTheFirstWait(async () => {
      const made = await strict.signUp();
      assert.equal((await ask(strict, 'signUp', { json: { email: newEmail(), password: made.password } })).code, 'too_many_attempts');
      return made;
    });
    const logIn = (json) => ask(strict, 'logIn', { json });
    assert.equal((await logIn({ email, password })).code, 'session_limit');
    assert.equal((await ask(strict, 'adoptSession', { headers: key, json: { user: id } })).code, 'session_limit');
    const administer = (operation, more) => ask(strict, operation, { headers: key, id, ...more });
    assert.equal((await administer('showUser')).json.user.block, null);
    await administer('blockUser', { json: { until: 1 } });
    await administer('blockUser', { id: 'nobody' });
    await administer('unblockUser', { id: 'nobody' });
    await administer('showUser', { id: 'nobody' });
    for (const operation of ['showUser', 'blockUser', 'unblockUser']) {
      await administer(operation, { headers: {} });
      await administer(operation, { headers: bearer('x') });
    }
    await administer('blockUser', { headers: { ...key, 'Content-Type': 'text/plain' }, body: '{}' });
    await administer('blockUser', { headers: { ...key, 'Content-Type': 'application/json' }, body: ' '.repeat(65 * 1024) });
    const until = Math.floor(Date.now() / 1000) + 3600;
    assert.equal((await administer('blockUser', { json: { until, reason: 'chargeback' } })).json.user.block.reason, 'chargeback');
    assert.equal((await logIn({ email, password })).code, 'user_blocked');
    assert.equal((await ask(strict, 'adoptSession', { headers: key, json: { user: id } })).code, 'user_blocked');
    assert.equal((await administer('sendPasswordReset')).code, 'user_blocked');
    assert.equal((await administer('unblockUser')).json.user.block, null);
    const headers = bearer((await strict.adopt(id)).access);
    await withinTheFirstWait(async () => {
      await logIn({ email, password: 'wrong horse' });
      await logIn({ email, password: 'wrong horse' });
      assert.equal((await logIn({ email, password })).code, 'too_many_attempts');
      assert.equal((await ask(strict, 'changePassword', { headers, json: { current: password, new: password } })).code, 'too_many_attempts');
    });
    assert.equal((await ask(strict, 'sendVerification', { headers })).code, 'too_many_attempts');
    await ask(strict, 'forgotPassword', { json: { email } });
    assert.equal((await ask(strict, 'forgotPassword', { json: { email } })).code, 'too_many_attempts');
  } finally {
    await strict.dispose();
  }
});

test('a server that sends no mail as documented', async () => {
  const mute = await startServer({ settings: { 'server.public_url': 'https://id.example' } });
  try {
    const { email, access, user } = await mute.signUp();
    assert.equal((await ask(mute, 'forgotPassword', { json: { email } })).code, 'mail_unavailable');
    assert.equal((await ask(mute, 'sendVerification', { headers: bearer(access) })).code, 'mail_unavailable');
    assert.equal((await ask(mute, 'askEmailChange', { headers: bearer(access), json: { email: newEmail() } })).code, 'mail_unavailable');
    assert.equal((await ask(mute, 'sendPasswordReset', { headers: bearer(mute.adminKey), id: user })).code, 'mail_unavailable');
  } finally {
    await mute.dispose();
  }
});

test('more log-ins than the queue takes as documented', async () => {
  const small = await startServer({ settings: { 'password.max_queued': '1', 'password.memory': '32MiB', 'password.iterations': '4' } });
  try {
    const [account, other] = [await small.signUp(), await small.signUp()];
    await small.post('/auth/password/forgot', { email: account.email });
    await waitUntil(() => /#token=pr1/.test(small.stderr), { what: 'the mail' });
    const reset = small.stderr.match(/#token=(pr1\.[\w-]+)/)[1];
    const many = (each) => Promise.all(Array.from({ length: 8 }, each));
    const answers = [
      ...(await many(() => ask(small, 'signUp', { json: { email: newEmail(), password: 'long enough' } }))),
      ...(await many(() => ask(small, 'logIn', { json: { email: newEmail(), password: 'long enough' } }))),
      ...(await many(() => ask(small, 'changePassword', { headers: bearer(account.access), json: { current: account.password, new: 'long enough' } }))),
      ...(await many(() => ask(small, 'deleteMe', { headers: bearer(other.access), json: { password: 'wrong horse' } }))),
      ...(await many(() => ask(small, 'askEmailChange', { headers: bearer(other.access), json: { email: newEmail(), password: 'wrong horse' } }))),
      ...(await many(() => ask(small, 'resetPassword', { json: { token: reset, password: 'long enough' } }))),
    ];
    assert.ok(answers.some((a) => a.code === 'overloaded'));
    assert.ok(answers.some((a) => a.status === 201), 'and some get through');
  } finally {
    await small.dispose();
  }
});

test('every documented status and code was seen', () => {
  const missing = documented().filter((what) => !seen.has(what));
  assert.deepEqual(missing, []);
  const extra = [...seen].filter((what) => !documented().includes(what));
  assert.deepEqual(extra, []);
});
