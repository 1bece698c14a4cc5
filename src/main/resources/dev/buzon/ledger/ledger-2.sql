-- Of the schema, and a number that Ledger.settle counts up.
CREATE TABLE ledger (version INTEGER NOT NULL, settled BIGINT NOT NULL);
INSERT INTO ledger (version, settled) VALUES (2, 0);

-- In which encoding a file was read, where that is known.
ALTER TABLE file ADD COLUMN charset TEXT;
CREATE INDEX file_source ON file (source);

-- Sources whose content was known when they came.
CREATE TABLE duplicate (
  route TEXT NOT NULL,
  key TEXT NOT NULL,
  source TEXT NOT NULL,
  bytes BIGINT NOT NULL,
  archived TEXT,
  started_at BIGINT NOT NULL,
  finished_at BIGINT NOT NULL
);
CREATE INDEX duplicate_source ON duplicate (source);

-- Which source it was is told by the time of the last change, no longer by that of the last write.
ALTER TABLE left_source RENAME COLUMN modified_at TO changed_at;
