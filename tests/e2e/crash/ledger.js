// What the server has acknowledged, and so must know after any crash.
//
// One actor owns a user and runs one request of it at a time, so what was acknowledged is never ambiguous. A request whose
// answer was lost leaves its user "unsure" about that one change, and nothing else.

export class Ledger {
  constructor() {
    this.users = []; // {name, owner, sessions, unsure}
    this.dead = []; // access tokens whose revocation was acknowledged
    this.deadRefresh = []; // refresh tokens of sessions whose end was acknowledged
    this.checkedDead = 0; // dead[0 … checkedDead) have been looked at after a crash
    this.checkedDeadRefresh = 0;
  }

  addUser(name, owner) {
    const user = { name, owner, sessions: [], unsure: undefined };
    this.users.push(user);
    return user;
  }

  addSession(user, pair) {
    const session = { sid: pair.session.id, access: [pair.access_token], refresh: [pair.refresh_token] };
    user.sessions.push(session);
    return session;
  }

  rotated(session, pair) {
    session.access.push(pair.access_token);
    session.refresh.push(pair.refresh_token);
  }

  endSession(user, session) {
    user.sessions.splice(user.sessions.indexOf(session), 1);
    this.dead.push(...session.access);
    this.deadRefresh.push(session.refresh.at(-1));
  }

  endUser(user) {
    for (const session of [...user.sessions]) this.endSession(user, session);
  }

  endToken(session, token) {
    session.access.splice(session.access.indexOf(token), 1);
    this.dead.push(token);
  }

  // Users that no request is about any more, most recent first, so that a long run does not look at all of them each time.
  recent(count) {
    return this.users.slice(-count);
  }
}
