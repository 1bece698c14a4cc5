package dev.buzon.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.buzon.RoutesCopy;
import dev.buzon.TestHome;
import dev.buzon.home.RouteSettings;
import dev.buzon.intake.ContentKey;
import dev.buzon.job.LedgerChange;
import dev.buzon.ledger.FileState;
import dev.buzon.ledger.HistoryQuery;
import dev.buzon.ledger.Ledger;
import dev.buzon.ledger.LedgerEntry;
import dev.buzon.ledger.LedgerLocker;
import dev.buzon.ledger.LedgerTest;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Set;
import javax.management.MBeanServer;
import javax.management.ObjectName;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.io.TempDir;

class ExactlyOnceTest {

    /** Those that each build repeats with a ledger on a server; the long form repeats all. */
    static final String ON_A_SERVER_TOO = "on-a-server-too";

    @TempDir
    private Path folder;

    private TestHome home;

    @BeforeEach
    void make(TestInfo test) throws Exception {
        home = make(folder, test);
    }

    TestHome make(Path homeFolder, TestInfo test) throws Exception {
        return new TestHome(homeFolder);
    }

    @AfterEach
    void stop() throws Exception {
        if (home != null) {
            home.stop();
        }
    }

    private static String invoice(String number) {
        return "{\"InvoiceNumber\":\"" + number + "\",\"InvoiceLineItems\":[{\"ItemCode\":\"" + number + "\"}]}";
    }

    private static LedgerEntry committed(String source, String key, String output, String archived) {
        Instant now = Instant.now();
        return new LedgerEntry(
                "invoices",
                key,
                source,
                1,
                new LedgerEntry.Counts(1, 1, 0),
                new LedgerEntry.Places(output, null, archived),
                FileState.COMMITTED,
                null,
                null,
                new LedgerEntry.Span(now, now, 0),
                0,
                0);
    }

    /** What became of a file, once that is written: a source leaves the inbox a moment earlier. */
    private LedgerEntry inLedger(String name) throws Exception {
        try (Ledger ledger = Ledger.open(home.database())) {
            await().atMost(Duration.ofSeconds(30)).until(() -> ledger.history(HistoryQuery.named(name, 1)).stream()
                    .anyMatch(entry -> entry.state() != FileState.COMMITTED));
            return ledger.history(HistoryQuery.named(name, 1)).get(0);
        }
    }

    private Path replay(String name) throws Exception {
        inLedger(name);
        try (Ledger ledger = Ledger.open(home.database())) {
            return new Replay(home.settings(), ledger).replay("invoices", name).now();
        }
    }

    @Test
    @Tag(ON_A_SERVER_TOO)
    void theSameBytesAgainAreADuplicateEvenAfterARestart() throws Exception {
        home.start();
        home.handle("invoices", "a.json", invoice("1"));

        home.handle("invoices", "b.json", invoice("1"));
        home.restart();
        home.handle("invoices", "a.json", invoice("1"));

        assertThat(home.files("outbox/invoices")).hasSize(1);
        assertThat(home.archived("invoices")).hasSize(1);
        assertThat(home.archived("duplicates/invoices")).hasSize(2);
    }

    @Test
    void theSameNameWithOtherBytesIsNewAndOverwritesNothing() throws Exception {
        home.start();

        home.handle("invoices", "a.json", invoice("1"));
        home.handle("invoices", "a.json", invoice("2"));

        assertThat(home.files("outbox/invoices")).hasSize(2);
        assertThat(home.archived("invoices")).hasSize(2);
        assertThat(home.archived("duplicates/invoices")).isEmpty();
    }

    @Test
    void whatSomebodyPutAtTheResultsNameStays() throws Exception {
        home.start();
        home.handle("invoices", "a.json", invoice("1"));
        String result = home.files("outbox/invoices").get(0);
        home.stop();
        home.loseLedger();
        Files.writeString(home.path("outbox/invoices/" + result), "theirs");
        home.start();

        home.handle("invoices", "a.json", invoice("1"));

        assertThat(home.path("outbox/invoices/" + result)).hasContent("theirs");
        assertThat(home.files("outbox/invoices")).hasSize(2).contains(result.replace(".json", "-2.json"));
        assertThat(home.archived("invoices")).hasSize(2);
    }

    @Test
    @Tag(ON_A_SERVER_TOO)
    void aCommittedFileIsRolledForwardAndUncommittedWorkIsThrownAway() throws Exception {
        home.start();
        home.stop();
        Path source = home.path("inbox/invoices/a.json");
        Files.writeString(source, invoice("1"));
        RouteSettings route = home.settings().route("invoices");
        String key = ContentKey.of(source);
        Files.createDirectories(route.outboxStaging().resolve(key));
        Files.writeString(route.outboxStaging().resolve(key).resolve("result.json"), "committed\n");
        Files.createDirectories(route.outboxStaging().resolve("other"));
        Files.writeString(route.outboxStaging().resolve("other/result.json"), "uncommitted\n");
        String planned = "archive/invoices/" + LocalDate.now() + "/a-" + key.substring(0, 8) + ".json";
        try (Ledger ledger = Ledger.open(home.database())) {
            LedgerTest.commit(
                    ledger,
                    committed("a.json", key, "outbox/invoices/a-" + key.substring(0, 8) + ".json", planned),
                    LedgerChange.NONE);
        }

        home.start();
        home.awaitEmpty("invoices");

        assertThat(home.onlyFile("outbox/invoices")).isEqualTo("committed\n");
        assertThat(home.path(planned)).exists();
        assertThat(home.archived("duplicates/invoices")).isEmpty();
        assertThat(route.outboxStaging()).isEmptyDirectory();
        home.stop();
        try (Ledger ledger = Ledger.open(home.database())) {
            assertThat(ledger.find("invoices", key).orElseThrow().state()).isEqualTo(FileState.ARCHIVED);
        }
    }

    @Test
    void whereResultsWereTakenAwayNothingIsPublishedAgain() throws Exception {
        home.start();
        home.handle("invoices", "a.json", invoice("1"));
        Files.delete(home.path("outbox/invoices")
                .resolve(home.files("outbox/invoices").get(0)));

        home.restart();
        home.handle("invoices", "again.json", invoice("1"));

        assertThat(home.files("outbox/invoices")).isEmpty();
    }

    @Test
    void cleanSourceDeleteRemovesTheSource() throws Exception {
        home.set("buzon.invoices.clean-source", "delete").start();

        home.handle("invoices", "a.json", invoice("1"));
        home.handle("invoices", "b.json", invoice("1"));

        assertThat(home.archived("invoices")).isEmpty();
        assertThat(home.archived("duplicates/invoices")).isEmpty();
        assertThat(home.files("outbox/invoices")).hasSize(1);
    }

    @Test
    @Tag(ON_A_SERVER_TOO)
    void cleanSourceOffLeavesTheSourceAndHandlesItOnceEvenAfterARestart() throws Exception {
        home.withCamelBeans();
        home.set("buzon.invoices.clean-source", "off").start();
        home.drop("invoices", "a.json", invoice("1"));
        await().until(() -> home.files("outbox/invoices").size() == 1);
        home.drop("invoices", "copy.json", invoice("1"));

        home.restart();
        home.drop("invoices", "b.json", invoice("2"));
        await().until(() -> home.files("outbox/invoices").size() == 2);
        long exchanges = exchangesCompleted();

        // A later file's life is over, and none of the others had a second one.
        assertThat(exchanges).isLessThanOrEqualTo(2);
        assertThat(home.files("inbox/invoices")).containsExactly("a.json", "b.json", "copy.json");
        assertThat(home.archived("invoices")).isEmpty();
    }

    @Test
    void housekeepingCleansWhatWasLeftAndRemovesOldArchives() throws Exception {
        home.set("buzon.invoices.clean-source", "off")
                .set("buzon.housekeeping.delay", "100ms")
                .set("buzon.housekeeping.every", "200ms")
                .set("buzon.housekeeping.keep-archive-days", "30")
                .start();
        Path old = Files.createDirectories(home.path("archive/bizums/2020-01-01"));
        Files.writeString(old.resolve("old.csv"), "old");
        Path kept = Files.createDirectories(
                home.path("archive/bizums/" + LocalDate.now().minusDays(30)));
        Path foreign = Files.createDirectories(home.path("archive/bizums/mine"));

        home.handle("invoices", "a.json", invoice("1"));
        await().until(() -> Files.notExists(old));

        assertThat(home.archived("invoices")).hasSize(1);
        assertThat(kept).exists();
        assertThat(foreign).exists();
        assertThat(home.files("outbox/invoices")).hasSize(1);
    }

    @Test
    void anErrorOfTheWorldKeepsTheFileUntilTheWorldIsRight() throws Exception {
        home.withCamelBeans();
        home.set("buzon.retry.first", "100ms").start();
        Path outbox = home.path("outbox/invoices/.staging/invoices");
        Files.delete(outbox);
        Files.writeString(outbox, "in the way");
        home.drop("invoices", "a.json", invoice("1"));
        await().until(() -> exchangesFailed() >= 2);
        assertThat(home.files("inbox/invoices")).containsExactly("a.json");

        Files.delete(outbox);
        Files.createDirectory(outbox);
        home.awaitEmpty("invoices");

        assertThat(home.files("outbox/invoices")).hasSize(1);
        assertThat(home.files("archive/rejected/invoices")).isEmpty();
    }

    /** Routes in which a step of {@link TouchOnce} comes before another. */
    private void startTouching(String before, String method) throws Exception {
        RoutesCopy routes = RoutesCopy.in(folder)
                .before(before, "bean: {beanType: dev.buzon.delivery.TouchOnce, method: " + method + "}");
        TouchOnce.TOUCHED.set(false);
        home.set("buzon.routes", routes.folder().toString()).start();
    }

    @Test
    void aFileThatTakesThePlaceOfACommittedOneIsHandledToo() throws Exception {
        startTouching("archive", "replace");

        home.handle("invoices", "a.json", invoice("1"));

        assertThat(home.files("outbox/invoices")).hasSize(2);
        assertThat(home.archived("invoices")).hasSize(1);
        assertThat(home.onlyFile("archive/invoices/" + LocalDate.now())).isEqualTo(TouchOnce.REPLACEMENT);
        assertThat(home.archived("duplicates/invoices")).isEmpty();
    }

    @Test
    void aFileThatChangesWhileItIsReadWaitsAndIsHandledThen() throws Exception {
        startTouching("compute", "touch");

        home.handle("invoices", "a.json", invoice("1"));

        assertThat(TouchOnce.TOUCHED).isTrue();
        assertThat(home.files("outbox/invoices")).hasSize(1);
        assertThat(home.archived("invoices")).hasSize(1);
        assertThat(home.archived("duplicates/invoices")).isEmpty();
    }

    @Test
    void aLeftSourceThatIsTouchedStaysAndIsNotHandledAgain() throws Exception {
        home.withCamelBeans();
        home.set("buzon.invoices.clean-source", "off").start();
        home.drop("invoices", "a.json", invoice("1"));
        await().until(() -> exchangesCompleted() == 1);

        Files.setLastModifiedTime(home.path("inbox/invoices/a.json"), FileTime.from(Instant.EPOCH));
        await().until(() -> exchangesCompleted() == 2);

        assertThat(home.files("inbox/invoices")).containsExactly("a.json");
        assertThat(home.files("outbox/invoices")).hasSize(1);
    }

    @Test
    @Tag(ON_A_SERVER_TOO)
    @SuppressWarnings("try") // The lock is held, not used.
    void anErrorOfTheWorldDuringARejectionMakesTheFileWaitToo() throws Exception {
        home.withCamelBeans();
        home.set("buzon.retry.first", "1h").set("buzon.retry.longest", "1h").start();
        try (LedgerLocker.Lock lock = LedgerLocker.hold(home.database())) {
            home.drop("invoices", "bad.json", "no json");
            await().atMost(Duration.ofSeconds(30)).until(() -> exchangesFailed() == 1);
        }

        home.drop("invoices", "good.json", invoice("1"));
        await().until(() -> !home.files("inbox/invoices").contains("good.json"));

        // The older one would have come first, were it not waiting.
        assertThat(home.files("inbox/invoices")).containsExactly("bad.json");
        home.restart();
        home.awaitEmpty("invoices");
        assertThat(home.files("archive/rejected/invoices")).hasSize(2);
    }

    @Test
    @SuppressWarnings("try") // The lock is held, not used.
    void anotherFileUnderTheNameOfOneThatFailedDoesNotWaitForThatOnesBackOff() throws Exception {
        home.withCamelBeans();
        home.set("buzon.retry.first", "1h").set("buzon.retry.longest", "1h").start();
        try (LedgerLocker.Lock lock = LedgerLocker.hold(home.database())) {
            home.drop("invoices", "a.json", invoice("1"));
            await().atMost(Duration.ofSeconds(30)).until(() -> exchangesFailed() == 1);
        }

        home.handle("invoices", "a.json", invoice("2"));

        assertThat(home.onlyFile("archive/invoices/" + LocalDate.now())).isEqualTo(invoice("2"));
    }

    @Test
    @Tag(ON_A_SERVER_TOO)
    void theRepositoryIsSeenOverJmxAndAKeyCanBeTakenBack() throws Exception {
        home.withCamelBeans();
        home.start();
        home.handle("invoices", "a.json", invoice("1"));
        String key = ContentKey.of(home.path("archive/invoices/" + LocalDate.now())
                .resolve(home.archived("invoices").get(0)));
        MBeanServer server = ManagementFactory.getPlatformMBeanServer();
        Set<ObjectName> names = server.queryNames(
                new ObjectName("org.apache.camel:context=buzon,type=services,name=LedgerIdempotentRepository*"), null);
        assertThat(names).isNotEmpty();
        ObjectName repository = names.iterator().next();
        String[] signature = {String.class.getName()};

        assertThat(server.invoke(repository, "contains", new Object[] {key}, signature))
                .isEqualTo(true);
        server.invoke(repository, "remove", new Object[] {key}, signature);
        home.handle("invoices", "a.json", invoice("1"));

        assertThat(home.files("outbox/invoices")).hasSize(2);
    }

    @Test
    void aKeyAddedByHandMakesItsContentKnown() throws Exception {
        home.withCamelBeans();
        home.start();
        Path elsewhere = Files.writeString(folder.resolve("a.json"), invoice("1"));
        MBeanServer server = ManagementFactory.getPlatformMBeanServer();
        ObjectName repository = server.queryNames(
                        new ObjectName("org.apache.camel:context=buzon,type=services,name=LedgerIdempotentRepository*"),
                        null)
                .iterator()
                .next();

        server.invoke(
                repository, "add", new Object[] {ContentKey.of(elsewhere)}, new String[] {String.class.getName()});
        home.handle("invoices", "a.json", invoice("1"));

        assertThat(home.files("outbox/invoices")).isEmpty();
        assertThat(home.archived("duplicates/invoices")).hasSize(1);
    }

    @Test
    void anInboxThatGoesAwayAndComesBackGoesOn() throws Exception {
        home.start();
        Path inbox = home.path("inbox/invoices");
        Files.move(inbox, home.path("away"));
        home.handle("bizums", "b.csv", "Ana;3;x");
        Files.writeString(home.path("away/a.json"), invoice("1"));

        Files.move(home.path("away"), inbox);
        home.awaitEmpty("invoices");

        assertThat(home.files("outbox/invoices")).hasSize(1);
    }

    @Test
    void oneFileAPollWhereThatIsSet() throws Exception {
        home.set("buzon.invoices.max-files-per-poll", "1")
                .set("buzon.invoices.poll-interval", "1s")
                .start();
        long begin = System.nanoTime();
        for (int i = 0; i < 3; i++) {
            home.drop("invoices", i + ".json", invoice("" + i));
        }

        home.awaitEmpty("invoices");

        // Three polls, with a second between each two.
        assertThat(Duration.ofNanos(System.nanoTime() - begin)).isGreaterThan(Duration.ofMillis(1900));
        assertThat(home.files("outbox/invoices")).hasSize(3);
    }

    @Test
    void aResultWhosePublicationWasLostWithThePowerIsPublishedAtTheStart() throws Exception {
        home.start();
        home.handle("invoices", "a.json", invoice("1"));
        home.stop();
        LedgerEntry entry = inLedger("a.json");
        Path published = home.path(entry.output());
        Path staging = Files.createDirectory(
                home.settings().route("invoices").outboxStaging().resolve(Staging.name(entry.key(), entry.lease())));
        Files.move(published, staging.resolve("result.json"));

        home.start();

        assertThat(published).exists();
        assertThat(staging).doesNotExist();
        assertThat(inLedger("a.json").state()).isEqualTo(FileState.ARCHIVED);
    }

    @Test
    @Tag(ON_A_SERVER_TOO)
    @SuppressWarnings("try") // The lock is held, not used.
    void aSourceThatWasArchivedWhileTheLedgerTookNothingIsWrittenDownLater() throws Exception {
        home.withCamelBeans();
        RoutesCopy routes = RoutesCopy.in(folder)
                .before("archive", "bean: {beanType: dev.buzon.ledger.LedgerLocker, method: lock}");
        home.set("buzon.routes", routes.folder().toString())
                .set("buzon.retry.first", "50ms")
                .start();

        try (LedgerLocker.Lock lock = LedgerLocker.next(home.database())) {
            home.drop("invoices", "a.json", invoice("1"));
            await().atMost(Duration.ofSeconds(30)).until(() -> exchangesFailed() == 1);
            assertThat(home.archived("invoices")).hasSize(1);
        }

        await().atMost(Duration.ofSeconds(30)).until(() -> inLedger("a.json").state() == FileState.ARCHIVED);
        assertThat(home.files("outbox/invoices")).hasSize(1);
        assertThat(home.path(inLedger("a.json").archived())).exists();
    }

    @Test
    void aFileIsReplayedFromTheArchiveAndHandledAnew() throws Exception {
        home.start();
        home.handle("invoices", "a.json", invoice("1"));

        Path inInbox = replay("a.json");
        home.awaitEmpty("invoices");

        assertThat(inInbox).isEqualTo(home.path("inbox/invoices/a.json"));
        assertThat(home.files("outbox/invoices")).hasSize(2);
        assertThat(home.archived("invoices")).hasSize(1);
        assertThat(home.archived("duplicates/invoices")).isEmpty();
    }

    @Test
    void aReplayThatWasCutShortIsAskedForAgain() throws Exception {
        home.start();
        home.handle("invoices", "a.json", invoice("1"));
        LedgerEntry entry = inLedger("a.json");
        try (Ledger ledger = Ledger.open(home.database())) {
            ledger.update(List.of(entry.replayed()));
        }

        home.restart();
        replay("a.json");
        home.awaitEmpty("invoices");

        assertThat(home.files("outbox/invoices")).hasSize(2);
        assertThat(home.archived("invoices")).hasSize(1);
    }

    @Test
    @Tag(ON_A_SERVER_TOO)
    void aRejectedFileIsReplayedAndItsOldReasonGoes() throws Exception {
        home.start();
        home.handle("invoices", "bad.json", "nothing");

        replay("bad.json");
        home.awaitEmpty("invoices");

        assertThat(home.files("archive/rejected/invoices")).hasSize(2);
        assertThat(inLedger("bad.json").state()).isEqualTo(FileState.REJECTED);
    }

    @Test
    void aSourceThatStayedInItsInboxIsReplayedThere() throws Exception {
        home.withCamelBeans();
        home.set("buzon.invoices.clean-source", "off").start();
        home.drop("invoices", "a.json", invoice("1"));
        await().until(() -> exchangesCompleted() == 1);

        replay("a.json");

        await().until(() -> home.files("outbox/invoices").size() == 2);
        assertThat(home.files("inbox/invoices")).containsExactly("a.json");
    }

    @Test
    void whatIsNotInTheArchiveIsNotReplayed() throws Exception {
        home.set("buzon.invoices.clean-source", "delete").start();
        home.handle("invoices", "a.json", invoice("1"));

        assertThatThrownBy(() -> replay("a.json"))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("is not in the archive");
        home.handle("invoices", "a.json", invoice("1"));
        assertThat(home.files("outbox/invoices")).hasSize(1);
    }

    @Test
    void aDuplicateIsInTheHistoryUnderItsOwnName() throws Exception {
        home.start();
        home.handle("invoices", "a.json", invoice("1"));
        home.handle("invoices", "copy.json", invoice("1"));

        LedgerEntry copy = inLedger("copy.json");

        assertThat(copy.state()).isEqualTo(FileState.DUPLICATE);
        assertThat(home.path(copy.archived())).exists();
        assertThat(copy.key()).isEqualTo(inLedger("a.json").key());
    }

    private static long exchangesFailed() throws Exception {
        return count("ExchangesFailed");
    }

    private static long exchangesCompleted() throws Exception {
        return count("ExchangesCompleted");
    }

    private static long count(String attribute) throws Exception {
        return (Long) ManagementFactory.getPlatformMBeanServer()
                .getAttribute(
                        new ObjectName("org.apache.camel:context=buzon,type=routes,name=\"invoices\""), attribute);
    }
}
