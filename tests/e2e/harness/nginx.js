// A real nginx with auth_request to Rescind, in front of an application that tells what it was sent.
import { spawn, spawnSync } from 'node:child_process';
import fs from 'node:fs';
import http from 'node:http';
import path from 'node:path';
import { findFreePort, makeTempDirectory, waitUntil } from './place.js';
import { send } from './http.js';

// Every identity header that /verify gives. All are set for the application, so that none of the client's comes through.
export const kIdentityHeaders = ['User', 'Session', 'Roles', 'Scope', 'Client', 'Token-Id', 'Expires'];

export function nginxIsThere() {
  return spawnSync('nginx', ['-v']).status === 0;
}

// The application: answers with the headers it got, as [name, value, name, value, …].
function startApplication() {
  const server = http.createServer((request, response) => {
    request.resume();
    request.on('end', () => {
      response.setHeader('Content-Type', 'application/json');
      response.end(JSON.stringify({ path: request.url, method: request.method, headers: request.rawHeaders }));
    });
  });
  return new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(server)));
}

function makeConfig({ prefix, port, rescindPort, applicationPort }) {
  const variable = (name) => name.toLowerCase().replaceAll('-', '_');
  const take = kIdentityHeaders.map((h) => `auth_request_set $auth_${variable(h)} $upstream_http_x_auth_${variable(h)};`);
  const give = kIdentityHeaders.map((h) => `proxy_set_header X-Auth-${h} $auth_${variable(h)};`);
  const protect = (verify) => `
      auth_request ${verify};
      auth_request_set $auth_cookie $upstream_http_set_cookie;
      add_header Set-Cookie $auth_cookie always;
      ${take.join('\n      ')}
      ${give.join('\n      ')}
      proxy_pass http://127.0.0.1:${applicationPort};`;
  const ask = `
      internal;
      proxy_pass http://rescind/verify;
      proxy_http_version 1.1;
      proxy_set_header Connection "";
      proxy_pass_request_body off;
      proxy_set_header Content-Length "";`;
  return `
daemon off;
${process.getuid() === 0 ? 'user root root;' : ''}
worker_processes 1;
pid ${prefix}/nginx.pid;
error_log ${prefix}/error.log info;
events { worker_connections 512; }
http {
  access_log off;
  client_body_temp_path ${prefix}/body;
  proxy_temp_path ${prefix}/proxy;
  fastcgi_temp_path ${prefix}/fastcgi;
  uwsgi_temp_path ${prefix}/uwsgi;
  scgi_temp_path ${prefix}/scgi;
  proxy_cache_path ${prefix}/cache keys_zone=answers:1m;
  upstream rescind { server 127.0.0.1:${rescindPort}; keepalive 16; }
  server {
    listen 127.0.0.1:${port};
    location = /_verify {${ask}
    }
    # Somebody "optimises" the check with a cache. no-store has to hold against that.
    location = /_verify_cached {${ask}
      proxy_cache answers;
      proxy_cache_key $http_authorization$http_cookie;
    }
    location /auth/ {
      proxy_pass http://rescind;
      proxy_http_version 1.1;
      proxy_set_header Connection "";
      proxy_set_header Host $http_host;
      proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;
    }
    location /cached/ {${protect('/_verify_cached')}
    }
    location / {${protect('/_verify')}
    }
  }
}
`;
}

export async function startNginx(server) {
  const prefix = makeTempDirectory('nginx');
  const port = await findFreePort();
  const application = await startApplication();
  const config = path.join(prefix, 'nginx.conf');
  fs.writeFileSync(config, makeConfig({ prefix, port, rescindPort: server.port, applicationPort: application.address().port }));
  const child = spawn('nginx', ['-p', prefix, '-c', config], { stdio: ['ignore', 'ignore', 'pipe'] });
  let stderr = '';
  child.stderr.on('data', (chunk) => (stderr += chunk));
  const exited = new Promise((resolve) => child.once('exit', resolve));
  const url = `http://127.0.0.1:${port}`;
  await waitUntil(
    async () => {
      if (child.exitCode !== null) throw new Error(`nginx ended: ${stderr}`);
      return (await send(url, 'GET', '/').catch(() => undefined)) !== undefined;
    },
    { what: 'nginx', every: 20 },
  );
  return {
    port,
    url,
    request: (method, path, options) => send(url, method, path, options),
    get: (path, headers) => send(url, 'GET', path, { headers }),
    async dispose() {
      child.kill('SIGTERM');
      await exited;
      application.closeAllConnections();
      application.close();
      fs.rmSync(prefix, { recursive: true, force: true });
    },
  };
}
