// The pages that the links of our mails lead to, in a real Chromium: a person opens the mail and goes on from there.
import assert from 'node:assert/strict';
import { after, afterEach, before, beforeEach, test } from 'node:test';
import { servePages, startChromium } from './harness/chromium.js';
import { bearer, newEmail, newPassword, startServer } from './harness/server.js';
import { linkOf, startSmtpServer, tokenOf } from './harness/smtp_server.js';

const kReset = /password/i;
const kVerify = /confirm/i;

let smtp;
let server;
let chromium;
let page;
let complaints; // errors and warnings in the browser's console: what the policy refuses is among them
let requests; // every URL that the page asks for
before(async () => {
  smtp = await startSmtpServer();
  server = await startServer({ settings: { 'mail.from': 'id@example.com', 'mail.smtp_url': smtp.url } });
  chromium = await startChromium();
});
after(async () => {
  await chromium?.close();
  await server?.dispose();
  await smtp?.stop();
});
beforeEach(async () => {
  page = await (await chromium.newContext()).newPage();
  complaints = [];
  requests = [];
  page.on('console', (message) => ['error', 'warning'].includes(message.type()) && complaints.push(message.text()));
  page.on('pageerror', (error) => complaints.push(String(error)));
  page.on('request', (request) => requests.push(request.url()));
});
afterEach(() => page.context().close());

const says = () => page.locator('output').textContent();
async function waitFor(text) {
  await page.waitForFunction((wanted) => document.querySelector('output').textContent.includes(wanted), text, { timeout: 10_000 });
}
async function resetLink({ email }) {
  const count = smtp.to(email).filter((mail) => kReset.test(mail.subject)).length + 1;
  await server.post('/auth/password/forgot', { email });
  return linkOf(await smtp.wait(email, { subject: kReset, count }));
}
const is = (answer, status, code) => assert.deepEqual([answer.status, answer.code], [status, code], answer.text);

test('a forgotten password: open the link, type a new one, and sign in with it', async () => {
  const account = await server.signUp();
  const link = await resetLink(account);
  const password = newPassword();
  server.secrets.add(password);
  await page.goto(link);
  assert.equal(new URL(page.url()).hash, '', 'the token is out of the address bar and of the history');
  await page.fill('input[name=password]', password);
  await page.click('button');
  await waitFor('Done.');
  assert.equal(await page.locator('form').isVisible(), false);
  assert.deepEqual(complaints, []);
  assert.ok(requests.every((url) => !url.includes('token')), 'the token stands in no URL that was asked for');

  const { email } = account;
  is(await server.post('/auth/login', { email, password: account.password }), 401, 'invalid_credentials');
  assert.equal((await server.post('/auth/login', { email, password })).status, 200);
  is(await server.verify(account.access), 401, 'token_revoked');
  assert.equal((await page.context().cookies()).length, 0, 'the page signs nobody in');
});

test('a password that is too short is not sent; a link that was used is said to be', async () => {
  const account = await server.signUp();
  const link = await resetLink(account);
  await page.goto(link);
  await page.fill('input[name=password]', 'short');
  await page.click('button');
  assert.equal(await page.evaluate(() => document.querySelector('form').checkValidity()), false);
  assert.deepEqual(requests.filter((url) => url.includes('/auth/')), []);
  await page.keyboard.press('Tab');
  await page.fill('input[name=password]', newPassword());
  await page.keyboard.press('Enter');
  await waitFor('Done.');

  await page.goto('about:blank');
  await page.goto(link);
  await page.fill('input[name=password]', newPassword());
  await page.click('button');
  await waitFor('not good, was used, or is too old');
  assert.equal(await page.locator('form').isVisible(), true);
});

test('an address is confirmed by a click, and by no mere visit', async () => {
  const account = await server.signUp();
  const verified = async () => (await server.admin('GET', `/admin/users/${account.user}`)).json.user.email_verified;
  const mail = await smtp.wait(account.email, { subject: kVerify });
  await page.goto(linkOf(mail));
  await page.waitForLoadState('networkidle');
  assert.equal(await verified(), false, 'a mail scanner that opens links confirms nothing');
  await page.click('button');
  await waitFor('Done.');
  assert.equal(await verified(), true);
  assert.deepEqual(complaints, []);
  is(await server.post('/auth/email/verify', { token: tokenOf(mail) }), 400, 'invalid_link');
});

test('a new address is taken by a click, and by no mere visit', async () => {
  const account = await server.signUp();
  const next = newEmail();
  assert.equal((await server.post('/auth/email', { email: next }, bearer(account.access))).status, 202);
  const email = async () => (await server.admin('GET', `/admin/users/${account.user}`)).json.user.email;
  const mail = await smtp.wait(next, { subject: kVerify });
  await page.goto(linkOf(mail));
  assert.equal(new URL(page.url()).pathname, '/change-email');
  await page.waitForLoadState('networkidle');
  assert.equal(await email(), account.email, 'a mail scanner that opens links changes nothing');
  await page.click('button');
  await waitFor('Done.');
  assert.equal(await email(), next);
  assert.deepEqual(complaints, []);
  assert.ok(requests.every((url) => !url.includes('token')), 'the token stands in no URL that was asked for');
  is(await server.post('/auth/email/confirm', { token: tokenOf(mail) }), 400, 'invalid_link');
});

test('a link without its token says so', async () => {
  for (const at of ['/reset-password', '/verify-email', '/change-email']) {
    await page.goto(`${server.publicUrl}${at}`);
    assert.match(await says(), /not whole/);
  }
  assert.deepEqual(complaints, []);
});

test('the policy holds: no other script runs, nothing is fetched from elsewhere, and nobody frames the page', async () => {
  const stranger = await servePages({ '/': `<!doctype html><iframe src="${server.publicUrl}/reset-password"></iframe>`, '/x': 'x' });
  try {
    await page.goto(`${server.publicUrl}/reset-password#token=x`);
    const ran = await page.evaluate(async (elsewhere) => {
      const script = document.createElement('script');
      script.textContent = 'window.injected = true';
      document.body.append(script);
      const image = document.createElement('img');
      image.setAttribute('onerror', 'window.injected = true');
      image.src = 'data:image/png,x';
      document.body.append(image);
      const fetched = await fetch(elsewhere, { mode: 'no-cors' }).then(() => true, () => false);
      await new Promise((resolve) => setTimeout(resolve, 100));
      return { injected: window.injected === true, fetched };
    }, `${stranger.origin}/x`);
    assert.deepEqual(ran, { injected: false, fetched: false });
    assert.ok(complaints.some((text) => /Content Security Policy/.test(text)), 'and the console says so: the other tests would have seen it');

    await page.goto(stranger.origin);
    const frame = page.frames().find((one) => one !== page.mainFrame());
    assert.equal(await frame.locator('form').count(), 0);
  } finally {
    await stranger.close();
  }
});
