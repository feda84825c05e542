// Why a log-in was refused cannot be told from its answer. Whether it can from the time: ./dev timing.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { withinTheFirstWait } from './harness/place.js';
import { makeRandom } from './harness/random.js';
import { startServer } from './harness/server.js';
import { kClasses, makeAccounts, tryToLogIn, visible } from './timing/log_ins.js';

let server;
before(async () => (server = await startServer({ settings: { 'login.free_attempts': '100', 'login.account_free_attempts': '100' } })));
after(() => server?.dispose());

test('unknown, wrong password, blocked and passkey-only get one and the same answer', async () => {
  const accounts = await makeAccounts(server, 3);
  const expected = visible(await tryToLogIn(server, accounts['unknown user'][0]));
  assert.equal(expected.status, 401);
  for (const name of makeRandom(1).shuffled(kClasses.flatMap((one) => Array(10).fill(one)))) {
    for (const email of accounts[name]) assert.deepEqual(visible(await tryToLogIn(server, email)), expected, name);
  }
});

test('and wait alike when they have been tried too often', async () => {
  const strict = await startServer({ settings: { 'login.free_attempts': '3' } });
  try {
    const accounts = await makeAccounts(strict, 5);
    const guess = async (name) => {
      const email = accounts[name].pop();
      for (let i = 0; i < 3; ++i) assert.equal((await tryToLogIn(strict, email)).code, 'invalid_credentials', name);
      const waiting = await tryToLogIn(strict, email);
      assert.deepEqual([waiting.code, waiting.header('retry-after')], ['too_many_attempts', '1'], name);
    };
    for (const name of kClasses) await withinTheFirstWait(() => guess(name));
  } finally {
    await strict.dispose();
  }
});

test('a blocked user who knows the password is told of the block', async () => {
  const { email, password, user } = await server.signUp();
  await server.admin('POST', `/admin/users/${user}/block`);
  assert.equal((await server.post('/auth/login', { email, password })).code, 'user_blocked');
});
