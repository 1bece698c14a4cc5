-- Of which version the tables of each job are.
CREATE TABLE job (name TEXT NOT NULL PRIMARY KEY, version INTEGER NOT NULL);
