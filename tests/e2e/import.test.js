// Users from another system keep their passwords: hashes made by other libraries, not by ours.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { after, before, test } from 'node:test';
import { newEmail, startServer } from './harness/server.js';

let server;
before(async () => {
  server = await startServer();
});
after(() => server?.dispose());

// crypt() of the system, from Perl: every Debian has it.
const bcrypt = (password, setting) => execFileSync('perl', ['-e', 'print crypt($ARGV[0], $ARGV[1])', password, setting], { encoding: 'utf8' });
const bring = (json) => server.admin('POST', '/admin/users', json);
const logIn = (email, password) => server.post('/auth/login', { email, password, delivery: 'body' });

for (const kind of ['2a', '2b', '2y']) {
  test(`a user with a $${kind}$ hash signs in with the password, and with no other`, async () => {
    const email = newEmail();
    const hash = bcrypt('correct horse', `$${kind}$05$CCCCCCCCCCCCCCCCCCCCC.`);
    const user = await bring({ email, name: 'Ada', password_hash: hash, roles: ['editor'], email_verified: true });
    assert.equal(user.status, 201, user.text);
    assert.ok(!user.text.includes(hash), 'the hash is shown to nobody');
    assert.equal((await logIn(email, 'wrong horse')).code, 'invalid_credentials');
    for (let i = 0; i < 3; ++i) { // the first one upgrades, the next ones check what it made
      const session = await logIn(email, 'correct horse');
      assert.equal(session.status, 200, session.text);
      assert.deepEqual(session.json.user.roles, ['editor']);
      assert.equal(session.json.user.email_verified, true);
      assert.equal((await server.verify(session.json.access_token)).header('X-Auth-Roles'), 'editor');
    }
    assert.equal((await logIn(email, 'wrong horse')).code, 'invalid_credentials');
    const events = await server.events(`?user=${user.json.user.id}`);
    assert.deepEqual(events.filter((e) => e.type === 'user_imported' || e.type === 'profile_changed').map((e) => e.detail), ['', 'form of the password hash']);
  });
}

test('a hash that is none, or that costs too much, is refused', async () => {
  for (const password_hash of ['correct horse', '$2b$15$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW', '$argon2id$v=19$m=9999999,t=9,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4', '$1$x$y']) {
    const refused = await bring({ email: newEmail(), password_hash });
    assert.equal(refused.code, 'invalid_request', password_hash);
    assert.ok(!refused.text.includes(password_hash));
  }
});
