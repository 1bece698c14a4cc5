-- The number of a file among those that its route committed. 0: it is from before they were counted.
ALTER TABLE file ADD COLUMN batch BIGINT NOT NULL DEFAULT 0;
CREATE INDEX file_started ON file (started_at);
CREATE INDEX file_with_rejected ON file (started_at) WHERE rejected > 0 OR error IS NOT NULL;
CREATE INDEX duplicate_started ON duplicate (started_at);

-- What each route has done, files that were handled twice by a replay among it.
CREATE TABLE total (
  route TEXT NOT NULL PRIMARY KEY,
  handled BIGINT NOT NULL,
  duplicates BIGINT NOT NULL,
  rejected_files BIGINT NOT NULL,
  bytes BIGINT NOT NULL,
  records BIGINT NOT NULL,
  results BIGINT NOT NULL,
  rejected_records BIGINT NOT NULL,
  last_success BIGINT
);
INSERT INTO total
SELECT route, SUM(CASE WHEN error IS NULL THEN 1 ELSE 0 END),
  (SELECT COUNT(*) FROM duplicate WHERE duplicate.route = file.route),
  SUM(CASE WHEN error IS NULL THEN 0 ELSE 1 END), SUM(bytes), SUM(records), SUM(results), SUM(rejected),
  MAX(CASE WHEN error IS NULL THEN finished_at END)
FROM file WHERE state <> 'ADDED' GROUP BY route;
