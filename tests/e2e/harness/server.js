// The real binary as a process of its own, with a data directory of its own.
import { spawn } from 'node:child_process';
import crypto from 'node:crypto';
import fs from 'node:fs';
import http from 'node:http';
import https from 'node:https';
import path from 'node:path';
import { binary, findFreePort, makeTempDirectory, waitUntil } from './place.js';
import { send } from './http.js';

// Cheap password hashes: what is tested is not argon2id. A long lease: it is renewed behind a disk that may stand still for seconds.
const kDefaults = { 'password.memory': '1MiB', 'password.iterations': '1', 'feed.lease': '30s' };

// settings: names as in rescind.toml → values; clients: ids of OAuth clients, which are given secrets; issuers: the tables of
// [[issuers]], where `secret` and `jwks` are written to files; webhooks: those of [[webhooks]], likewise. host: a loopback address, IPv6 in brackets.
export async function startServer({ settings = {}, clients = [], issuers = [], webhooks = [], data, env = {}, logLevel = 'info', host } = {}) {
  const server = new Server(settings, clients, data ?? makeTempDirectory('data'), env, logLevel);
  server.issuers = issuers;
  server.webhooks = webhooks;
  server.ownsData = data === undefined;
  if (host) server.host = host;
  await server.start(await findFreePort());
  return server;
}

export class Server {
  constructor(settings, clients, data, env, logLevel) {
    this.settings = settings;
    this.data = data;
    this.env = env;
    this.logLevel = logLevel;
    this.adminKey = `rk1_${crypto.randomBytes(24).toString('base64url')}`;
    this.host = '127.0.0.1';
    this.stderr = '';
    this.secrets = new Set([this.adminKey]); // everything that must never be written anywhere
    this.clients = Object.fromEntries(clients.map((id) => [id, crypto.randomBytes(18).toString('base64url')]));
    for (const secret of Object.values(this.clients)) this.secrets.add(secret);
  }

  // null leaves the default.
  flags() {
    const all = {
      ...kDefaults,
      'server.listen': `${this.host}:${this.port}`,
      data: this.data,
      'log.level': this.logLevel,
      ...this.settings,
    };
    return Object.entries(all)
      .filter(([, value]) => value !== null)
      .flatMap(([name, value]) => [`--${name.replaceAll('_', '-')}`, String(value)]);
  }

  configFile() {
    if (Object.keys(this.clients).length === 0 && !this.issuers?.length && !this.webhooks?.length) return [];
    const directory = this.files ?? (this.files = makeTempDirectory('config'));
    let toml = '';
    for (const [id, secret] of Object.entries(this.clients)) {
      const file = path.join(directory, `${id}.secret`);
      fs.writeFileSync(file, `${secret}\n`, { mode: 0o600 });
      toml += `[[oauth.clients]]\nid = "${id}"\nsecret_file = "${file}"\n`;
    }
    for (const { secret, jwks, ...issuer } of this.issuers ?? []) {
      const file = path.join(directory, `${issuer.name}.keys`);
      if (secret !== undefined) this.secrets.add(secret);
      if (secret !== undefined || jwks !== undefined) fs.writeFileSync(file, secret ?? JSON.stringify(jwks), { mode: 0o600 });
      const table = { ...issuer, ...(secret && { secret_file: file }), ...(jwks && { jwks_file: file }) };
      toml += `[[issuers]]\n${Object.entries(table).map(([name, value]) => `${name} = ${JSON.stringify(value)}\n`).join('')}`;
    }
    for (const { secret, previous_secret, ...webhook } of this.webhooks ?? []) {
      const table = { ...webhook };
      for (const [kind, text] of Object.entries({ secret, previous_secret })) {
        if (text === undefined) continue;
        table[`${kind}_file`] = path.join(directory, `${webhook.name}.${kind}`);
        fs.writeFileSync(table[`${kind}_file`], `${text}\n`, { mode: 0o600 });
        this.secrets.add(text);
      }
      toml += `[[webhooks]]\n${Object.entries(table).map(([name, value]) => `${name} = ${JSON.stringify(value)}\n`).join('')}`;
    }
    fs.writeFileSync(path.join(directory, 'rescind.toml'), toml);
    return ['--config', path.join(directory, 'rescind.toml')];
  }

  async start(port = this.port) {
    this.port = port;
    const scheme = this.settings['server.tls_cert'] ? 'https' : 'http';
    this.url = `${scheme}://${this.host}:${port}`;
    this.publicUrl = this.settings['server.public_url'] ?? `${scheme}://localhost:${port}`;
    // Tests of TLS look at certificates themselves; the others have one that nobody knows.
    const { Agent } = scheme === 'https' ? https : http;
    this.agent = new Agent({ keepAlive: true, maxSockets: 64, rejectUnauthorized: false });
    this.process = spawn(binary(), ['serve', ...this.configFile(), ...this.flags()], {
      env: { PATH: process.env.PATH, RESCIND_ADMIN_KEY: this.adminKey, ...this.env },
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    this.process.stderr.on('data', (chunk) => (this.stderr += chunk));
    this.exited = new Promise((resolve) => this.process.once('exit', (code, signal) => resolve({ code, signal })));
    const child = this.process;
    await waitUntil(
      async () => {
        if (child.exitCode !== null) throw new Error(`the server ended with ${child.exitCode}:\n${this.stderr}`);
        return (await this.request('GET', '/readyz').catch(() => undefined))?.status === 200;
      },
      { what: `the server to be ready:\n${this.stderr}`, timeout: 20_000, every: 5 },
    );
    return this;
  }

  // kill -9: nothing is flushed, nothing is said.
  async kill() {
    this.process.kill('SIGKILL');
    await this.exited;
    this.agent.destroy();
  }

  // What an operator does. Returns {code, signal}.
  async stop() {
    this.process.kill('SIGTERM');
    const ended = await this.exited;
    this.agent.destroy();
    return ended;
  }

  async restart() {
    await this.kill();
    return this.start();
  }

  // For after(): the process and everything it left.
  async dispose() {
    if (this.process.exitCode === null && this.process.signalCode === null) await this.kill();
    if (this.ownsData) fs.rmSync(this.data, { recursive: true, force: true });
    if (this.files) fs.rmSync(this.files, { recursive: true, force: true });
  }

  async request(method, path, options = {}) {
    const answer = await send(this.url, method, path, { agent: this.agent, ...options });
    this.remember(answer);
    return answer;
  }

  remember(answer) {
    const body = answer.json;
    for (const secret of [body?.access_token, body?.refresh_token]) if (secret) this.secrets.add(secret);
    for (const { value } of answer.cookies.values()) if (value) this.secrets.add(value);
  }

  get(path, headers = {}) {
    return this.request('GET', path, { headers });
  }
  post(path, json, headers = {}) {
    return this.request('POST', path, { json, headers });
  }
  admin(method, path, json) {
    return this.request(method, path, { json, headers: bearer(this.adminKey) });
  }
  verify(token, query = '') {
    return this.get(`/verify${query}`, bearer(token));
  }
  refresh(token) {
    return this.post('/auth/refresh', { refresh_token: token });
  }

  // "Bring your own login": the quickest way to a session.
  async adopt(user, more = {}) {
    return pairOf(await this.admin('POST', '/admin/sessions', { user, ...more }), 201);
  }

  async signUp({ email = newEmail(), password = newPassword(), ...more } = {}) {
    this.secrets.add(password);
    const answer = await this.post('/auth/signup', { email, password, delivery: 'body', ...more });
    return { ...pairOf(answer, 201), email, password };
  }

  async logIn({ email, password }) {
    return pairOf(await this.post('/auth/login', { email, password, delivery: 'body' }), 200);
  }

  // Sessions as the browser has them: a Cookie header.
  async signUpWithCookies(headers = {}) {
    const email = newEmail();
    const password = newPassword();
    this.secrets.add(password);
    const answer = await this.post('/auth/signup', { email, password }, headers);
    return { answer, email, password, cookie: cookieHeader(answer), access: answer.json.access_token };
  }

  async events(query = '') {
    return (await this.admin('GET', `/admin/events${query}`)).json.events;
  }
}

export const bearer = (token) => ({ Authorization: `Bearer ${token}` });
export const basic = (id, secret) => ({
  Authorization: `Basic ${Buffer.from(`${encodeURIComponent(id)}:${encodeURIComponent(secret)}`).toString('base64')}`,
});

export const cookieHeader = (answer) =>
  [...answer.cookies].map(([name, { value }]) => `${name}=${value}`).join('; ');

export const newEmail = () => `${crypto.randomBytes(6).toString('hex')}@example.com`;
export const newPassword = () => `pw ${crypto.randomBytes(9).toString('base64url')}`;

export const claimsOf = (token) => JSON.parse(Buffer.from(token.split('.')[1], 'base64url'));

function pairOf(answer, status) {
  if (answer.status !== status) throw new Error(`expected ${status}, got ${answer.status}: ${answer.text}`);
  const body = answer.json;
  return { access: body.access_token, refresh: body.refresh_token, sid: body.session.id, user: body.user.id, body };
}
