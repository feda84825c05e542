// Where a request comes from, and what becomes of one that does not come.
import assert from 'node:assert/strict';
import net from 'node:net';
import { test } from 'node:test';
import { waitUntil } from './harness/place.js';
import { bearer, startServer } from './harness/server.js';

async function withServer(options, work) {
  const server = await startServer(options);
  try {
    await work(server);
  } finally {
    await server.dispose();
  }
}

const addressOf = async (server, headers) => {
  const { access } = await server.signUp();
  const { json } = await server.get('/auth/sessions', bearer(access));
  assert.equal(json.sessions[0].ip, server.host.replace(/[[\]]/g, ''), 'without the header it is the peer');
  const account = { email: `forwarded-${Date.now()}@example.com`, password: 'long enough for this', delivery: 'body' };
  const answer = await server.post('/auth/signup', account, headers);
  assert.equal(answer.status, 201);
  return (await server.get('/auth/sessions', bearer(answer.json.access_token))).json.sessions[0].ip;
};

test('X-Forwarded-For counts from a trusted proxy only, and the nearest untrusted address counts', async () => {
  const chain = { 'X-Forwarded-For': '203.0.113.9, 198.51.100.7, 10.1.2.3' };
  await withServer({}, async (server) => assert.equal(await addressOf(server, chain), '127.0.0.1'));
  await withServer({ settings: { 'server.trusted_proxies': '127.0.0.0/8,10.0.0.0/8' } }, async (server) => {
    assert.equal(await addressOf(server, chain), '198.51.100.7', 'what the client itself wrote in front is not believed');
  });
});

test('over IPv6 everything is as over IPv4', async () => {
  await withServer({ host: '[::1]', settings: { 'server.trusted_proxies': '::1/128' } }, async (server) => {
    assert.equal(await addressOf(server, { 'X-Forwarded-For': '2001:db8::7' }), '2001:db8::7');
    const pair = await server.adopt('u');
    assert.equal((await server.verify(pair.access)).status, 200);
    assert.equal((await server.post('/auth/logout', undefined, bearer(pair.access))).status, 200);
    assert.equal((await server.verify(pair.access)).code, 'token_revoked');
  });
});

// A connection on which `bytes` were sent and then one byte a second. Resolves with all that came once the server has closed.
function dribble(server, bytes, rest) {
  return new Promise((resolve, reject) => {
    const began = Date.now();
    let received = '';
    const socket = net.connect(server.port, '127.0.0.1', () => socket.write(bytes));
    const timer = setInterval(() => socket.write(rest), 1000);
    socket.setTimeout(20_000, () => reject(new Error(`not closed: ${received}`)));
    socket.on('data', (chunk) => (received += chunk));
    socket.on('error', () => {});
    socket.on('close', () => {
      clearInterval(timer);
      resolve({ received, seconds: (Date.now() - began) / 1000 });
    });
  });
}

// Takes as long as the time-outs of a head, a body and a write, 10 s, side by side.
test('a head, a body or a reader that is too slow is cut off, and others are served meanwhile', async () => {
  await withServer({}, async (server) => {
    const { access } = await server.adopt('u');
    const head = dribble(server, 'GET /verify HTTP/1.1\r\nHost: a\r\nX-Slow: ', 'a');
    const body = dribble(server, 'POST /auth/login HTTP/1.1\r\nHost: a\r\nContent-Length: 1000\r\n\r\n', 'a');
    const reader = net.connect(server.port, '127.0.0.1', () => {
      reader.pause();
      reader.write('GET /metrics HTTP/1.1\r\nHost: a\r\n\r\n'.repeat(20_000));
    });
    reader.on('error', () => {});
    for (const { received, seconds } of await Promise.all([head, body])) {
      assert.match(received, /^HTTP\/1\.1 408 /);
      assert.match(received, /"code":"request_timeout"/);
      assert.ok(seconds >= 9 && seconds < 16, `after ${seconds} s`);
      assert.equal((await server.verify(access)).status, 200);
    }
    const cutOff = async () => (await server.get('/metrics')).text.match(/^rescind_wire_errors_total\{reason="write_timeout"\} (\d+)/m)[1] === '1';
    await waitUntil(cutOff, { what: 'the slow reader to be cut off', timeout: 15_000, every: 250 });
    reader.destroy();
  });
});
