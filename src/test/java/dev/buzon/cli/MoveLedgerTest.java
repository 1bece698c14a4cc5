package dev.buzon.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.buzon.Postgres;
import dev.buzon.Program;
import dev.buzon.RecordedLog;
import dev.buzon.TestHome;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A service whose ledger goes to a server, and what it knows afterwards. */
class MoveLedgerTest {

    private static final Duration PATIENCE = Duration.ofMinutes(5);
    private static final String INVOICE = "{\"InvoiceNumber\":\"1\",\"InvoiceLineItems\":[{\"ItemCode\":\"x\"}]}\n";

    @TempDir
    private Path folder;

    private TestHome home;
    private Map<String, String> onServer;

    @AfterEach
    void stop() throws Exception {
        home.stop();
    }

    /** A command and its arguments, with the server. */
    private Program.Ended withServer(String... command) {
        List<String> arguments = new ArrayList<>(List.of(command));
        onServer.forEach((key, value) -> arguments.add("-D" + key + "=" + value));
        return onHome(arguments.toArray(String[]::new));
    }

    private Program.Ended onHome(String... command) {
        List<String> arguments = new ArrayList<>(List.of(command));
        arguments.add("--home=" + home.path(""));
        return InProcess.run(arguments.toArray(String[]::new));
    }

    private long onServer(String query) throws SQLException {
        return Postgres.ask(onServer.get("buzon.ledger.url"), query);
    }

    @Test
    void theServiceGoesOnAsIfNothingHadHappened() throws Exception {
        onServer = Postgres.shared().newLedger(folder);
        home = new TestHome(folder.resolve("home"))
                .set("buzon.bizums.clean-source", "off")
                .start();
        home.handle("invoices", "a.json", INVOICE + "broken\n");
        home.drop("bizums", "b.csv", "Ana;30;cena\nLuis;5;taxi\n");
        await().atMost(PATIENCE).until(() -> home.highestBizums().contains("luis"));
        Program.Ended whileItRuns = withServer("move-ledger");
        home.stop();

        Program.Ended nowhere = onHome("move-ledger");
        Program.Ended tooEarly = withServer("history");
        Program.Ended move = withServer("move-ledger");
        Program.Ended again = withServer("move-ledger");

        assertThat(whileItRuns.exitCode()).isEqualTo(1);
        assertThat(whileItRuns.output())
                .contains("is held by the process " + ProcessHandle.current().pid());
        assertThat(nowhere.exitCode()).isEqualTo(1);
        assertThat(nowhere.output()).contains("buzon.ledger.url has to name the server");
        assertThat(tooEarly.exitCode()).isEqualTo(1);
        assertThat(tooEarly.output()).contains("buzon move-ledger --home " + folder.resolve("home"));
        assertThat(move.exitCode()).as(move.output()).isZero();
        assertThat(move.output())
                .containsPattern("file +2 rows")
                .containsPattern("highest_bizum +2 rows")
                .containsPattern("left_source +1 rows")
                .contains("The ledger is in " + onServer.get("buzon.ledger.url"))
                .doesNotContain(Postgres.PASSWORD);
        assertThat(again.exitCode()).isEqualTo(1);
        assertThat(again.output())
                .contains("it was moved, and what it was is in " + home.path(".buzon/ledger.db.moved"));
        assertThat(home.files(".buzon")).contains("ledger.db.moved").doesNotContain("ledger.db", "ledger.db-wal");

        onServer.forEach(home::set);
        try (RecordedLog log = new RecordedLog()) {
            home.start();
            home.handle("invoices", "again.json", INVOICE + "broken\n");
            home.drop("bizums", "c.csv", "ANA;29;copas\nEva;1;pan\n");
            await().atMost(PATIENCE).until(() -> home.highestBizums().contains("eva"));
            assertThat(home.archived("duplicates/invoices")).hasSize(1);
            assertThat(home.files("outbox/invoices")).hasSize(1);
            assertThat(home.highestBizums())
                    .contains("ana;30;cena", "luis;5;taxi")
                    .doesNotContain("copas");
            // The one that was left is known as such: not a file of this run, not even a duplicate.
            assertThat(home.files("inbox/bizums")).containsExactly("b.csv", "c.csv");
            assertThat(log.with("bizums: c.csv: ")).isNotEmpty();
            assertThat(log.with("b.csv")).isEmpty();
        }

        Program.Ended replay = withServer("replay", "a.json");
        assertThat(replay.exitCode()).as(replay.output()).isZero();
        await().atMost(PATIENCE).until(() -> home.files("outbox/invoices").size() == 2);
        home.awaitEmpty("invoices");
        assertThat(onServer("SELECT handled FROM total WHERE route = 'invoices'"))
                .isEqualTo(2);
        assertThat(onServer("SELECT duplicates FROM total WHERE route = 'invoices'"))
                .isEqualTo(1);
        assertThat(onServer("SELECT handled FROM total WHERE route = 'bizums'")).isEqualTo(2);
    }
}
