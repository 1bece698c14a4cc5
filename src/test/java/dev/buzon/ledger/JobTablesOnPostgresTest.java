package dev.buzon.ledger;

import dev.buzon.Postgres;
import dev.buzon.database.Database;
import dev.buzon.database.PostgresDatabase;

class JobTablesOnPostgresTest extends JobTablesTest {

    private Database database;

    @Override
    Database database() throws Exception {
        if (database == null) {
            database = new PostgresDatabase(Postgres.shared().newDatabase(), Postgres.USER, Postgres.PASSWORD);
        }
        return database;
    }
}
