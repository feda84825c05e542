// login.require_verified_email: nobody signs in before the link in a mail has shown that the address is his.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import { after, before, test } from 'node:test';
import { SoftAuthenticator } from './harness/passkey.js';
import { binary, makeTempDirectory, sleep } from './harness/place.js';
import { newEmail, newPassword, startServer } from './harness/server.js';
import { linkOf, startSmtpServer, tokenOf } from './harness/smtp_server.js';

const kVerify = /confirm/i;

let smtp;
let server;
before(async () => {
  smtp = await startSmtpServer();
  const mail = { 'mail.from': 'id@example.com', 'mail.smtp_url': smtp.url };
  server = await startServer({ settings: { ...mail, 'login.require_verified_email': 'true' } });
});
after(async () => {
  await server?.dispose();
  await smtp?.stop();
});

const logIn = ({ email, password }) => server.post('/auth/login', { email, password });
const verify = async (email, count = 1) => server.post('/auth/email/verify', { token: tokenOf(await smtp.wait(email, { subject: kVerify, count })) });
const is = (answer, status, code) => assert.deepEqual([answer.status, answer.code], [status, code], answer.text);

function newAccount() {
  const account = { email: newEmail(), password: newPassword() };
  server.secrets.add(account.password);
  return account;
}

test('a sign-up opens no session; after the link the log-in does', async () => {
  const account = newAccount();
  const made = await server.post('/auth/signup', { ...account, name: 'Ada' });
  assert.equal(made.status, 202, made.text);
  assert.deepEqual(Object.keys(made.json), ['user']);
  assert.equal(made.json.user.email_verified, false);
  assert.equal(made.cookies.size, 0);
  const { id } = made.json.user;
  assert.deepEqual((await server.admin('GET', `/admin/sessions?user=${id}`)).json.sessions, []);
  is(await server.post('/auth/signup', account), 409, 'email_taken');

  is(await logIn(account), 403, 'email_not_verified');
  assert.equal((await logIn(account)).cookies.size, 0);
  assert.equal(new URL(linkOf(await smtp.wait(account.email, { subject: kVerify }))).pathname, '/verify-email');
  assert.equal((await verify(account.email)).status, 200);
  assert.equal((await logIn(account)).status, 200);
  assert.equal((await server.admin('GET', `/admin/sessions?user=${id}`)).json.sessions.length, 1);
});

test('who does not know the password learns nothing and sends no mail', async () => {
  const account = newAccount();
  await server.post('/auth/signup', account);
  await smtp.wait(account.email);
  const visible = ({ status, text, rawHeaders }) => ({ status, text, headers: rawHeaders.filter((_, i, all) => all[i - (i % 2)] !== 'Date') });
  const wrong = visible(await logIn({ ...account, password: 'wrong horse' }));
  assert.deepEqual(wrong, visible(await logIn({ email: newEmail(), password: 'wrong horse' })));
  assert.equal(wrong.status, 401);
  await sleep(300);
  assert.equal(smtp.to(account.email).length, 1, 'that of the sign-up');
});

test('each log-in sends another mail, up to the limit; the link of any of them is good', async () => {
  const account = newAccount();
  await server.post('/auth/signup', account);
  for (let i = 0; i < 5; ++i) is(await logIn(account), 403, 'email_not_verified');
  await smtp.wait(account.email, { subject: kVerify, count: 3 });
  await sleep(300);
  assert.equal(smtp.to(account.email).length, 3, 'mail.free_per_account');
  assert.equal((await verify(account.email, 2)).status, 200);
  assert.equal((await logIn(account)).status, 200);
});

test('a passkey signs nobody in either', async () => {
  const email = newEmail();
  const authenticator = new SoftAuthenticator(server.publicUrl);
  const credential = authenticator.create((await server.post('/auth/passkeys/signup/options', { email })).json);
  const made = await server.post('/auth/passkeys/signup', { email, credential });
  assert.deepEqual([made.status, Object.keys(made.json), made.cookies.size], [202, ['user'], 0]);
  const enter = async () => server.post('/auth/passkeys/login', { credential: authenticator.get((await server.post('/auth/passkeys/login/options')).json) });
  is(await enter(), 403, 'email_not_verified');
  assert.equal((await verify(email)).status, 200);
  assert.equal((await enter()).status, 200);
});

test('a blocked user is told of the block; the users of the application have nothing to verify', async () => {
  const account = newAccount();
  const { user } = (await server.post('/auth/signup', account)).json;
  await server.admin('POST', `/admin/users/${user.id}/block`);
  is(await logIn(account), 403, 'user_blocked');
  assert.equal((await server.verify((await server.adopt('of the application')).access)).status, 200);
});

test('a server that cannot send mail does not start with it', () => {
  const data = makeTempDirectory('verified');
  const args = ['serve', '--data', data, '--server.listen', '127.0.0.1:0', '--server.public-url', 'https://id.example', '--login.require-verified-email', 'true'];
  const ended = spawnSync(binary(), args, { env: { PATH: process.env.PATH }, encoding: 'utf8', timeout: 10_000 });
  assert.notEqual(ended.status, 0);
  assert.match(ended.stderr, /login\.require_verified_email: .*mail\.smtp_url/);
  fs.rmSync(data, { recursive: true, force: true });
});
