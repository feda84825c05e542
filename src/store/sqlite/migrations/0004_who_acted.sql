ALTER TABLE events ADD COLUMN made_by TEXT NOT NULL DEFAULT '';

CREATE INDEX api_keys_revoked ON api_keys (revoked_at) WHERE revoked_at IS NOT NULL;
