package dev.buzon.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.buzon.ledger.DuplicateRows;
import dev.buzon.ledger.FileState;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** If a batch fails after its commit, or while its senders are at it, it goes on where it stopped. */
class BatchCommittedTest extends FailingBatch {

    /** Its outbox is away when it is to be published, and a later file is discarded before the outbox is back. */
    @Test
    void whatIsCommittedAndNotPublishedOutlivesTheDiscardingOfOthers() throws Exception {
        home.drop("changes.txt", "changes\n");
        home.drop("twin.txt", "changes\n");
        BatchRun run = home.begin().through(Step.COMPUTE);
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

        BatchRun before = home.begin().through(Step.STAGE);

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
    void whatIsLeftOfABatchWhosePublishingFailedInTheMiddleIsPublishedFileByFile() throws Exception {
        BatchRun run = home.begin().through(Step.COMMIT);
        Path away = home.path("away");
        Files.move(home.route().rejected(), away);
        assertThat(run.toEnd().failure()).isInstanceOf(NoSuchFileException.class);
        assertThat(home.outbox()).hasSize(3);
        Files.move(away, home.route().rejected());

        List<BatchRun> runs = home.look();

        assertThat(runs).hasSize(3);
        expectAll();
    }

    /** Each move of a file asks for the lease before it. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void atWhicheverMoveABatchFailsEachFileComesToItsEndOnce(boolean crash) throws Exception {
        String[] contents = {"one\n", "two\nbad\n", "three\n", "unreadable\n"};
        int moves = 0;
        BatchRun run;
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
        BatchRun run = home.begin().through(Step.COMMIT);
        Path theirs = Files.writeString(home.path(home.row("a.txt").output()), "theirs");
        Path away = home.path("away");
        Files.move(home.route().rejected(), away);
        assertThat(run.toEnd().failure()).isInstanceOf(NoSuchFileException.class);
        Files.move(away, home.route().rejected());

        home.look();

        Files.delete(theirs);
        expectAll();
    }

    @Test
    void aNameThatWasTakenIsInTheRowOfASourceThatIsGoneToo() throws Exception {
        BatchRun run = home.begin().through(Step.COMMIT);
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

    @Test
    void whatWasMovedWhenArchivingFailedInTheMiddleIsWrittenDownLaterAndTheRestArchived() throws Exception {
        home.drop("d.txt", "unreadable\n");
        BatchRun run = home.begin().through(Step.PUBLISH);
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

    /** A folder has the name of its done file, which can't be removed with it. */
    @Test
    void whatCannotBeWrittenDownHoldsNobodyUp() throws Exception {
        home.set("done-file", "*.done").crash();
        for (String name : home.inbox()) {
            home.drop(name + ".done", "");
        }
        BatchRun run = home.begin().through(Step.PUBLISH);
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

    private void refuseUpdates() throws Exception {
        home.sql("CREATE TRIGGER no BEFORE UPDATE OF state ON file BEGIN SELECT RAISE(ABORT, 'no'); END");
    }

    private void takeUpdates() throws Exception {
        home.sql("DROP TRIGGER no");
    }

    private interface Meddling {
        void meddle() throws Exception;
    }

    /** When the names in the archive are chosen, senders do something. */
    private void archiveWhile(BatchRun run, Meddling senders) throws Exception {
        Thread archiving = new Thread(run::toEnd);
        synchronized (home.deliveries().names) {
            archiving.start();
            await().pollDelay(Duration.ZERO)
                    .pollInterval(Duration.ofMillis(1))
                    .until(() -> archiving.getState() == Thread.State.BLOCKED);
            senders.meddle();
        }
        archiving.join();

        home.deliveries().recovery().catchUp();
        home.handleAll();
    }

    /** One file is swapped for another, and one vanishes. */
    private void archiveWhileSendersAreAtIt(BatchRun run, String swapped, String vanished) throws Exception {
        archiveWhile(run, () -> {
            Path other = Files.writeString(home.path("other"), "another\n");
            Files.move(other, home.inInbox(swapped), StandardCopyOption.REPLACE_EXISTING);
            Files.delete(home.inInbox(vanished));
        });
    }

    @Test
    void ofDuplicatesThatArePutAwayWhileTheirSendersAreAtItNothingIsLost() throws Exception {
        home.look();
        home.drop("d.txt", "one\n");
        home.drop("e.txt", "one\n");
        home.drop("f.txt", "three\n");
        BatchRun run = home.begin().through(Step.PUBLISH);

        archiveWhileSendersAreAtIt(run, "d.txt", "e.txt");

        assertThat(home.outbox()).hasSize(4);
        assertThat(home.duplicates()).hasSize(1);
        assertThat(new DuplicateRows(home.ledger()).moving()).isEmpty();
        assertThat(home.inbox()).isEmpty();
    }

    @Test
    void ofABatchThatIsArchivedWhileItsSendersAreAtItNothingIsLost() throws Exception {
        BatchRun run = home.begin().through(Step.PUBLISH);

        archiveWhileSendersAreAtIt(run, "a.txt", "b.txt");

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

    /** Of the same size, and within the moment of the rename. */
    @Test
    void ofABatchThatIsArchivedWhileItsSenderWritesOverAFileNothingIsLost() throws Exception {
        BatchRun run = home.begin().through(Step.PUBLISH);

        archiveWhile(run, () -> Files.writeString(home.inInbox("a.txt"), "new\n"));

        assertThat(home.states())
                .isEqualTo(Map.of(
                        "a.txt", FileState.GONE,
                        "a.txt 2", FileState.ARCHIVED,
                        "b.txt", FileState.ARCHIVED,
                        "c.txt", FileState.ARCHIVED));
        assertThat(home.outbox()).hasSize(4);
    }

    @Test
    void ifOnlyTheDuplicatesOfABatchFailOnlyTheyAreTriedAgain() throws Exception {
        home.drop("d.txt", "one\n");
        home.drop("e.txt", "three\n");
        Path inTheWay = Files.writeString(
                home.route().duplicates().resolve(LocalDate.now().toString()), "in the way");

        BatchRun run = home.begin().toEnd();

        assertThat(run.failure()).hasMessageContaining("is no folder");
        assertThat(home.heard())
                .containsExactlyInAnyOrder("handled a.txt", "handled b.txt", "handled c.txt", "separated 2");
        Files.delete(inTheWay);
        home.look();
        expectAll();
        assertThat(home.totals().duplicates()).isEqualTo(2);
    }
}
