package dev.buzon.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.buzon.LongForm;
import dev.buzon.Postgres;
import dev.buzon.Program;
import dev.buzon.TestHome;
import dev.buzon.database.Database;
import dev.buzon.database.SqliteDatabase;
import dev.buzon.ledger.Ledger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A home whose ledger goes to a server: the packaged program, killed as it moves. */
class MoveLedgerIT {

    private static final String OF_LEDGERS = "datname = current_database() AND application_name = 'buzon'";

    @TempDir
    private Path folder;

    private Path homeFolder;
    private Program program;
    private Map<String, String> onServer;
    private SqliteDatabase ledger;

    @BeforeEach
    void makeHome() throws Exception {
        homeFolder = folder.resolve("home");
        program = new Program(folder, homeFolder);
        onServer = Postgres.shared().newLedger(folder);
        ledger = new SqliteDatabase(homeFolder.resolve(".buzon/ledger.db"));
    }

    @AfterEach
    void killWhatIsLeft() throws Exception {
        program.killAll();
    }

    /** A command and its arguments, on the home and with the server. */
    private String[] withServer(String... command) {
        List<String> arguments = new ArrayList<>(List.of(command));
        arguments.add("--home=" + homeFolder);
        onServer.forEach((key, value) -> arguments.add("-D" + key + "=" + value));
        return arguments.toArray(String[]::new);
    }

    private long onServer(String query) throws SQLException {
        return Postgres.ask(onServer.get("buzon.ledger.url"), query);
    }

    /** The ledger of a home that has seen a thousand people and two files. */
    private void fill() throws Exception {
        Files.createDirectories(ledger.file().getParent());
        try (Ledger filled = Ledger.openAtStart(ledger)) {
            filled.inTransaction(connection -> {
                for (String key : List.of("k1", "k2")) {
                    Database.execute(
                            connection,
                            "INSERT INTO file (route, key, source, bytes, records, results, rejected, state,"
                                    + " started_at, finished_at, millis) VALUES ('invoices', '" + key
                                    + "', 'a.json', 1, 1, 1, 0, 'ARCHIVED', 1, 1, 1)");
                }
                for (int i = 0; i < 1_000; i++) {
                    Database.execute(connection, "INSERT INTO highest_bizum VALUES ('bizums', 'p" + i + "', 1, 'c')");
                }
                return null;
            });
        }
    }

    private void moveAgain(String... said) throws Exception {
        Program.Ended move = InProcess.run(new MoveLedgerCommand(), withServer());

        assertThat(move.exitCode()).as(move.output()).isZero();
        assertThat(move.output()).contains(said).containsPattern("file +2 rows").contains("1,000 rows");
        assertThat(onServer("SELECT COUNT(*) FROM file")).isEqualTo(2);
        assertThat(onServer("SELECT COUNT(*) FROM highest_bizum")).isEqualTo(1_000);
        assertThat(ledger.file()).doesNotExist();
        assertThat(ledger.aside()).exists();
    }

    @Test
    @LongForm
    void killedBetweenTwoTablesItHasMovedNothing() throws Exception {
        fill();
        try (Connection lock = Postgres.look(onServer.get("buzon.ledger.url"))) {
            makeSchema();
            lock.setAutoCommit(false);
            Database.execute(lock, "LOCK TABLE highest_bizum IN SHARE MODE");
            Program.Daemon move = program.begin(withServer("move-ledger"));
            await().atMost(Duration.ofMinutes(5))
                    .pollInterval(Duration.ofMillis(20))
                    .until(() -> onServer("SELECT COUNT(*) FROM pg_locks WHERE NOT granted"
                                    + " AND relation = 'highest_bizum'::regclass")
                            == 1);
            move.kill();
            lock.rollback();
        }
        await().until(() -> onServer("SELECT COUNT(*) FROM pg_stat_activity WHERE " + OF_LEDGERS) == 0);

        assertThat(onServer("SELECT COUNT(*) FROM file")).isZero();
        assertThat(ledger.file()).exists();
        moveAgain("The ledger is in ");
    }

    private void makeSchema() throws Exception {
        TestHome other = new TestHome(folder.resolve("other"));
        onServer.forEach(other::set);
        Ledger.openAtStart(other.database()).close();
    }

    @Test
    void killedAfterItsCommitItHasOnlyTheRenameToDo() throws Exception {
        fill();
        Program.Daemon move;
        // Whoever has it open holds the rename up.
        try (Connection open = ledger.connect()) {
            Database.execute(open, "SELECT * FROM file");
            move = program.begin(withServer("move-ledger"));
            makeSchema();
            await().atMost(Duration.ofMinutes(5))
                    .pollInterval(Duration.ofMillis(5))
                    .until(() -> onServer("SELECT COUNT(*) FROM file") == 2);
            move.kill();
            assertThat(ledger.file()).exists();
        }

        moveAgain("All of it was there, of a move that was cut short.");
    }
}
