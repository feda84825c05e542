// A real redis-server without persistence, and the blacklist of the tutorials in it.
import net from 'node:net';
import { once } from 'node:events';
import { findFreePort } from '../../tests/e2e/harness/place.js';
import { family, startPinned, stop } from './process.js';

export async function startRedis() {
  const port = await findFreePort();
  const args = ['--bind', '127.0.0.1', '--port', String(port), '--save', '', '--appendonly', 'no'];
  const isReady = () => ask(port, [['PING']]).then((text) => text.startsWith('+PONG'), () => false);
  const child = await startPinned('redis-server', args, { isReady });
  return { port, pids: () => family(child.pid), stop: () => stop(child) };
}

const encode = (words) => `*${words.length}\r\n${words.map((word) => `$${Buffer.byteLength(word)}\r\n${word}\r\n`).join('')}`;

// Sends the commands, then waits until Redis has answered all that was sent and closed.
async function ask(port, commands) {
  const socket = net.connect(port, '127.0.0.1');
  let text = '';
  socket.setEncoding('latin1').on('data', (chunk) => (text = (text + chunk).slice(-65536)));
  await once(socket, 'connect');
  const closed = once(socket, 'close');
  for (const command of commands) if (!socket.write(encode(command))) await once(socket, 'drain');
  socket.write(encode(['QUIT']));
  await closed;
  return text;
}

const usedMemory = async (port) => Number(/used_memory:(\d+)/.exec(await ask(port, [['INFO', 'memory']]))[1]);
const size = async (port) => Number(/:(\d+)/.exec(await ask(port, [['DBSIZE']]))[1]);

// Returns bytes an entry. `tokens` is iterated once.
export async function blacklist(port, tokens) {
  const before = await usedMemory(port);
  const sizeBefore = await size(port);
  function* commands() {
    for (const token of tokens) yield ['SET', `blacklist:${token}`, '1', 'EX', '86400'];
  }
  await ask(port, commands());
  return ((await usedMemory(port)) - before) / ((await size(port)) - sizeBefore);
}
