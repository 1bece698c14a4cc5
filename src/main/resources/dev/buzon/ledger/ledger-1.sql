-- The ledger's first tables, in what SQLite and PostgreSQL have in common.
CREATE TABLE IF NOT EXISTS file (
  route TEXT NOT NULL,
  key TEXT NOT NULL,
  source TEXT NOT NULL,
  bytes BIGINT NOT NULL,
  records BIGINT NOT NULL,
  results BIGINT NOT NULL,
  rejected BIGINT NOT NULL,
  output TEXT,
  rejected_output TEXT,
  archived TEXT,
  state TEXT NOT NULL,
  error TEXT,
  started_at BIGINT NOT NULL,
  finished_at BIGINT NOT NULL,
  millis BIGINT NOT NULL,
  PRIMARY KEY (route, key)
);
CREATE INDEX IF NOT EXISTS file_unfinished ON file (route) WHERE state = 'COMMITTED';

-- Sources that were handled and stay in their inbox.
CREATE TABLE IF NOT EXISTS left_source (
  path TEXT NOT NULL PRIMARY KEY,
  route TEXT NOT NULL,
  key TEXT NOT NULL,
  inode BIGINT NOT NULL,
  bytes BIGINT NOT NULL,
  modified_at TEXT NOT NULL
);

-- Each person's highest bizum.
CREATE TABLE IF NOT EXISTS highest_bizum (
  person TEXT NOT NULL PRIMARY KEY,
  cents BIGINT NOT NULL,
  concept TEXT NOT NULL
);
