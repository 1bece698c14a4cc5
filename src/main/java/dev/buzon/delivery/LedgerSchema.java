package dev.buzon.delivery;

import dev.buzon.database.Database;
import dev.buzon.home.SettingsException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;

/** The tables of a ledger, and of which version they are. */
final class LedgerSchema {

    /** There is a script for each version, which makes it of the one before. */
    static final int VERSION = 5;

    /** From this version on, daemons that share a ledger agree on who works. */
    private static final int WITH_LEASE = 4;

    private LedgerSchema() {}

    /** @return 0 if there are no tables, or only such as were made before versions were written down */
    static int versionIn(Connection connection) throws SQLException {
        try (ResultSet table = connection.getMetaData().getTables(null, connection.getSchema(), "ledger", null)) {
            if (!table.next()) {
                return 0;
            }
        }
        return number(connection, "SELECT version FROM ledger");
    }

    /** Whether a daemon has worked on it that another program's lock doesn't keep away: it may do so now. */
    static boolean isShared(Connection connection) throws SQLException {
        return versionIn(connection) >= WITH_LEASE && number(connection, "SELECT number FROM lease") > 0;
    }

    private static int number(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            row.next();
            return row.getInt(1);
        }
    }

    /** Makes the tables what this program needs, in a transaction of the caller's. */
    static void migrate(Connection connection, Database database) throws SQLException, IOException {
        int found = versionIn(connection);
        expectNoNewer(database, found);
        for (int version = found + 1; version <= VERSION; version++) {
            try (InputStream script = LedgerSchema.class.getResourceAsStream("ledger-" + version + ".sql")) {
                String sql = new String(script.readAllBytes(), StandardCharsets.UTF_8);
                for (String statement : database.adapted(sql).split(";\\s*")) {
                    Database.execute(connection, statement);
                }
            }
        }
        Database.execute(connection, "UPDATE ledger SET version = " + VERSION);
    }

    /** @throws SettingsException if it is of a version that this program doesn't know */
    static void expectNoNewer(Database database, int found) {
        if (found > VERSION) {
            throw new SettingsException(List.of("The ledger " + database + " was written by a newer Buzón: it is of"
                    + " version " + found + ", and " + VERSION + " is the newest that this program knows."));
        }
    }

    /** @throws SettingsException if it is of another version than this program's, with what to do */
    static void expectCurrent(Database database, int found) {
        expectNoNewer(database, found);
        if (found < VERSION) {
            throw new SettingsException(List.of("The ledger " + database + " is of version " + found
                    + ", and this program needs " + VERSION + ": start the service with this program once."));
        }
    }
}
