package dev.buzon.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.buzon.Program;
import dev.buzon.TestHome;
import dev.buzon.database.Database;
import dev.buzon.intake.ContentKey;
import dev.buzon.ledger.Ledger;
import java.io.InputStream;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The commands that read a ledger, on one of the version before. */
class LedgerCommandsTest {

    @TempDir
    private Path folder;

    private final StringWriter printed = new StringWriter();
    private Database database;

    @BeforeEach
    void makeLedgerOfVersion4() throws Exception {
        Files.createDirectory(folder.resolve(".buzon"));
        Files.createDirectories(folder.resolve("inbox/invoices"));
        Files.createDirectories(folder.resolve("archive/invoices"));
        Files.writeString(folder.resolve("archive/invoices/a-k1.json"), "{}");
        database = new TestHome(folder).database();
        try (Connection connection = database.connect()) {
            for (int version = 1; version <= 4; version++) {
                try (InputStream script = Ledger.class.getResourceAsStream("ledger-" + version + ".sql")) {
                    for (String sql : new String(script.readAllBytes(), StandardCharsets.UTF_8).split(";\\s*")) {
                        Database.execute(connection, sql);
                    }
                }
            }
            Database.execute(connection, "UPDATE ledger SET version = 4");
            Database.execute(
                    connection,
                    "INSERT INTO file VALUES ('invoices', 'k1', 'a.json', 1, 1, 1, 0, NULL, NULL,"
                            + " 'archive/invoices/a-k1.json', 'ARCHIVED', NULL, 100, 160, 60, 'UTF-8', 1, 0)");
            Database.execute(
                    connection, "INSERT INTO duplicate VALUES ('invoices', 'k1', 'again.json', 1, NULL, 200, 240)");
        }
    }

    private int run(HomeCommand command, String... arguments) {
        List<String> all = new ArrayList<>(List.of(arguments));
        all.add("--home=" + folder);
        Program.Ended ended = InProcess.run(command, all.toArray(String[]::new));
        printed.append(ended.output());
        return ended.exitCode();
    }

    private int version() throws Exception {
        try (Connection connection = database.connect();
                ResultSet row = connection.createStatement().executeQuery("SELECT version FROM ledger")) {
            row.next();
            return row.getInt(1);
        }
    }

    /** A daemon of that version may work on it just now. */
    @Test
    void noCommandMigratesALedger() throws Exception {
        String expected = "is of version 4, and this program needs 6: start the service";

        assertThat(run(new HistoryCommand())).isEqualTo(1);
        assertThat(printed.toString()).containsOnlyOnce(expected);
        assertThat(run(new ReplayCommand(), "a.json")).isEqualTo(1);
        assertThat(printed.toString().split(expected)).hasSize(3);
        assertThat(run(new MoveLedgerCommand(), "-Dbuzon.ledger.url=jdbc:postgresql://127.0.0.1:1/none"))
                .isEqualTo(1);
        assertThat(printed.toString().split(expected)).hasSize(4);

        assertThat(version()).isEqualTo(4);
        assertThat(folder.resolve("archive/invoices/a-k1.json")).exists();
    }

    @Test
    void aReplayByADuplicatesNameSaysOfWhichFileItIs() throws Exception {
        Ledger.openAtStart(database).close();
        String key = ContentKey.of(folder.resolve("archive/invoices/a-k1.json"));
        try (Connection connection = database.connect()) {
            Database.execute(connection, "UPDATE file SET key = '" + key + "'");
            Database.execute(connection, "UPDATE duplicate SET key = '" + key + "'");
        }

        assertThat(run(new ReplayCommand(), "again.json"))
                .as(printed.toString())
                .isZero();

        assertThat(printed.toString())
                .contains("again.json is a duplicate of a.json.")
                .contains("To be handled anew: inbox/invoices/a.json");
        assertThat(folder.resolve("inbox/invoices/a.json")).exists();
    }

    @Test
    void aNameThatTheLedgerDoesNotKnowIsNoReplay() throws Exception {
        Ledger.openAtStart(database).close();

        assertThat(run(new ReplayCommand(), "b.json")).isEqualTo(1);

        assertThat(printed.toString()).contains("The ledger knows no file b.json.");
    }

    @Test
    void aHomeWithoutALedgerHasAnEmptyHistory() {
        Program.Ended history = InProcess.run(new HistoryCommand(), "--home=" + folder.resolve("new"));

        assertThat(history.exitCode()).isZero();
        assertThat(history.output()).contains("The ledger is empty.");
    }

    private String history(String... arguments) {
        printed.getBuffer().setLength(0);
        assertThat(run(new HistoryCommand(), arguments)).as(printed.toString()).isZero();
        return printed.toString();
    }

    @Test
    void historyIsCutByTimeAndByWhatWasRejected() throws Exception {
        Ledger.openAtStart(database).close();
        long now = System.currentTimeMillis();
        insert("nothing.json", 0, 0, "REJECTED", "'no invoice can be read'", now - 2_000);
        insert("mixed.json", 1, 1, "ARCHIVED", "NULL", now - 1_000);
        insert("last.json", 1, 0, "ARCHIVED", "NULL", now);

        assertThat(history("--rejected")).contains("nothing.json", "mixed.json").doesNotContain("a.json", "last.json");
        assertThat(history("--since", "2099-01-01")).contains("The ledger knows no such file.");
        assertThat(history("--since", "1h", "--limit", "1"))
                .contains("last.json")
                .doesNotContain("mixed.json");
        assertThat(history("--since", "1h"))
                .contains("last.json", "mixed.json", "nothing.json")
                .doesNotContain("a.json");
        assertThat(run(new HistoryCommand(), "--since", "soon")).isEqualTo(2);
    }

    private void insert(String name, long records, long bad, String state, String error, long at) throws Exception {
        try (Connection connection = database.connect()) {
            Database.execute(
                    connection,
                    "INSERT INTO file (route, key, source, bytes, records, results, rejected, state, error,"
                            + " started_at, finished_at, millis, sequence) VALUES ('invoices', 'of " + name + "', '"
                            + name
                            + "', 1, " + records + ", " + records + ", " + bad + ", '" + state + "', " + error + ", "
                            + at + ", " + at + ", 1, " + at + ")");
        }
    }
}
