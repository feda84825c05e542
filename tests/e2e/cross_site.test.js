// Pages of another site, in a real Chromium in whose jar the victim's cookies are, try everything that a page can send.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import { openProfile, servePages } from './harness/chromium.js';
import { SoftAuthenticator, signUpWithPasskey } from './harness/passkey.js';
import { findFreePort, root, sleep } from './harness/place.js';
import { bearer, newEmail, newPassword, startServer } from './harness/server.js';

const kPages = { '/': '<!doctype html><title>page</title><body>' };
const document = JSON.parse(fs.readFileSync(path.join(root, 'docs/openapi.json'), 'utf8'));

// Every route that changes something, with a body that would do: only who asks is wrong.
async function changes(server, victim) {
  const mallory = { email: newEmail(), password: newPassword() };
  await server.signUp(mallory);
  const own = await signUpWithPasskey(server, newEmail());
  const assertion = own.authenticator.get((await server.post('/auth/passkeys/login/options')).json);
  const fresh = newEmail();
  const first = new SoftAuthenticator(server.publicUrl).create((await server.post('/auth/passkeys/signup/options', { email: fresh })).json);
  const bodies = {
    signUp: { email: newEmail(), password: mallory.password },
    logIn: mallory,
    logInWithPasskey: { credential: assertion },
    signUpWithPasskey: { email: fresh, credential: first },
    beginPasskeySignUp: { email: newEmail() },
    addPasskey: { credential: victim.prepared },
    changeMe: { name: 'changed by another site' },
    renamePasskey: { name: 'changed by another site' },
  };
  const parameters = { changeMe: '', signOutSession: victim.other.sid, renamePasskey: victim.passkey, removePasskey: victim.passkey };
  const all = [];
  for (const [template, item] of Object.entries(document.paths)) {
    for (const method of ['post', 'patch', 'put', 'delete'].filter((m) => item[m])) {
      const id = item[method].operationId;
      const at = template.replace(/\{\w+\}/, parameters[id] ?? victim.id);
      all.push({ method: method.toUpperCase(), path: at, body: JSON.stringify(bodies[id] ?? {}) });
    }
  }
  return all;
}

// A user who is signed in, here and elsewhere, with a passkey, and who has begun to add another.
async function makeVictim(server, page) {
  const email = newEmail();
  const password = newPassword();
  server.secrets.add(password);
  const json = { email, password };
  const answer = await page.evaluate(
    async ([url, body]) => (await fetch(url, { method: 'POST', credentials: 'include', headers: { 'Content-Type': 'application/json' }, body })).json(),
    [`${server.publicUrl}/auth/signup`, JSON.stringify(json)],
  );
  const headers = bearer(answer.access_token);
  const soft = () => new SoftAuthenticator(server.publicUrl);
  const options = async () => (await server.post('/auth/passkeys/register/options', undefined, headers)).json;
  const added = await server.post('/auth/passkeys/register', { credential: soft().create(await options()) }, headers);
  return {
    id: answer.user.id, headers, other: await server.logIn(json),
    passkey: added.json.passkey.id, prepared: soft().create(await options()),
  };
}

// All that could have changed: what the user has, what the log knows, and what is in the browser's jar.
async function stateOf(server, victim, context) {
  const get = async (at) => (await server.get(at, victim.headers)).json;
  const cookies = (await context.cookies()).map(({ name, value }) => `${name}=${value}`).sort();
  const { revocations } = (await server.admin('GET', '/admin/revocations')).json;
  return {
    me: await get('/auth/me'), sessions: await get('/auth/sessions'), passkeys: await get('/auth/passkeys'),
    user: (await server.admin('GET', `/admin/users/${victim.id}`)).json, events: await server.events('?limit=1000'), revocations, cookies,
  };
}

// What script can send, and what plain HTML can.
const attackFromPage = (page, base, requests) =>
  page.evaluate(
    async ([origin, all]) => {
      const settled = (promise) => Promise.race([promise.catch(() => {}), new Promise((resolve) => setTimeout(resolve, 2000))]);
      const loaded = (element, from) =>
        settled(new Promise((resolve) => {
          element.onload = element.onerror = resolve;
          element.src = from;
          document.body.append(element);
        }));
      const submit = (url, enctype, name, value) => {
        const frame = document.createElement('iframe');
        frame.name = `frame${Math.random()}`;
        document.body.append(frame);
        const form = document.createElement('form');
        Object.assign(form, { action: url, method: 'POST', enctype, target: frame.name });
        const input = document.createElement('input');
        Object.assign(input, { name, value });
        form.append(input);
        document.body.append(form);
        return settled(new Promise((resolve) => {
          frame.onload = resolve;
          form.submit();
        }));
      };
      const attack = async ({ method, path: at, body }) => {
        const url = origin + at;
        const common = { method, credentials: 'include' };
        await settled(fetch(url, { ...common, body, headers: { 'Content-Type': 'application/json' } }));
        await settled(fetch(url, { ...common, body }));
        await settled(fetch(url, common));
        await Promise.all(['img', 'script', 'iframe'].map((element) => loaded(document.createElement(element), url)));
        if (method !== 'POST') return;
        await settled(fetch(url, { ...common, mode: 'no-cors', body }));
        await settled(fetch(url, { ...common, mode: 'no-cors' }));
        navigator.sendBeacon(url, new Blob([body], { type: 'text/plain' }));
        await Promise.all([
          submit(url, 'text/plain', body.replace(/\}$/, ',"x":"'), '"}'),
          submit(url, 'application/x-www-form-urlencoded', 'keep_current', 'false'),
          submit(url, 'multipart/form-data', 'keep_current', 'false'),
        ]);
      };
      const kAtOnce = 10;
      for (let i = 0; i < all.length; i += kAtOnce) await Promise.all(all.slice(i, i + kAtOnce).map(attack));
    },
    [base, requests],
  );

// Sends a page somewhere and waits until it was answered. A browser that asks for a password gets no answer.
async function navigate(context, home, script, url) {
  const page = await context.newPage();
  await page.goto(`${home}/`);
  const answered = page.waitForEvent('response', { predicate: (response) => response.url() === url, timeout: 1500 });
  await Promise.all([answered.catch(() => {}), page.evaluate(script, url).catch(() => {})]);
  await page.close();
}

async function attackByNavigation(context, home, base, requests) {
  const link = (url) => location.assign(url);
  const form = (url) => {
    const made = window.document.createElement('form');
    Object.assign(made, { action: url, method: 'POST', enctype: 'text/plain' });
    window.document.body.append(made);
    made.submit();
  };
  for (const { method, path: at } of requests.filter((request) => request.path.startsWith('/auth/'))) {
    const scripts = method === 'POST' ? [link, form] : [link];
    await Promise.all(scripts.map((script) => navigate(context, home, script, base + at)));
  }
}

for (const sameSite of ['strict', 'none']) {
  describe(`with cookies that are SameSite=${sameSite}`, () => {
    let server;
    let app; // the application's page: same site, and allowed
    let friend; // another site, and allowed
    let evil; // another site, and not
    let profile;
    let context;
    let page;
    let cookiesSent; // requests of the page that carried a cookie of ours
    let victim;

    before(async () => {
      const [appPort, friendPort] = [await findFreePort(), await findFreePort()];
      const allowed = `http://localhost:${appPort},http://127.0.0.1:${friendPort}`;
      server = await startServer({
        settings: { 'server.allowed_origins': allowed, 'cookie.same_site': sameSite, ...(sameSite === 'none' && { 'cookie.secure': 'always' }) },
      });
      app = await servePages(kPages, { port: appPort });
      friend = await servePages(kPages, { port: friendPort, host: '127.0.0.1' });
      evil = await servePages(kPages, { host: '127.0.0.1' });
      profile = await openProfile();
      context = profile.context;
      page = await context.newPage();
      await page.goto(`${app.origin}/`);
      victim = await makeVictim(server, page);
      const cdp = await context.newCDPSession(page);
      await cdp.send('Network.enable');
      cdp.on('Network.requestWillBeSentExtraInfo', ({ headers }) => {
        const line = Object.entries(headers).find(([name]) => name.toLowerCase() === 'cookie');
        if (line?.[1].includes('rescind')) ++cookiesSent;
      });
    });
    after(async () => {
      await profile?.close();
      for (const pages of [app, friend, evil]) await pages?.close();
      await server?.dispose();
    });

    test('nothing that another site sends changes anything', async () => {
      const requests = await changes(server, victim);
      assert.ok(requests.length >= 20);
      const earlier = await stateOf(server, victim, context);
      assert.equal(earlier.me.user.id, victim.id);
      assert.equal(earlier.cookies.length, 2);
      await page.goto(`${evil.origin}/`);
      cookiesSent = 0;
      await attackFromPage(page, server.publicUrl, requests);
      await attackByNavigation(context, evil.origin, server.publicUrl, requests);
      assert.deepEqual(await stateOf(server, victim, context), earlier);
      if (sameSite === 'none') assert.ok(cookiesSent > requests.length, 'the cookies travelled; our check of the origin stood alone');
      else assert.equal(cookiesSent, 0, 'the browser kept the cookies');
    });

    test(`the same from an allowed page ${sameSite === 'none' ? 'of another site' : 'of the same site'} does change something`, async () => {
      const from = sameSite === 'none' ? friend : app;
      const earlier = await stateOf(server, victim, context);
      await page.goto(`${from.origin}/`);
      const rename = { method: 'PATCH', path: '/auth/me', body: '{"name":"changed"}' };
      const leave = { method: 'POST', path: '/auth/logout-all', body: '{}' };
      for (const one of [rename, leave]) await attackFromPage(page, server.publicUrl, [one]);
      const later = await stateOf(server, victim, context);
      assert.equal(later.user.user.name, 'changed');
      assert.notDeepEqual(later.cookies, earlier.cookies);
      assert.equal(later.me.code, 'token_revoked');
    });
  });
}
