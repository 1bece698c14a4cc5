package dev.buzon.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.buzon.Postgres;
import dev.buzon.TestHome;
import dev.buzon.database.Database;
import dev.buzon.database.PostgresDatabase;
import dev.buzon.home.RouteSettings;
import dev.buzon.home.SettingsException;
import dev.buzon.job.LedgerChange;
import dev.buzon.ledger.FileState;
import dev.buzon.ledger.HistoryQuery;
import dev.buzon.ledger.Ledger;
import dev.buzon.ledger.LedgerEntry;
import dev.buzon.ledger.LedgerIdempotentRepository;
import dev.buzon.ledger.LedgerReader;
import dev.buzon.ledger.LedgerTest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What befalls a ledger on a server, and no file. */
class LedgerServerTest {

    @TempDir
    private Path folder;

    private TestHome home;

    @BeforeEach
    void make() throws Exception {
        home = new TestHome(folder.resolve("home")).onPostgres();
    }

    @AfterEach
    void stop() throws Exception {
        home.stop();
    }

    @Test
    void aServerThatWasKilledIsFoundAgain() throws Exception {
        try (Postgres server = Postgres.start(folder)) {
            Database database = new PostgresDatabase(server.newDatabase(), Postgres.USER, Postgres.PASSWORD);
            try (Ledger ledger = Ledger.openAtStart(database)) {
                LedgerTest.commit(ledger, LedgerTest.entry("a.json", "a", FileState.COMMITTED), LedgerChange.NONE);
                server.kill();
                assertThatThrownBy(() -> ledger.find("invoices", "a")).isInstanceOf(SQLException.class);
                server.restart();

                assertThat(ledger.find("invoices", "a")).isPresent();
                server.kill();
                server.restart();
                assertThatThrownBy(() -> LedgerTest.commit(
                                ledger, LedgerTest.entry("b.json", "b", FileState.COMMITTED), LedgerChange.NONE))
                        .isInstanceOf(SQLException.class);
                LedgerTest.commit(ledger, LedgerTest.entry("b.json", "b", FileState.COMMITTED), LedgerChange.NONE);
                try (LedgerReader reader = new LedgerReader(database)) {
                    assertThat(reader.look().totals("invoices").handled()).isEqualTo(2);
                }
            }
        }
    }

    /** What its sender took for failed, since the connection was lost, may come to its end on the server. */
    @Test
    void aCommitThatComesToItsEndWhileItsFileIsTriedAgainIsTheOnlyOne() throws Exception {
        home.set("buzon.retry.first", "50ms").start();
        String content = "{\"InvoiceNumber\":\"1\",\"InvoiceLineItems\":[{\"ItemCode\":\"1\"}]}";
        home.handle("invoices", "a.json", content);
        Database database = home.database();
        LedgerEntry handled;
        try (Ledger ledger = Ledger.open(database)) {
            await().until(() -> ledger.history(HistoryQuery.latest(1)).get(0).state() == FileState.ARCHIVED);
            handled = ledger.history(HistoryQuery.latest(1)).get(0);
            new LedgerIdempotentRepository(ledger).remove(handled.key());
        }
        RouteSettings route = home.settings().route("invoices");
        Path staging = Files.createDirectory(route.outboxStaging().resolve(handled.key()));
        Files.writeString(staging.resolve("result.json"), "of the commit that was lost\n");

        try (Connection lost = database.connect()) {
            Database.execute(lost, "SET idle_in_transaction_session_timeout = 0");
            database.begin(lost, Database.Mode.FORCED);
            Database.execute(
                    lost,
                    "INSERT INTO file (route, key, source, bytes, records, results, rejected, output,"
                            + " archived, state, started_at, finished_at, millis) VALUES ('invoices', '" + handled.key()
                            + "', 'a.json', 1, 1, 1, 0, 'outbox/invoices/lost.json', '" + handled.archived()
                            + "', 'COMMITTED', 1, 1, 1)");
            home.drop("invoices", "a.json", content);
            await().atMost(Duration.ofSeconds(60)).until(this::somebodyWaits);
            database.commit(lost);
        }

        home.awaitEmpty("invoices");
        assertThat(home.path("outbox/invoices/lost.json")).hasContent("of the commit that was lost\n");
        assertThat(home.files("outbox/invoices")).hasSize(2);
    }

    private boolean somebodyWaits() throws SQLException {
        return Postgres.ask(
                        home.settings().get("buzon.ledger.url"),
                        "SELECT count(*) FROM pg_locks WHERE NOT granted AND locktype = 'advisory' AND database ="
                                + " (SELECT oid FROM pg_database WHERE datname = current_database())")
                > 0;
    }

    @Test
    void whatADaemonThatLostItsTurnStagedGoesUnlessItWasCommitted() throws Exception {
        home.start();
        home.handle("invoices", "a.json", "{\"InvoiceNumber\":\"1\",\"InvoiceLineItems\":[{\"ItemCode\":\"1\"}]}");
        RouteSettings route = home.settings().route("invoices");
        LedgerEntry committed;
        try (Ledger ledger = Ledger.open(home.database())) {
            committed = ledger.history(HistoryQuery.latest(1)).get(0);
        }
        String key = "0".repeat(committed.key().length());
        List<String> kept = List.of(Staging.name(committed.key(), 1), Staging.name(key, 2), Staging.name(key, 11));
        for (Path staging : List.of(route.outboxStaging(), route.rejectedStaging())) {
            Files.createDirectory(staging.resolve(Staging.name(key, 1)));
            for (String name : kept) {
                Files.writeString(Files.createDirectory(staging.resolve(name)).resolve("result.json"), "staged\n");
            }
        }

        try (Connection other = home.database().connect()) {
            Database.execute(other, "UPDATE lease SET number = 2, holder = 'another', expires_at = expires_at + 60000");
        }
        home.awaitLost();
        home.stop();

        for (Path staging : List.of(route.outboxStaging(), route.rejectedStaging())) {
            try (Stream<Path> names = Files.list(staging)) {
                assertThat(names.map(name -> name.getFileName().toString())).containsExactlyInAnyOrderElementsOf(kept);
            }
        }
    }

    /** They would take the lease from each other, and take each other's files for gone. */
    @Test
    void aSecondHomeIsRefusedTheLedgerOfTheFirst() throws Exception {
        home.start();
        TestHome second = new TestHome(folder.resolve("second"));
        for (String key : List.of("buzon.ledger.url", "buzon.ledger.user", "buzon.ledger.password-file")) {
            second.set(key, home.settings().get(key));
        }

        assertThatThrownBy(second::start)
                .isInstanceOf(SettingsException.class)
                .hasMessageContaining("is that of the home " + home.path(""))
                .hasMessageContaining(second.path("").toString());

        try (Connection connection = home.database().connect();
                ResultSet lease = connection.createStatement().executeQuery("SELECT number FROM lease")) {
            lease.next();
            assertThat(lease.getLong(1)).isEqualTo(1);
        }
    }

    private static int versionIn(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT version FROM ledger")) {
            row.next();
            return row.getInt(1);
        }
    }

    @Test
    void aNewerProgramStandsByUntilTheOlderOneIsGoneAndMigratesThen() throws Exception {
        try (Connection older = home.database().connect()) {
            LedgerTest.runScripts(home.database(), older, 4);
            Database.execute(older, "UPDATE ledger SET version = 4");
            Database.execute(
                    older,
                    "UPDATE lease SET number = 1, holder = 'an older program',"
                            + " expires_at = (extract(epoch FROM clock_timestamp()) * 1000)::bigint + 600000");

            home.start();

            assertThat(versionIn(older)).isEqualTo(4);
            Database.execute(older, "UPDATE lease SET expires_at = 0");
            await().atMost(Duration.ofSeconds(30)).until(() -> versionIn(older) > 4);
        }
        home.handle("invoices", "a.json", "{\"InvoiceNumber\":\"1\",\"InvoiceLineItems\":[{\"ItemCode\":\"1\"}]}");
    }

    @Test
    void aWrongPasswordIsSaidAndNotShown() throws Exception {
        Path wrong = Files.writeString(folder.resolve("wrong"), "wrong secret");
        home.set("buzon.ledger.password-file", wrong.toString());
        Files.setPosixFilePermissions(wrong, PosixFilePermissions.fromString("rw-r--r--"));
        assertThatThrownBy(home::start)
                .isInstanceOf(SettingsException.class)
                .hasMessageContaining("buzon.ledger.password-file")
                .hasMessageContaining("chmod 600");

        Files.setPosixFilePermissions(wrong, PosixFilePermissions.fromString("rw-------"));
        assertThatThrownBy(home::start)
                .isInstanceOf(SettingsException.class)
                .hasMessageContaining("password authentication failed")
                .hasMessageNotContaining("wrong secret");
    }

    @Test
    void aPasswordInTheUrlIsRefused() {
        home.set("buzon.ledger.url", "jdbc:postgresql://127.0.0.1/buzon?password=wrong%20secret");
        assertThatThrownBy(home::start)
                .isInstanceOf(SettingsException.class)
                .hasMessageContaining("buzon.ledger.url must not hold a password")
                .hasMessageNotContaining("secret");

        home.set("buzon.ledger.url", "jdbc:oracle:thin:@//127.0.0.1/buzon");
        assertThatThrownBy(home::start)
                .isInstanceOf(SettingsException.class)
                .hasMessageContaining("jdbc:postgresql://HOST:PORT/DATABASE is expected");
    }
}
