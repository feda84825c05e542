// A thousand log-ins at once: memory stays within its bound, everybody is answered and in the end signed in, and whoever has
// a token is answered in the meantime.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import { test } from 'node:test';
import { sleep } from './harness/place.js';
import { send } from './harness/http.js';
import { startServer } from './harness/server.js';

const kCrowd = 1000;
const kGuesses = 1000; // more than the wrong passwords of the crowd and what waits at once; an overloaded answer is no guess
const kThreads = 2;
const kHashMemory = 16; // MiB
// Besides the hashes: what 1,000 connections and sessions take, and what the allocator keeps of it.
const kFurther = 96; // MiB

// The most that the process has ever held, in MiB.
function peakMemory(server) {
  const status = fs.readFileSync(`/proc/${server.process.pid}/status`, 'utf8');
  return Number(status.match(/^VmHWM:\s+(\d+) kB$/m)[1]) / 1024;
}

// Each has a connection of its own and does as it is told: after a 503 it waits as long as Retry-After says.
async function logInUntilAnswered(server, json, counts) {
  for (;;) {
    const answer = await send(server.url, 'POST', '/auth/login', { json });
    counts.set(answer.status, (counts.get(answer.status) ?? 0) + 1);
    if (answer.status !== 503) return answer;
    assert.match(answer.header('retry-after') ?? '', /^[1-9][0-9]*$/, answer.text);
    await sleep(Number(answer.header('retry-after')) * 1000);
  }
}

test('a thousand log-ins at once: bounded memory, nobody lost, and tokens are checked meanwhile', async () => {
  const server = await startServer({
    settings: {
      'password.threads': kThreads, 'password.memory': `${kHashMemory}MiB`, 'password.iterations': 1,
      'login.free_attempts': kGuesses, 'login.account_free_attempts': kGuesses, 'login.address_free_attempts': kGuesses,
    },
  });
  try {
    const { email, password, access } = await server.signUp();
    const before = peakMemory(server);
    const counts = new Map();
    let waiting = kCrowd;
    const crowd = Array.from({ length: kCrowd }, (_, i) =>
      logInUntilAnswered(server, { email, password: i % 4 === 0 ? `wrong ${password}` : password, delivery: 'body' }, counts).finally(() => (waiting -= 1)),
    );
    let checks = 0;
    const checking = (async () => {
      while (waiting > 0) {
        assert.equal((await server.verify(access)).status, 200);
        checks += 1;
        await sleep(5);
      }
    })();
    const answers = await Promise.all(crowd);
    await checking;

    const wrong = answers.filter((_, i) => i % 4 === 0);
    const right = answers.filter((_, i) => i % 4 !== 0);
    assert.ok(wrong.every((answer) => answer.code === 'invalid_credentials'));
    assert.ok(right.every((answer) => answer.status === 200), right.find((answer) => answer.status !== 200)?.text);
    const sessions = new Set(right.map((answer) => answer.json.session.id));
    assert.equal(sessions.size, right.length, 'each has a session of its own');
    for (const { json } of right) assert.equal((await server.verify(json.access_token)).status, 200);
    assert.deepEqual([...counts.keys()].sort(), [200, 401, 503], 'and nobody is said to have guessed');
    const grown = peakMemory(server) - before;
    assert.ok(grown <= kThreads * kHashMemory + kFurther, `grown by ${grown.toFixed(0)} MiB`);
    // One check after another, so that each was answered while log-ins were waiting.
    assert.ok(checks > 100, `${checks} checks were answered meanwhile`);
    console.log(`${[...counts].map(([status, n]) => `${n} × ${status}`).join(', ')}; ${checks} checks meanwhile; ${before.toFixed(0)} MiB, grown by ${grown.toFixed(0)} MiB`);
  } finally {
    await server.dispose();
  }
});
