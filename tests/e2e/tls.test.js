// TLS in the server itself: certificates, versions, and new files under open connections.
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import fs from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import tls from 'node:tls';
import { binary, makeTempDirectory, sleep, waitUntil } from './harness/place.js';
import { sendRaw } from './harness/http.js';
import { bearer, startServer } from './harness/server.js';

const directory = makeTempDirectory('tls');
after(() => fs.rmSync(directory, { recursive: true, force: true }));

// A self-signed certificate of this name, for localhost.
function makeCertificate(name) {
  const files = { cert: path.join(directory, `${name}.crt`), key: path.join(directory, `${name}.key`) };
  const args = ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '30'];
  const subject = ['-subj', `/CN=${name}`, '-addext', 'subjectAltName=DNS:localhost,IP:127.0.0.1'];
  execFileSync('openssl', [...args, ...subject, '-keyout', files.key, '-out', files.cert], { stdio: 'ignore' });
  return files;
}

const first = makeCertificate('first');
const second = makeCertificate('second');
const settingsFor = ({ cert, key }) => ({ 'server.tls_cert': cert, 'server.tls_key': key });

// The files that a server follows, with the content of others. Replaced as an operator's tool does it: by renaming.
function place(name, { cert, key }) {
  const files = { cert: path.join(directory, `${name}.crt`), key: path.join(directory, `${name}.key`) };
  for (const part of ['cert', 'key']) {
    fs.copyFileSync({ cert, key }[part], `${files[part]}.new`);
    fs.renameSync(`${files[part]}.new`, files[part]);
  }
  return files;
}

// A connection after its handshake, checked as a client does it: by the certificates that it trusts.
function connect(server, options = {}) {
  return new Promise((resolve, reject) => {
    const socket = tls.connect(
      { port: server.port, host: '127.0.0.1', servername: 'localhost', ca: [fs.readFileSync(first.cert), fs.readFileSync(second.cert)], ...options },
      () => resolve(socket),
    );
    socket.once('error', reject);
  });
}

async function nameOn(server) {
  const socket = await connect(server);
  const name = socket.getPeerCertificate().subject.CN;
  socket.destroy();
  return name;
}

function ask(socket, pathname = '/healthz') {
  return new Promise((resolve, reject) => {
    let text = '';
    const onData = (chunk) => {
      text += chunk;
      if (!text.includes('\r\n\r\n')) return;
      socket.off('data', onData);
      resolve(Number(text.split(' ')[1]));
    };
    socket.on('data', onData);
    socket.once('close', () => reject(new Error(`closed after: ${text}`)));
    socket.write(`GET ${pathname} HTTP/1.1\r\nHost: localhost\r\n\r\n`);
  });
}

describe('a server with a certificate', () => {
  let server;
  before(async () => (server = await startServer({ settings: settingsFor(first) })));
  after(() => server?.dispose());

  test('says https in its log and in its tokens', async () => {
    const listening = new RegExp(`listening.*https://127.0.0.1:${server.port}`);
    await waitUntil(() => listening.test(server.stderr), { what: 'the log to say it' });
    const answer = await server.get('/.well-known/oauth-authorization-server');
    assert.equal(answer.json.issuer, `https://localhost:${server.port}`);
  });

  test('sessions are as in the clear, and the cookies are Secure with the prefix __Host-', async () => {
    const user = await server.signUpWithCookies();
    for (const [name, { attributes }] of user.answer.cookies) {
      assert.match(name, /^__(Host|Secure)-/);
      assert.equal(attributes.secure, true);
    }
    assert.ok([...user.answer.cookies.keys()].some((name) => name.startsWith('__Host-')));
    assert.equal((await server.verify(user.access)).status, 200);
    assert.equal((await server.post('/auth/logout', undefined, bearer(user.access))).status, 200);
    assert.equal((await server.verify(user.access)).code, 'token_revoked');
  });

  test('TLS 1.2 and 1.3 with HTTP/1.1, and nothing older', async () => {
    for (const version of ['TLSv1.2', 'TLSv1.3']) {
      const socket = await connect(server, { minVersion: version, maxVersion: version, ALPNProtocols: ['h2', 'http/1.1'] });
      assert.equal(socket.getProtocol(), version);
      assert.equal(socket.alpnProtocol, 'http/1.1');
      assert.equal(await ask(socket), 200);
      socket.destroy();
    }
    const old = { minVersion: 'TLSv1', maxVersion: 'TLSv1.1', ciphers: 'DEFAULT@SECLEVEL=0' };
    await assert.rejects(connect(server, old), /alert protocol version/);
  });

  test('curl trusts it by the certificate', () => {
    const curl = (...args) => spawnSync('curl', ['-sS', '-o', '/dev/null', '-w', '%{http_code} %{http_version}', ...args], { encoding: 'utf8' });
    const url = `https://localhost:${server.port}/healthz`;
    assert.equal(curl('--ipv4', '--cacert', first.cert, url).stdout, '200 1.1');
    assert.notEqual(curl('--ipv4', '--cacert', second.cert, url).status, 0);
  });

  test('plain HTTP is closed without an answer', async () => {
    const { text, closed } = await sendRaw(server.port, 'GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n');
    assert.doesNotMatch(text, /HTTP/);
    assert.ok(closed);
  });

  test('100 clients at once are all answered', async () => {
    const { access } = await server.adopt('u');
    const sockets = await Promise.all(Array.from({ length: 100 }, () => connect(server)));
    const statuses = await Promise.all(sockets.map((socket) => ask(socket)));
    assert.deepEqual(new Set(statuses), new Set([200]));
    sockets.forEach((socket) => socket.destroy());
    assert.equal((await server.verify(access)).status, 200);
  });

  test('a handshake that does not come is ended, and others are served meanwhile', async () => {
    const began = Date.now();
    const socket = net.connect(server.port, '127.0.0.1', () => socket.write(Buffer.from([0x16, 3, 1])));
    socket.on('error', () => {});
    socket.resume();
    const closed = new Promise((resolve) => socket.once('close', resolve));
    assert.equal((await server.get('/healthz')).status, 200);
    await closed;
    const seconds = (Date.now() - began) / 1000;
    assert.ok(seconds >= 9 && seconds < 16, `after ${seconds} s`);
  });

  test('the end of the certificate is a metric', async () => {
    const [, end] = (await server.get('/metrics')).text.match(/^rescind_tls_certificate_expires_seconds (\S+)$/m);
    assert.ok(Math.abs(Number(end) - (Date.now() / 1000 + 30 * 86400)) < 3600, end);
  });
});

describe('new files', () => {
  let server;
  before(async () => (server = await startServer({ settings: settingsFor(place('followed', first)) })));
  after(() => server?.dispose());

  test('are taken up while a connection goes on, by themselves and at SIGHUP', async () => {
    const open = await connect(server);
    assert.equal(open.getPeerCertificate().subject.CN, 'first');
    assert.equal(await ask(open), 200);
    place('followed', second);
    await waitUntil(async () => (await nameOn(server)) === 'second', { every: 200, what: 'the new certificate' });
    assert.equal(await ask(open), 200);
    place('followed', first);
    server.process.kill('SIGHUP');
    await waitUntil(async () => (await nameOn(server)) === 'first', { every: 50, timeout: 1900, what: 'SIGHUP to be heard' });
    assert.equal(await ask(open), 200);
    open.destroy();
    assert.match(server.stderr, /new connections get the new TLS certificate/);
  });

  test('that are broken change nothing and are said once', async () => {
    const complaints = () => server.stderr.match(/a periodic task fails.*TLS certificate.*not the certificate's/g)?.length ?? 0;
    const files = place('followed', { cert: second.cert, key: first.key });
    await waitUntil(() => complaints() === 1, { what: 'the complaint', every: 100 });
    await sleep(4500);
    assert.equal(complaints(), 1);
    assert.equal(await nameOn(server), 'first');
    fs.rmSync(files.key);
    await sleep(2500);
    assert.equal(await nameOn(server), 'first');
    place('followed', second);
    await waitUntil(async () => (await nameOn(server)) === 'second', { every: 200, what: 'the files that are right again' });
  });
});

test('an expired certificate is said in the log', async () => {
  const expired = { cert: path.join(directory, 'expired.crt'), key: first.key };
  execFileSync('openssl', ['x509', '-in', first.cert, '-signkey', first.key, '-days', '-1', '-out', expired.cert], { stdio: 'ignore' });
  const server = await startServer({ settings: settingsFor(expired) });
  try {
    assert.match(server.stderr, /the TLS certificate has expired/);
  } finally {
    await server.dispose();
  }
});

test('a server that cannot speak TLS does not start, and says why', () => {
  const encrypted = path.join(directory, 'encrypted.key');
  execFileSync('openssl', ['pkcs8', '-topk8', '-v2', 'aes-128-cbc', '-passout', 'pass:secret', '-in', first.key, '-out', encrypted]);
  const missing = path.join(directory, 'missing.crt');
  const table = [
    [['--server.tls-cert', first.cert], /give both or none/],
    [['--server.tls-key', first.key], /give both or none/],
    [['--server.tls-cert', missing, '--server.tls-key', first.key], /cannot read .*missing\.crt: No such file/],
    [['--server.tls-cert', directory, '--server.tls-key', first.key], /is not a file/],
    [['--server.tls-cert', first.cert, '--server.tls-key', second.key], /the private key is not the certificate's/],
    [['--server.tls-cert', first.key, '--server.tls-key', first.key], /no PEM certificate/],
    [['--server.tls-cert', first.cert, '--server.tls-key', encrypted], /has a passphrase/],
    [['--server.tls-cert', first.cert, '--server.tls-key', first.key, '--server.public-url', 'http://localhost:1'], /is plain http/],
  ];
  for (const [flags, problem] of table) {
    const data = path.join(directory, 'data');
    const { status, stderr } = spawnSync(binary(), ['serve', '--data', data, '--server.listen', '127.0.0.1:0', ...flags], { encoding: 'utf8', timeout: 10_000 });
    assert.notEqual(status, 0, `${flags}`);
    assert.notEqual(status, null, `${flags} started`);
    assert.match(stderr, problem);
  }
});
