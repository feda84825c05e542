// `rescind doctor` against set-ups with one fault each: the fault is named, and nothing else is.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import crypto from 'node:crypto';
import fs from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { whileLocked } from './harness/locked_store.js';
import { binary, findFreePort, makeTempDirectory, root, waitUntil } from './harness/place.js';
import { startServer } from './harness/server.js';
import { makeCertificate, startSmtpServer } from './harness/smtp_server.js';
import { startReceiver } from './harness/webhook_receiver.js';

let place;
before(() => (place = makeTempDirectory('doctor')));
after(() => fs.rmSync(place, { recursive: true, force: true }));

let made = 0;
function makeData(mode = 0o700) {
  const data = path.join(place, `data${(made += 1)}`);
  fs.mkdirSync(data);
  fs.chmodSync(data, mode);
  return data;
}

// Not spawnSync: servers of this process have to answer meanwhile.
function doctor(args, { env = {}, prefix = [] } = {}) {
  const [program, ...rest] = [...prefix, binary(), 'doctor', ...args];
  return new Promise((resolve) => {
    const child = spawn(program, rest, { cwd: place, env: { PATH: process.env.PATH, ...env } });
    let out = '';
    child.stdout.on('data', (chunk) => (out += chunk));
    child.once('close', (code) => {
      for (const [name] of out.matchAll(/(?<="name":")\w+/g)) seen.add(name);
      resolve({ code, out });
    });
  });
}

const seen = new Set(); // names of findings, of the whole file

// The names of what is wrong: problems and warnings.
const findings = async (settings, options) => (await namesOf(settings, options)).wrong;
const notes = async (settings, options) => (await namesOf(settings, options)).notes;
async function namesOf(settings, options) {
  const flags = Object.entries({ 'server.listen': `127.0.0.1:${await findFreePort()}`, data: makeData(), ...settings });
  const { code, out } = await doctor([...flags.map(([name, value]) => `--${name.replaceAll('_', '-')}=${value}`), '--json'], options);
  const report = JSON.parse(out);
  for (const finding of report.findings) assert.ok(finding.what && finding.means && finding.remedy, JSON.stringify(finding));
  const wrong = report.findings.filter((finding) => finding.severity !== 'note').map((finding) => finding.name);
  assert.equal(code, wrong.length === 0 ? 0 : 1, out);
  return {
    wrong: wrong.filter((name) => name !== 'file_descriptors'), // of the machine, and not planted here
    notes: report.findings.filter((finding) => finding.severity === 'note' && finding.name !== 'clock_not_synchronised').map((finding) => finding.name),
  };
}

// A user that owns nothing here.
const asNobody = process.getuid() === 0 ? ['setpriv', '--reuid=65534', '--regid=65534', '--clear-groups'] : [];

test('a set-up without a fault has no finding, before the first start and while the server runs', async () => {
  assert.deepEqual(await findings({}), []);
  assert.deepEqual(await findings({ data: path.join(place, 'to-be-made') }), []);
  assert.ok(!fs.existsSync(path.join(place, 'to-be-made')), 'doctor makes nothing');
  const server = await startServer();
  assert.deepEqual(await findings({ 'server.listen': `127.0.0.1:${server.port}`, data: server.data }), []);
  assert.deepEqual(await findings({ 'server.listen': `127.0.0.1:${server.port}` }), ['other_data_directory']);
  assert.deepEqual(await findings({ data: server.data }), ['data_directory_in_use']);
  await server.dispose();
});

test('people get sentences, and the exit code', async () => {
  const { code, out } = await doctor(['--data', makeData(0o755), '--server.listen', `127.0.0.1:${await findFreePort()}`]);
  assert.equal(code, 1);
  assert.match(out, /^warning +others than its owner may look into .*\(data_directory_open_to_others\)\n +It holds .*\n +Do: chmod 700 /m);
});

test('settings: what cannot be read, and what does not go together', async () => {
  assert.deepEqual(await findings({ 'log.level': 'loud' }), ['configuration']);
  assert.deepEqual(await findings({}, { env: { RESCIND_LOGLEVEL: 'off' } }), ['configuration']);
  assert.deepEqual(await findings({}, { env: { RESCIND_CONFIG: '/nowhere/rescind.toml' } }), ['configuration']);
  assert.deepEqual(await findings({ 'server.public_url': 'http://id.example.com', 'cookie.secure': 'always' }), ['public_url_plain_http']);
  assert.deepEqual(await findings({ 'server.public_url': 'https://id.example.com' }), ['trusted_proxies_missing']);
  assert.deepEqual(await findings({ 'server.public_url': 'https://id.example.com', 'server.trusted_proxies': '127.0.0.1/32' }), []);
  assert.deepEqual(await findings({ 'server.listen': `0.0.0.0:${await findFreePort()}` }), ['public_url_is_localhost']);
});

test('a note is not wrong: no passkeys where the public URL is an IP address', async () => {
  const { code, out } = await doctor(['--json', '--data', makeData(), '--server.listen', `127.0.0.1:${await findFreePort()}`, '--server.public-url', 'http://127.0.0.1:8080']);
  const { findings } = JSON.parse(out);
  assert.equal(findings.find((finding) => finding.name === 'no_passkeys').severity, 'note');
  assert.equal(code, findings.every((finding) => finding.severity === 'note') ? 0 : 1);
});

test('data directory: modes, and what is no directory', async () => {
  assert.deepEqual(await findings({ data: makeData(0o750) }), ['data_directory_open_to_others']);
  assert.deepEqual(await findings({ data: makeData(0o777) }), ['data_directory_open_to_others']);
  const file = path.join(place, 'file');
  fs.writeFileSync(file, '');
  assert.deepEqual(await findings({ data: file }), ['data_directory']);
});

test('data directory: of another user, one that cannot be made, and one without room', async () => {
  if (process.getuid() === 0) {
    const data = makeData();
    fs.chownSync(data, 65534, 65534);
    assert.deepEqual(await findings({ data }), ['data_directory_owner']);
  } else {
    assert.ok((await findings({ data: '/' })).includes('data_directory_owner'));
  }
  assert.deepEqual(await findings({ data: '/rescind-that-nobody-makes' }, { prefix: asNobody }), ['data_directory_cannot_be_made']);
  if (process.getuid() === 0) {
    const data = path.join(makeData(), 'below'); // and one that nobody may look into
    assert.deepEqual(await findings({ data }, { prefix: asNobody }), ['data_directory_cannot_be_made']);
  }
  const data = makeData();
  const small = ['unshare', '--user', '--map-root-user', '--mount', 'sh', '-c', 'mount -t tmpfs -o size=8m,mode=0700 none "$0" && exec "$@"', data];
  assert.deepEqual(await findings({ data }, { prefix: small }), ['disk_full']);
});

test('notes: no mail, a store in memory, a key file that is not sealed or sealed with the secret before', async () => {
  assert.deepEqual(await notes({}), ['no_mail']);
  assert.deepEqual(await notes({ 'store.url': 'memory:' }), ['store_in_memory', 'no_mail']);
  const [one, another] = ['1', '2'].map((letter) => {
    const file = path.join(place, `master${letter}`);
    fs.writeFileSync(file, letter.repeat(40), { mode: 0o600 });
    return file;
  });
  const server = await startServer();
  await server.stop();
  assert.deepEqual(await notes({ data: server.data }), ['key_file_not_sealed', 'no_mail']);
  assert.deepEqual(await notes({ data: server.data, 'keys.master_secret_file': one }), ['key_file_sealing_outdated', 'no_mail'], 'the next start seals it');
  server.settings = { 'keys.master_secret_file': one };
  await server.start();
  await server.stop();
  assert.deepEqual(await notes({ data: server.data, 'keys.master_secret_file': one }), ['no_mail']);
  assert.deepEqual(await notes({ data: server.data, 'keys.master_secret_file': another, 'keys.previous_master_secret_file': one }), ['key_file_sealing_outdated', 'no_mail']);
  await server.dispose();
});

test('secrets: the admin key, the keys of tokens, a master secret that does not open the key file', async () => {
  const data = makeData();
  fs.writeFileSync(path.join(data, 'admin.key'), 'rk1_0123456789abcdef', { mode: 0o644 });
  assert.deepEqual(await findings({ data }), ['admin_key']);
  assert.deepEqual(await findings({}, { env: { RESCIND_ADMIN_KEY: 'short' } }), ['admin_key']);
  assert.deepEqual(await findings({ 'token.algorithm': 'HS256', 'token.secret_file': '/nowhere/secret' }), ['secret_file']);

  const secret = path.join(place, 'master');
  fs.writeFileSync(secret, 'm'.repeat(40), { mode: 0o600 });
  const server = await startServer({ settings: { 'keys.master_secret_file': secret } });
  await server.stop();
  assert.deepEqual(await findings({ data: server.data, 'keys.master_secret_file': secret }), []);
  assert.deepEqual(await findings({ data: server.data }), ['key_file']);
  fs.chmodSync(path.join(server.data, 'keys.json'), 0o644);
  assert.deepEqual(await findings({ data: server.data, 'keys.master_secret_file': secret }), ['key_file']);
  await server.dispose();
});

test('TLS files: another key, an early end, another name, a key that everybody may read', async () => {
  const certificate = makeCertificate('localhost'); // for two days
  const other = makeCertificate('localhost');
  const tls = { 'server.tls_cert': certificate.certFile, 'server.tls_key': certificate.keyFile, 'server.trusted_proxies': '127.0.0.1/32' };
  assert.deepEqual(await findings(tls), ['tls_certificate_expires_soon']);
  assert.deepEqual(await findings({ ...tls, 'server.tls_key': other.keyFile }), ['tls_files']);
  assert.deepEqual(await findings({ ...tls, 'server.tls_cert': '/nowhere/cert.pem' }), ['tls_files']);
  assert.deepEqual(await findings({ ...tls, 'server.public_url': 'https://id.example.com' }), ['tls_certificate_expires_soon', 'tls_certificate_name']);
  fs.chmodSync(certificate.keyFile, 0o644);
  assert.deepEqual(await findings(tls), ['tls_key_open_to_others', 'tls_certificate_expires_soon']);
  for (const { directory } of [certificate, other]) fs.rmSync(directory, { recursive: true, force: true });
});

test('store: damaged, of a newer version, of another program', async () => {
  const data = makeData();
  const file = path.join(data, 'rescind.db');
  fs.writeFileSync(file, 'this is not a database, however long it may be'.repeat(100));
  assert.deepEqual(await findings({ data }), ['store']);
  const server = await startServer();
  await server.stop();
  const store = path.join(server.data, 'rescind.db');
  assert.deepEqual(await findings({ data: server.data }), []);
  // Fields of the header, https://www.sqlite.org/fileformat.html: user_version at 60, application_id at 68.
  const patch = (offset, value) => {
    const bytes = fs.readFileSync(store);
    bytes.writeUInt32BE(value, offset);
    fs.writeFileSync(store, bytes);
  };
  patch(60, 4711);
  assert.deepEqual(await findings({ data: server.data }), ['store_newer']);
  patch(68, 0x12345678);
  assert.deepEqual(await findings({ data: server.data }), ['store']);
  await server.dispose();
});

test('address: taken by another program, or not of this machine', async () => {
  const other = net.createServer((socket) => socket.end('hello\n'));
  await new Promise((resolve) => other.listen(0, '127.0.0.1', resolve));
  assert.deepEqual(await findings({ 'server.listen': `127.0.0.1:${other.address().port}` }), ['port_taken']);
  other.close();
  assert.deepEqual(await findings({ 'server.listen': '192.0.2.1:8080', 'server.public_url': 'https://id.example.com', 'server.trusted_proxies': '127.0.0.1/32' }), ['address_not_usable']);
});

test('a public URL that leads elsewhere, while the server runs', async () => {
  const nobody = `https://localhost:${await findFreePort()}`;
  const server = await startServer();
  const settings = { 'server.listen': `127.0.0.1:${server.port}`, data: server.data, 'server.public_url': nobody, 'server.trusted_proxies': '127.0.0.1/32' };
  assert.deepEqual(await findings(settings), ['public_url_not_reached']);
  await server.dispose();
});

test('a server that runs and is not ready', async () => {
  const server = await startServer({ settings: { 'feed.lease': '1s' } });
  await whileLocked(server, async () => {
    await waitUntil(async () => (await server.get('/readyz')).status === 503, { what: 'the lease to end' });
    assert.deepEqual(await findings({ 'server.listen': `127.0.0.1:${server.port}`, data: server.data }), ['not_ready']);
  });
  await server.dispose();
});

test('mail: a server that takes us is good, and gets no mail; no server, no TLS and a wrong password are named', async () => {
  const smtp = await startSmtpServer();
  const mail = { 'mail.smtp_url': smtp.url, 'mail.from': 'id@example.com' };
  assert.deepEqual(await findings({ ...mail, 'mail.tls': 'none' }), []);
  assert.equal(smtp.mails.length, 0);
  assert.deepEqual(await findings({ ...mail, 'mail.tls': 'required' }), ['mail_server']);
  assert.deepEqual(await findings({ ...mail, 'mail.smtp_url': `smtp://127.0.0.1:${await findFreePort()}` }), ['mail_server']);
  await smtp.stop();

  const certificate = makeCertificate('127.0.0.1');
  const strict = await startSmtpServer({ certificate, user: 'ada', password: 'right horse' });
  const passwordFile = path.join(place, 'smtp-password');
  fs.writeFileSync(passwordFile, 'right horse', { mode: 0o600 });
  const user = { ...mail, 'mail.smtp_url': strict.url.replace('//', '//ada@'), 'mail.smtp_password_file': passwordFile, 'mail.tls': 'required' };
  assert.deepEqual(await findings(user), ['mail_server'], 'nobody vouches for the certificate');
  assert.deepEqual(await findings({ ...user, 'mail.ca_file': certificate.certFile }), []);
  fs.writeFileSync(passwordFile, 'wrong horse', { mode: 0o600 });
  assert.deepEqual(await findings({ ...user, 'mail.ca_file': certificate.certFile }), ['mail_server']);
  assert.deepEqual(await findings({ ...user, 'mail.smtp_password_file': '/nowhere/password' }), ['secret_file']);
  await strict.stop();
  fs.rmSync(certificate.directory, { recursive: true, force: true });
});

test('file descriptors: fewer than the server takes', async () => {
  const { out } = await doctor(['--json', '--data', makeData(), '--server.listen', `127.0.0.1:${await findFreePort()}`], {
    prefix: ['prlimit', '--nofile=1024:1024'],
  });
  assert.ok(JSON.parse(out).findings.some((finding) => finding.name === 'file_descriptors'), out);
});

test('issuers: keys that cannot be fetched', async () => {
  const config = path.join(place, 'issuers.toml');
  fs.writeFileSync(config, `[[issuers]]\nname = "idp"\nissuer = "https://idp.example.com"\naudience = "shop"\njwks_url = "http://127.0.0.1:${await findFreePort()}/jwks"\n`);
  assert.deepEqual(await findings({}, { env: { RESCIND_CONFIG: config } }), ['issuer_keys']);
});

test('issuers: a file that holds no keys', async () => {
  const [config, keys] = [path.join(place, 'issuers.toml'), path.join(place, 'keys.json')];
  fs.writeFileSync(config, `[[issuers]]\nname = "idp"\nissuer = "https://idp.example.com"\naudience = "shop"\njwks_file = "${keys}"\n`);
  assert.deepEqual(await findings({}, { env: { RESCIND_CONFIG: config } }), ['issuer_keys'], 'none is there');
  fs.writeFileSync(keys, '{"keys":[]}');
  assert.deepEqual(await findings({}, { env: { RESCIND_CONFIG: config } }), ['issuer_keys'], 'no key in it');
  const { publicKey } = crypto.generateKeyPairSync('ec', { namedCurve: 'P-256' });
  fs.writeFileSync(keys, JSON.stringify({ keys: [{ ...publicKey.export({ format: 'jwk' }), kid: '1' }] }));
  assert.deepEqual(await findings({}, { env: { RESCIND_CONFIG: config } }), []);
});

test('webhooks: a receiver that nobody reaches, one that nobody vouches for, no secret; a good one is sent nothing', async () => {
  const certificate = makeCertificate('127.0.0.1');
  const receiver = await startReceiver({ certificate });
  const secret = path.join(place, 'webhook-secret');
  fs.writeFileSync(secret, receiver.secret, { mode: 0o600 });
  const config = path.join(place, 'webhooks.toml');
  const findingsWith = (table) => {
    const all = { url: receiver.url, secret_file: secret, ca_file: certificate.certFile, timeout: '20s', ...table };
    const lines = Object.entries(all).filter(([, value]) => value !== undefined);
    fs.writeFileSync(config, `[[webhooks]]\n${lines.map(([name, value]) => `${name} = "${value}"\n`).join('')}`);
    return findings({}, { env: { RESCIND_CONFIG: config } });
  };
  assert.deepEqual(await findingsWith({}), []);
  assert.deepEqual(await findingsWith({ ca_file: undefined }), ['webhook_receiver']);
  assert.deepEqual(await findingsWith({ url: `https://127.0.0.1:${await findFreePort()}` }), ['webhook_receiver']);
  assert.deepEqual(await findingsWith({ url: 'https://receiver.invalid/' }), ['webhook_receiver']);
  assert.deepEqual(await findingsWith({ secret_file: '/nowhere/secret' }), ['secret_file']);
  assert.deepEqual(await findingsWith({ url: 'http://receiver.example/' }), ['configuration']);
  assert.deepEqual([receiver.tries, receiver.strays], [[], 0]);
  await receiver.stop();
  fs.rmSync(certificate.directory, { recursive: true, force: true });
});

// Not planted here: src/main/doctor/doctor_test.cc plants the first two, the others are of the machine.
const kElsewhere = ['clock_behind', 'tls_certificate_expired', 'network_file_system', 'clock_not_synchronised'];

test('the page lists what doctor can find, and each finding was seen', () => {
  const folder = path.join(root, 'src/main/doctor');
  const sources = fs.readdirSync(folder).filter((name) => name.endsWith('.cc') && !name.endsWith('_test.cc')).map((name) => fs.readFileSync(path.join(folder, name), 'utf8'));
  const known = new Set(sources.flatMap((text) => [...text.matchAll(/add\(\s*\{[^"]*"(\w+)"(?: : "(\w+)")?/g)].flatMap(([, one, other]) => [one, other].filter(Boolean))));
  assert.ok(known.size > 30, [...known].join());
  const page = fs.readFileSync(path.join(root, 'docs/cli.md'), 'utf8');
  const table = page.slice(page.indexOf('| looked at | findings |')).split('\n\n')[0];
  const listed = new Set([...table.matchAll(/`(\w+)`/g)].map(([, name]) => name));
  assert.deepEqual([...listed].sort(), [...known].sort());
  assert.deepEqual([...known].filter((name) => !seen.has(name) && !kElsewhere.includes(name)), []);
});
