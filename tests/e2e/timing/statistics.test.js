import assert from 'node:assert/strict';
import { test } from 'node:test';
import { makeRandom } from '../harness/random.js';
import { adjusted, kolmogorovSmirnov, mannWhitney, median } from './statistics.js';

const close = (actual, expected, by) => assert.ok(Math.abs(actual - expected) <= by, `${actual} is not ${expected}`);
const bell = (random) => Math.sqrt(-2 * Math.log(1 - random.unit())) * Math.cos(2 * Math.PI * random.unit());
const sample = (n, random, shift = 0) => Array.from({ length: n }, () => 50 + shift + bell(random));

test('the median is the middle, or the mean of the two in the middle', () => {
  assert.equal(median([3, 1, 2]), 2);
  assert.equal(median([4, 1, 2, 3]), 2.5);
});

test('values worked out by hand', () => {
  close(mannWhitney([1, 2, 3, 4, 5], [6, 7, 8, 9, 10]), 0.0122, 0.0002); // u = 0, z = 2.507
  close(mannWhitney([1, 2, 2, 3], [1, 2, 2, 3]), 1, 1e-6); // z = 0
  assert.equal(kolmogorovSmirnov([1, 2, 3], [1, 2, 3]), 1);
  close(kolmogorovSmirnov([1, 2, 3, 4, 5], [6, 7, 8, 9, 10]), 0.0038, 0.0005); // distance 1
  assert.deepEqual(adjusted([0.01, 0.04, 0.03]).map((p) => Number(p.toFixed(3))), [0.03, 0.06, 0.06]);
});

test('of equal samples few look different, of shifted ones all do', () => {
  const random = makeRandom(7);
  let [rejectedByOne, rejectedByOther] = [0, 0];
  for (let i = 0; i < 200; ++i) {
    const [a, b] = [sample(300, random), sample(300, random)];
    if (kolmogorovSmirnov(a, b) < 0.05) ++rejectedByOne;
    if (mannWhitney(a, b) < 0.05) ++rejectedByOther;
  }
  assert.ok(rejectedByOne <= 20 && rejectedByOther <= 20, `${rejectedByOne} ${rejectedByOther} of 200 at 5 %`);
  for (let i = 0; i < 20; ++i) {
    const [a, b] = [sample(2000, random), sample(2000, random, 0.25)];
    assert.ok(kolmogorovSmirnov(a, b) < 0.01 && mannWhitney(a, b) < 0.01);
  }
});
