// CPU time of one check over HTTP: Rescind beside nginx, HAProxy and what people build by hand.
//
// Every server has one core, the load another. Each peer is asked in turn, several rounds, with 64 keep-alive connections
// that have one request in flight each, and 100 different tokens in rotation. docs/benchmarks.md says what is compared.
import { spawn } from 'node:child_process';
import crypto from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { countOf, ratios, Report, takeTurns } from '../measure/measure.js';
import { send } from '../../tests/e2e/harness/http.js';
import { makeTempDirectory, root } from '../../tests/e2e/harness/place.js';
import { bearer, claimsOf } from '../../tests/e2e/harness/server.js';
import { startExpress } from './express.js';
import { startHaproxy } from './haproxy.js';
import { startNginx204, startNginxAuthRequest } from './nginx.js';
import { ticks } from './process.js';
import { blacklist, startRedis } from './redis.js';
import { makeDatabase, startRescind } from './rescind.js';
import { expire, forge, tokensLike } from './tokens.js';

const kRounds = countOf(9, 2);
const kTokens = 100;
const kRevocations = countOf(1_000_000, 10_000);
const kConnections = 64;

const directory = makeTempDirectory('bench-http');
process.env.TMPDIR = directory; // everything that the peers write goes with it
const file = (name, text) => {
  fs.writeFileSync(path.join(directory, name), text);
  return path.join(directory, name);
};
process.on('exit', () => fs.rmSync(directory, { recursive: true, force: true })); // after the peers were killed

const lines = (list) => `${list.join('\n')}\n`;

// One run of the load; CPU time is of all processes of the peer.
function measure({ port, path: target = '/', status = 200, tokens, pids }, { count, depth = 1 }) {
  const args = ['--port', port, '--path', target, '--status', status, '--tokens', tokens, '--measure', pids().join(',')];
  args.push('--connections', kConnections, '--depth', depth, '--count', count, '--warm-up', Math.ceil(count / 10));
  const before = ticks(pids());
  return new Promise((resolve, reject) => {
    const child = spawn(path.join(root, 'build/release/http_load_bench'), args.map(String), { stdio: ['ignore', 'pipe', 'inherit'] });
    let text = '';
    child.stdout.on('data', (chunk) => (text += chunk));
    child.once('exit', (code) => {
      if (code !== 0) return reject(new Error(`http_load ended with ${code}`));
      const run = JSON.parse(text);
      const each = (seconds) => (seconds * 1e6) / run.requests;
      const after = ticks(pids());
      const [user, kernel] = [after.user - before.user, after.kernel - before.kernel];
      resolve({
        cpu: each(run.cpu_seconds),
        kernelCpu: (each(run.cpu_seconds) * kernel) / Math.max(1, user + kernel),
        loadCpu: each(run.own_cpu_seconds),
        rps: run.requests / run.seconds,
        p50: run.p50_us,
        p99: run.p99_us,
      });
    });
  });
}

// A peer that lets a bad token pass, or refuses a good one, is not measured.
async function inspect(name, peer) {
  const ask = async (token) => (await send(`http://127.0.0.1:${peer.port}`, 'GET', peer.path ?? '/', { headers: bearer(token) })).status;
  for (const token of peer.good) {
    const status = await ask(token);
    if (status !== (peer.status ?? 200)) throw new Error(`${name} answers ${status} to a good token`);
  }
  for (const [why, token] of Object.entries(peer.bad)) {
    const status = await ask(token);
    if (status !== 401) throw new Error(`${name} answers ${status} to a token that is ${why}`);
  }
}

async function startAll() {
  const secret = crypto.randomBytes(32).toString('base64url');
  const secretFile = file('secret', secret);
  const database = path.join(directory, 'rescind.db');
  makeDatabase(database, kRevocations);
  const ours = { database, tokens: kTokens, revocations: kRevocations };
  const es256 = await startRescind({ ...ours, algorithm: 'ES256' });
  const hs256 = await startRescind({ ...ours, algorithm: 'HS256', secretFile });
  const es256Bad = { revoked: es256.revoked, forged: forge(es256.good[0]) };
  const hs256Bad = { revoked: hs256.revoked, forged: forge(hs256.good[0]), expired: expire(hs256.good[0], secret) };

  // Redis and HAProxy hold the same million tokens, by text and by jti, and the one that is asked for.
  const redis = await startRedis();
  const jtis = [claimsOf(es256.revoked).jti, claimsOf(hs256.revoked).jti];
  const redisBytes = await blacklist(redis.port, tokensLike(hs256.good[0], secret, kRevocations, (jti) => jtis.push(jti)));
  await blacklist(redis.port, [hs256.revoked]);
  const denylist = file('denylist.map', lines(jtis.map((jti) => `${jti} 1`)));
  const publicKey = crypto.createPublicKey({ key: es256.jwks.keys[0], format: 'jwk' });
  const publicKeyFile = file('es256.pem', publicKey.export({ type: 'spki', format: 'pem' }));

  const es256Tokens = { tokens: file('es256', lines(es256.good)), good: es256.good };
  const hs256Tokens = { tokens: file('hs256', lines(hs256.good)), good: hs256.good };
  const verify = { path: '/verify' };
  const authRequest = await startNginxAuthRequest(es256.port);
  const peers = {
    rescind: { ...es256, ...verify, ...es256Tokens, bad: es256Bad, count: 150_000 },
    rescind_hs256: { ...hs256, ...verify, ...hs256Tokens, bad: hs256Bad, count: 150_000 },
    nginx204: { ...(await startNginx204()), ...es256Tokens, status: 204, bad: {}, count: 150_000 },
    nginx_auth_request: {
      ...authRequest,
      ...es256Tokens,
      pids: () => [...authRequest.pids(), ...es256.pids()],
      bad: es256Bad,
      count: 40_000,
    },
    haproxy_jwt: { ...(await startHaproxy({ algorithm: 'HS256', key: secret, denylist })), ...hs256Tokens, bad: hs256Bad, count: 50_000 },
    haproxy_jwt_es256: {
      ...(await startHaproxy({ algorithm: 'ES256', key: publicKeyFile, denylist })),
      ...es256Tokens,
      bad: es256Bad,
      count: 8_000,
    },
    express_keyobject: { ...(await startExpress({ key: 'object', secret, redis })), ...hs256Tokens, bad: hs256Bad, count: 8_000 },
    express_string: { ...(await startExpress({ key: 'string', secret, redis })), ...hs256Tokens, bad: hs256Bad, count: 2_000 },
  };
  const stopAll = async () => {
    for (const peer of Object.values(peers)) await peer.stop();
    await redis.stop();
  };
  return { peers, redisBytes, stopAll };
}

async function main() {
  const report = new Report();
  const { peers, redisBytes, stopAll } = await startAll();
  const inspectAll = async () => {
    for (const [name, peer] of Object.entries(peers)) await inspect(name, peer);
  };
  await inspectAll();
  const contenders = Object.fromEntries(
    Object.entries(peers).map(([name, peer]) => [name, () => measure(peer, { count: Math.ceil(peer.count / countOf(1, 50)) })]),
  );
  for (const name of ['rescind', 'nginx204']) {
    contenders[`${name}_pipelined`] = () => measure(peers[name], { count: countOf(300_000, 4_000), depth: 16 });
  }
  await takeTurns(contenders, 1); // caches and compilers are warm, where there are any
  const runs = await takeTurns(contenders, kRounds);
  await inspectAll();
  await stopAll();

  const all = (name, what) => runs[name].map((run) => run[what]);
  for (const what of ['cpu', 'rps', 'p50', 'p99']) {
    for (const peer of ['nginx204', 'haproxy_jwt', 'haproxy_jwt_es256', 'express_keyobject', 'express_string']) {
      report.add(`http.verify_${what}_vs_${peer}`, 'ratio', ratios(all('rescind', what), all(peer, what)));
    }
  }
  report.add('http.auth_request_cpu_vs_nginx204', 'ratio', ratios(all('nginx_auth_request', 'cpu'), all('nginx204', 'cpu')));
  for (const [name, list] of Object.entries(runs)) {
    report.add(`http.${name}.cpu_us`, 'us', list.map((run) => run.cpu));
    report.add(`http.${name}.kernel_us`, 'us', list.map((run) => run.kernelCpu));
    report.add(`http.${name}.rps`, '1/s', list.map((run) => run.rps));
    report.add(`http.${name}.p50_us`, 'us', list.map((run) => run.p50));
    report.add(`http.${name}.p99_us`, 'us', list.map((run) => run.p99));
  }
  report.add('http.load_cpu_us', 'us', runs.nginx204.map((run) => run.loadCpu));
  report.add('index.redis_bytes_per_entry', 'bytes', redisBytes);
  report.add('http.revocations', 'entries', kRevocations);
  report.add('http.token_bytes.es256', 'bytes', peers.rescind.good[0].length);
  report.add('http.token_bytes.hs256', 'bytes', peers.rescind_hs256.good[0].length);
  report.finish();
}

await main();
