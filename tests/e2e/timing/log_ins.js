// Log-ins that fail in ways that nobody outside may tell apart.
import { signUpWithPasskey } from '../harness/passkey.js';
import { newEmail, newPassword } from '../harness/server.js';

export const kClasses = ['unknown user', 'wrong password', 'blocked user', 'passkey only'];

// class → e-mail addresses, all of one length.
export async function makeAccounts(server, each) {
  const accounts = Object.fromEntries(kClasses.map((name) => [name, []]));
  for (let i = 0; i < each; ++i) {
    accounts['unknown user'].push(newEmail());
    accounts['wrong password'].push((await server.signUp()).email);
    const blocked = await server.signUp();
    await server.admin('POST', `/admin/users/${blocked.user}/block`);
    accounts['blocked user'].push(blocked.email);
    accounts['passkey only'].push((await signUpWithPasskey(server, newEmail())).email);
  }
  return accounts;
}

export const tryToLogIn = (server, email) => server.post('/auth/login', { email, password: newPassword() });

// What of an answer everybody sees. The date tells the time, and no more.
export const visible = (answer) => ({
  status: answer.status,
  text: answer.text,
  headers: answer.rawHeaders.filter((_, i) => !['date'].includes(answer.rawHeaders[i - (i % 2)].toLowerCase())),
});
