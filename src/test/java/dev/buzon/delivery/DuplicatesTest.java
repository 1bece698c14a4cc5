package dev.buzon.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.buzon.RecordedLog;
import dev.buzon.TestHome;
import dev.buzon.intake.ContentKey;
import dev.buzon.ledger.DuplicateRows;
import dev.buzon.ledger.HistoryQuery;
import dev.buzon.ledger.Ledger;
import dev.buzon.ledger.LedgerEntry;
import dev.buzon.ledger.LedgerLocker;
import dev.buzon.ledger.LedgerReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.HashSet;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Of what came twice nothing is lost to the history, and what is said of it is true. */
class DuplicatesTest {

    private static final String INVOICE = "{\"InvoiceNumber\":\"1\",\"InvoiceLineItems\":[{\"ItemCode\":\"1\"}]}";

    @TempDir
    private Path folder;

    private TestHome home;

    @BeforeEach
    void make() {
        home = new TestHome(folder).set("buzon.retry.first", "50ms").set("buzon.retry.longest", "100ms");
    }

    @AfterEach
    void stop() throws Exception {
        home.stop();
    }

    private List<LedgerEntry> history(String name) throws Exception {
        try (Ledger ledger = Ledger.open(home.database())) {
            return ledger.history(HistoryQuery.named(name, 9));
        }
    }

    private long counted() throws Exception {
        try (LedgerReader reader = new LedgerReader(home.database())) {
            return reader.look().totals("invoices").duplicates();
        }
    }

    private List<DuplicateRows.Moving> moving() throws Exception {
        try (Ledger ledger = Ledger.open(home.database())) {
            return new DuplicateRows(ledger).moving();
        }
    }

    @Test
    @SuppressWarnings("try") // The lock is held, not used.
    void aDuplicateStaysInItsInboxUntilTheLedgerHasItsRow() throws Exception {
        try (RecordedLog log = new RecordedLog()) {
            home.start();
            home.handle("invoices", "a.json", INVOICE);
            try (LedgerLocker.Lock lock = LedgerLocker.hold(home.database())) {
                home.drop("invoices", "b.json", INVOICE);
                await().atMost(Duration.ofSeconds(30))
                        .until(() -> log.with("b.json: tried again").size() > 0);
                assertThat(home.files("inbox/invoices")).containsExactly("b.json");
                assertThat(home.archived("duplicates/invoices")).isEmpty();
            }
            home.awaitEmpty("invoices");
        }

        await().atMost(Duration.ofSeconds(30)).until(() -> moving().isEmpty());
        assertThat(history("b.json")).singleElement().satisfies(entry -> assertThat(home.path(entry.archived()))
                .exists());
        assertThat(counted()).isEqualTo(1);
    }

    /** Two duplicates of a crash between the row and the rename, and right after the rename. */
    @Test
    void aDuplicateOfACrashIsKnownToTheHistoryOnceWhetherItWasMovedOrNot() throws Exception {
        home.start();
        home.handle("invoices", "a.json", INVOICE);
        home.handle("invoices", "again.json", INVOICE);
        home.stop();
        Path left = Files.writeString(home.path("inbox/invoices/left.json"), INVOICE);
        Path moved = Files.writeString(home.path("inbox/invoices/moved.json"), INVOICE);
        Path gone = home.path("inbox/invoices/gone.json");
        String key = ContentKey.of(left);
        Path today = home.path("archive/duplicates/invoices/" + LocalDate.now());
        try (Ledger ledger = Ledger.open(home.database())) {
            DuplicateRows rows = new DuplicateRows(ledger);
            for (Path source : List.of(left, moved, gone)) {
                String name = source.getFileName().toString();
                Path planned = SafeName.of(name, key).freeIn(today, ".json", new HashSet<>());
                rows.begin(List.of(new DuplicateRows.Duplicate(
                        "invoices",
                        key,
                        name,
                        Files.size(left),
                        home.path("").relativize(planned).toString(),
                        Instant.now())));
                if (source == moved) {
                    Files.move(moved, planned);
                }
            }
        }

        home.start();
        home.awaitEmpty("invoices");

        await().atMost(Duration.ofSeconds(30)).until(() -> moving().isEmpty());
        for (String name : List.of("left.json", "moved.json")) {
            assertThat(history(name)).singleElement().satisfies(entry -> assertThat(home.path(entry.archived()))
                    .exists());
        }
        assertThat(history("gone.json")).singleElement().satisfies(entry -> assertThat(entry.archived())
                .isNull());
        assertThat(counted()).isEqualTo(4);
        assertThat(home.archived("duplicates/invoices")).hasSize(3);
    }

    @Test
    void aResendOfWhatWasRejectedIsNotCalledHandled() throws Exception {
        try (RecordedLog log = new RecordedLog()) {
            home.start();
            home.handle("invoices", "bad.json", "no json");
            home.handle("invoices", "resent.json", "no json");

            await().atMost(Duration.ofSeconds(30))
                    .until(() -> !log.with("resent.json: duplicate of").isEmpty());
            assertThat(log.with("resent.json: duplicate of"))
                    .singleElement()
                    .asString()
                    .contains("duplicate of bad.json, rejected 20")
                    .doesNotContain("handled");
        }
    }

    @Test
    void aReplayByTheNameOfADuplicateIsOfTheFileThatItIsADuplicateOf() throws Exception {
        home.start();
        home.handle("invoices", "a.json", INVOICE);
        for (int i = 0; i < 3; i++) {
            home.handle("invoices", "again.json", INVOICE);
        }
        await().atMost(Duration.ofSeconds(30)).until(() -> moving().isEmpty());
        home.stop();

        Replay.Replayed replayed;
        try (Ledger ledger = Ledger.open(home.database())) {
            Replay replay = new Replay(home.settings(), ledger);
            replayed = replay.replay(null, "again.json");
            assertThatThrownBy(() -> replay.replay(null, "never.json"))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("knows no file never.json");
        }

        assertThat(replayed.source()).isEqualTo("a.json");
        assertThat(replayed.byDuplicate()).isTrue();
        assertThat(replayed.now()).isEqualTo(home.path("inbox/invoices/a.json")).exists();
    }

    /** The file is older than all of its duplicates that a list would show. */
    @Test
    void aFileThatWasResentUnderItsOwnNameManyTimesIsStillReplayed() throws Exception {
        home.start();
        home.handle("invoices", "a.json", INVOICE);
        home.stop();
        try (Ledger ledger = Ledger.open(home.database())) {
            String key = history("a.json").get(0).key();
            DuplicateRows rows = new DuplicateRows(ledger);
            for (int i = 0; i < 25; i++) {
                long begun = rows.begin(
                                List.of(new DuplicateRows.Duplicate("invoices", key, "a.json", 1, null, Instant.now())))
                        .get(0);
                rows.end(List.of(new DuplicateRows.Moved(begun, null, Instant.now(), 0)));
            }

            Replay.Replayed replayed = new Replay(home.settings(), ledger).replay(null, "a.json");

            assertThat(replayed.source()).isEqualTo("a.json");
        }
    }
}
