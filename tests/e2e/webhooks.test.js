// Webhooks: a receiver written with somebody else's library gets every event, whatever happens to it, to the server and between.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import crypto from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { binary, findFreePort, makeTempDirectory, sleep, waitUntil } from './harness/place.js';
import { makeCertificate } from './harness/smtp_server.js';
import { startServer } from './harness/server.js';
import { startReceiver } from './harness/webhook_receiver.js';

// receivers: name → {receiver, …settings of its table}.
async function withWebhooks(receivers, body) {
  const webhooks = Object.entries(receivers).map(([name, { receiver, ...more }]) => receiver.table(name, more));
  const server = await startServer({ webhooks });
  try {
    await body(server);
    assert.doesNotMatch(server.stderr, new RegExp([...server.secrets].map((secret) => secret.replace(/[^\w]/g, '\\$&')).join('|')));
  } finally {
    await server.dispose();
    for (const { receiver } of Object.values(receivers)) await receiver.stop();
  }
}

const metric = async (server, line) => Number((await server.get('/metrics')).text.split('\n').find((one) => one.startsWith(`${line} `))?.split(' ').pop());
const backlog = (server, name) => metric(server, `rescind_webhook_backlog{name="${name}"}`);
const deliveries = (server, name, result) => metric(server, `rescind_webhook_deliveries_total{name="${name}",result="${result}"}`);
const untilDone = async (server, ...names) => {
  for (const name of names) await waitUntil(async () => (await backlog(server, name)) === 0, { what: `${name} to be done`, timeout: 20_000 });
};
const until = (receiver, seqs) => waitUntil(() => receiver.seqs.length >= seqs.length, { what: 'the events', timeout: 20_000 });

// Each leaves one event.
let made = 0;
const happen = async (server, count = 1) => {
  for (let i = 0; i < count; ++i) await server.adopt(`user-${(made += 1)}`);
};

const isAscending = (list) => list.every((seq, i) => i === 0 || seq > list[i - 1]);
const allSeqs = async (server) => (await server.events('?limit=1000')).map(({ seq }) => seq);

test('every event arrives once, in order, verified by somebody else, and is what the audit log has', async () => {
  const receiver = await startReceiver();
  const raw = await startReceiver({ secret: 'a secret of any other form' });
  await withWebhooks({ shop: { receiver }, raw: { receiver: raw } }, async (server) => {
    const user = await server.signUp();
    await server.logIn(user);
    await server.post('/auth/login', { email: user.email, password: 'a wrong one' });
    await server.refresh(user.refresh);
    await server.admin('POST', `/admin/users/${user.user}/block`, { reason: 'spam' });
    const events = await server.events();
    assert.ok(events.length >= 4);
    await until(receiver, events);
    await until(raw, events);
    await sleep(700); // nothing comes twice
    for (const one of [receiver, raw]) {
      assert.deepEqual(one.taken.map(({ event }) => event), events);
      assert.equal(one.forged, 0);
      assert.equal(new Set(one.taken.map(({ id }) => id)).size, events.length);
    }
    assert.equal(await deliveries(server, 'shop', 'ok'), events.length);
    const text = receiver.taken.map((one) => one.text).join('\n');
    for (const secret of server.secrets) assert.ok(!text.includes(secret), 'no secret in a message');
  });
});

test('a secret is exchanged without a message that the receiver refuses', async () => {
  const receiver = await startReceiver();
  const next = `whsec_${crypto.randomBytes(32).toString('base64')}`;
  await withWebhooks({ shop: { receiver } }, async (server) => {
    await happen(server);
    await until(receiver, [1]);
    await server.stop();
    server.webhooks = [receiver.table('shop', { secret: next, previous_secret: receiver.secret })];
    await server.start();
    await happen(server);
    await until(receiver, [1, 2]);
    receiver.exchangeSecret(next);
    await happen(server);
    await until(receiver, [1, 2, 3]);
    await server.stop();
    server.webhooks = [receiver.table('shop')];
    await server.start();
    await happen(server);
    await until(receiver, [1, 2, 3, 4]);
    assert.equal(receiver.forged, 0);
  });
});

test('a webhook is told of the types that it asks for', async () => {
  const receiver = await startReceiver();
  await withWebhooks({ shop: { receiver, events: ['user_blocked', 'user_unblocked'] } }, async (server) => {
    const user = await server.signUp();
    await server.admin('POST', `/admin/users/${user.user}/block`, {});
    await happen(server, 3);
    await server.admin('POST', `/admin/users/${user.user}/unblock`, {});
    await waitUntil(() => receiver.taken.length === 2);
    await untilDone(server, 'shop');
    assert.deepEqual(receiver.taken.map(({ event }) => event.type), ['user_blocked', 'user_unblocked']);
    assert.equal(receiver.tries.length, 2);
  });
});

test('a receiver that was down gets everything, in order, after a restart and after kill -9', async () => {
  const receiver = await startReceiver();
  await withWebhooks({ shop: { receiver } }, async (server) => {
    await happen(server, 2);
    await waitUntil(async () => (await deliveries(server, 'shop', 'ok')) === 2); // the server has heard that it took both
    await receiver.stop();
    await happen(server, 40);
    await waitUntil(async () => (await deliveries(server, 'shop', 'failed')) >= 1);
    await waitUntil(async () => (await backlog(server, 'shop')) === 40, { what: 'a backlog of 40' });
    const env = { PATH: process.env.PATH, RESCIND_SERVER: server.url, RESCIND_API_KEY: server.adminKey };
    assert.match(spawnSync(binary(), ['status'], { env, encoding: 'utf8' }).stdout, /webhook_backlog\.shop +40\n/);
    assert.equal((await server.stop()).code, 0);
    await server.start();
    await happen(server, 3);
    await server.restart(); // kill -9
    await happen(server, 2);
    const all = await allSeqs(server);
    assert.equal(all.length, 47);
    await receiver.start();
    await until(receiver, all);
    await untilDone(server, 'shop');
    assert.deepEqual([...new Set(receiver.seqs)], all);
    assert.deepEqual([...new Set(receiver.tries.slice(-45))], receiver.taken.slice(2).map(({ id }) => id));
    assert.match(server.stderr, /"?webhook"?.*does not take an event|does not take an event.*webhook/);
  });
});

test('kill -9 in the middle of a backlog loses nothing, and repeats little under the same ids', async () => {
  const receiver = await startReceiver();
  await withWebhooks({ shop: { receiver } }, async (server) => {
    receiver.delay = 20;
    await Promise.all(Array.from({ length: 100 }, () => happen(server)));
    for (let round = 0; round < 4; ++round) {
      const before = receiver.taken.length;
      await waitUntil(() => receiver.taken.length > before + 5);
      await server.restart();
    }
    assert.ok((await backlog(server, 'shop')) > 0, 'the crashes were in the middle');
    await untilDone(server, 'shop');
    const byId = new Map(receiver.taken.map(({ id, event }) => [id, event.seq]));
    assert.deepEqual([...byId.values()], await allSeqs(server));
    assert.ok(receiver.taken.length - byId.size <= 4 * 32, 'a turn is repeated for each crash at most');
  });
});

test('whatever is not a timely 2xx with a small body is no delivery, and the event comes again', async () => {
  const receiver = await startReceiver();
  const elsewhere = await startReceiver();
  const drip = (response, head) => {
    response.writeHead(200, head);
    const tick = setInterval(() => response.write('x'.repeat(4096)), 5);
    response.once('close', () => clearInterval(tick));
  };
  const answers = {
    'status 500': (response) => response.writeHead(500).end(),
    'status 410': (response) => response.writeHead(410).end(),
    'redirect': (response) => response.writeHead(307, { Location: elsewhere.url }).end(),
    'redirect to itself': (response) => response.writeHead(302, { Location: receiver.url }).end(),
    'hangs': () => {},
    'hangs behind the head': (response) => response.writeHead(200).write('x'),
    'endless body': (response) => drip(response, {}),
    'endless head': (response) => {
      response.socket.write('HTTP/1.1 200 OK\r\n');
      const tick = setInterval(() => response.socket.write(`x: ${'x'.repeat(4096)}\r\n`), 5);
      response.socket.once('close', () => clearInterval(tick));
    },
    'too large a body': (response) => response.writeHead(200).end('x'.repeat(70_000)),
    'hangs up': (response) => response.socket.destroy(),
    'no HTTP': (response) => response.socket.end('hello\r\n\r\n'),
  };
  // An answer that was a second late leaves its event to come again.
  const taken = () => new Set(receiver.seqs).size;
  await withWebhooks({ shop: { receiver, timeout: '1s' } }, async (server) => {
    for (const [what, answer] of Object.entries(answers)) {
      const before = taken();
      const failed = await deliveries(server, 'shop', 'failed');
      receiver.answer = answer;
      await happen(server);
      await waitUntil(async () => (await deliveries(server, 'shop', 'failed')) > failed, { what });
      assert.equal(taken(), before, what);
      receiver.answer = undefined;
      await waitUntil(() => taken() === before + 1, { what: `the event after: ${what}` });
    }
    assert.equal(elsewhere.connections, 0, 'no redirect is followed');
    assert.equal(receiver.strays, 0);
    assert.ok(isAscending([...new Set(receiver.seqs)]));
    for (const reason of ['status 500', 'status 307', 'too large', 'imeout']) assert.ok(server.stderr.includes(reason), reason);
  });
  await elsewhere.stop();
});

test('a receiver that hangs delays no other, no request, and not the end of the server', async () => {
  const hanging = await startReceiver();
  const good = await startReceiver();
  hanging.answer = () => {};
  await withWebhooks({ hanging: { receiver: hanging, timeout: '1m' }, good: { receiver: good } }, async (server) => {
    const began = Date.now();
    await happen(server, 20);
    assert.ok(Date.now() - began < 15_000);
    await until(good, Array(20));
    await waitUntil(async () => hanging.tries.length > 0 && (await backlog(server, 'hanging')) > 0, { what: 'it to hang' });
    assert.equal(hanging.tries.length, 1);
    const stopped = Date.now();
    assert.deepEqual(await server.stop(), { code: 0, signal: null });
    assert.ok(Date.now() - stopped < 20_000, `${Date.now() - stopped} ms`);
  });
});

test('https: the certificate is checked', async () => {
  const certificate = makeCertificate('127.0.0.1');
  const wrongName = makeCertificate('shop.example.com');
  const trusted = await startReceiver({ certificate });
  const unknown = await startReceiver({ certificate });
  const other = await startReceiver({ certificate: wrongName });
  await withWebhooks(
    {
      trusted: { receiver: trusted, ca_file: certificate.certFile },
      unknown: { receiver: unknown },
      other: { receiver: other, ca_file: wrongName.certFile },
    },
    async (server) => {
      await happen(server);
      await until(trusted, [1]);
      for (const name of ['unknown', 'other']) await waitUntil(async () => (await deliveries(server, name, 'failed')) > 0, { what: name });
      assert.equal(unknown.tries.length + other.tries.length, 0, 'nothing is said to whom nobody vouches for');
    },
  );
  for (const one of [certificate, wrongName]) fs.rmSync(one.directory, { recursive: true });
});

test('a new webhook begins with the events to come; one that comes back goes on where it was', async () => {
  const receiver = await startReceiver();
  const late = await startReceiver();
  await withWebhooks({ shop: { receiver } }, async (server) => {
    await happen(server, 3);
    await until(receiver, [1, 2, 3]);
    await waitUntil(async () => (await deliveries(server, 'shop', 'ok')) === 3); // else the last one comes again
    await server.stop();
    server.webhooks = [late.table('late')];
    await server.start();
    await happen(server, 2);
    await until(late, [4, 5]);
    assert.deepEqual(late.seqs, [4, 5]);
    await waitUntil(async () => (await deliveries(server, 'late', 'ok')) === 2);
    await server.stop();
    server.webhooks = [receiver.table('shop'), late.table('late')];
    await server.start();
    await until(receiver, [1, 2, 3, 4, 5]);
    assert.deepEqual(receiver.seqs, [1, 2, 3, 4, 5]);
    assert.deepEqual(late.seqs, [4, 5]);
  });
  await late.stop();
});

test('a webhook that cannot be is a start-up error that names it, and never the secret', async () => {
  const directory = makeTempDirectory('webhooks');
  const file = path.join(directory, 'rescind.toml');
  const secretFile = path.join(directory, 'secret');
  const serve = (toml) => {
    fs.writeFileSync(file, toml);
    return spawnSync(binary(), ['serve', '--config', file, '--data', path.join(directory, 'data'), '--server.listen', '127.0.0.1:0'], {
      env: { PATH: process.env.PATH },
      encoding: 'utf8',
      timeout: 10_000,
    });
  };
  const table = (url, more = '') => `[[webhooks]]\nname = "shop"\nurl = "${url}"\nsecret_file = "${secretFile}"\n${more}`;
  const good = 'https://shop.example.com/hook';
  const secret = crypto.randomBytes(32).toString('base64');
  const cases = [
    [secret, table('http://shop.example.com/hook'), /webhooks, shop: url is plain http/],
    [secret, table('http://169.254.169.254/latest/meta-data'), /plain http/],
    [secret, table('file:///etc/passwd'), /webhooks, shop: url/],
    [secret, table('https://user:pass@shop.example.com/'), /user, a password/],
    [secret, table(good, 'events = ["user_bloked"]'), /user_blocked/],
    [secret, table(good, 'colour = "red"'), /webhooks\.colour.*:5/],
    [secret, table(good) + table(good), /name shop/],
    [secret, `[[webhooks]]\nurl = "${good}"\n`, /secret_file is missing/],
    ['a-sh0rt-one', table(good), /secret of webhook shop.*shorter than 24 bytes/],
    [`whsec_${secret.slice(0, 28)}`, table(good), /secret of webhook shop.*whsec_/],
    [`whsec_${secret.slice(0, 39)}*${secret.slice(40)}`, table(good), /secret of webhook shop.*whsec_/],
    [null, table(good), /secret of webhook shop.*No such file/],
  ];
  for (const [content, toml, message] of cases) {
    fs.rmSync(secretFile, { force: true });
    if (content !== null) fs.writeFileSync(secretFile, `${content}\n`, { mode: 0o600 });
    const ended = serve(toml);
    assert.ok(ended.status > 0, `${toml}: ${ended.status} ${ended.stderr}`);
    assert.match(ended.stderr, message);
    assert.equal(ended.stderr.trim().split('\n').length, 1, ended.stderr);
    if (content !== null) assert.ok(!ended.stderr.includes(content.slice(6)));
  }
  fs.rmSync(directory, { recursive: true });
});
