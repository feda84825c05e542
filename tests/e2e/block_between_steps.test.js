// A block is looked at in every step and not at log-in only: for each flow, block the user between each pair of its steps, and
// the next step fails.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { bearer, newEmail, newPassword, startServer } from './harness/server.js';

let server;
before(async () => {
  server = await startServer({ settings: { 'login.free_attempts': '100' } });
});
after(() => server?.dispose());

// --- steps: each takes what is known of the user so far, and returns the answer ---
const pair = async (state, answer) => {
  if (answer.status < 300 && answer.json?.access_token) {
    Object.assign(state, { user: answer.json.user.id, access: answer.json.access_token, refresh: answer.json.refresh_token ?? state.refresh, sid: answer.json.session.id });
  }
  return answer;
};
const asUser = (state) => bearer(state.access);
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
  'sign out all others': async (state) => pair(state, await server.post('/auth/logout-all', { keep_current: true, delivery: 'body' }, asUser(state))),
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
];

// What a blocked user is told: of his token, of his session, or, where he shows who he is, of the block.
const kRefusals = ['401 token_revoked', '401 session_revoked', '403 user_blocked'];

async function runStep(name, state) {
  const answer = await steps[name](state);
  return `${answer.status} ${answer.code ?? ''}`.trim();
}

for (const flow of flows) {
  test(`without a block: ${flow.join(', ')}`, async () => {
    const state = {};
    for (const name of flow) assert.match(await runStep(name, state), /^20[01]$/, name);
  });

  for (let at = 1; at < flow.length; ++at) {
    test(`${flow.slice(0, at).join(', ')} — block — ${flow[at]}`, async () => {
      const state = {};
      for (const name of flow.slice(0, at)) assert.match(await runStep(name, state), /^20[01]$/, name);
      const blocked = await server.admin('POST', `/admin/users/${encodeURIComponent(state.user)}/block`, { reason: 'test' });
      assert.equal(blocked.status, 200);
      const outcome = await runStep(flow[at], state);
      assert.ok(kRefusals.includes(outcome), `${flow[at]}: ${outcome}`);
      // And whatever else could be tried with what the user holds.
      for (const name of ['refresh', 'verify', 'show me', ...(state.email ? ['log in'] : ['adopt a session'])]) {
        const other = await runStep(name, { ...state });
        assert.ok(kRefusals.includes(other), `then ${name}: ${other}`);
      }
    });
  }
}

test('an access token that is refused says nothing of the block to whoever holds it', async () => {
  const { user, access } = await server.signUp();
  await server.admin('POST', `/admin/users/${user}/block`, { reason: 'secret reason' });
  assert.ok(!(await server.verify(access)).text.includes('secret reason'));
});
