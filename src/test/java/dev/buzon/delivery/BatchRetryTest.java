package dev.buzon.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.buzon.intake.ContentKey;
import dev.buzon.job.LedgerChange;
import dev.buzon.job.Outcome;
import dev.buzon.ledger.DuplicateRows;
import dev.buzon.ledger.FileState;
import dev.buzon.ledger.Ledger;
import dev.buzon.ledger.LedgerEntry;
import java.io.IOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** If the world is wrong for a batch, nothing of it is lost, and each of its files is tried again by itself. */
class BatchRetryTest {

    @TempDir
    private Path folder;

    private BatchHome home;

    @BeforeEach
    void start() throws Exception {
        home = new BatchHome(folder).start();
        home.drop("a.txt", "one\n");
        home.drop("b.txt", "two\nbad\n");
        home.drop("c.txt", "three\n");
    }

    @AfterEach
    void close() throws Exception {
        home.close();
    }

    private void expectAll() throws Exception {
        home.expectEachOnce("one\n", "two\nbad\n", "three\n");
    }

    private void expectNothingOfIt() throws Exception {
        assertThat(home.inbox()).containsExactly("a.txt", "b.txt", "c.txt");
        assertThat(home.outbox()).isEmpty();
        assertThat(home.rejected()).isEmpty();
        assertThat(home.states()).isEmpty();
        assertThat(home.totals().handled()).isZero();
        assertThat(home.totals().rejectedFiles()).isZero();
    }

    @Test
    void filesWhoseJobFailsAreTriedAgainOneByOneInTheirOrder() throws Exception {
        home.job(files -> {
            BatchHome.inCapitals(files);
            throw new IllegalStateException("no");
        });

        home.look();

        expectNothingOfIt();
        assertThat(home.staged()).isEmpty();
        assertThat(home.heard()).containsExactly("separated 3");
        List<BatchHome.Run> runs = home.job(BatchHome::inCapitals).look();
        assertThat(runs)
                .extracting(BatchHome.Run::sources)
                .containsExactly(List.of("a.txt"), List.of("b.txt"), List.of("c.txt"));
        expectAll();
    }

    @Test
    void theOneThatMakesItsJobFailHoldsNobodyUp() throws Exception {
        home.job(files -> {
            if (files.stream().anyMatch(file -> file.path().endsWith("b.txt"))) {
                throw new IllegalStateException("no");
            }
            return BatchHome.inCapitals(files);
        });

        home.look();
        home.look();

        assertThat(home.inbox()).containsExactly("b.txt");
        assertThat(home.outbox()).hasSize(2);
        assertThat(home.heard()).containsExactly("separated 3", "handled a.txt", "retrying b.txt", "handled c.txt");
        assertThat(home.look()).as("while it waits").isEmpty();
        home.job(BatchHome::inCapitals).crash().handleAll();
        expectAll();
    }

    @Test
    void aFileThatFailedWithOthersGoesAloneUntilItIsHandledAndNewOnesGoTogether() throws Exception {
        home.job(files -> {
            throw new IllegalStateException("no");
        });
        home.look();
        home.drop("d.txt", "four\n");
        home.drop("e.txt", "five\n");
        home.job(BatchHome::inCapitals);

        List<BatchHome.Run> runs = home.look();

        assertThat(runs)
                .extracting(BatchHome.Run::sources)
                .containsExactly(List.of("a.txt"), List.of("b.txt"), List.of("c.txt"), List.of("d.txt", "e.txt"));
        home.drop("a.txt", "six\n");
        home.drop("b.txt", "seven\n");
        assertThat(home.look()).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 2, 4})
    void aJobThatSaysSomethingOfMoreOrFewerFilesThanItWasHandedHasNothingCommitted(int count) throws Exception {
        home.job(files -> {
            List<Outcome> outcomes = new ArrayList<>(BatchHome.inCapitals(files));
            outcomes.addAll(outcomes);
            return outcomes.subList(0, count);
        });

        BatchHome.Run run = home.begin().toEnd();

        assertThat(run.failure())
                .hasMessage("The job of the route invoices was handed 3 files, and says of " + count
                        + " what became of them.");
        expectNothingOfIt();
        home.job(BatchHome::inCapitals).handleAll();
        expectAll();
    }

    /** What the change of a file's own does. */
    private void changing(String name, LedgerChange change) {
        home.job(files -> {
            List<Outcome> outcomes = new ArrayList<>(BatchHome.inCapitals(files));
            for (int i = 0; i < files.size(); i++) {
                if (files.get(i).path().endsWith(name)) {
                    Outcome.Handled handled = (Outcome.Handled) outcomes.get(i);
                    outcomes.set(
                            i,
                            new Outcome.Handled(
                                    handled.records(),
                                    handled.results(),
                                    false,
                                    handled.badRecords(),
                                    List.of(),
                                    change,
                                    null));
                }
            }
            return outcomes;
        });
    }

    @Test
    void aChangeThatFailsForOneFileHasNothingOfTheBatchCommitted() throws Exception {
        changing("b.txt", connection -> {
            throw new IllegalStateException("no");
        });

        home.look();

        expectNothingOfIt();
        assertThat(home.staged()).isEmpty();
        home.look();
        assertThat(home.states()).isEqualTo(Map.of("a.txt", FileState.ARCHIVED, "c.txt", FileState.ARCHIVED));
        assertThat(home.inbox()).containsExactly("b.txt");
        assertThat(home.staged()).isEmpty();
        home.job(BatchHome::inCapitals).crash().handleAll();
        expectAll();
    }

    /** A class of the job's is missing, say. What is staged goes with the next try. */
    @Test
    void anErrorInAChangeIsNoWorse() throws Exception {
        changing("b.txt", connection -> {
            throw new NoClassDefFoundError("Missing");
        });

        home.look();

        expectNothingOfIt();
        home.look();
        assertThat(home.states()).isEqualTo(Map.of("a.txt", FileState.ARCHIVED, "c.txt", FileState.ARCHIVED));
        home.job(BatchHome::inCapitals).crash().handleAll();
        expectAll();
    }

    /** A commit that failed and may still come to its end needs what is staged. */
    @Test
    void whatIsStagedStaysWhileItsCommitIsInDoubtAndGoesOnceItIsNot() throws Exception {
        changing("b.txt", connection -> {
            throw new SQLException("the disk is gone");
        });

        home.look();

        expectNothingOfIt();
        assertThat(home.ledger().isInDoubt()).isTrue();
        assertThat(home.staged()).isNotEmpty();
        BatchHome.Run next = home.job(BatchHome::inCapitals).begin().through(Step.STAGE);
        assertThat(home.ledger().isInDoubt()).isFalse();
        assertThat(home.staged())
                .containsExactly("invoices/" + next.batch().staging().getFileName());
        next.toEnd();
        home.handleAll();
        expectAll();
    }

    @Test
    void whatIsFoundToBeOverIsToldOnceHoweverManyOfItsContentComeTogether() throws Exception {
        failCommit();
        commitAfterAll();
        Files.delete(home.inInbox("a.txt"));
        home.drop("d.txt", "one\n");
        home.drop("e.txt", "one\n");

        home.job(BatchHome::inCapitals).look();

        assertThat(home.heard())
                .containsOnlyOnce("finished a.txt", "duplicate d.txt of a.txt", "duplicate e.txt of a.txt");
        assertThat(home.row("a.txt").state()).isEqualTo(FileState.GONE);
    }

    /** The commit comes to its end when the ledger has been asked for the file, and before it can't any more. */
    @Test
    void whatCommittedAtTheLastMomentIsPublishedToo() throws Exception {
        failCommit();
        BatchHome.Run run = home.job(BatchHome::inCapitals).begin().through(Step.KNOWN);
        commitAfterAll();

        run.toEnd();

        assertThat(run.failure()).hasMessage("The commit of a.txt, taken for failed, came to its end.");
        home.crash().handleAll();
        expectAll();
    }

    private void failCommit() throws Exception {
        changing("a.txt", connection -> {
            throw new SQLException("the disk is gone");
        });
        assertThat(home.begin().toEnd().failure()).hasMessage("the disk is gone");
        home.heard();
    }

    private void commitAfterAll() throws Exception {
        home.ledger()
                .commit(List.of(
                        commit("a.txt", 0, null), commit("b.txt", 1, ".records.jsonl"), commit("c.txt", 0, null)));
    }

    private Ledger.Commit commit(String name, long badRecords, String rejected) throws IOException {
        String key = ContentKey.of(home.inInbox(name));
        String safeName = SafeName.of(name, key).stem();
        LedgerEntry row = new LedgerEntry(
                BatchHome.ROUTE,
                key,
                name,
                Files.size(home.inInbox(name)),
                new LedgerEntry.Counts(1, 1, badRecords),
                new LedgerEntry.Places(
                        "outbox/invoices/" + safeName + ".txt",
                        rejected == null ? null : "archive/rejected/invoices/" + safeName + rejected,
                        "archive/invoices/" + LocalDate.now() + "/" + safeName + ".txt"),
                FileState.COMMITTED,
                null,
                null,
                new LedgerEntry.Span(Instant.now(), Instant.now(), 0),
                0,
                0);
        return new Ledger.Commit(row, LedgerChange.NONE, false);
    }

    /** Its outbox is away when it is to be published, and a later file is discarded before the outbox is back. */
    @Test
    void whatIsCommittedAndNotPublishedOutlivesTheDiscardingOfOthers() throws Exception {
        home.drop("changes.txt", "changes\n");
        home.drop("twin.txt", "changes\n");
        BatchHome.Run run = home.begin().through(Step.COMPUTE);
        Files.writeString(home.inInbox("changes.txt"), "and more\n", StandardOpenOption.APPEND);
        run.through(Step.COMMIT);
        Path away = home.path("away");
        Files.move(home.route().outbox(), away);
        assertThat(run.toEnd().failure()).isInstanceOf(NoSuchFileException.class);
        Files.move(away, home.route().outbox());
        assertThat(home.heard())
                .as("those that wait did not fail")
                .containsExactly("changed changes.txt", "separated 3");
        home.drop("before.txt", "before\n");
        Files.setLastModifiedTime(home.inInbox("before.txt"), FileTime.fromMillis(0));

        BatchHome.Run before = home.begin().through(Step.STAGE);

        assertThat(before.sources()).containsExactly("before.txt");
        String staging = "invoices/" + run.batch().staging().getFileName();
        assertThat(home.staged())
                .filteredOn(name -> name.startsWith(staging))
                .as("the folders, three results, and the bad records of one")
                .hasSize(6);
        home.handleAll();
        home.expectEachOnce("one\n", "two\nbad\n", "three\n", "changes\n", "changes\nand more\n", "before\n");
    }

    @Test
    void whatWasMovedWhenArchivingFailedInTheMiddleIsWrittenDownLaterAndTheRestArchived() throws Exception {
        home.drop("d.txt", "unreadable\n");
        BatchHome.Run run = home.begin().through(Step.PUBLISH);
        Path inTheWay =
                Files.writeString(home.route().archive().resolve(LocalDate.now().toString()), "in the way");
        assertThat(run.toEnd().failure()).hasMessageContaining("is no folder");
        Files.delete(inTheWay);

        home.deliveries().recovery().catchUp();
        home.look();

        home.expectEachOnce("one\n", "two\nbad\n", "three\n", "unreadable\n");
    }

    @Test
    void whatWasArchivedWhenTheLedgerTookNothingIsWrittenDownLater() throws Exception {
        home.drop("d.txt", "unreadable\n");
        home.drop("e.txt", "one\n");
        refuseUpdates();
        home.look();
        assertThat(home.inbox()).containsExactly("e.txt");
        takeUpdates();

        home.deliveries().recovery().catchUp();

        assertThat(home.heard()).contains("finished a.txt", "finished b.txt", "finished c.txt", "finished d.txt");
        home.look();
        home.expectEachOnce("one\n", "two\nbad\n", "three\n", "unreadable\n");
        home.heard();
        home.sql("UPDATE file SET state = 'COMMITTED'");
        home.deliveries().recovery().catchUp();
        assertThat(home.heard()).as("what is written is forgotten").isEmpty();
    }

    private void refuseUpdates() throws Exception {
        home.sql("CREATE TRIGGER no BEFORE UPDATE OF state ON file BEGIN SELECT RAISE(ABORT, 'no'); END");
    }

    private void takeUpdates() throws Exception {
        home.sql("DROP TRIGGER no");
    }

    @Test
    void ofDuplicatesThatArePutAwayWhileTheirSendersAreAtItNothingIsLost() throws Exception {
        home.look();
        home.drop("d.txt", "one\n");
        home.drop("e.txt", "one\n");
        home.drop("f.txt", "three\n");
        BatchHome.Run run = home.begin().through(Step.PUBLISH);
        Thread archiving = new Thread(run::toEnd);
        synchronized (SafeName.CHOICE) {
            archiving.start();
            await().pollDelay(Duration.ZERO)
                    .pollInterval(Duration.ofMillis(1))
                    .until(() -> archiving.getState() == Thread.State.BLOCKED);
            Path other = Files.writeString(home.path("other"), "another\n");
            Files.move(other, home.inInbox("d.txt"), StandardCopyOption.REPLACE_EXISTING);
            Files.delete(home.inInbox("e.txt"));
        }
        archiving.join();

        home.deliveries().recovery().catchUp();
        home.handleAll();

        assertThat(home.outbox()).hasSize(4);
        assertThat(home.duplicates()).hasSize(1);
        assertThat(new DuplicateRows(home.ledger()).moving()).isEmpty();
        assertThat(home.inbox()).isEmpty();
    }

    /** One vanishes at the very moment when its batch is archived, and another is swapped for a file of its own. */
    @Test
    void ofABatchThatIsArchivedWhileItsSendersAreAtItNothingIsLost() throws Exception {
        BatchHome.Run run = home.begin().through(Step.PUBLISH);
        Thread archiving = new Thread(run::toEnd);
        synchronized (SafeName.CHOICE) {
            archiving.start();
            await().pollDelay(Duration.ZERO)
                    .pollInterval(Duration.ofMillis(1))
                    .until(() -> archiving.getState() == Thread.State.BLOCKED);
            Path other = Files.writeString(home.path("other"), "another\n");
            Files.move(other, home.inInbox("a.txt"), StandardCopyOption.REPLACE_EXISTING);
            Files.delete(home.inInbox("b.txt"));
        }
        archiving.join();

        home.deliveries().recovery().catchUp();
        home.handleAll();

        assertThat(home.outbox()).hasSize(4);
        assertThat(home.states())
                .isEqualTo(Map.of(
                        "a.txt", FileState.GONE,
                        "a.txt 2", FileState.ARCHIVED,
                        "b.txt", FileState.GONE,
                        "c.txt", FileState.ARCHIVED));
        assertThat(home.archived()).hasSize(2);
        assertThat(home.staged()).isEmpty();
    }

    /** As if the log of the ledger, or its server, had kept what it could not confirm. */
    @Test
    void whatCommittedAlthoughItSeemedToFailIsPublished() throws Exception {
        failCommit();
        commitAfterAll();

        home.job(BatchHome::inCapitals).handleAll();

        assertThat(home.heard()).containsOnlyOnce("finished a.txt", "finished b.txt", "finished c.txt");
        expectAll();
    }

    @Test
    void whatIsLeftOfABatchWhosePublishingFailedInTheMiddleIsPublishedFileByFile() throws Exception {
        BatchHome.Run run = home.begin().through(Step.COMMIT);
        Path away = home.path("away");
        Files.move(home.route().rejected(), away);
        assertThat(run.toEnd().failure()).isInstanceOf(NoSuchFileException.class);
        assertThat(home.outbox()).hasSize(3);
        Files.move(away, home.route().rejected());

        List<BatchHome.Run> runs = home.look();

        assertThat(runs).hasSize(3);
        expectAll();
    }

    /** Each move of a file asks for the lease before it. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void atWhicheverMoveABatchFailsEachFileComesToItsEndOnce(boolean crash) throws Exception {
        String[] contents = {"one\n", "two\nbad\n", "three\n", "unreadable\n"};
        int moves = 0;
        BatchHome.Run run;
        do {
            close();
            Path around = Files.createDirectory(folder.resolve("moves-" + moves));
            TestLease lease = new TestLease(3);
            home = new BatchHome(around).under(lease).start();
            for (String content : contents) {
                home.drop(content.strip().replace('\n', '-') + ".txt", content);
            }
            home.drop("twin.txt", "one\n");
            run = home.begin().through(Step.STAGE);
            lease.loseAfter(moves);
            run.toEnd();
            moves++;

            lease.takeBack();
            if (crash) {
                home.crash();
            }
            home.deliveries().recovery().catchUp();
            home.handleAll();

            home.expectEachOnce(contents);
            assertThat(moves).isLessThan(20);
        } while (run.failure() != null);
        assertThat(moves - 1)
                .as("five files published, four archived, one duplicate")
                .isEqualTo(10);
    }

    /** The row of what was published before the failure says where it is. */
    @Test
    void aNameThatWasTakenIsInTheRowAlthoughPublishingFailedLater() throws Exception {
        BatchHome.Run run = home.begin().through(Step.COMMIT);
        Path theirs = Files.writeString(home.path(home.row("a.txt").output()), "theirs");
        Path away = home.path("away");
        Files.move(home.route().rejected(), away);
        assertThat(run.toEnd().failure()).isInstanceOf(NoSuchFileException.class);
        Files.move(away, home.route().rejected());

        home.look();

        Files.delete(theirs);
        expectAll();
    }

    /** A folder has the name of its done file, which can't be removed with it. */
    @Test
    void whatCannotBeWrittenDownHoldsNobodyUp() throws Exception {
        home.set("done-file", "*.done").crash();
        for (String name : home.inbox()) {
            home.drop(name + ".done", "");
        }
        BatchHome.Run run = home.begin().through(Step.PUBLISH);
        Path inTheWay = home.inInbox("a.txt.done");
        Files.delete(inTheWay);
        Files.writeString(Files.createDirectory(inTheWay).resolve("x"), "in the way");
        assertThat(run.toEnd().failure()).isInstanceOf(DirectoryNotEmptyException.class);

        home.deliveries().recovery().catchUp();

        assertThat(home.row("a.txt").state()).isEqualTo(FileState.COMMITTED);
        assertThat(home.row("b.txt").state()).isEqualTo(FileState.ARCHIVED);
        assertThat(home.row("c.txt").state()).isEqualTo(FileState.ARCHIVED);
        Files.delete(inTheWay.resolve("x"));
        home.deliveries().recovery().catchUp();
        expectAll();
    }

    /** Somebody asks for its replay before the end of its life is written. */
    @Test
    void whatIsWrittenDownLaterDoesNotTakeBackAReplay() throws Exception {
        refuseUpdates();
        home.look();
        takeUpdates();
        home.ledger().update(List.of(home.row("a.txt").replayed()));

        home.deliveries().recovery().catchUp();

        assertThat(home.row("a.txt").state()).isEqualTo(FileState.REPLAYED);
        assertThat(home.row("b.txt").state()).isEqualTo(FileState.ARCHIVED);
    }

    @Test
    void aNameThatWasTakenIsInTheRowOfASourceThatIsGoneToo() throws Exception {
        BatchHome.Run run = home.begin().through(Step.COMMIT);
        Files.writeString(home.path(home.row("a.txt").output()), "theirs");
        Files.delete(home.inInbox("a.txt"));
        Path away = home.path("away");
        Files.move(home.route().rejected(), away);
        assertThat(run.toEnd().failure()).isInstanceOf(NoSuchFileException.class);
        Files.move(away, home.route().rejected());

        home.deliveries().recovery().catchUp();

        assertThat(home.row("a.txt").state()).isEqualTo(FileState.GONE);
        assertThat(home.path(home.row("a.txt").output())).hasContent("ONE");
    }

    /** What a try that failed could not throw away, its bad records alone, say. */
    @Test
    void whatIsLeftOfAFailedTryIsThrownAwayBeforeTheNext() throws Exception {
        home.job(files -> {
            throw new IllegalStateException("no");
        });
        home.look();
        String key = ContentKey.of(home.inInbox("b.txt"));
        Path left = Files.createDirectory(home.route().rejectedStaging().resolve("left"));
        Files.writeString(left.resolve(key + ".records.jsonl"), "left\n");

        home.job(BatchHome::inCapitals).look();

        expectAll();
    }

    @Test
    void aJobThatSaysNothingOfOneFileHasNothingCommitted() throws Exception {
        home.job(files -> {
            List<Outcome> outcomes = new ArrayList<>(BatchHome.inCapitals(files));
            outcomes.set(1, null);
            return outcomes;
        });

        BatchHome.Run run = home.begin().toEnd();

        assertThat(run.failure()).isInstanceOf(IllegalStateException.class).hasMessageContaining("b.txt");
        expectNothingOfIt();
        home.job(BatchHome::inCapitals).handleAll();
        expectAll();
    }

    @Test
    void anUnreadableFileOfWhichTheJobGivesNoReasonIsRejectedAllTheSame() throws Exception {
        home.job(files -> {
            List<Outcome> outcomes = new ArrayList<>(BatchHome.inCapitals(files));
            outcomes.set(0, Outcome.unreadable(null));
            return outcomes;
        });

        home.look();

        assertThat(home.row("a.txt").state()).isEqualTo(FileState.REJECTED);
        assertThat(home.row("a.txt").error()).isNotBlank();
        assertThat(home.totals().rejectedFiles()).isEqualTo(1);
    }

    @Test
    void aFileThatChangesWhileTheJobFailsIsNotCountedAmongThoseThatFailed() throws Exception {
        home.job(files -> {
            Files.writeString(home.inInbox("b.txt"), "and more\n", StandardOpenOption.APPEND);
            throw new IllegalStateException("no");
        });

        home.look();

        assertThat(home.heard()).containsExactly("changed b.txt", "separated 2");
        assertThat(home.job(BatchHome::inCapitals).look())
                .extracting(BatchHome.Run::sources)
                .containsExactly(List.of("a.txt"), List.of("c.txt"), List.of("b.txt"));
    }

    @Test
    void ifOnlyTheDuplicatesOfABatchFailOnlyTheyAreTriedAgain() throws Exception {
        home.drop("d.txt", "one\n");
        home.drop("e.txt", "three\n");
        Path inTheWay = Files.writeString(
                home.route().duplicates().resolve(LocalDate.now().toString()), "in the way");

        BatchHome.Run run = home.begin().toEnd();

        assertThat(run.failure()).hasMessageContaining("is no folder");
        assertThat(home.heard())
                .containsExactlyInAnyOrder("handled a.txt", "handled b.txt", "handled c.txt", "separated 2");
        Files.delete(inTheWay);
        home.look();
        expectAll();
        assertThat(home.totals().duplicates()).isEqualTo(2);
    }
}
