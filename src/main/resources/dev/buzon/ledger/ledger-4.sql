-- Which daemon works, and until when, in milliseconds since 1970: for ledgers that several daemons share.
CREATE TABLE lease (number BIGINT NOT NULL, holder TEXT NOT NULL, expires_at BIGINT NOT NULL);
INSERT INTO lease (number, holder, expires_at) VALUES (0, '', 0);

-- Under which number of the lease a file was committed. 0: it needed none.
ALTER TABLE file ADD COLUMN lease BIGINT NOT NULL DEFAULT 0;
