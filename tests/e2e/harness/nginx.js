// A real nginx with auth_request to Rescind, in front of an application that tells what it was sent.
import { spawn } from 'node:child_process';
import fs from 'node:fs';
import http from 'node:http';
import path from 'node:path';
import { findFreePort, makeTempDirectory, root, waitUntil } from './place.js';
import { send } from './http.js';

// Every identity header that /verify gives. All are set for the application, so that none of the client's comes through.
export const kIdentityHeaders = ['Issuer', 'User', 'Session', 'Roles', 'Scope', 'Client', 'Token-Id', 'Expires'];

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

function replaceOnce(text, old, by) {
  if (text.split(old).length !== 2) throw new Error(`deploy/nginx.conf does not hold exactly one ${JSON.stringify(old)}`);
  return text.replace(old, () => by);
}

// The file that people deploy, with the three addresses that it says to adapt, and a second copy of its protected location
// behind a check that somebody has "optimised" with a cache: no-store has to hold against that. A third copy asks for a role and a recent log-in, as the
// README shows.
function makeSite({ port, rescindPort, applicationPort }) {
  let site = fs.readFileSync(path.join(root, 'deploy/nginx.conf'), 'utf8');
  site = replaceOnce(site, 'server 127.0.0.1:8080;', `server 127.0.0.1:${rescindPort};`);
  site = replaceOnce(site, 'server 127.0.0.1:3000;', `server 127.0.0.1:${applicationPort};`);
  site = replaceOnce(site, 'listen 80;', `listen 127.0.0.1:${port};`);
  const location = (start) => site.slice(site.indexOf(start), site.indexOf('\n  }\n', site.indexOf(start)) + 5);
  const cache = 'proxy_cache answers;\n    proxy_cache_key $http_authorization$http_cookie;';
  const check = location('  location = /_verify {').replace('/_verify {', '/_verify_cached {').replace('internal;', `internal;\n    ${cache}`);
  const page = location('  location / {').replace('location / {', 'location /cached/ {').replace('/_verify;', '/_verify_cached;');
  const strictCheck = location('  location = /_verify {').replace('/_verify {', '/_verify_strict {').replace('/verify;', '/verify?role=admin&max_age=3;');
  const strictPage = location('  location / {').replace('location / {', 'location /strict/ {').replace('/_verify;', '/_verify_strict;');
  return replaceOnce(site, '  location / {', `${check}\n${page}\n${strictCheck}\n${strictPage}\n  location / {`);
}

const makeConfig = (prefix, site) => `
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
  include ${site};
}
`;

export async function startNginx(server, { port } = {}) {
  const prefix = makeTempDirectory('nginx');
  port ??= await findFreePort();
  const application = await startApplication();
  const config = path.join(prefix, 'nginx.conf');
  const site = path.join(prefix, 'site.conf');
  fs.writeFileSync(site, makeSite({ port, rescindPort: server.port, applicationPort: application.address().port }));
  fs.writeFileSync(config, makeConfig(prefix, site));
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
