-- Times are milliseconds since the epoch, but expires, horizon and longest_token_lifetime are seconds (as the claims are).
-- Lists (roles, amr) are netstrings one after the other: "5:admin,4:user,".

CREATE TABLE meta (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  revocation_head INTEGER NOT NULL,
  latest INTEGER NOT NULL,
  horizon INTEGER NOT NULL,
  longest_token_lifetime INTEGER NOT NULL
) STRICT;

INSERT INTO meta (id, revocation_head, latest, horizon, longest_token_lifetime) VALUES (1, 0, 0, 0, 0);

CREATE TABLE users (
  id TEXT NOT NULL PRIMARY KEY,
  email_key TEXT UNIQUE,
  email TEXT NOT NULL,
  name TEXT NOT NULL,
  password_hash TEXT NOT NULL,
  token_version INTEGER NOT NULL,
  roles TEXT NOT NULL,
  created_at INTEGER NOT NULL
) STRICT;

CREATE TABLE sessions (
  id BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
  user_id TEXT NOT NULL REFERENCES users (id),
  generation INTEGER NOT NULL,
  generation_at INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  last_used_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL,
  device TEXT NOT NULL,
  user_agent TEXT NOT NULL,
  address TEXT NOT NULL,
  amr TEXT NOT NULL,
  client_id TEXT NOT NULL,
  claims TEXT NOT NULL,
  ended_at INTEGER,
  end_reason INTEGER,
  CHECK ((ended_at IS NULL) = (end_reason IS NULL))
) STRICT;

CREATE INDEX sessions_alive ON sessions (user_id, created_at, id) WHERE ended_at IS NULL;
CREATE INDEX sessions_by_end ON sessions (ended_at) WHERE ended_at IS NOT NULL;
CREATE INDEX sessions_by_expiry ON sessions (expires_at);

-- seq comes from meta.revocation_head, which outlives the rows: a number is never given twice.
CREATE TABLE revocations (
  seq INTEGER PRIMARY KEY,
  kind INTEGER NOT NULL,
  key BLOB NOT NULL CHECK (length(key) = 16),
  value INTEGER NOT NULL,
  expires INTEGER NOT NULL,
  UNIQUE (key, kind)
) STRICT;

CREATE INDEX revocations_by_expiry ON revocations (expires);

CREATE TABLE events (
  seq INTEGER PRIMARY KEY AUTOINCREMENT,
  type INTEGER NOT NULL,
  user_id TEXT,
  session_id BLOB CHECK (session_id IS NULL OR length(session_id) = 16),
  address TEXT NOT NULL,
  at INTEGER NOT NULL,
  detail TEXT NOT NULL
) STRICT;

CREATE INDEX events_by_user ON events (user_id, seq) WHERE user_id IS NOT NULL;
CREATE INDEX events_by_type ON events (type, seq);
CREATE INDEX events_by_time ON events (at);
