-- Of which home the ledger is: the home's id, and where it was at last. NULL: no home has claimed it.
ALTER TABLE ledger ADD COLUMN home_id TEXT;
ALTER TABLE ledger ADD COLUMN home TEXT;

-- Files and duplicates in the order in which they were written: clocks are set back, the sequence is not. Each new row
-- gets the greatest of both tables and one more. Of rows from before it is the time at which they began.
ALTER TABLE file ADD COLUMN sequence BIGINT NOT NULL DEFAULT 0;
UPDATE file SET sequence = started_at;
CREATE INDEX file_sequence ON file (sequence);
DROP INDEX file_with_rejected;
CREATE INDEX file_with_rejected ON file (sequence) WHERE rejected > 0 OR error IS NOT NULL;
ALTER TABLE duplicate ADD COLUMN sequence BIGINT NOT NULL DEFAULT 0;
UPDATE duplicate SET sequence = started_at;
CREATE INDEX duplicate_sequence ON duplicate (sequence);

-- How long a duplicate took, in milliseconds.
ALTER TABLE duplicate ADD COLUMN millis BIGINT NOT NULL DEFAULT 0;
UPDATE duplicate SET millis = finished_at - started_at WHERE finished_at > started_at;

-- 1 until a duplicate's source is where it belongs.
ALTER TABLE duplicate ADD COLUMN moving INTEGER NOT NULL DEFAULT 0;
CREATE INDEX duplicate_moving ON duplicate (route) WHERE moving = 1;
