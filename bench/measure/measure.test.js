import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import test from 'node:test';
import { ratios, Report, spreadOf, takeTurns } from './measure.js';

test('every contender runs once a round, and every other round is reversed', async () => {
  let order = '';
  const contender = (name, value) => async () => ((order += name), value);
  const samples = await takeTurns({ a: contender('a', 1), b: contender('b', 2), c: contender('c', 3) }, 3);
  assert.equal(order, 'abccbaabc');
  assert.deepEqual(samples, { a: [1, 1, 1], b: [2, 2, 2], c: [3, 3, 3] });
});

test('ratios are taken round by round', () => assert.deepEqual(ratios([1, 9], [2, 3]), [0.5, 3]));

test('spread is median, minimum and maximum', () => {
  assert.deepEqual(spreadOf([5, 1, 3]), { median: 3, min: 1, max: 5 });
  assert.deepEqual(spreadOf([10, 9, 2, 1]), { median: 5.5, min: 1, max: 10 });
});

test('a report is a list of figures, and none that was not measured', (t) => {
  const directory = fs.mkdtempSync(path.join(os.tmpdir(), 'rescind-report-'));
  t.after(() => fs.rmSync(directory, { recursive: true }));
  const report = new Report();
  report.add('a.b', 'ratio', [0.5, 2.25, 1]);
  report.add('c', 'MB', 20);
  for (const nothing of [[], NaN, [1, NaN], undefined]) assert.throws(() => report.add('d', 'ns', nothing), /not measured/);
  t.mock.method(process.stdout, 'write', () => true);
  report.finish(path.join(directory, 'x.json'));
  t.mock.restoreAll();
  assert.deepEqual(JSON.parse(fs.readFileSync(path.join(directory, 'x.json'), 'utf8')), [
    { figure: 'a.b', value: 1, unit: 'ratio', n: 3, min: 0.5, max: 2.25 },
    { figure: 'c', value: 20, unit: 'MB', n: 1, min: 20, max: 20 },
  ]);
  assert.match(report.table(), /^figure .*\na\.b +1 +0\.5 +2\.25  ratio +3\n/);
});
