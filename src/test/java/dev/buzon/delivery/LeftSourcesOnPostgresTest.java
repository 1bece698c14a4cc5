package dev.buzon.delivery;

import dev.buzon.Postgres;
import dev.buzon.database.Database;
import dev.buzon.database.PostgresDatabase;

class LeftSourcesOnPostgresTest extends LeftSourcesTest {

    @Override
    Database database() throws Exception {
        return new PostgresDatabase(Postgres.shared().newDatabase(), Postgres.USER, Postgres.PASSWORD);
    }
}
