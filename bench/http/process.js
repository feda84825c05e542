// A peer's processes: pinned, on loopback, ended with the benchmark.
import { spawn, spawnSync } from 'node:child_process';
import fs from 'node:fs';
import { send } from '../../tests/e2e/harness/http.js';
import { waitUntil } from '../../tests/e2e/harness/place.js';

// All servers share one core, and the load has another: what one peer gains by more cores is not asked here.
const kServerCore = '0';

const running = new Set();
process.on('exit', () => {
  // With their children: an nginx worker would outlive its master.
  for (const pid of [...running].flatMap((child) => family(child.pid))) process.kill(pid, 'SIGKILL');
});
for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => process.exit(1));

// The child does not outlive the benchmark, however that ends.
export function endWithUs(child) {
  running.add(child);
  child.once('exit', () => running.delete(child));
}

// Returns the child once `isReady()` is true.
export async function startPinned(command, args, { env = {}, isReady, timeout = 60_000 }) {
  const child = spawn('taskset', ['-c', kServerCore, command, ...args], {
    env: { PATH: `${process.env.PATH}:/usr/sbin`, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  endWithUs(child);
  let said = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (said = (said + chunk).slice(-4096)));
  child.exited = new Promise((resolve) => child.once('exit', resolve));
  await waitUntil(
    () => {
      if (child.exitCode !== null) throw new Error(`${command} ended with ${child.exitCode}:\n${said}`);
      return isReady();
    },
    { what: command, every: 20, timeout },
  );
  return child;
}

export async function stop(child) {
  child.kill('SIGTERM');
  await child.exited;
}

export function pin(pid) {
  const { status, stderr } = spawnSync('taskset', ['-a', '-c', '-p', kServerCore, String(pid)]);
  if (status !== 0) throw new Error(`taskset: ${stderr}`);
}

export const answers = (port) => () => send(`http://127.0.0.1:${port}`, 'GET', '/').then(() => true, () => false);

// The fields of /proc/PID/stat behind the name, which may hold anything; absent where there is no such process any more.
function statOf(pid) {
  try {
    const stat = fs.readFileSync(`/proc/${pid}/stat`, 'latin1');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ').map(Number);
  } catch {
    return undefined;
  }
}

// The process and all that it has started, now.
export function family(pid) {
  const children = new Map();
  for (const entry of fs.readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
    const parent = statOf(entry)?.[1];
    children.set(parent, [...(children.get(parent) ?? []), Number(entry)]);
  }
  const all = [pid];
  for (let i = 0; i < all.length; i++) all.push(...(children.get(all[i]) ?? []));
  return all;
}

// Ticks that the processes have spent so far, in their own code and in the kernel.
export function ticks(pids) {
  const stats = pids.map(statOf);
  const sum = (field) => stats.reduce((total, stat) => total + stat[field], 0);
  return { user: sum(11), kernel: sum(12) };
}
