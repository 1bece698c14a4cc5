package dev.buzon.database;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
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
}
