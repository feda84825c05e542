// /metrics: what it says is so, and docs/metrics.md says of each metric what it is.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { root } from './harness/place.js';
import { bearer, newEmail, newPassword, startServer } from './harness/server.js';
import { makeCertificate, startSmtpServer } from './harness/smtp_server.js';

let smtp;
let certificate;
let server; // with everything that has a metric
before(async () => {
  smtp = await startSmtpServer();
  certificate = makeCertificate('localhost', '127.0.0.1');
  const settings = { 'server.tls_cert': certificate.certFile, 'server.tls_key': certificate.keyFile, 'mail.smtp_url': smtp.url, 'mail.from': 'id@example.com' };
  const issuers = [{ name: 'away', issuer: 'https://away.example', audience: 'a', jwks_url: 'http://127.0.0.1:9/jwks' }];
  const webhooks = [{ name: 'away', url: 'http://127.0.0.1:9/hook', secret: `whsec_${Buffer.alloc(32, 7).toString('base64')}` }];
  server = await startServer({ settings, issuers, webhooks });
});
after(async () => {
  await server?.dispose();
  await smtp?.stop();
  fs.rmSync(certificate.directory, { recursive: true, force: true });
});

// {types: name → type, samples: [{name, labels, value}]}; histograms under the name of the whole.
async function read() {
  const answer = await server.get('/metrics');
  assert.equal(answer.status, 200);
  assert.match(answer.header('content-type'), /^text\/plain; version=0\.0\.4/);
  const types = new Map();
  const samples = [];
  for (const line of answer.text.split('\n').filter(Boolean)) {
    const type = line.match(/^# TYPE (\S+) (\S+)$/);
    if (type) types.set(type[1], type[2]);
    if (line.startsWith('#')) continue;
    const [, name, labels = '', value] = line.match(/^([a-z_]+)(?:\{(.*)\})? (\S+)$/);
    samples.push({ name, labels: Object.fromEntries([...labels.matchAll(/(\w+)="([^"]*)"/g)].map((m) => [m[1], m[2]])), value: Number(value) });
  }
  return { types, samples };
}

const kindOf = (types, name) => [name, name.replace(/_(bucket|sum|count)$/, '')].find((one) => types.has(one));
const value = ({ samples }, name, labels = {}) =>
  samples.find((s) => s.name === name && Object.entries(labels).every(([label, text]) => s.labels[label] === text))?.value;

// name → {type, labels}, from the tables.
function documented() {
  const rows = fs.readFileSync(path.join(root, 'docs/metrics.md'), 'utf8').matchAll(/^\| `(rescind_\w+)` \| (\w+)[^|]* \| ([^|]*)\|/gm);
  return new Map([...rows].map(([, name, type, labels]) => [name, { type, labels: [...labels.matchAll(/`(\w+)`/g)].map((m) => m[1]) }]));
}

test('every metric is on the page with its type and labels, and the page names no other', async () => {
  const { types, samples } = await read();
  const page = documented();
  assert.deepEqual([...page.keys()].sort(), [...types.keys()].sort());
  for (const [name, type] of types) {
    assert.equal(page.get(name).type, type, name);
    const labels = new Set(samples.filter((s) => kindOf(types, s.name) === name).flatMap((s) => Object.keys(s.labels)));
    labels.delete('le');
    assert.deepEqual([...labels].sort(), page.get(name).labels.sort(), name);
  }
});

test('the alerts are about metrics that are there, with labels that they have', async () => {
  const { types, samples } = await read();
  const rules = fs.readFileSync(path.join(root, 'deploy/alerts.yml'), 'utf8');
  const used = [...rules.matchAll(/(rescind_[a-z_]+)(?:\{(\w+)="([^"]*)"\})?/g)];
  assert.ok(used.length > 10);
  for (const [, name, label, text] of used) {
    assert.ok(kindOf(types, name), name);
    if (label) assert.ok(samples.some((s) => s.name === name && s.labels[label] === text), `${name}{${label}="${text}"}`);
  }
});

test('each route has its durations; one request is one of them, in one bucket or more', async () => {
  const source = fs.readFileSync(path.join(root, 'src/http/api.cc'), 'utf8');
  const routes = [...source.matchAll(/RouteEntry\{"([A-Z]+)",\s*"([^"]+)"/g)].map(([, method, route]) => `${method} ${route}`);
  const before = await read();
  const counted = before.samples.filter((s) => s.name === 'rescind_request_seconds_count').map((s) => `${s.labels.method} ${s.labels.route}`);
  assert.deepEqual(counted.sort(), routes.sort());

  const pair = await server.signUp();
  await server.refresh(pair.refresh);
  await server.post('/auth/login', { email: newEmail(), password: newPassword() });
  await server.request('DELETE', '/auth/sessions/AAAAAAAAAAAAAAAAAAAAAA', { headers: bearer(pair.access) });
  await server.verify(pair.access);
  await server.get('/nothing');
  const now = await read();
  const grown = now.samples.filter((s) => s.name === 'rescind_request_seconds_count' && s.value !== value(before, s.name, s.labels));
  assert.deepEqual(grown.map((s) => `${s.labels.method} ${s.labels.route} ${s.value}`).sort(), [
    'DELETE /auth/sessions/{sid} 1', `GET /metrics ${value(before, 'rescind_request_seconds_count', { route: '/metrics' }) + 1}`, 'POST /auth/login 1', 'POST /auth/refresh 1', 'POST /auth/signup 1',
  ]);
  const signUp = now.samples.filter((s) => s.name === 'rescind_request_seconds_bucket' && s.labels.route === '/auth/signup');
  assert.equal(signUp.length, 11);
  assert.deepEqual(signUp.map((s) => s.value), signUp.map((s) => s.value).sort());
  assert.equal(signUp.at(-1).value, 1);
  const seconds = value(now, 'rescind_request_seconds_sum', { route: '/auth/signup' });
  assert.ok(seconds > 0 && seconds < 10, `${seconds}`);
  assert.equal(value(now, 'rescind_errors_total', { code: 'invalid_credentials' }), 1);
  assert.equal(value(now, 'rescind_errors_total', { code: 'not_found' }), 1, 'of the route that found no session, not of the path that does not exist');
});
