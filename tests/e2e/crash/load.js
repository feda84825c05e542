// The load of a crash run: actors that sign up, adopt, refresh, log out and revoke until the server goes away under them.
import { bearer } from '../harness/server.js';

// [weight, name, act]. Each act sends one request and writes what was acknowledged into the ledger.
// `unsure` is set before the request and taken back by its answer.
const kActs = [
  [3, async (x) => {
    const user = x.ledger.addUser(`u${x.ledger.users.length}`, x.owner);
    await x.ask(user, { what: 'create' }, () => x.server.admin('POST', '/admin/sessions', { user: user.name }), 201, (a) => x.ledger.addSession(user, a.json));
  }],
  [1, async (x) => {
    const user = x.ledger.addUser(`u${x.ledger.users.length}`, x.owner);
    const body = { email: `${user.name}-${x.run}@example.com`, password: 'long enough', delivery: 'body' };
    await x.ask(user, { what: 'create' }, () => x.server.post('/auth/signup', body), 201, (a) => {
      user.name = a.json.user.id;
      x.ledger.addSession(user, a.json);
    });
  }],
  [4, (x) => x.withUser((user) =>
    x.ask(user, { what: 'create' }, () => x.server.admin('POST', '/admin/sessions', { user: user.name }), 201, (a) => x.ledger.addSession(user, a.json)))],
  [10, (x) => x.withSession((user, session) =>
    x.ask(user, { what: 'rotate', session }, () => x.server.refresh(session.refresh.at(-1)), 200, (a) => x.ledger.rotated(session, a.json)))],
  [3, (x) => x.withSession((user, session) =>
    x.ask(user, { what: 'end', sessions: [session] }, () => x.server.post('/auth/logout', undefined, bearer(session.access.at(-1))), 200, () => x.ledger.endSession(user, session)))],
  [1, (x) => x.withSession((user, session) =>
    x.ask(user, { what: 'end', sessions: [session] }, () => x.server.post('/auth/logout', { refresh_token: session.refresh.at(-1) }), 200, () => x.ledger.endSession(user, session)))],
  [1, (x) => x.withSession((user, session) =>
    x.ask(user, { what: 'end', sessions: [...user.sessions] }, () => x.server.post('/auth/logout-all', undefined, bearer(session.access.at(-1))), 200, () => x.ledger.endUser(user)))],
  [1, (x) => x.withSession((user, session) =>
    x.ask(user, { what: 'end', sessions: [session] }, () => x.server.admin('POST', '/admin/revocations', { kind: 'session', sid: session.sid }), 201, () => x.ledger.endSession(user, session)))],
  [1, (x) => x.withSession((user) =>
    x.ask(user, { what: 'end', sessions: [...user.sessions] }, () => x.server.admin('POST', '/admin/revocations', { kind: 'user', sub: user.name }), 201, () => x.ledger.endUser(user)))],
  [2, (x) => x.withSession((user, session) => {
    if (session.access.length < 2) return undefined;
    const token = session.access[0];
    return x.ask(user, { what: 'token', session, token }, () => x.server.admin('POST', '/admin/revocations', { kind: 'token', token }), 201, () => x.ledger.endToken(session, token));
  })],
];
const kByWeight = kActs.flatMap(([weight, act]) => Array(weight).fill(act));
const kUsersInHand = 6;

// Runs until `stopped()` or the connection breaks; throws where the server answers what it must not.
export async function runActor({ server, ledger, random, run, owner, stopped, count }) {
  const mine = ledger.users.filter((user) => user.owner === owner && !user.unsure).slice(-kUsersInHand);
  const x = {
    server,
    ledger,
    run,
    owner,
    withUser: (then) => (mine.length > 0 ? then(random.pick(mine)) : undefined),
    withSession: (then) => {
      const user = mine.length > 0 ? random.pick(mine) : undefined;
      return user && user.sessions.length > 0 ? then(user, random.pick(user.sessions)) : undefined;
    },
    async ask(user, unsure, send, status, acknowledged) {
      user.unsure = unsure;
      const answer = await send();
      if (answer.status !== status) throw new Error(`${unsure.what} of ${user.name}: ${answer.status} ${answer.text}`);
      acknowledged(answer);
      user.unsure = undefined;
      count(unsure.what);
      if (!mine.includes(user)) {
        mine.push(user);
        if (mine.length > kUsersInHand) mine.shift();
      }
    },
  };
  while (!stopped()) {
    try {
      await random.pick(kByWeight)(x);
      await undefined;
    } catch (error) {
      if (error.code === undefined) throw error;
      return; // the connection broke: the server was killed
    }
  }
}
