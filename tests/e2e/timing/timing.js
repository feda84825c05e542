// How long a refused log-in takes, by the reason for which it is refused: can anybody tell the reasons apart by time?
//
//   timing.js [--count 2000] [--seed 1] [--leak PERCENT]
//
// Log-ins of every class in random order, one after the other, against the real server with the default cost of a hash. For
// each pair of classes: the medians, and the p-values of Kolmogorov-Smirnov and Mann-Whitney. Fails where two medians differ
// by more than 1 %, or where a p-value, adjusted for their number (Holm), is below 0.01.
// --leak is the control: it makes unknown users take that much longer, as a careless server would, and has to fail.
import { parseArgs } from 'node:util';
import { makeRandom } from '../harness/random.js';
import { startServer } from '../harness/server.js';
import { kClasses, makeAccounts, tryToLogIn } from './log_ins.js';
import { adjusted, kolmogorovSmirnov, mannWhitney, median } from './statistics.js';

const kAccounts = 20; // of each class
const kMostMedianShift = 0.01;
const kLeastP = 0.01;

const { values } = parseArgs({ options: { count: { type: 'string', default: '2000' }, seed: { type: 'string', default: '1' }, leak: { type: 'string', default: '0' } } });
const [count, seed, leak] = [Number(values.count), Number(values.seed), Number(values.leak) / 100];

// The back-off would answer instead of the hash: here it is out of the way.
const settings = {
  'password.memory': null, 'password.iterations': null,
  'login.free_attempts': '1000000', 'login.account_free_attempts': '1000000', 'login.address_free_attempts': '1000000', 'login.sign_up_free_attempts': '1000000',
};

function busyFor(ms) {
  for (const end = performance.now() + ms; performance.now() < end; );
}

async function measure(server) {
  const random = makeRandom(seed);
  const accounts = await makeAccounts(server, kAccounts);
  for (const emails of Object.values(accounts)) for (const email of emails) await tryToLogIn(server, email); // each bucket is there
  const samples = Object.fromEntries(kClasses.map((name) => [name, []]));
  const rounds = random.shuffled(kClasses.flatMap((name) => Array(count).fill(name)));
  for (const name of rounds) {
    const email = random.pick(accounts[name]);
    const began = performance.now();
    const answer = await tryToLogIn(server, email);
    if (leak > 0 && name === 'unknown user') busyFor((performance.now() - began) * leak);
    samples[name].push(performance.now() - began);
    if (answer.code !== 'invalid_credentials') throw new Error(`${name}: ${answer.status} ${answer.text}`);
  }
  return samples;
}

function judge(samples) {
  const pairs = kClasses.flatMap((a, i) => kClasses.slice(i + 1).map((b) => ({ a, b })));
  for (const pair of pairs) {
    const [a, b] = [samples[pair.a], samples[pair.b]];
    Object.assign(pair, { shift: Math.abs(median(a) / median(b) - 1), ks: kolmogorovSmirnov(a, b), mw: mannWhitney(a, b) });
  }
  const p = adjusted(pairs.flatMap(({ ks, mw }) => [ks, mw]));
  pairs.forEach((pair, i) => (pair.isGood = pair.shift <= kMostMedianShift && p[2 * i] >= kLeastP && p[2 * i + 1] >= kLeastP));
  return pairs;
}

const server = await startServer({ settings, logLevel: 'error' });
try {
  const samples = await measure(server);
  console.log(`${count} log-ins of each class in random order, seed ${seed}${leak ? `, a leak of ${values.leak} % planted` : ''}\n`);
  for (const name of kClasses) console.log(`${name.padEnd(16)} median ${median(samples[name]).toFixed(3)} ms`);
  console.log('');
  const pairs = judge(samples);
  for (const { a, b, shift, ks, mw, isGood } of pairs) {
    const figures = `medians ${(shift * 100).toFixed(2)} %  KS p ${ks.toFixed(4)}  MW p ${mw.toFixed(4)}`;
    console.log(`${`${a} / ${b}`.padEnd(34)} ${figures}  ${isGood ? 'alike' : 'CAN BE TOLD APART'}`);
  }
  process.exitCode = pairs.every((pair) => pair.isGood) ? 0 : 1;
} finally {
  await server.dispose();
}
