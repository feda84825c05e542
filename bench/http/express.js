// Express with jsonwebtoken and ioredis, in front of the redis-server that holds the blacklist; its CPU time is of both.
import { fileURLToPath } from 'node:url';
import { findFreePort } from '../../tests/e2e/harness/place.js';
import { answers, family, startPinned, stop } from './process.js';

const kApp = fileURLToPath(new URL('express_app.js', import.meta.url));

// key: "object" or "string".
export async function startExpress({ key, secret, redis }) {
  const port = await findFreePort();
  const env = { NODE_ENV: 'production', PORT: String(port), REDIS_PORT: String(redis.port), SECRET: secret, KEY: key };
  const child = await startPinned(process.execPath, [kApp], { env, isReady: answers(port) });
  return { port, pids: () => [...family(child.pid), ...redis.pids()], stop: () => stop(child) };
}
