ALTER TABLE users ADD COLUMN email_verified_at INTEGER;
ALTER TABLE users ADD COLUMN blocked INTEGER NOT NULL DEFAULT 0 CHECK (blocked IN (0, 1));
ALTER TABLE users ADD COLUMN blocked_until INTEGER;
ALTER TABLE users ADD COLUMN block_reason TEXT NOT NULL DEFAULT '';

CREATE TABLE challenges (
  made INTEGER PRIMARY KEY AUTOINCREMENT,
  id BLOB NOT NULL UNIQUE CHECK (length(id) = 16),
  purpose INTEGER NOT NULL,
  user_id TEXT REFERENCES users (id),
  token_version INTEGER NOT NULL,
  secret_digest BLOB NOT NULL CHECK (length(secret_digest) = 32),
  expires_at INTEGER NOT NULL
) STRICT;

CREATE INDEX challenges_of_user ON challenges (user_id, purpose, made) WHERE user_id IS NOT NULL;
CREATE INDEX challenges_by_expiry ON challenges (expires_at);

CREATE TABLE attempts (
  bucket BLOB NOT NULL PRIMARY KEY CHECK (length(bucket) = 16),
  failures INTEGER NOT NULL,
  last_at INTEGER NOT NULL,
  succeeded_at INTEGER
) STRICT, WITHOUT ROWID;

CREATE INDEX attempts_by_time ON attempts (last_at);

CREATE TABLE passkeys (
  id BLOB NOT NULL PRIMARY KEY,
  user_id TEXT NOT NULL REFERENCES users (id),
  name TEXT NOT NULL,
  public_key BLOB NOT NULL,
  sign_count INTEGER NOT NULL,
  backup_eligible INTEGER NOT NULL,
  backed_up INTEGER NOT NULL,
  transports TEXT NOT NULL,
  aaguid BLOB NOT NULL CHECK (length(aaguid) = 16),
  created_at INTEGER NOT NULL,
  last_used_at INTEGER
) STRICT;

CREATE INDEX passkeys_of_user ON passkeys (user_id, created_at);

CREATE TABLE api_keys (
  id BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
  name TEXT NOT NULL,
  scopes TEXT NOT NULL,
  secret_digest BLOB NOT NULL CHECK (length(secret_digest) = 32),
  created_at INTEGER NOT NULL,
  revoked_at INTEGER
) STRICT;
