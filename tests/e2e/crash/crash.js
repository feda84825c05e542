#!/usr/bin/env node
// kill -9 at random moments under load, and after each one: is everything that was acknowledged still known?
//
//   node crash.js [KILLS] [SEED]       1,000 kills take about five minutes
//
// Tests what a crash of the process can do. A power cut is tests/durability's business.
import { fileURLToPath } from 'node:url';
import { sleep } from '../harness/place.js';
import { makeRandom } from '../harness/random.js';
import { startServer } from '../harness/server.js';
import { checkEveryDead, checkLedger } from './check.js';
import { Ledger } from './ledger.js';
import { runActor } from './load.js';

const kActors = 8;
const kLongestLoad = 250; // ms

// Returns {kills, seed, acknowledged, found}; every list in `found` is empty where the promises hold.
export async function runCrashes({ kills, seed, report = () => {} }) {
  const random = makeRandom(seed);
  const ledger = new Ledger();
  const acknowledged = { create: 0, rotate: 0, end: 0, token: 0 };
  const found = {
    forgotten: [], // an acknowledged revocation, accepted again
    revived: [], // a refresh token that was used up or ended, good again
    lost: [], // an acknowledged session that is not there
    loggedOut: [], // a lost answer cost an honest client its session
    halfDone: [], // a change that was made in part
    count: { deadChecked: 0, deadRefreshChecked: 0, aliveChecked: 0, rotatedChecked: 0, unsureChecked: 0 },
  };
  // Access tokens outlive the run, so that only a revocation can be why one is refused.
  const server = await startServer({ settings: { 'token.access_ttl': '24h', 'session.refresh_grace': '60s', 'login.sign_up_free_attempts': '1000000' } });
  server.remember = () => {};
  try {
    for (let kill = 1; kill <= kills; ++kill) {
      let stopped = false;
      const actors = Array.from({ length: kActors }, (_, owner) =>
        runActor({ server, ledger, random, run: seed, owner, stopped: () => stopped, count: (what) => (acknowledged[what] += 1) }),
      );
      const all = Promise.all(actors);
      await Promise.race([all, sleep(10 + random.below(kLongestLoad))]);
      const killed = server.kill();
      stopped = true;
      await Promise.all([all, killed]);
      await server.start();
      await checkLedger({ server, ledger, random, found });
      if (kill % 50 === 0 || kill === kills) report({ kill, acknowledged, found });
    }
    await checkEveryDead(server, ledger, found);
  } finally {
    await server.dispose();
  }
  return { kills, seed, acknowledged, found };
}

export const violations = ({ forgotten, revived, lost, loggedOut, halfDone }) => ({ forgotten, revived, lost, loggedOut, halfDone });

function describe({ acknowledged: a, found }) {
  const c = found.count;
  const broken = Object.entries(violations(found)).map(([name, list]) => `${list.length} ${name}`);
  return [
    `acknowledged: ${a.create} sessions, ${a.rotate} rotations, ${a.end} ends, ${a.token} token revocations`,
    `looked at: ${c.deadChecked} revoked tokens, ${c.deadRefreshChecked} ended and ${c.rotatedChecked} used-up refresh tokens, ${c.aliveChecked} sessions, ${c.unsureChecked} lost answers`,
    `broken promises: ${broken.join(', ')}`,
  ].join('\n  ');
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const kills = Number(process.argv[2] ?? 1000);
  const seed = Number(process.argv[3] ?? Date.now() % 2 ** 32);
  if (!Number.isInteger(kills) || kills < 1 || !Number.isInteger(seed)) {
    console.error('usage: crash.js [KILLS] [SEED]');
    process.exit(2);
  }
  console.log(`${kills} kills, seed ${seed}`);
  const result = await runCrashes({ kills, seed, report: (now) => console.log(`after ${now.kill} kills\n  ${describe(now)}`) });
  const bad = Object.entries(violations(result.found)).filter(([, list]) => list.length > 0);
  for (const [name, list] of bad) console.error(`${name}: ${JSON.stringify([...new Set(list)])}`);
  process.exitCode = bad.length > 0 ? 1 : 0;
}
