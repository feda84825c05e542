// Where things are: ports, temporary directories, the binary.
import fs from 'node:fs';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('../../..', import.meta.url)).replace(/\/$/, '');

export function binary() {
  const found = process.env.RESCIND_BIN ?? path.join(root, 'build/release/rescind');
  if (!fs.existsSync(found)) throw new Error(`no binary at ${found}: build it, or name another with RESCIND_BIN`);
  return path.resolve(found);
}

const made = [];
process.on('exit', () => {
  for (const directory of made) {
    try {
      fs.rmSync(directory, { recursive: true, force: true, maxRetries: 3 });
    } catch {
      // A browser that still writes there. What the tests found is the exit code.
    }
  }
});

// Gone with this process, if not before.
export function makeTempDirectory(name) {
  const directory = fs.mkdtempSync(path.join(os.tmpdir(), `rescind-${name}-`));
  made.push(directory);
  return directory;
}

// Below the range from which the kernel takes ports for outgoing connections, so that a server can come back to its own.
export async function findFreePort() {
  for (;;) {
    const port = 18000 + Math.floor(Math.random() * 14000);
    if (await isFree(port)) return port;
  }
}

function isFree(port) {
  return new Promise((resolve) => {
    const probe = net.createServer();
    probe.once('error', () => resolve(false));
    probe.listen(port, '127.0.0.1', () => probe.close(() => resolve(true)));
  });
}

export const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

// The wait after the first guess too many lasts a second. A scenario that fails and has outlasted it proves nothing: it is
// played anew, from the start of its own accounts.
export async function withinTheFirstWait(scenario, { tries = 5 } = {}) {
  const began = Date.now();
  try {
    return await scenario();
  } catch (error) {
    if (Date.now() - began < 900 || tries === 1) throw error;
  }
  return withinTheFirstWait(scenario, { tries: tries - 1 });
}

export async function waitUntil(check, { timeout = 10_000, every = 10, what = 'it' } = {}) {
  const end = Date.now() + timeout;
  while (!(await check())) {
    if (Date.now() > end) throw new Error(`waited ${timeout} ms for ${what}`);
    await sleep(every);
  }
}
