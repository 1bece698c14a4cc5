package dev.buzon.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.buzon.Postgres;
import dev.buzon.Program;
import dev.buzon.TestHome;
import dev.buzon.database.Database;
import dev.buzon.database.SqliteDatabase;
import dev.buzon.ledger.Ledger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A home whose ledger goes to a server: the packaged program, killed as it moves, and what it knows afterwards. */
class MoveLedgerIT {

    private static final String INVOICE = "{\"InvoiceNumber\":\"1\",\"InvoiceLineItems\":[{\"ItemCode\":\"x\"}]}\n";
    private static final String OF_LEDGERS = "datname = current_database() AND application_name = 'buzon'";

    @TempDir
    private Path folder;

    private Path homeFolder;
    private TestHome home;
    private Program program;
    private Map<String, String> onServer;
    private SqliteDatabase ledger;

    @BeforeEach
    void makeHome() throws Exception {
        homeFolder = folder.resolve("home");
        home = new TestHome(homeFolder);
        program = new Program(folder, homeFolder);
        onServer = Postgres.shared().newLedger(folder);
        ledger = new SqliteDatabase(home.path(".buzon/ledger.db"));
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

    private Program.Daemon daemon(Map<String, String> ledgerSettings) throws Exception {
        List<String> settings = new ArrayList<>(List.of(
                "-Dbuzon.invoices.quiet-period=10ms",
                "-Dbuzon.bizums.quiet-period=10ms",
                "-Dbuzon.bizums.clean-source=off"));
        ledgerSettings.forEach((key, value) -> settings.add("-D" + key + "=" + value));
        return program.daemon(settings.toArray(String[]::new));
    }

    private long onServer(String query) throws SQLException {
        try (Connection connection = Postgres.look(onServer.get("buzon.ledger.url"));
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(query)) {
            row.next();
            return row.getLong(1);
        }
    }

    @Test
    void theServiceGoesOnAsIfNothingHadHappened() throws Exception {
        Program.Daemon before = daemon(Map.of());
        home.handle("invoices", "a.json", INVOICE + "broken\n");
        home.drop("bizums", "b.csv", "Ana;30;cena\nLuis;5;taxi\n");
        await().until(() -> home.highestBizums().contains("luis"));
        Program.Ended whileItRuns = InProcess.run(new MoveLedgerCommand(), withServer());
        assertThat(before.terminate()).isZero();

        Program.Ended nowhere = InProcess.run(new MoveLedgerCommand(), "--home=" + homeFolder);
        Program.Ended tooEarly = InProcess.run(new HistoryCommand(), withServer());
        Program.Ended move = program.run(withServer("move-ledger"));
        Program.Ended again = InProcess.run(new MoveLedgerCommand(), withServer());

        assertThat(whileItRuns.exitCode()).isEqualTo(1);
        assertThat(whileItRuns.output())
                .contains("is held by the process " + before.process().pid());
        assertThat(nowhere.exitCode()).isEqualTo(1);
        assertThat(nowhere.output()).contains("buzon.ledger.url has to name the server");
        assertThat(tooEarly.exitCode()).isEqualTo(1);
        assertThat(tooEarly.output()).contains("buzon move-ledger --home " + homeFolder);
        assertThat(move.exitCode()).as(move.output()).isZero();
        assertThat(move.output())
                .containsPattern("file +2 rows")
                .containsPattern("highest_bizum +2 rows")
                .containsPattern("left_source +1 rows")
                .contains("The ledger is in " + onServer.get("buzon.ledger.url"))
                .doesNotContain(Postgres.PASSWORD);
        assertThat(again.exitCode()).isEqualTo(1);
        assertThat(again.output()).contains("it was moved, and what it was is in " + ledger.aside());
        assertThat(home.files(".buzon")).contains("ledger.db.moved").doesNotContain("ledger.db", "ledger.db-wal");

        Program.Daemon after = daemon(onServer);
        home.handle("invoices", "again.json", INVOICE + "broken\n");
        home.drop("bizums", "c.csv", "ANA;29;copas\nEva;1;pan\n");
        await().until(() -> home.highestBizums().contains("eva"));
        assertThat(home.archived("duplicates/invoices")).hasSize(1);
        assertThat(home.files("outbox/invoices")).hasSize(1);
        assertThat(home.highestBizums()).contains("ana;30;cena", "luis;5;taxi").doesNotContain("copas");
        // The one that was left is known as such: not a file of this run, not even a duplicate.
        assertThat(home.files("inbox/bizums")).containsExactly("b.csv", "c.csv");
        assertThat(after.logged()).contains("bizums: c.csv: ").doesNotContain("b.csv");

        Program.Ended replay = InProcess.run(withServer("replay", "a.json"));
        assertThat(replay.exitCode()).as(replay.output()).isZero();
        await().atMost(Duration.ofMinutes(5))
                .until(() -> home.files("outbox/invoices").size() == 2);
        home.awaitEmpty("invoices");
        assertThat(onServer("SELECT handled FROM total WHERE route = 'invoices'"))
                .isEqualTo(2);
        assertThat(onServer("SELECT duplicates FROM total WHERE route = 'invoices'"))
                .isEqualTo(1);
        assertThat(onServer("SELECT handled FROM total WHERE route = 'bizums'")).isEqualTo(2);
        assertThat(after.terminate()).isZero();
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
