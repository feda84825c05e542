// Rescind with one serving thread, many live revocations in its store, and tokens that it has issued.
import { spawnSync } from 'node:child_process';
import crypto from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { makeTempDirectory, root } from '../../tests/e2e/harness/place.js';
import { startServer } from '../../tests/e2e/harness/server.js';
import { endWithUs, family, pin } from './process.js';

// A store that holds so many live revocations.
export function makeDatabase(database, revocations) {
  const { status, stderr } = spawnSync(path.join(root, 'build/release/http_fill_bench'), [database, String(revocations)]);
  if (status !== 0) throw new Error(`http_fill: ${stderr}`);
}

// On a copy of `database`. algorithm: "ES256", or "HS256" with a secretFile. Returns the peer with `good` tokens and one
// `revoked` one.
export async function startRescind({ database, algorithm, secretFile = null, tokens, revocations }) {
  const data = makeTempDirectory('bench-data');
  fs.copyFileSync(database, path.join(data, 'rescind.db'));
  const settings = {
    'server.threads': 1,
    'server.public_url': 'https://auth.example.com',
    'token.algorithm': algorithm,
    'token.secret_file': secretFile,
    'token.access_ttl': '2h',
  };
  const server = await startServer({ settings, data, logLevel: 'warning' });
  endWithUs(server.process);
  pin(server.process.pid);
  const good = [];
  for (let i = 0; i < tokens; i++) good.push((await server.adopt(crypto.randomUUID())).access);
  const revoked = (await server.adopt(crypto.randomUUID())).access;
  const answer = await server.admin('POST', '/admin/revocations', { kind: 'token', token: revoked });
  if (answer.status !== 201) throw new Error(`not revoked: ${answer.text}`);
  const live = Number(/^rescind_revocations_live (\S+)/m.exec((await server.get('/metrics')).text)?.[1]);
  if (!(live > revocations)) throw new Error(`${live} live revocations, not more than ${revocations}`);
  return {
    port: server.port,
    good,
    revoked,
    jwks: (await server.get('/.well-known/jwks.json')).json,
    pids: () => family(server.process.pid),
    async stop() {
      await server.dispose();
      fs.rmSync(data, { recursive: true, force: true });
    },
  };
}
