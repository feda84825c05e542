// A block is looked at in every step and not at log-in only: for each flow, block the user between each pair of its steps, and
// the next step fails.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { SoftAuthenticator } from './harness/passkey.js';
import { root } from './harness/place.js';
import { bearer, newEmail, newPassword, startServer } from './harness/server.js';
import { startSmtpServer, tokenOf } from './harness/smtp_server.js';

const kMany = '100000';
let smtp;
let server; // of the test that runs: one of the next two
let open;
let strict; // with login.require_verified_email
let till; // an API key that may do nothing but open sessions
before(async () => {
  smtp = await startSmtpServer();
  const limits = Object.fromEntries(
    ['login.free_attempts', 'login.account_free_attempts', 'login.address_free_attempts', 'login.sign_up_free_attempts', 'mail.free_per_account', 'mail.free_per_address'].map((name) => [name, kMany]),
  );
  const settings = { ...limits, 'mail.smtp_url': smtp.url, 'mail.from': 'id@example.com' };
  open = server = await startServer({ settings });
  strict = await startServer({ settings: { ...settings, 'login.require_verified_email': 'true' } });
  for (const one of [open, strict]) noteWhatIsAsked(one);
  till = (await server.admin('POST', '/admin/apikeys', { name: 'till', scopes: ['sessions:write'] })).json.key;
  server.secrets.add(till);
});
after(async () => {
  await open?.dispose();
  await strict?.dispose();
  await smtp?.stop();
});

// The operations of the OpenAPI file that were asked for behind a block.
const operations = Object.entries(JSON.parse(fs.readFileSync(path.join(root, 'docs/openapi.json'), 'utf8')).paths).flatMap(([template, item]) =>
  Object.entries(item)
    .filter(([method]) => method !== 'parameters')
    .map(([method, { operationId }]) => ({ operationId, method: method.toUpperCase(), template, at: new RegExp(`^${template.replaceAll('.', '\\.').replace(/\{\w+\}/, '[^/]+')}$`) })),
);
const askedBehindABlock = new Set();
let isBlocked = false;
function noteWhatIsAsked(one) {
  const request = one.request.bind(one);
  one.request = (method, target, options) => {
    const asked = operations.find((operation) => operation.method === method && operation.at.test(target.split('?')[0]));
    if (isBlocked && asked) askedBehindABlock.add(asked.operationId);
    return request(method, target, options);
  };
}

// --- steps: each takes what is known of the user so far, and returns the answer ---
const pair = async (state, answer) => {
  if (answer.status < 300 && answer.json?.access_token) {
    Object.assign(state, { user: answer.json.user.id, access: answer.json.access_token, refresh: answer.json.refresh_token ?? state.refresh, sid: answer.json.session.id });
  }
  if (answer.status === 202) state.user = answer.json.user.id; // whose address has to be confirmed first
  return answer;
};
const asUser = (state) => bearer(state.access);
const kReset = /password/i;
const kConfirm = /confirm/i;
const mailsTo = (email, subject) => smtp.to(email).filter((mail) => subject.test(mail.subject)).length;
// Forgotten: the answer is the same for everybody, and the mail is what counts. One that comes later to somebody else shows that
// none is on its way.
async function askForReset(state) {
  const before = mailsTo(state.email, kReset);
  const answer = await server.post('/auth/password/forgot', { email: state.email });
  const behindABlock = isBlocked;
  isBlocked = false; // what the other one does is no step
  const other = (state.other ??= await server.signUp());
  const others = mailsTo(other.email, kReset);
  await server.post('/auth/password/forgot', { email: other.email });
  await smtp.wait(other.email, { subject: kReset, count: others + 1 });
  isBlocked = behindABlock;
  const mail = smtp.to(state.email).filter((one) => kReset.test(one.subject))[before];
  if (mail) state.reset = tokenOf(mail);
  return answer;
}
const steps = {
  'sign up': async (state) => {
    Object.assign(state, { email: newEmail(), password: newPassword() });
    return pair(state, await server.post('/auth/signup', { email: state.email, password: state.password, delivery: 'body' }));
  },
  'log in': async (state) => pair(state, await server.post('/auth/login', { email: state.email, password: state.password, delivery: 'body' })),
  'adopt a session': async (state) => {
    state.user ??= `adopted-${Math.random()}`;
    return pair(state, await server.admin('POST', '/admin/sessions', { user: state.user }));
  },
  refresh: async (state) => pair(state, await server.refresh(state.refresh)),
  'verify': (state) => server.verify(state.access),
  'verify with a condition': (state) => server.verify(state.access, '?max_age=60'),
  'show me': (state) => server.get('/auth/me', asUser(state)),
  'change me': (state) => server.request('PATCH', '/auth/me', { headers: asUser(state), json: { name: 'x' } }),
  'list sessions': (state) => server.get('/auth/sessions', asUser(state)),
  'rename a session': (state) => server.request('PATCH', `/auth/sessions/${state.sid}`, { headers: asUser(state), json: { name: 'x' } }),
  'sign out one session': (state) => server.request('DELETE', `/auth/sessions/${state.sid}`, { headers: asUser(state) }),
  'change the password': async (state) => {
    const fresh = newPassword();
    const answer = await server.post('/auth/password', { current: state.password, new: fresh, delivery: 'body' }, asUser(state));
    if (answer.status === 200) state.password = fresh;
    return pair(state, answer);
  },
  'ask for a reset': askForReset,
  'reset the password': async (state) => {
    const fresh = newPassword();
    const answer = await server.post('/auth/password/reset', { token: state.reset ?? 'pr1.none', password: fresh });
    if (answer.status === 200) state.password = fresh;
    return answer;
  },
  'get the mail that confirms the address': async (state) => {
    state.confirm = tokenOf(await smtp.wait(state.email, { subject: kConfirm, count: state.confirm ? 2 : 1 }));
    return { status: 200 };
  },
  'have it sent again': (state) => server.post('/auth/email/verify/send', undefined, asUser(state)),
  'confirm the address': (state) => server.post('/auth/email/verify', { token: state.confirm }),
  'ask for another address': async (state) => {
    state.next = newEmail();
    const answer = await server.post('/auth/email', { email: state.next }, asUser(state));
    if (answer.status === 202) state.change = tokenOf(await smtp.wait(state.next, { subject: kConfirm }));
    return answer;
  },
  'take the other address': async (state) => {
    const answer = await server.post('/auth/email/confirm', { token: state.change });
    if (answer.status === 200) state.email = state.next;
    return answer;
  },
  'adopt a session with an API key': async (state) => {
    state.user ??= `till-${Math.random()}`;
    return pair(state, await server.post('/admin/sessions', { user: state.user }, bearer(till)));
  },
  'sign up with a passkey': async (state) => {
    state.email = newEmail();
    state.authenticator = new SoftAuthenticator(server.publicUrl);
    const options = (await server.post('/auth/passkeys/signup/options', { email: state.email })).json;
    return pair(state, await server.post('/auth/passkeys/signup', { email: state.email, credential: state.authenticator.create(options), delivery: 'body' }));
  },
  'begin to add a passkey': async (state) => {
    const answer = await server.post('/auth/passkeys/register/options', undefined, asUser(state));
    if (answer.status === 200) state.creation = answer.json;
    return answer;
  },
  'add the passkey': async (state) => {
    const authenticator = new SoftAuthenticator(server.publicUrl);
    const answer = await server.post('/auth/passkeys/register', { credential: authenticator.create(state.creation), name: 'phone' }, asUser(state));
    if (answer.status === 201) Object.assign(state, { authenticator, passkey: answer.json.passkey.id });
    return answer;
  },
  'begin to sign in with the passkey': async (state) => {
    const answer = await server.post('/auth/passkeys/login/options');
    state.request = answer.json;
    return answer;
  },
  'sign in with the passkey': async (state) => {
    const credential = state.authenticator.get(state.request);
    return pair(state, await server.post('/auth/passkeys/login', { credential, delivery: 'body' }));
  },
  'list the passkeys': (state) => server.get('/auth/passkeys', asUser(state)),
  'rename the passkey': (state) => server.request('PATCH', `/auth/passkeys/${state.passkey}`, { headers: asUser(state), json: { name: 'x' } }),
  'remove the passkey': (state) => server.request('DELETE', `/auth/passkeys/${state.passkey}`, { headers: asUser(state) }),
  'sign out all others': async (state) => pair(state, await server.post('/auth/logout-all', { keep_current: true, delivery: 'body' }, asUser(state))),
  'export me': (state) => server.get('/auth/me/export', asUser(state)),
  'delete the account': (state) => server.request('DELETE', '/auth/me', { headers: asUser(state), json: { password: state.password } }),
  'log out': (state) => server.post('/auth/logout', undefined, asUser(state)),
  'sign out everywhere': (state) => server.post('/auth/logout-all', {}, asUser(state)),
};

const flows = [
  ['sign up', 'show me', 'change me', 'log in', 'verify'],
  ['sign up', 'log in', 'refresh', 'refresh', 'verify'],
  ['sign up', 'log in', 'verify', 'verify with a condition', 'list sessions', 'rename a session', 'sign out one session'],
  ['sign up', 'log in', 'sign out all others', 'refresh', 'show me'],
  ['sign up', 'change the password', 'refresh', 'log in', 'change the password', 'verify'],
  ['adopt a session', 'refresh', 'verify', 'adopt a session', 'sign out all others', 'verify'],
  ['adopt a session', 'verify', 'sign out everywhere'],
  ['sign up', 'ask for a reset', 'reset the password', 'log in', 'refresh'],
  ['sign up', 'get the mail that confirms the address', 'confirm the address', 'show me'],
  ['sign up', 'get the mail that confirms the address', 'have it sent again', 'get the mail that confirms the address', 'confirm the address'],
  ['sign up', 'ask for another address', 'take the other address', 'refresh', 'show me', 'log in'],
  ['sign up', 'refresh', 'log in', 'verify with a condition'],
  ['adopt a session with an API key', 'verify', 'refresh', 'adopt a session with an API key', 'list sessions'],
  ['sign up', 'begin to add a passkey', 'add the passkey', 'begin to sign in with the passkey', 'sign in with the passkey', 'refresh', 'verify'],
  ['sign up', 'begin to add a passkey', 'add the passkey', 'list the passkeys', 'rename the passkey', 'remove the passkey'],
  ['sign up', 'export me', 'log in', 'delete the account'],
  ['sign up', 'log in', 'log out', 'log in', 'verify'],
  ['sign up with a passkey', 'begin to sign in with the passkey', 'sign in with the passkey', 'verify with a condition', 'begin to add a passkey', 'add the passkey'],
];

// Where nobody is let in before the address is confirmed.
const strictFlows = [
  ['sign up', 'get the mail that confirms the address', 'confirm the address', 'log in', 'refresh'],
  ['sign up with a passkey', 'get the mail that confirms the address', 'confirm the address', 'begin to sign in with the passkey', 'sign in with the passkey', 'verify'],
];

// No step behind a block, and why.
const kMakesTheUser = 'there is no user yet whom anybody could block';
const kNeverBehindABlock = { signUp: kMakesTheUser, beginPasskeySignUp: kMakesTheUser, signUpWithPasskey: kMakesTheUser };

// Steps that do not know who takes them, tell nobody, or only end what the block has ended: they answer as ever, and the step
// behind them fails.
const kBlind = ['log out', 'ask for a reset', 'get the mail that confirms the address', 'begin to sign in with the passkey'];

// What a blocked user is told: of his token, of his session, or, where he shows who he is, of the block.
const kRefusals = ['401 token_revoked', '401 session_revoked', '403 user_blocked'];
const kLinkIsVoid = '400 invalid_link';
const refusalsOf = (name) => (['reset the password', 'confirm the address', 'take the other address'].includes(name) ? [kLinkIsVoid] : kRefusals);

async function runStep(name, state) {
  const answer = await steps[name](state);
  return `${answer.status} ${answer.code ?? ''}`.trim();
}

for (const [flow, where] of [...flows.map((one) => [one, 'open']), ...strictFlows.map((one) => [one, 'strict'])]) {
  const begin = () => {
    server = where === 'open' ? open : strict;
    isBlocked = false;
    return {};
  };
  test(`${where}, without a block: ${flow.join(', ')}`, async () => {
    const state = begin();
    for (const name of flow) assert.match(await runStep(name, state), /^20[0-2]$/, name);
  });

  for (let at = 1; at < flow.length; ++at) {
    test(`${where}, ${flow.slice(0, at).join(', ')} — block — ${flow[at]}`, async () => {
      const state = begin();
      for (const name of flow.slice(0, at)) assert.match(await runStep(name, state), /^20[0-2]$/, name);
      const blocked = await server.admin('POST', `/admin/users/${encodeURIComponent(state.user)}/block`, { reason: 'test' });
      assert.equal(blocked.status, 200);
      isBlocked = true;
      const mails = state.email && mailsTo(state.email, kReset);
      let next = at;
      while (kBlind.includes(flow[next]) && next + 1 < flow.length) assert.match(await runStep(flow[next++], state), /^20[0-2]$/);
      const outcome = await runStep(flow[next], state);
      assert.ok(refusalsOf(flow[next]).includes(outcome), `${flow[next]}: ${outcome}`);
      if (state.email) assert.equal(mailsTo(state.email, kReset), mails, 'no link is sent to a blocked user');
      // And whatever else could be tried with what the user holds.
      const door = state.password ? ['log in'] : state.email ? [] : ['adopt a session', 'adopt a session with an API key'];
      for (const name of [...(state.access ? ['refresh', 'verify', 'show me'] : []), ...door]) {
        const other = await runStep(name, { ...state });
        assert.ok(kRefusals.includes(other), `then ${name}: ${other}`);
      }
    });
  }
}

test('every operation of users is a step behind a block, or says why it is none', () => {
  const ofUsers = operations.filter(({ template }) => template.startsWith('/auth/') || template === '/verify').map(({ operationId }) => operationId);
  assert.ok(ofUsers.length > 25);
  assert.deepEqual(ofUsers.filter((id) => !askedBehindABlock.has(id)).sort(), Object.keys(kNeverBehindABlock).sort());
});

test('an access token that is refused says nothing of the block to whoever holds it', async () => {
  const { user, access } = await open.signUp();
  await open.admin('POST', `/admin/users/${user}/block`, { reason: 'secret reason' });
  assert.ok(!(await open.verify(access)).text.includes('secret reason'));
});
