// HAProxy, one thread: jwt_verify, expiry, a map of revoked jti, and headers from claims. It does not look at iss and aud.
import fs from 'node:fs';
import path from 'node:path';
import { findFreePort, makeTempDirectory } from '../../tests/e2e/harness/place.js';
import { answers, family, startPinned, stop } from './process.js';

// key: HS256's secret, or the path of ES256's public key.
export async function startHaproxy({ algorithm, key, denylist }) {
  const directory = makeTempDirectory('bench-haproxy');
  const port = await findFreePort();
  const config = path.join(directory, 'haproxy.cfg');
  fs.writeFileSync(
    config,
    `
global
  nbthread 1
  maxconn 1024
defaults
  mode http
  timeout client 60s
  timeout connect 5s
  timeout server 60s
frontend verify
  bind 127.0.0.1:${port}
  http-request set-var(txn.bearer) http_auth_bearer
  http-request deny deny_status 401 unless { var(txn.bearer),jwt_header_query('$.alg') -m str ${algorithm} }
  http-request deny deny_status 401 unless { var(txn.bearer),jwt_verify("${algorithm}","${key}") -m int 1 }
  http-request set-var(txn.exp) var(txn.bearer),jwt_payload_query('$.exp','int')
  http-request set-var(txn.left) date(),neg,add(txn.exp)
  http-request deny deny_status 401 unless { var(txn.left) -m int gt 0 }
  http-request set-var(txn.jti) var(txn.bearer),jwt_payload_query('$.jti')
  http-request deny deny_status 401 if { var(txn.jti),map_str(${denylist}) -m found }
  http-request set-var(txn.sub) var(txn.bearer),jwt_payload_query('$.sub')
  http-request set-var(txn.sid) var(txn.bearer),jwt_payload_query('$.sid')
  http-request return status 200 hdr X-Auth-User "%[var(txn.sub)]" hdr X-Auth-Session "%[var(txn.sid)]" hdr Cache-Control no-store
`,
  );
  const child = await startPinned('haproxy', ['-f', config], { isReady: answers(port) });
  return {
    port,
    pids: () => family(child.pid),
    async stop() {
      await stop(child);
      fs.rmSync(directory, { recursive: true, force: true });
    },
  };
}
