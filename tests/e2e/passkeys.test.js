// Passkeys from a page in a real Chromium, with authenticators that do what real ones do.
import assert from 'node:assert/strict';
import { after, afterEach, before, beforeEach, test } from 'node:test';
import { servePages, startChromium, VirtualAuthenticator } from './harness/chromium.js';
import { findFreePort } from './harness/place.js';
import { bearer, claimsOf, newEmail, newPassword, startServer } from './harness/server.js';

let server;
let chromium;
let app; // the application's origin, which the server allows
let stranger; // another origin on the same host, which it does not
let page;
let authenticator;

before(async () => {
  const port = await findFreePort();
  const settings = { 'server.allowed_origins': `http://localhost:${port}`, 'login.address_free_attempts': '10000', 'login.sign_up_free_attempts': '10000' };
  server = await startServer({ settings });
  app = await servePages({ '/': '<!doctype html><title>app</title>' }, { port });
  stranger = await servePages({ '/': '<!doctype html><title>stranger</title>' });
  chromium = await startChromium();
});
after(async () => {
  await chromium?.close();
  await app?.close();
  await stranger?.close();
  await server?.dispose();
});
beforeEach(async () => {
  page = await openPage(app.origin);
  authenticator = await VirtualAuthenticator.add(page);
});
afterEach(() => page.context().close());

async function openPage(origin) {
  const opened = await (await chromium.newContext()).newPage();
  await opened.goto(`${origin}/`);
  return opened;
}

// As the page's script does it: with the browser's own cookies and Origin.
async function ask(method, path, json, from = page) {
  const answer = await from.evaluate(
    async ([method, url, body]) => {
      const headers = body === undefined ? {} : { 'Content-Type': 'application/json' };
      const response = await fetch(url, { method, credentials: 'include', headers, body });
      return { status: response.status, json: await response.json() };
    },
    [method, `${server.publicUrl}${path}`, json === undefined ? undefined : JSON.stringify(json)],
  );
  return { ...answer, code: answer.json.code };
}
const post = (path, json) => ask('POST', path, json);
const options = async (what, json) => {
  const answer = await post(`/auth/passkeys/${what}/options`, json);
  assert.equal(answer.status, 200, JSON.stringify(answer.json));
  return answer.json;
};
const create = (asked, on = page) =>
  on.evaluate(async (o) => (await navigator.credentials.create({ publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(o) })).toJSON(), asked);
const get = (asked, on = page) =>
  on.evaluate(async (o) => (await navigator.credentials.get({ publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(o) })).toJSON(), asked);

async function signUp() {
  const account = { email: newEmail(), password: newPassword() };
  server.secrets.add(account.password);
  const answer = await post('/auth/signup', account);
  assert.equal(answer.status, 201);
  return { ...account, id: answer.json.user.id, access: answer.json.access_token };
}
async function register(name) {
  const credential = await create(await options('register'));
  return post('/auth/passkeys/register', { credential, name });
}
const logInWith = (credential, more) => post('/auth/passkeys/login', { credential, ...more });
const logIn = async (more) => logInWith(await get(await options('login')), more);
const fails = (answer, status, code) => assert.deepEqual([answer.status, answer.code], [status, code], JSON.stringify(answer.json));

const clientDataOf = (credential) => JSON.parse(Buffer.from(credential.response.clientDataJSON, 'base64url'));
const withClientData = (credential, changes) => {
  const clientDataJSON = Buffer.from(JSON.stringify({ ...clientDataOf(credential), ...changes })).toString('base64url');
  return { ...credential, response: { ...credential.response, clientDataJSON } };
};

test('a page registers a passkey and signs in with it, and nobody has to be named', async () => {
  const account = await signUp();
  const added = await register('laptop');
  assert.equal(added.status, 201, JSON.stringify(added.json));
  assert.equal(added.json.passkey.name, 'laptop');
  assert.equal((await post('/auth/logout')).status, 200);
  fails(await ask('GET', '/auth/me'), 401, 'missing_token');

  const signedIn = await logIn({ device: 'laptop' });
  assert.equal(signedIn.status, 200, JSON.stringify(signedIn.json));
  assert.equal(signedIn.json.user.id, account.id);
  assert.deepEqual(claimsOf(signedIn.json.access_token).amr, ['hwk', 'user', 'mfa']);
  assert.equal((await ask('GET', '/auth/me')).json.user.email, account.email, 'the cookies are there');
  const { passkeys } = (await ask('GET', '/auth/passkeys')).json;
  assert.deepEqual(passkeys.map(({ id, name }) => ({ id, name })), [{ id: added.json.passkey.id, name: 'laptop' }]);
  assert.ok(passkeys[0].last_used_at);
  const types = (await server.events(`?user=${account.id}`)).map((event) => event.type);
  assert.deepEqual(types, ['user_signed_up', 'passkey_added', 'session_revoked', 'login_succeeded']);
});

test('an account without a password is made with a passkey, and a password cannot sign in to it', async () => {
  const email = newEmail();
  const credential = await create(await options('signup', { email, name: 'Ada' }));
  fails(await post('/auth/passkeys/signup', { email: newEmail(), credential }), 400, 'invalid_challenge');
  const made = await post('/auth/passkeys/signup', { email: email.toUpperCase(), name: 'Ada', credential });
  assert.equal(made.status, 201, JSON.stringify(made.json));
  assert.equal(made.json.user.name, 'Ada');
  fails(await post('/auth/passkeys/signup', { email, credential }), 409, 'email_taken');
  fails(await post('/auth/login', { email, password: 'correct horse' }), 401, 'invalid_credentials');
  await post('/auth/logout');
  assert.equal((await logIn()).json.user.id, made.json.user.id);

  const [only] = (await ask('GET', '/auth/passkeys')).json.passkeys;
  fails(await ask('DELETE', `/auth/passkeys/${only.id}`), 409, 'last_credential');
  assert.equal((await ask('GET', '/auth/passkeys')).json.passkeys.length, 1);
});

test('options for an address that has an account are like those for one that has none', async () => {
  const { email } = await signUp();
  const [taken, free] = [await options('signup', { email }), await options('signup', { email: newEmail() })];
  const shape = (o) => ({ ...o, challenge: 'x', user: { ...o.user, id: o.user.id.length, name: 'x', displayName: 'x' } });
  assert.deepEqual(shape(taken), shape(free));
});

test('an answer is good once, however many send it at once', async () => {
  await signUp();
  await register();
  const credential = await get(await options('login'));
  const answers = await Promise.all(Array.from({ length: 8 }, () => server.post('/auth/passkeys/login', { credential, delivery: 'body' })));
  assert.equal(answers.filter((answer) => answer.status === 200).length, 1);
  for (const answer of answers.filter((one) => one.status !== 200)) assert.ok(['invalid_challenge', 'invalid_credentials'].includes(answer.code));
  const again = await server.post('/auth/passkeys/login', { credential, delivery: 'body' });
  assert.notEqual(again.status, 200);

  const registration = await create({ ...(await options('register')), excludeCredentials: [] });
  assert.equal((await post('/auth/passkeys/register', { credential: registration })).status, 201);
  fails(await post('/auth/passkeys/register', { credential: registration }), 400, 'invalid_challenge');
});

test('a challenge is good for its own ceremony and its own user', async () => {
  await signUp();
  const forRegistration = await options('register');
  await register();
  const forLogIn = await options('login');
  fails(await logInWith(await get({ ...forLogIn, challenge: forRegistration.challenge })), 400, 'invalid_challenge');
  const mixed = { ...(await options('register')), excludeCredentials: [] };
  const credential = await create({ ...mixed, challenge: forLogIn.challenge });
  fails(await post('/auth/passkeys/register', { credential }), 400, 'invalid_challenge');

  const hers = await create(mixed);
  await post('/auth/logout');
  await signUp(); // he signs in, in the same browser
  fails(await post('/auth/passkeys/register', { credential: hers }), 400, 'invalid_challenge');
  fails(await logInWith(await get({ ...forLogIn, challenge: 'A'.repeat(43) })), 400, 'invalid_challenge');
});

test('what a page of another origin gets out of the authenticator is refused', async () => {
  await signUp();
  await register();
  const creation = { ...(await options('register')), excludeCredentials: [] };
  const request = await options('login');
  const keys = await authenticator.credentials();
  const session = (await page.context().cookies()).map(({ name, value }) => `${name}=${value}`).join('; ');

  const elsewhere = await openPage(stranger.origin);
  const copy = await VirtualAuthenticator.add(elsewhere);
  for (const credential of keys) await copy.put(credential);
  await assert.rejects(ask('POST', '/auth/passkeys/login/options', undefined, elsewhere), /Failed to fetch/);
  const signed = await get(request, elsewhere);
  assert.equal(clientDataOf(signed).origin, stranger.origin);
  // Sent past the browser: nothing but the signed origin gives it away.
  fails(await server.post('/auth/passkeys/login', { credential: signed }), 401, 'invalid_credentials');
  fails(await server.post('/auth/passkeys/login', { credential: withClientData(signed, { origin: app.origin }) }), 401, 'invalid_credentials');
  const made = await create(creation, elsewhere);
  const refused = await server.post('/auth/passkeys/register', { credential: made }, { Cookie: session });
  fails(refused, 400, 'invalid_request');
  assert.match(refused.json.message, /origin_not_allowed/);
  await elsewhere.context().close();
  const details = (await server.events('?type=login_failed&limit=1000')).map((event) => event.detail);
  assert.ok(details.includes('passkey: origin_not_allowed') && details.includes('passkey: invalid_signature'));
});

test('an authenticator that was copied is found out by its counter', async () => {
  const { id } = await signUp();
  await register();
  const [copied] = await authenticator.credentials();
  assert.equal((await logIn()).status, 200);
  assert.equal((await logIn()).status, 200);
  await authenticator.put({ ...copied, signCount: 1 });
  fails(await logIn(), 401, 'invalid_credentials');
  assert.equal((await server.events(`?type=passkey_cloned&user=${id}`)).length, 1);
  await authenticator.put({ ...copied, signCount: 1000 });
  assert.equal((await logIn()).status, 200, 'the owner goes on');
});

test('several passkeys: each signs in, has a name, and is gone alone', async () => {
  await signUp();
  const first = (await register('phone')).json.passkey;
  const other = await VirtualAuthenticator.add(page, { transport: 'usb' });
  await authenticator.send('setAutomaticPresenceSimulation', { enabled: false });
  const second = (await register('key')).json.passkey;
  assert.equal((await other.credentials()).length, 1);
  assert.deepEqual((await ask('GET', '/auth/passkeys')).json.passkeys.map((p) => p.name), ['phone', 'key']);
  assert.equal((await ask('PATCH', `/auth/passkeys/${second.id}`, { name: 'blue key' })).status, 200);
  assert.deepEqual((await ask('GET', '/auth/passkeys')).json.passkeys.map((p) => p.name), ['phone', 'blue key']);
  assert.equal((await logIn()).status, 200);

  assert.equal((await ask('DELETE', `/auth/passkeys/${second.id}`)).status, 200);
  fails(await ask('DELETE', `/auth/passkeys/${second.id}`), 404, 'not_found');
  fails(await logIn(), 401, 'invalid_credentials');
  await other.send('setAutomaticPresenceSimulation', { enabled: false });
  await other.clear();
  await authenticator.send('setAutomaticPresenceSimulation', { enabled: true });
  assert.equal((await logIn()).status, 200);
  assert.deepEqual((await ask('GET', '/auth/passkeys')).json.passkeys.map((p) => p.id), [first.id]);
});

test('a credential belongs to one user: not to who sends its id, and not to who says its handle', async () => {
  const ada = await signUp();
  const hers = await create(await options('register'));
  assert.equal((await post('/auth/passkeys/register', { credential: hers })).status, 201);
  const [key] = await authenticator.credentials();
  await post('/auth/logout');
  await signUp();
  const asked = { ...(await options('register')), excludeCredentials: [] };
  // Her attestation is not signed: with his challenge it is a registration as good as any.
  fails(await post('/auth/passkeys/register', { credential: withClientData(hers, { challenge: asked.challenge }) }), 409, 'passkey_taken');
  fails(await ask('DELETE', `/auth/passkeys/${hers.id}`), 404, 'not_found');
  fails(await ask('PATCH', `/auth/passkeys/${hers.id}`, { name: 'mine' }), 404, 'not_found');

  await authenticator.put({ ...key, userHandle: Buffer.from(Buffer.from(asked.user.id, 'base64url')).toString('base64') });
  fails(await logIn(), 401, 'invalid_credentials');
  assert.ok((await server.events(`?user=${ada.id}&type=login_failed`)).some((event) => event.detail === 'passkey: user_mismatch'));
});

test('a user who was there but not verified is refused', async () => {
  await signUp();
  await register();
  await authenticator.verifyUser(false);
  fails(await logInWith(await get({ ...(await options('login')), userVerification: 'discouraged' })), 401, 'invalid_credentials');
  await VirtualAuthenticator.add(page, { transport: 'usb', hasUserVerification: false, hasResidentKey: false });
  await authenticator.send('setAutomaticPresenceSimulation', { enabled: false });
  const asked = await options('register');
  const lax = { userVerification: 'discouraged', residentKey: 'discouraged' };
  const credential = await create({ ...asked, excludeCredentials: [], authenticatorSelection: lax });
  const refused = await post('/auth/passkeys/register', { credential });
  fails(refused, 400, 'invalid_request');
  assert.match(refused.json.message, /user_not_verified/);
});

test('a block between any two steps makes the next one fail', async () => {
  const ada = await signUp();
  await register();
  const [key] = await authenticator.credentials();
  const assertion = await get(await options('login'));
  const creation = await create({ ...(await options('register')), excludeCredentials: [] });
  const blocked = await server.admin('POST', `/admin/users/${ada.id}/block`, { reason: 'chargeback' });
  assert.equal(blocked.status, 200);
  const headers = bearer(ada.access);
  fails(await server.post('/auth/passkeys/register', { credential: creation }, headers), 401, 'token_revoked');
  fails(await server.post('/auth/passkeys/register/options', undefined, headers), 401, 'token_revoked');
  fails(await server.get('/auth/passkeys', headers), 401, 'token_revoked');
  fails(await logInWith(assertion), 403, 'user_blocked');
  await server.admin('POST', `/admin/users/${ada.id}/unblock`);
  await authenticator.clear(); // the second one had taken the place of the first
  await authenticator.put({ ...key, signCount: key.signCount + 10 });
  assert.equal((await logIn()).status, 200);
  fails(await post('/auth/passkeys/register', { credential: creation }), 400, 'invalid_challenge'); // of before the block
});
