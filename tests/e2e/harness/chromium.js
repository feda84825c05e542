// A real Chromium, headless, with profiles and authenticators of the test's own: what a user's browser does, and not what we
// think that it does.
import fs from 'node:fs';
import http from 'node:http';
import path from 'node:path';
import { chromium } from 'playwright-core';
import { findFreePort, makeTempDirectory, sleep } from './place.js';

const kExecutable = process.env.CHROMIUM_BIN ?? '/usr/bin/chromium';

// No sandbox: tests run as root in containers, and visit nothing but their own pages. No background networking: nothing here
// leaves the machine.
const kArguments = [
  '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
  '--disable-component-update', '--disable-sync', '--disable-dev-shm-usage',
];

function settings() {
  if (!fs.existsSync(kExecutable)) throw new Error(`no Chromium at ${kExecutable}: apt-get install chromium, or set CHROMIUM_BIN`);
  return { executablePath: kExecutable, args: kArguments, headless: true };
}

// Each newContext() is a private window: a jar of its own, without cookies for other sites' pages.
export const startChromium = () => chromium.launch(settings());

// An ordinary profile, in which other sites' pages send the cookies that are SameSite=None. Returns {context, close}.
export async function openProfile() {
  const directory = makeTempDirectory('chromium');
  fs.mkdirSync(path.join(directory, 'Default'));
  const preferences = { profile: { cookie_controls_mode: 0 } };
  fs.writeFileSync(path.join(directory, 'Default/Preferences'), JSON.stringify(preferences));
  const context = await chromium.launchPersistentContext(directory, settings());
  const close = async () => {
    await context.close();
    await sleep(500); // its last writes
    fs.rmSync(directory, { recursive: true, force: true, maxRetries: 10 });
  };
  return { context, close };
}

// Pages on an origin of their own. `pages`: path → HTML. Returns {origin, port, close}.
export async function servePages(pages, { host = 'localhost', port } = {}) {
  const server = http.createServer((request, response) => {
    const page = pages[request.url.split('?')[0]];
    response.writeHead(page === undefined ? 404 : 200, { 'Content-Type': 'text/html; charset=utf-8' });
    response.end(page ?? '');
  });
  const chosen = port ?? (await findFreePort());
  await new Promise((resolve) => server.listen(chosen, '127.0.0.1', resolve));
  return { origin: `http://${host}:${chosen}`, port: chosen, close: () => new Promise((resolve) => server.close(resolve)) };
}

// An authenticator as a phone or a laptop has one: discoverable credentials, and a user who is there and says yes.
export class VirtualAuthenticator {
  static async add(page, options = {}) {
    const cdp = await page.context().newCDPSession(page);
    await cdp.send('WebAuthn.enable');
    const { authenticatorId } = await cdp.send('WebAuthn.addVirtualAuthenticator', {
      options: {
        protocol: 'ctap2', transport: 'internal', hasResidentKey: true, hasUserVerification: true,
        isUserVerified: true, automaticPresenceSimulation: true, ...options,
      },
    });
    return new VirtualAuthenticator(cdp, authenticatorId);
  }

  constructor(cdp, id) {
    this.cdp = cdp;
    this.id = id;
  }

  send(method, more = {}) {
    return this.cdp.send(`WebAuthn.${method}`, { authenticatorId: this.id, ...more });
  }
  async credentials() {
    return (await this.send('getCredentials')).credentials;
  }
  // What somebody does who has copied an authenticator: the same key, with another count.
  async put(credential) {
    await this.send('removeCredential', { credentialId: credential.credentialId }).catch(() => {});
    await this.send('addCredential', { credential });
  }
  async clear() {
    await this.send('clearCredentials');
  }
  verifyUser(isUserVerified) {
    return this.send('setUserVerified', { isUserVerified });
  }
}
