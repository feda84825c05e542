// nginx, one worker: the bare 204 that stands for "the least that a server can do", and auth_request in front of Rescind.
import fs from 'node:fs';
import path from 'node:path';
import { findFreePort, makeTempDirectory } from '../../tests/e2e/harness/place.js';
import { answers, family, startPinned, stop } from './process.js';

async function startNginx(http) {
  const prefix = makeTempDirectory('bench-nginx');
  const port = await findFreePort();
  const config = path.join(prefix, 'nginx.conf');
  fs.writeFileSync(
    config,
    `
daemon off;
${process.getuid() === 0 ? 'user root root;' : ''}
worker_processes 1;
pid ${prefix}/nginx.pid;
error_log ${prefix}/error.log;
events { worker_connections 1024; }
http {
  access_log off;
  keepalive_requests 10000000;
  client_body_temp_path ${prefix}/body;
  proxy_temp_path ${prefix}/proxy;
  fastcgi_temp_path ${prefix}/fastcgi;
  uwsgi_temp_path ${prefix}/uwsgi;
  scgi_temp_path ${prefix}/scgi;
${http(port)}
}
`,
  );
  const child = await startPinned('nginx', ['-p', prefix, '-c', config], { isReady: answers(port) });
  return {
    port,
    pids: () => family(child.pid),
    async stop() {
      await stop(child);
      fs.rmSync(prefix, { recursive: true, force: true });
    },
  };
}

export const startNginx204 = () =>
  startNginx((port) => `  server { listen 127.0.0.1:${port}; location / { return 204; } }`);

// The page is nginx's built-in one-pixel image, from memory: what is measured is the question to Rescind.
export const startNginxAuthRequest = (rescindPort) =>
  startNginx(
    (port) => `
  upstream rescind { server 127.0.0.1:${rescindPort}; keepalive 64; keepalive_requests 10000000; }
  server {
    listen 127.0.0.1:${port};
    location = /_verify {
      internal;
      proxy_pass http://rescind/verify;
      proxy_http_version 1.1;
      proxy_set_header Connection "";
      proxy_pass_request_body off;
      proxy_set_header Content-Length "";
    }
    location / {
      auth_request /_verify;
      auth_request_set $auth_user $upstream_http_x_auth_user;
      add_header X-Auth-User $auth_user;
      empty_gif;
    }
  }`,
  );
