// What a browser does with an account, through a real nginx with the configuration that is shipped: the server's public URL is
// nginx's, and nginx is the one proxy that it believes.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { startNginx } from './harness/nginx.js';
import { send } from './harness/http.js';
import { SoftAuthenticator, signUpWithPasskey } from './harness/passkey.js';
import { findFreePort, withinTheFirstWait } from './harness/place.js';
import { bearer, cookieHeader, newEmail, newPassword, startServer } from './harness/server.js';
import { linkOf, startSmtpServer, tokenOf } from './harness/smtp_server.js';

const kAddressTries = 4;
let smtp;
let server;
let nginx;
let origin; // what the browser sees
before(async () => {
  smtp = await startSmtpServer();
  const port = await findFreePort();
  origin = `http://localhost:${port}`;
  server = await startServer({
    settings: {
      'server.public_url': origin, 'server.trusted_proxies': '127.0.0.1/32', 'login.address_free_attempts': kAddressTries,
      'mail.smtp_url': smtp.url, 'mail.from': 'id@example.com',
    },
  });
  nginx = await startNginx(server, { port });
});
after(async () => {
  await nginx?.dispose();
  await server?.dispose();
  await smtp?.stop();
});

// A page's request: with its origin, and from an address of its own.
const browse = (path, json, { from = '127.0.0.1', headers = {}, method = 'POST' } = {}) =>
  nginx.request(method, path, { json, localAddress: from, headers: { Origin: origin, ...headers } });

async function signUp(more) {
  const account = { email: newEmail(), password: newPassword() };
  const answer = await browse('/auth/signup', account, more);
  assert.equal(answer.status, 201, answer.text);
  return { ...account, answer, cookie: cookieHeader(answer), access: answer.json.access_token };
}
const page = (cookie) => nginx.get('/page', { Cookie: cookie }).then((answer) => answer.status);
const addressOf = async (access) => (await server.get('/auth/sessions', bearer(access))).json.sessions.find((s) => s.current).ip;

test('cookies: signed up, refreshed and signed out through nginx, and only from a page of the public URL', async () => {
  const { cookie } = await signUp();
  assert.equal(await page(cookie), 200);
  for (const foreign of ['https://evil.example', server.url, `http://127.0.0.1:${nginx.port}`]) {
    const refused = await browse('/auth/refresh', undefined, { headers: { Cookie: cookie, Origin: foreign } });
    assert.deepEqual([refused.status, refused.code], [403, 'csrf_rejected'], foreign);
  }
  const refreshed = await browse('/auth/refresh', undefined, { headers: { Cookie: cookie } });
  assert.equal(refreshed.status, 200, refreshed.text);
  const fresh = cookieHeader(refreshed);
  assert.equal(await page(fresh), 200);
  assert.equal((await browse('/auth/logout', undefined, { headers: { Cookie: fresh } })).status, 200);
  for (const gone of [cookie, fresh]) assert.equal(await page(gone), 401);
});

test('a session shows the address that nginx saw, whatever the client says of itself', async () => {
  const lie = { 'X-Forwarded-For': '203.0.113.9', Forwarded: 'for=203.0.113.9', 'X-Real-IP': '203.0.113.9' };
  assert.equal(await addressOf((await signUp({ from: '127.0.0.2' })).access), '127.0.0.2');
  assert.equal(await addressOf((await signUp({ from: '127.0.0.2', headers: lie })).access), '127.0.0.2');
  // Past nginx, from where no proxy is believed.
  const json = { email: newEmail(), password: newPassword(), delivery: 'body' };
  const direct = await send(server.url, 'POST', '/auth/signup', { json, headers: lie, localAddress: '127.0.0.3' });
  assert.equal(await addressOf(direct.json.access_token), '127.0.0.3');
});

test('guesses are counted for the address that nginx saw, and another one is not kept waiting', async () => {
  const guess = (from, said) => browse('/auth/login', { email: newEmail(), password: 'wrong horse' }, { from, headers: { 'X-Forwarded-For': said } });
  let made = 0;
  await withinTheFirstWait(async () => {
    const [from, other] = [`127.0.4.${(made += 1)}`, `127.0.4.${(made += 1)}`];
    for (let i = 0; i < kAddressTries; ++i) assert.equal((await guess(from, `198.51.100.${i}`)).code, 'invalid_credentials');
    assert.equal((await guess(from, '198.51.100.200')).code, 'too_many_attempts');
    assert.equal((await guess(other, from)).code, 'invalid_credentials');
  });
});

test('a reset link leads through nginx to the page, and its token signs everybody out', async () => {
  const { email, cookie } = await signUp();
  const lies = { Host: 'evil.example', 'X-Forwarded-Host': 'evil.example' };
  assert.equal((await browse('/auth/password/forgot', { email }, { headers: lies })).status, 202);
  const mail = await smtp.wait(email, { subject: /password/i });
  const link = new URL(linkOf(mail));
  assert.equal(link.origin, origin);
  const shown = await nginx.get(link.pathname);
  assert.equal(shown.status, 200);
  assert.match(shown.header('content-security-policy'), /default-src 'none'/);
  const password = newPassword();
  assert.equal((await browse('/auth/password/reset', { token: tokenOf(mail), password })).status, 200);
  assert.equal(await page(cookie), 401);
  assert.equal((await browse('/auth/password/reset', { token: tokenOf(mail), password })).code, 'invalid_link');
  const again = await browse('/auth/login', { email, password });
  assert.equal(await page(cookieHeader(again)), 200);
});

test('the link that confirms an address leads through nginx', async () => {
  const { email, access } = await signUp();
  const mail = await smtp.wait(email, { subject: /confirm/i });
  assert.equal(new URL(linkOf(mail)).origin, origin);
  assert.equal((await nginx.get(new URL(linkOf(mail)).pathname)).status, 200);
  assert.equal((await browse('/auth/email/verify', { token: tokenOf(mail) })).status, 200);
  assert.equal((await server.get('/auth/me', bearer(access))).json.user.email_verified, true);
});

test('a passkey is for the origin that the browser sees, and not for the server behind nginx', async () => {
  const there = { publicUrl: origin, post: browse };
  const { authenticator, answer } = await signUpWithPasskey(there, newEmail());
  assert.equal(answer.status, 201, answer.text);
  const logIn = async () => {
    const asked = await browse('/auth/passkeys/login/options');
    return browse('/auth/passkeys/login', { credential: authenticator.get(asked.json) });
  };
  const signedIn = await logIn();
  assert.equal(signedIn.status, 200, signedIn.text);
  assert.equal(await page(cookieHeader(signedIn)), 200);
  for (const other of [`http://localhost:${server.port}`, `http://127.0.0.1:${nginx.port}`, 'https://evil.example']) {
    authenticator.origin = other;
    assert.equal((await logIn()).code, 'invalid_credentials', other);
  }
  const stranger = new SoftAuthenticator(`http://localhost:${server.port}`);
  const email = newEmail();
  const asked = await browse('/auth/passkeys/signup/options', { email });
  assert.equal((await browse('/auth/passkeys/signup', { email, credential: stranger.create(asked.json) })).code, 'invalid_request');
});

test('administration and metrics stay inside', async () => {
  for (const path of ['/admin/users', '/metrics', '/oauth2/introspect', '/feed']) {
    const answer = await nginx.get(path, bearer(server.adminKey));
    assert.equal(answer.status, 401, `${path}: it is a page of the application, whose check knows no API key`);
  }
});
