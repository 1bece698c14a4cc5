package dev.buzon.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.buzon.database.Database;
import dev.buzon.database.SqliteDatabase;
import dev.buzon.home.SettingsException;
import dev.buzon.job.JobTables;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The tables that jobs keep in a ledger, from version to version. */
class JobTablesTest {

    /** A user's. */
    private record Orders(List<String> scripts) implements JobTables {

        static final String FIRST =
                "-- What was seen.\nCREATE TABLE orders_seen (\n  name TEXT NOT NULL PRIMARY KEY\n);\n";
        static final String SECOND = "ALTER TABLE orders_seen ADD COLUMN lines BIGINT NOT NULL DEFAULT 0;\n";

        @Override
        public String job() {
            return "orders";
        }
    }

    @TempDir
    Path folder;

    Database database() throws Exception {
        return new SqliteDatabase(folder.resolve("ledger.db"));
    }

    private void execute(String... statements) throws Exception {
        try (Connection connection = database().connect()) {
            for (String statement : statements) {
                Database.execute(connection, statement);
            }
        }
    }

    /** The rows, their cells joined by semicolons. */
    private List<String> rows(String query) throws Exception {
        List<String> rows = new ArrayList<>();
        try (Connection connection = database().connect();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(query)) {
            while (row.next()) {
                List<String> cells = new ArrayList<>();
                for (int i = 1; i <= row.getMetaData().getColumnCount(); i++) {
                    cells.add(row.getString(i));
                }
                rows.add(String.join(";", cells));
            }
        }
        return rows;
    }

    private void migrate(JobTables job) throws Exception {
        try (Ledger ledger = Ledger.openAtStart(database())) {
            Database database = database();
            ledger.inTransaction(connection -> {
                LedgerSchema.migrate(job, connection, database);
                return null;
            });
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5})
    void thePeopleOfAnOlderLedgerBelongToTheBizumsRoute(int version) throws Exception {
        try (Connection connection = database().connect()) {
            LedgerTest.runScripts(database(), connection, version);
        }
        execute("INSERT INTO highest_bizum VALUES ('ana', 2500, 'cena'), ('maría; x', 300000000000, 'Coche')");
        if (version > 1) {
            execute("UPDATE ledger SET version = " + version);
        }

        Ledger.openAtStart(database()).close();
        Ledger.openAtStart(database()).close();

        assertThat(rows("SELECT * FROM highest_bizum ORDER BY person"))
                .containsExactly("bizums;ana;2500;cena", "bizums;maría; x;300000000000;Coche");
        execute("INSERT INTO highest_bizum VALUES ('errores', 'ana', 1, '')");
        assertThatThrownBy(() -> execute("INSERT INTO highest_bizum VALUES ('errores', 'ana', 2, '')"))
                .isInstanceOf(SQLException.class);
        assertThat(rows("SELECT * FROM job")).containsExactly("highest-bizums;1");
    }

    @Test
    void eachScriptRunsOnce() throws Exception {
        migrate(new Orders(List.of(Orders.FIRST)));
        execute("INSERT INTO orders_seen VALUES ('a')");
        migrate(new Orders(List.of(Orders.FIRST)));
        migrate(new Orders(List.of(Orders.FIRST, Orders.SECOND)));
        migrate(new Orders(List.of(Orders.FIRST, Orders.SECOND)));

        assertThat(rows("SELECT * FROM orders_seen")).containsExactly("a;0");
        assertThat(rows("SELECT * FROM job ORDER BY name")).containsExactly("highest-bizums;1", "orders;2");
    }

    @Test
    void aScriptThatFailsLeavesNothingBehindAndNamesItsJob() throws Exception {
        assertThatThrownBy(() -> migrate(new Orders(List.of(Orders.FIRST, "ALTER TABLE nothing ADD COLUMN a TEXT"))))
                .isInstanceOf(SQLException.class)
                .hasMessageContaining("the tables of the job orders: ")
                .hasMessageContaining("nothing");

        migrate(new Orders(List.of(Orders.FIRST)));
        assertThat(rows("SELECT * FROM job ORDER BY name")).containsExactly("highest-bizums;1", "orders;1");
    }

    @Test
    void tablesOfANewerVersionAreRefusedAndLeftAsTheyAre() throws Exception {
        migrate(new Orders(List.of(Orders.FIRST, Orders.SECOND)));
        assertThatThrownBy(() -> migrate(new Orders(List.of(Orders.FIRST))))
                .isInstanceOf(SettingsException.class)
                .hasMessageContaining(
                        "was written by a newer program: the tables of the job orders are of version 2, and"
                                + " 1 is the newest that this program knows.");

        execute("UPDATE job SET version = 7 WHERE name = 'highest-bizums'");
        String newer = "newer program: the tables of the job highest-bizums are of version 7, and 1 is the newest";
        assertThatThrownBy(() -> Ledger.openAtStart(database()))
                .isInstanceOf(SettingsException.class)
                .hasMessageContaining(newer);
        assertThatThrownBy(() -> Ledger.open(database()))
                .isInstanceOf(SettingsException.class)
                .hasMessageContaining(newer);
        assertThat(rows("SELECT * FROM job ORDER BY name")).containsExactly("highest-bizums;7", "orders;2");
    }

    @Test
    void tablesOfAnOlderVersionAskForAStart() throws Exception {
        Ledger.openAtStart(database()).close();
        execute(
                "DELETE FROM job",
                "DROP TABLE highest_bizum",
                "CREATE TABLE highest_bizum (person TEXT, cents BIGINT," + " concept TEXT)");

        assertThatThrownBy(() -> Ledger.open(database()))
                .isInstanceOf(SettingsException.class)
                .hasMessageContaining("needs a start of the service with this program: the tables of the job"
                        + " highest-bizums are of version 0, and 1 is that of this program.");
        assertThat(rows("SELECT * FROM job")).isEmpty();

        Ledger.openAtStart(database()).close();
        Ledger.open(database()).close();
    }
}
