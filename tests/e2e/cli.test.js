// The command line against a running server: the real binary on both sides.
import assert from 'node:assert/strict';
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import fs from 'node:fs';
import http from 'node:http';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { binary, findFreePort, makeTempDirectory, waitUntil } from './harness/place.js';
import { signUpWithPasskey } from './harness/passkey.js';
import { newEmail, startServer } from './harness/server.js';

let server;
let directory;
before(async () => {
  server = await startServer();
  directory = makeTempDirectory('cli');
});
after(async () => {
  await server.dispose();
  fs.rmSync(directory, { recursive: true, force: true });
});

function run(args, { input = '', env } = {}) {
  const variables = env ?? { RESCIND_SERVER: server.url, RESCIND_API_KEY: server.adminKey };
  const done = spawnSync(binary(), args, { cwd: directory, input, env: { PATH: process.env.PATH, ...variables }, encoding: 'utf8', timeout: 30_000 });
  return { code: done.status, out: done.stdout, err: done.stderr };
}

function good(args, options) {
  const done = run(args, options);
  assert.deepEqual({ code: done.code, err: done.err }, { code: 0, err: '' }, `${args.join(' ')}\n${done.out}`);
  return done.out;
}

const json = (args, options) => JSON.parse(good([...args, '--json'], options));
const lines = (args) => good([...args, '--json']).split('\n').filter(Boolean).map((line) => JSON.parse(line));
const refused = async (token) => (await server.verify(token)).code;

test('user: create, show, list, roles, block, unblock, logout, export, delete', async () => {
  const email = newEmail();
  const made = json(['user', 'create', email, '--name', 'Ada', '--roles', 'a,b', '--email-verified']);
  assert.deepEqual([made.email, made.name, made.roles, made.email_verified], [email, 'Ada', ['a', 'b'], true]);
  assert.match(good(['user', 'show', email]), new RegExp(`^id +${made.id}\nemail +${email}\nname +Ada\n`));
  assert.equal(json(['user', 'show', made.id]).id, made.id);
  assert.match(good(['user', 'list', '--email', email]), /^ID +EMAIL +NAME +ROLES +CREATED\n[^\n]+ Ada +a,b +\S+Z\n$/);
  assert.ok(lines(['user', 'list']).some((user) => user.id === made.id));

  const signedIn = await server.adopt(made.id);
  assert.match(good(['user', 'roles', email, 'editor']), /has the roles editor/);
  assert.deepEqual(json(['user', 'show', email]).roles, ['editor']);
  assert.match(good(['user', 'block', email, '--until', '2d', '--reason', 'stolen']), /is blocked until 2d from now/);
  const block = json(['user', 'show', email]).block;
  assert.equal(block.reason, 'stolen');
  assert.ok(Math.abs(Date.parse(block.until) - Date.now() - 2 * 86_400_000) < 60_000, block.until);
  assert.equal(await refused(signedIn.access), 'token_revoked');
  good(['user', 'unblock', email]);
  assert.equal(json(['user', 'show', email]).block, null);

  const again = await server.adopt(made.id);
  assert.equal((await server.verify(again.access)).status, 200);
  good(['user', 'logout', made.id]);
  assert.equal(await refused(again.access), 'token_revoked');

  assert.equal(JSON.parse(good(['user', 'export', email])).user.email, email);
  const kept = run(['user', 'delete', email], { input: 'no\n' });
  assert.equal(kept.code, 1);
  assert.match(kept.err, /nothing was done/);
  assert.equal(json(['user', 'show', email]).id, made.id);
  assert.match(run(['user', 'delete', email], { input: 'yes\n' }).out, /is deleted/);
  assert.equal(run(['user', 'show', made.id]).code, 1);
});

test('user: name, email, verify-email, reset-password, passkeys, remove-passkey', async () => {
  const made = await server.signUp();
  const shown = (user = made.user) => json(['user', 'show', user]);
  assert.match(good(['user', 'name', made.email, 'Ada Lovelace']), /has the name Ada Lovelace/);
  assert.equal(shown().name, 'Ada Lovelace');
  assert.match(good(['user', 'verify-email', made.email]), /has a verified e-mail address/);
  assert.equal(shown().email_verified, true);
  const [next, last] = [newEmail(), newEmail()];
  assert.match(good(['user', 'email', made.email, next]), new RegExp(`has the e-mail address ${next}`));
  assert.deepEqual([shown(next).id, shown(next).email_verified], [made.user, false]);
  assert.equal(json(['user', 'email', next, last, '--verified']).user.email_verified, true);
  const taken = run(['user', 'email', last, (await server.signUp()).email]);
  assert.equal(taken.code, 1);
  assert.match(taken.err, /email_taken/);

  assert.match(good(['user', 'reset-password', last]), /gets a mail with a link/);
  await waitUntil(() => server.stderr.includes(`${last}`) && /#token=pr1/.test(server.stderr), { what: 'the mail' });
  const token = server.stderr.match(/#token=(pr1\.[\w-]+)/)[1];
  assert.equal((await server.post('/auth/password/reset', { token, password: 'another horse' })).status, 200);

  const keyed = await signUpWithPasskey(server, newEmail());
  const [passkey] = lines(['user', 'passkeys', keyed.email]);
  assert.equal(passkey.synced, false);
  assert.match(good(['user', 'passkeys', keyed.email]), /^ID +NAME +SYNCED +CREATED +LAST USED\n/);
  assert.match(good(['user', 'remove-passkey', keyed.email, passkey.id]), /does not sign in with passkey/);
  assert.deepEqual(lines(['user', 'passkeys', keyed.email]), []);
  assert.equal(run(['user', 'remove-passkey', keyed.email, passkey.id]).code, 1);
});

test('user create takes a password hash from standard input or a file, and the user signs in with it', async () => {
  // crypt() of the system, from Perl: every Debian has it.
  const hash = execFileSync('perl', ['-e', 'print crypt($ARGV[0], $ARGV[1])', 'correct horse', '$2b$05$CCCCCCCCCCCCCCCCCCCCC.'], { encoding: 'utf8' });
  const file = path.join(directory, 'hash');
  fs.writeFileSync(file, `${hash}\n`);
  for (const [from, input] of [['-', `${hash}\n`], [file, '']]) {
    const email = newEmail();
    assert.equal(json(['user', 'create', email, '--hash-file', from], { input }).email, email);
    await server.logIn({ email, password: 'correct horse' });
  }
  assert.equal(run(['user', 'create', newEmail(), '--hash-file', '-'], { input: '' }).code, 2);
});

test('session: list and end', async () => {
  const pair = await server.signUp();
  const [listed] = lines(['session', 'list', '--user', pair.user]);
  assert.deepEqual(lines(['session', 'list', '--user', pair.email.toUpperCase()]), [listed]);
  assert.equal(listed.id, pair.sid);
  assert.match(good(['session', 'list', '--user', pair.user]), /^ID +DEVICE +ADDRESS +CREATED +LAST USED\n/);
  assert.match(good(['session', 'end', pair.sid]), /has ended/);
  assert.equal(await refused(pair.access), 'token_revoked');
  assert.equal(run(['session', 'end', pair.sid]).code, 1);
});

test('revoke: token, jti, session, user, before, list', async () => {
  const token = await server.signUp();
  assert.match(good(['revoke', 'token'], { input: `${token.access}\n` }), /^revoked, as number \d+\n$/);
  assert.equal(await refused(token.access), 'token_revoked');
  const inFile = await server.signUp();
  fs.writeFileSync(path.join(directory, 'token'), inFile.access);
  assert.equal(json(['revoke', 'token', 'token']).kind, 'token');
  assert.equal(await refused(inFile.access), 'token_revoked');

  const byId = await server.signUp();
  const { jti } = JSON.parse(Buffer.from(byId.access.split('.')[1], 'base64url'));
  good(['revoke', 'jti', jti]);
  assert.equal(await refused(byId.access), 'token_revoked');
  const bySession = await server.signUp();
  good(['revoke', 'session', bySession.sid]);
  assert.equal(await refused(bySession.access), 'token_revoked');
  const byUser = await server.signUp();
  good(['revoke', 'user', byUser.user]);
  assert.equal(await refused(byUser.access), 'token_revoked');
  const old = await server.signUp();
  const other = await server.signUp();
  await waitUntil(async () => {
    good(['revoke', 'before', 'now', '--user', old.user]);
    return (await refused(old.access)) === 'token_revoked';
  }, { every: 300 });
  assert.equal((await server.verify(other.access)).status, 200);
  assert.equal(run(['revoke', 'before', 'soon']).code, 2);
  assert.ok(lines(['revoke', 'list']).length >= 5);
});

test('an id that begins with a hyphen is no option', () => {
  const id = '-i6j5iPjp2OYYp4ZUj9r6w';
  good(['revoke', 'jti', id]);
  assert.ok(good(['revoke', 'list', '--json']).length > 0);
  for (const args of [['user', 'show', id], ['session', 'end', id], ['apikey', 'revoke', id], ['key', 'remove', `${id}${id.slice(1)}`]]) {
    assert.equal(run(args).code, 1, `${args.join(' ')}: the server knows none`);
  }
  assert.deepEqual(lines(['event', 'list', '--user', id]), []);
  assert.equal(run(['user', 'block', id, '--reason', 'none', '--until', '2d']).code, 1);
  assert.equal(run(['user', 'show', '-x']).code, 2);
});

test('key: list, rotate, remove', () => {
  const states = () => lines(['key', 'list']).map((key) => `${key.kid} ${key.state}`);
  const active = () => lines(['key', 'list']).find((key) => key.state === 'active').kid;
  const first = active();
  assert.match(good(['key', 'list']), /^KEY +ALG +STATE /);
  good(['key', 'rotate', '--at-once']);
  assert.notEqual(active(), first);
  assert.ok(states().includes(`${first} retired`));
  assert.equal(run(['key', 'remove', first], { input: '\n' }).code, 1);
  good(['key', 'remove', first, '--yes']);
  assert.ok(!states().includes(`${first} retired`));
});

test('apikey: a key is printed once, does what its scopes say, and is refused when it is revoked', () => {
  const made = json(['apikey', 'create', 'reader', '--scopes', 'users:read']);
  server.secrets.add(made.key);
  const env = { RESCIND_SERVER: server.url, RESCIND_API_KEY: made.key };
  assert.equal(run(['user', 'list'], { env }).code, 0);
  const outside = run(['key', 'list'], { env });
  assert.equal(outside.code, 1);
  assert.match(outside.err, /^rescind: insufficient_scope: /);
  const listed = good(['apikey', 'list']);
  assert.match(listed, /reader +users:read/);
  assert.ok(!listed.includes(made.key));
  good(['apikey', 'revoke', made.id]);
  assert.equal(run(['user', 'list'], { env }).code, 1);
});

test('event list filters, and follows what happens from now on', async () => {
  const pair = await server.signUp();
  const events = lines(['event', 'list', '--user', pair.user]);
  assert.ok(events.some((event) => event.type === 'user_signed_up'));
  assert.deepEqual(lines(['event', 'list', '--user', pair.user, '--type', 'user_signed_up']).map((event) => event.type), ['user_signed_up']);
  assert.deepEqual(lines(['event', 'list', '--user', pair.user, '--since', String(events.at(-1).seq)]), []);
  assert.equal(run(['event', 'list', '--type', 'nonsense']).code, 1);
  assert.deepEqual(lines(['event', 'list', '--limit', '1']).map((event) => event.seq), [1]);
  assert.equal(run(['event', 'list', '--limit', '0']).code, 2);
  assert.deepEqual(lines(['event', 'list', '--user', pair.email]), events);
  assert.deepEqual(lines(['event', 'list', '--user', pair.email, '--newest-first']), [...events].reverse());
  assert.equal(lines(['event', 'list', '--newest-first', '--limit', '1'])[0].seq, lines(['event', 'list']).at(-1).seq);
  assert.equal(run(['event', 'list', '--newest-first', '--follow']).code, 2);
  good(['user', 'logout', pair.user]);
  assert.match(good(['event', 'list', '--user', pair.user]), /^SEQ +AT +TYPE +USER +SESSION +ADDRESS +BY +DETAIL\n[^]* signed_out_everywhere [^\n]* admin_key +admin\n/);

  const child = spawn(binary(), ['event', 'list', '--user', pair.user, '--follow', '--json'], {
    env: { RESCIND_SERVER: server.url, RESCIND_API_KEY: server.adminKey },
  });
  let out = '';
  child.stdout.on('data', (chunk) => (out += chunk));
  await waitUntil(() => out.includes('user_signed_up'), { what: 'the events so far' });
  good(['user', 'block', pair.user]);
  await waitUntil(() => out.includes('user_blocked'), { what: 'the event that has just happened' });
  const gone = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGINT');
  await gone;
});

test('a list of more than one page is whole', async () => {
  const pair = await server.signUp();
  for (let i = 0; i < 105; ++i) {
    await Promise.all(Array.from({ length: 10 }, () => server.adopt(pair.user)));
    await server.admin('POST', `/admin/users/${pair.user}/logout`);
  }
  const seqs = lines(['event', 'list']).map((event) => event.seq);
  assert.ok(seqs.length > 1000, `${seqs.length}`);
  assert.deepEqual(lines(['event', 'list', '--limit', '1001']).map((event) => event.seq), seqs.slice(0, 1001));
  assert.deepEqual(seqs, [...new Set(seqs)].sort((a, b) => a - b));
});

test('status says whether the server is ready', () => {
  const status = json(['status']);
  assert.deepEqual([status.ready, status.lease_live, typeof status.revocations_live], [true, true, 'number']);
  assert.match(good(['status']), /^server +http:\/\/127\.0\.0\.1:\d+\nready +yes\n/);
});

test("a user's name and a session's device cannot command the terminal of whoever lists them", async () => {
  const pair = await server.signUp({ device: '\u202e\u009b31m phone' });
  const evil = '\u001b[2J\u009b31m\u202etxt.exe\u200b\u0007';
  assert.equal((await server.admin('PATCH', `/admin/users/${pair.user}`, { name: evil })).status, 200);
  const outputs = [['session', 'list', '--user', pair.user], ['user', 'show', pair.user], ['user', 'list', '--email', pair.email]];
  for (const args of outputs.flatMap((one) => [one, [...one, '--json']])) {
    const out = good(args);
    // eslint-disable-next-line no-control-regex
    assert.doesNotMatch(out, /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u200b\u202e]/, args.join(' '));
  }
  assert.equal(json(['user', 'show', pair.user]).name, evil);
});

test("what a false server answers is made harmless, too, and is no reason to follow it", async () => {
  const answers = {
    error: [400, { code: 'bad\u001b[2J', message: '\u001b]0;owned\u0007' }],
    nonsense: [200, 'hello'],
    redirect: [302, { code: 'moved', message: 'elsewhere' }],
  };
  let answer;
  let asked = 0;
  const fake = http.createServer((request, response) => {
    asked += 1;
    const [status, body] = answers[answer];
    response.writeHead(status, { Location: `${server.url}/admin/users` });
    response.end(typeof body === 'string' ? body : JSON.stringify(body));
  });
  await new Promise((resolve) => fake.listen(0, '127.0.0.1', resolve));
  const child = (args) =>
    new Promise((resolve) => {
      const process = spawn(binary(), args, { env: { RESCIND_SERVER: `http://127.0.0.1:${fake.address().port}`, RESCIND_API_KEY: server.adminKey } });
      let err = '';
      process.stderr.on('data', (chunk) => (err += chunk));
      process.once('exit', (code) => resolve({ code, err }));
    });
  answer = 'error';
  const failed = await child(['user', 'list']);
  assert.equal(failed.code, 1);
  assert.ok(!failed.err.includes('\u001b') && failed.err.includes('\\u{1b}'), failed.err);
  answer = 'nonsense';
  assert.equal((await child(['user', 'list'])).code, 3);
  answer = 'redirect';
  asked = 0;
  await child(['user', 'list']);
  assert.equal(asked, 1);
  fake.close();
});

test('exit codes: 1 refused, 2 wrong usage, 3 not reached', async () => {
  const wrongKey = run(['user', 'list'], { env: { RESCIND_SERVER: server.url, RESCIND_API_KEY: 'rk1_this-is-not-the-key' } });
  assert.equal(wrongKey.code, 1);
  assert.match(wrongKey.err, /^rescind: invalid_token: /);
  assert.ok(!wrongKey.err.includes('not-the-key'));
  const nobody = run(['user', 'list'], { env: { RESCIND_SERVER: `http://127.0.0.1:${await findFreePort()}`, RESCIND_API_KEY: server.adminKey } });
  assert.equal(nobody.code, 3);
  assert.match(nobody.err, /^rescind: no answer from http:\/\/127\.0\.0\.1:\d+: /);
  for (const args of [['user'], ['user', 'show'], ['user', 'lost'], ['key', 'list', '--nonsense'], ['user', 'block', 'x', '--until', 'soon'], ['event', 'list', '--since', 'x']]) {
    assert.equal(run(args).code, 2, args.join(' '));
  }
});

test('the key: from a file, from the data directory of the configuration, never to a server that is not meant', () => {
  const file = path.join(directory, 'key');
  fs.writeFileSync(file, `${server.adminKey}\n`, { mode: 0o600 });
  assert.equal(run(['user', 'list', '--key-file', file], { env: { RESCIND_SERVER: server.url } }).code, 0);
  assert.equal(run(['user', 'list', '--key-file', file, '--server', server.url], { env: {} }).code, 0);

  const data = path.join(directory, 'data');
  fs.mkdirSync(data, { mode: 0o700 });
  fs.writeFileSync(path.join(data, 'admin.key'), server.adminKey, { mode: 0o600 });
  const config = path.join(directory, 'rescind.toml');
  fs.writeFileSync(config, `data = "${data}"\n[server]\nlisten = "127.0.0.1:${server.port}"\n`);
  assert.equal(run(['user', 'list', '--config', config], { env: {} }).code, 0);
  assert.equal(run(['user', 'list'], { env: { RESCIND_CONFIG: config } }).code, 0);
  const elsewhere = run(['user', 'list', '--config', config, '--server', server.url], { env: {} });
  assert.equal(elsewhere.code, 2);
  assert.match(elsewhere.err, /which key opens/);
  const inTheClear = run(['user', 'list'], { env: { RESCIND_SERVER: 'http://id.example.com', RESCIND_API_KEY: server.adminKey } });
  assert.equal(inTheClear.code, 2);
  assert.match(inTheClear.err, /in the clear/);
  for (const url of ['127.0.0.1:8080', 'ftp://127.0.0.1', 'http://a@b', 'http://127.0.0.1/admin', 'http://']) {
    assert.equal(run(['user', 'list'], { env: { RESCIND_SERVER: url, RESCIND_API_KEY: server.adminKey } }).code, 2, url);
  }
});

test('every verb explains itself with an example', () => {
  const verbs = {
    user: ['list', 'show', 'create', 'block', 'unblock', 'logout', 'roles', 'name', 'email', 'verify-email', 'reset-password', 'passkeys', 'remove-passkey', 'export', 'delete'],
    session: ['list', 'end'],
    revoke: ['token', 'jti', 'session', 'user', 'before', 'list'],
    key: ['list', 'rotate', 'remove'],
    apikey: ['list', 'create', 'revoke'],
    event: ['list'],
  };
  for (const [noun, names] of Object.entries(verbs)) {
    const help = good([noun, '--help']);
    for (const name of names) {
      assert.match(help, new RegExp(`^ +${name}\\b`, 'm'));
      assert.match(good([noun, name, '--help']), new RegExp(`Examples:\n +rescind ${noun} ${name}`));
    }
  }
});
