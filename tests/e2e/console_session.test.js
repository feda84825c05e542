// Runs the console sessions of README.md and holds what is printed against what the page says.
//
// Format: every block fenced as ```console is one session, in one shell and one empty directory, against a fresh server.
//   * A line that starts with "$ " is a command; lines that start with "> " continue it.
//   * The lines up to the next command are what it prints, standard output and error together.
//   * "…" stands for any text within a line, a line that is only "…" for any number of lines.
//   * http://localhost:8080 stands for the server; $RESCIND_ADMIN_KEY holds its API key.
// A command that exits other than 0 fails the test, unless the block ends its line with "|| true".
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { makeTempDirectory, root } from './harness/place.js';
import { startServer } from './harness/server.js';

function parseSessions(markdown) {
  return [...markdown.matchAll(/^```console\n([\s\S]*?)^```$/gm)].map(([, block]) => {
    const steps = [];
    for (const line of block.split('\n').slice(0, -1)) {
      if (line.startsWith('$ ')) steps.push({ command: line.slice(2), expected: [] });
      else if (line.startsWith('> ') && steps.length > 0) steps.at(-1).command += `\n${line.slice(2)}`;
      else if (steps.length > 0) steps.at(-1).expected.push(line);
      else throw new Error(`a session begins with a command, not with: ${line}`);
    }
    return steps;
  });
}

function matches(expected, printed) {
  const escape = (text) => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  const lines = expected.map((line) => (line.trim() === '…' ? '(?:.*\\n)*?' : `${line.split('…').map(escape).join('.*')}\\n`));
  return new RegExp(`^${lines.join('')}$`).test(printed.length > 0 && !printed.endsWith('\n') ? `${printed}\n` : printed);
}

// All steps in one shell, so that variables live on; a mark that nobody prints stands between them.
function run(steps, { directory, env }) {
  const mark = `--- ${Math.random()} ---`;
  const script = steps.map(({ command }) => `${command}\necho "${mark} $?"\n`).join('');
  const shell = spawnSync('bash', ['-c', `exec 2>&1\n${script}`], { cwd: directory, env, encoding: 'utf8', timeout: 60_000 });
  const parts = shell.stdout.split(new RegExp(`${mark} (\\d+)\\n`));
  return steps.map((_, i) => ({ printed: parts[2 * i] ?? '', status: Number(parts[2 * i + 1]) }));
}

const readme = path.join(root, 'README.md');
const sessions = fs.existsSync(readme) ? parseSessions(fs.readFileSync(readme, 'utf8')) : [];

test('README.md shows a console session', () => {
  assert.ok(sessions.length > 0);
});

for (const [i, steps] of sessions.entries()) {
  test(`README.md, console session ${i + 1}: each command prints what the page says`, async () => {
    const server = await startServer();
    const directory = makeTempDirectory('console');
    try {
      const here = steps.map((step) => ({ ...step, command: step.command.replaceAll('http://localhost:8080', server.publicUrl) }));
      const env = { PATH: process.env.PATH, HOME: directory, RESCIND_ADMIN_KEY: server.adminKey };
      for (const [n, { printed, status }] of run(here, { directory, env }).entries()) {
        const { command, expected } = steps[n];
        assert.equal(status, 0, `$ ${command}\n${printed}`);
        const text = printed.replaceAll(server.publicUrl, 'http://localhost:8080');
        assert.ok(matches(expected, text), `$ ${command}\nprinted:\n${text}\nexpected:\n${expected.join('\n')}`);
      }
    } finally {
      fs.rmSync(directory, { recursive: true, force: true });
      await server.dispose();
    }
  });
}

test('a session is held to what it says: a line that differs, is missing or is too many is noticed', () => {
  const cases = [
    [['a'], 'a\n', true],
    [['a'], 'a', true],
    [['a'], 'b\n', false],
    [['a'], '', false],
    [[], 'a\n', false],
    [['a', 'b'], 'a\n', false],
    [['{"x":"…","y":1}'], '{"x":"any","y":1}\n', true],
    [['{"x":"…"}'], '{"x":"any"\n}\n', false],
    [['a', '…', 'c'], 'a\nb\nb\nc\n', true],
    [['a.c'], 'abc\n', false],
  ];
  for (const [expected, printed, good] of cases) assert.equal(matches(expected, printed), good, JSON.stringify([expected, printed]));
});
