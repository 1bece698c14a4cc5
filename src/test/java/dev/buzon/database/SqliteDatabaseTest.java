package dev.buzon.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.SQLException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SqliteDatabaseTest {

    @TempDir
    private Path folder;

    @Test
    void itsFilesAreForTheirOwnerAlone() throws Exception {
        try (Connection connection = new SqliteDatabase(folder.resolve("ledger.db")).connect()) {
            Database.execute(connection, "CREATE TABLE t (a)");
            for (String file : new String[] {"ledger.db", "ledger.db-wal", "ledger.db-shm"}) {
                assertThat(Files.getPosixFilePermissions(folder.resolve(file)))
                        .isEqualTo(PosixFilePermissions.fromString("rw-------"));
            }
        }
    }

    @Test
    void whatIsPutAsideIsWhole() throws Exception {
        SqliteDatabase database = new SqliteDatabase(folder.resolve("ledger.db"));
        try (Connection connection = database.connect()) {
            Database.execute(connection, "CREATE TABLE t (a)");
        }

        database.putAside();

        assertThat(folder.toFile().list()).containsExactly("ledger.db.moved");
        try (Connection connection = new SqliteDatabase(database.aside()).reader()) {
            Database.execute(connection, "SELECT a FROM t");
        }
    }

    @Test
    void itStaysWhereAnotherHasItOpen() throws Exception {
        SqliteDatabase database = new SqliteDatabase(folder.resolve("ledger.db"));
        try (Connection other = database.connect()) {
            Database.execute(other, "CREATE TABLE t (a)");

            assertThatThrownBy(database::putAside)
                    .isInstanceOf(SQLException.class)
                    .hasMessageContaining("locked");

            assertThat(database.exists()).isTrue();
        }
        database.putAside();
        assertThat(database.exists()).isFalse();
    }
}
