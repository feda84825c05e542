// After a crash: does the server know everything that it had acknowledged?

const kOlderDead = 60;
const kRecentUsers = 40;

// Adds to `found`; each list is a kind of broken promise and must stay empty.
export async function checkLedger({ server, ledger, random, found }) {
  await checkUnsure(server, ledger, found);
  await checkDead(server, ledger, random, found);
  await checkAlive(server, ledger, random, found);
}

const outcome = (answer) => `${answer.status} ${answer.code ?? ''}`.trim();
const inChunks = async (list, each) => {
  for (let i = 0; i < list.length; i += 32) await Promise.all(list.slice(i, i + 32).map(each));
};

async function expectDead(server, token, found, count) {
  const seen = outcome(await server.verify(token));
  count.deadChecked += 1;
  if (seen !== '401 token_revoked') found.forgotten.push(seen);
}

async function expectDeadRefresh(server, token, found, count) {
  const seen = outcome(await server.refresh(token));
  count.deadRefreshChecked += 1;
  if (seen !== '401 session_revoked') found.revived.push(seen);
}

async function checkDead(server, ledger, random, found) {
  const fresh = (list, from) => [...list.slice(from), ...Array.from({ length: Math.min(kOlderDead, from) }, () => list[random.below(from)])];
  await inChunks(fresh(ledger.dead, ledger.checkedDead), (token) => expectDead(server, token, found, found.count));
  await inChunks(fresh(ledger.deadRefresh, ledger.checkedDeadRefresh), (token) => expectDeadRefresh(server, token, found, found.count));
  ledger.checkedDead = ledger.dead.length;
  ledger.checkedDeadRefresh = ledger.deadRefresh.length;
}

export async function checkEveryDead(server, ledger, found) {
  await inChunks(ledger.dead, (token) => expectDead(server, token, found, found.count));
}

// A change whose answer was lost was made whole or not at all.
async function checkUnsure(server, ledger, found) {
  await inChunks(ledger.users.filter((user) => user.unsure), async (user) => {
    const { what, sessions, session, token } = user.unsure;
    user.unsure = undefined;
    found.count.unsureChecked += 1;
    if (what === 'rotate') {
      // A lost answer never logs an honest user out: the token that the client still has gives a pair.
      const answer = await server.refresh(session.refresh.at(-1));
      if (answer.status !== 200) found.loggedOut.push(outcome(answer));
      else ledger.rotated(session, answer.json);
    } else if (what === 'end') {
      const seen = new Set();
      for (const one of sessions) {
        for (const access of one.access) seen.add((await server.verify(access)).code ?? 'good');
        const refreshed = await server.refresh(one.refresh.at(-1));
        seen.add(refreshed.status === 200 ? 'good' : refreshed.code === 'session_revoked' ? 'token_revoked' : refreshed.code);
        if (refreshed.status === 200) ledger.rotated(one, refreshed.json);
      }
      if (seen.size > 1) found.halfDone.push([...seen].join(', '));
      if (seen.has('token_revoked')) for (const one of sessions) ledger.endSession(user, one);
    } else if (what === 'token') {
      if ((await server.verify(token)).code === 'token_revoked') ledger.endToken(session, token);
    }
  });
}

async function checkAlive(server, ledger, random, found) {
  await inChunks(ledger.recent(kRecentUsers), async (user) => {
    for (const session of [...user.sessions]) {
      const seen = outcome(await server.verify(session.access.at(-1)));
      found.count.aliveChecked += 1;
      if (seen !== '200') found.lost.push(seen);
      if (session.refresh.length < 3 || !random.chance(0.2)) continue;
      // The token before the one before: used up, whatever happened since. The session is the price of looking.
      const reused = outcome(await server.refresh(session.refresh.at(-3)));
      found.count.rotatedChecked += 1;
      if (reused !== '401 refresh_reused') found.revived.push(reused);
      ledger.endSession(user, session);
    }
  });
}
