// machine.js OUT.json: on what the figures are measured.
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';

const first = (command, args, pattern) => {
  const { stdout, stderr } = spawnSync(command, args, { encoding: 'utf8', env: { ...process.env, PATH: `${process.env.PATH}:/usr/sbin` } });
  return pattern.exec(`${stdout}${stderr}`)?.[1] ?? 'not there';
};
const packageVersion = (name) => {
  const file = new URL(`../http/node_modules/${name}/package.json`, import.meta.url);
  return fs.existsSync(file) ? JSON.parse(fs.readFileSync(file, 'utf8')).version : 'not there';
};

const machine = {
  date: new Date().toISOString().slice(0, 10),
  commit: first('git', ['rev-parse', '--short', 'HEAD'], /^(\w+)/) + (first('git', ['status', '--porcelain', '-uno'], /(\S)/) === 'not there' ? '' : ' with changes'),
  processor: `${os.cpus()[0].model}, ${os.cpus().length} cores`,
  'load average before the run': os.loadavg()[0].toFixed(1),
  memory: `${Math.round(os.totalmem() / 2 ** 30)} GiB`,
  system: `${/PRETTY_NAME="(.*)"/.exec(fs.readFileSync('/etc/os-release', 'utf8'))?.[1]}, Linux ${os.release()}`,
  compiler: first('g++', ['--version'], /^(.*)/),
  OpenSSL: first('openssl', ['version'], /^OpenSSL (\S+)/),
  nginx: first('nginx', ['-v'], /nginx\/(\S+)/),
  HAProxy: first('haproxy', ['-v'], /version (\S+)/),
  Redis: first('redis-server', ['--version'], /v=(\S+)/),
  'Node.js': process.versions.node,
  Express: packageVersion('express'),
  jsonwebtoken: packageVersion('jsonwebtoken'),
  ioredis: packageVersion('ioredis'),
};
fs.writeFileSync(process.argv[2], `${JSON.stringify(machine, null, 1)}\n`);
