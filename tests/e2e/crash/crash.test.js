// A short run of crash.js; `./dev crash` runs the long one.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { runCrashes, violations } from './crash.js';

test('25 kills under load: nothing that was acknowledged is forgotten, revived, lost or half done', async (t) => {
  const seed = Number(process.env.RESCIND_SEED ?? Date.now() % 2 ** 32);
  t.diagnostic(`seed ${seed}`);
  const { acknowledged, found } = await runCrashes({ kills: 25, seed });
  t.diagnostic(`acknowledged ${JSON.stringify(acknowledged)}, looked at ${JSON.stringify(found.count)}`);
  assert.deepEqual(violations(found), { forgotten: [], revived: [], lost: [], loggedOut: [], halfDone: [] });
  for (const [what, count] of Object.entries({ ...acknowledged, ...found.count })) assert.ok(count > 0, `${what} never happened`);
});
