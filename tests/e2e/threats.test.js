// docs/threats.md against the sources: each row names a test, and every test that is named is there.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { root } from './harness/place.js';

const folders = ['verify', 'src', 'sdk', 'tests'].map((name) => path.join(root, name)).filter(fs.existsSync);
const files = folders.flatMap((folder) =>
  fs.readdirSync(folder, { recursive: true }).filter((name) => !name.includes('node_modules')).map((name) => path.join(folder, name)),
);
const baseNames = new Set(files.map((file) => path.basename(file)));

// Of GoogleTest: "Suite.Name" for all that stand in a *_test.cc.
const cases = files.filter((file) => file.endsWith('_test.cc')).flatMap((file) =>
  [...fs.readFileSync(file, 'utf8').matchAll(/^(?:TEST|TEST_F|TEST_P|TYPED_TEST)\((\w+),\s*(\w+)\)/gm)].map(([, suite, name]) => `${suite}.${name}`),
);
const cmake = files.filter((file) => file.endsWith('CMakeLists.txt')).map((file) => fs.readFileSync(file, 'utf8')).join('\n');
const devCommands = new Set([...fs.readFileSync(path.join(root, 'dev'), 'utf8').matchAll(/^cmd_(\w+)\(/gm)].map(([, name]) => name));

// What stands between backticks in the last column and is no test: a word of the sentence around it.
const kWords = new Set(['max_age', 'decide_refresh', '--leak 2']);

// undefined: it is not the name of a test. Otherwise whether there is such a test.
function exists(name) {
  if (name.endsWith('.test.js')) return baseNames.has(name);
  if (name.startsWith('./dev ')) return devCommands.has(name.split(' ')[1]);
  if (name.endsWith('_fuzz')) return baseNames.has(`${name}.cc`) || new RegExp(`NAME ${name.slice(0, -'_fuzz'.length)}\\b`).test(cmake);
  if (name.endsWith('_test')) return new RegExp(`NAME ${name.slice(0, -'_test'.length)}\\b`).test(cmake);
  const suite = name.match(/^(\w+)\.(…|\*)$/)?.[1];
  if (suite) return cases.some((one) => one.startsWith(`${suite}.`));
  if (/^[A-Z]\w+\.\w+$/.test(name)) return cases.includes(name);
  return kWords.has(name) ? undefined : false;
}

const rows = fs.readFileSync(path.join(root, 'docs/threats.md'), 'utf8').split('\n')
  .filter((line) => /^\|/.test(line) && !/^\|\s*(attack\s*\||-)/.test(line))
  .map((line) => line.split('|').slice(1, -1).map((cell) => cell.trim()));

test('every row has an attack, where it is known from, and a test', () => {
  assert.ok(rows.length > 60, `${rows.length} rows`);
  for (const row of rows) assert.equal(row.length, 3, row.join(' | '));
});

test('every test that a row names is there', () => {
  const missing = rows.flatMap(([attack, , tests]) =>
    [...tests.matchAll(/`([^`]+)`/g)].map(([, name]) => name).filter((name) => exists(name) === false).map((name) => `${name}: ${attack}`),
  );
  assert.deepEqual(missing, []);
});

test('every row names at least one test', () => {
  const bare = rows.filter(([, , tests]) => ![...tests.matchAll(/`([^`]+)`/g)].some(([, name]) => exists(name)));
  assert.deepEqual(bare.map(([attack]) => attack), []);
});
