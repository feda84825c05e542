-- How far those who follow the events have got: webhooks.
CREATE TABLE event_cursors (
  follower TEXT NOT NULL PRIMARY KEY,
  passed INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
