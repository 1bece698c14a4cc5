package dev.buzon.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.buzon.home.Disk;
import dev.buzon.intake.ContentKey;
import dev.buzon.intake.FileIdentity;
import dev.buzon.ledger.DuplicateRows;
import dev.buzon.ledger.FileState;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What becomes of committed files whose places in the inbox, or the inbox itself, are not what they were. */
class BatchOvertakenTest extends FailingBatch {

    private static Path takeAway(Path folder) throws IOException {
        return Files.move(folder, folder.resolveSibling("away"));
    }

    @Test
    void afterACrashAFileIsAtItsEndThoughAnotherHasItsName() throws Exception {
        home.begin().through(Step.COMMIT);
        home.drop("a.txt", "another\n");

        home.crash();

        assertThat(home.states())
                .isEqualTo(Map.of("a.txt", FileState.GONE, "b.txt", FileState.COMMITTED, "c.txt", FileState.COMMITTED));
        home.handleAll();
        assertThat(home.row("b.txt").state()).isEqualTo(FileState.ARCHIVED);
        assertThat(home.outbox()).hasSize(4);
    }

    @Test
    void ifPublishingFailedAFileIsPublishedThoughAnotherHasItsName() throws Exception {
        BatchRun run = home.begin().through(Step.COMMIT);
        Path outbox = home.route().outbox();
        Path away = takeAway(outbox);
        run.toEnd();
        Files.move(away, outbox);
        home.drop("a.txt", "another\n");

        home.deliveries().recovery().catchUp();

        assertThat(run.failure()).isInstanceOf(IOException.class);
        assertThat(home.row("a.txt").state()).isEqualTo(FileState.GONE);
        assertThat(home.outbox()).hasSize(1);
    }

    @Test
    void whileAnInboxIsMissingNothingInItIsGone() throws Exception {
        home.begin().through(Step.COMMIT);
        Path inbox = home.route().inbox();
        Path away = takeAway(inbox);

        assertThatThrownBy(() -> home.deliveries().recovery().recover()).hasMessageContaining("inbox/invoices");

        assertThat(home.states()).containsOnlyKeys("a.txt", "b.txt", "c.txt");
        assertThat(home.states()).containsValues(FileState.COMMITTED);
        Files.move(away, inbox);
        home.crash().handleAll();
        expectAll();
    }

    @Test
    void whileAnArchiveIsMissingNothingInItIsGone() throws Exception {
        home.look();
        home.sql("UPDATE file SET state = 'COMMITTED'");
        Path archive = home.route().archive();
        Path away = takeAway(archive);

        assertThatThrownBy(() -> home.deliveries().recovery().recover()).hasMessageContaining("archive/invoices");

        Files.move(away, archive);
        home.crash();
        expectAll();
    }

    /** It comes back before anything is looked for in it again. */
    @Test
    void whatIsStagedInAnOutboxThatIsMissingForAMomentIsNotMissing() throws Exception {
        BatchRun run = home.begin().through(Step.COMPUTE);
        Path outbox = home.route().outbox();
        Path away = takeAway(outbox);
        run.through(Step.COMMIT);
        Files.move(away, outbox);

        assertThat(run.failure()).isInstanceOf(IOException.class);
        home.handleAll();
        expectAll();
    }

    @Test
    void whatACrashLeftOnItsWayToBeDeletedIsDeletedAfterAll() throws Exception {
        home.set("clean-source", "delete").crash();
        home.begin().through(Step.PUBLISH);
        Files.move(home.inInbox("a.txt"), home.inInbox(".buzon-aside-0-a.txt"));

        home.crash().handleAll();

        assertThat(home.states().values()).containsOnly(FileState.DELETED);
        assertThat(home.route().inbox()).isEmptyDirectory();
    }

    /** Nobody knows what it holds. */
    @Test
    void whatAFailureLeftOnItsWayToBeDeletedIsNotReplaced() throws Exception {
        home.set("clean-source", "delete").crash();
        Files.writeString(home.inInbox(".buzon-aside-0-a.txt"), "late\n");

        home.handleAll();

        assertThat(home.outbox()).hasSize(4);
        assertThat(home.route().inbox()).isEmptyDirectory();
    }

    /** It was killed, or its disk failed, between the two names. */
    @Test
    void whatACommandLeftOnItsWayIsBroughtBackWithoutAStart() throws Exception {
        Path hidden = home.inInbox(".buzon-aside-0123abcd-late.txt");
        Files.writeString(hidden, "late\n");

        await().until(() -> {
            home.deliveries().strays().look();
            home.deliveries().recovery().catchUp();
            return Files.exists(home.inInbox("late.txt"));
        });

        assertThat(hidden).doesNotExist();
    }

    @Test
    void ofTwoContentsUnderOneNameOnlyTheOneThatIsThereIsInTheInbox() throws Exception {
        Sources sources = new Sources(home.settings(), home.ledger(), new FreeNames());
        Path source = home.inInbox("a.txt");
        String key = ContentKey.of(source);

        assertThat(sources.isInInbox(home.route(), "a.txt", key)).isTrue();

        assertThat(sources.isInInbox(home.route(), "a.txt", "0".repeat(64))).isFalse();
        assertThat(sources.isInInbox(home.route(), "a.txt", key)).isTrue();
        Files.delete(source);
        assertThat(sources.isInInbox(home.route(), "a.txt", key)).isFalse();
    }

    /** It came with as many bytes and the time of the other, as a copy may, and has another inode. */
    @Test
    void aFileThatIsMuchLikeTheOneThatWasCommittedIsNotArchivedForIt() throws Exception {
        Sources sources = new Sources(home.settings(), home.ledger(), new FreeNames());
        Path source = home.inInbox("a.txt");
        FileIdentity committed = FileIdentity.of(source).orElseThrow();
        Path other = Files.writeString(home.path("other"), "ONE!");
        Files.setLastModifiedTime(other, committed.modified());
        Files.move(other, source, StandardCopyOption.ATOMIC_MOVE);

        List<Optional<Path>> archived = sources.archive(
                home.route(),
                List.of(new Sources.Move(source, committed, "0".repeat(64))),
                home.route().archive().resolve("2026-11-02"));

        assertThat(archived).containsExactly(Optional.empty());
        assertThat(source).hasContent("ONE!");
    }

    /** A look at a large inbox would ask for each of its files. */
    @Test
    void whereNoSourceIsLeftNobodyAsksForOne() throws Exception {
        home.crash();
        home.sql("DROP TABLE left_source");

        home.look();

        expectAll();
    }

    @Test
    void aDuplicateThatStaysIsAtItsEndThoughTheLedgerCouldNotBeWrittenTo() throws Exception {
        home.set("clean-source", "off").crash();
        home.look();
        home.drop("d.txt", "one\n");
        home.sql("CREATE TRIGGER no BEFORE UPDATE OF moving ON duplicate BEGIN SELECT RAISE(ABORT, 'no'); END");
        home.look();
        home.sql("DROP TRIGGER no");
        assertThat(new DuplicateRows(home.ledger()).moving()).hasSize(1);

        home.deliveries().recovery().catchUp();

        assertThat(new DuplicateRows(home.ledger()).moving()).isEmpty();
        assertThat(home.inInbox("d.txt")).exists();
    }

    @Test
    void aRejectedFileStaysRejectedWhenItsInboxIsCleaned() throws Exception {
        home.set("clean-source", "off").crash();
        home.drop("d.txt", "unreadable\n");
        home.look();

        home.deliveries().housekeeping().cleanInboxes();

        assertThat(home.row("d.txt").state()).isEqualTo(FileState.REJECTED);
        assertThat(home.row("d.txt").archived()).startsWith("archive/invoices/");
        assertThat(home.row("a.txt").state()).isEqualTo(FileState.ARCHIVED);
    }

    @Test
    void whatComesAgainUnderTheNameOfACleanedFileIsADuplicate() throws Exception {
        home.set("clean-source", "off").crash();
        home.look();
        String content = Files.readString(home.inInbox("a.txt"));
        home.deliveries().housekeeping().cleanInboxes();
        String place = home.row("a.txt").archived();
        home.drop("a.txt", content);
        home.look();

        home.deliveries().housekeeping().cleanInboxes();

        assertThat(home.ledger().find(home.route().id(), ContentKey.of(home.path(place))))
                .hasValueSatisfying(row -> assertThat(row.archived()).isEqualTo(place));
        assertThat(home.duplicates()).hasSize(1);
    }

    @Test
    void aFileThatCantBeCleanedHoldsNoOtherUp() throws Exception {
        home.set("clean-source", "off").crash();
        home.look();
        home.drop("a-again.txt", Files.readString(home.inInbox("a.txt")));
        home.look();
        Path duplicates = home.route().duplicates();
        Files.delete(duplicates);

        assertThatThrownBy(home.deliveries().housekeeping()::cleanInboxes)
                .hasMessageContaining(": 1. The first: ")
                .hasMessageContaining(duplicates.toString());

        assertThat(home.row("b.txt").state()).isEqualTo(FileState.ARCHIVED);
        assertThat(home.inbox()).containsExactly("a-again.txt");
        Files.createDirectory(duplicates);
        home.deliveries().housekeeping().cleanInboxes();
        assertThat(home.duplicates()).hasSize(1);
        assertThat(home.inbox()).isEmpty();
    }

    /** It stood still in its start until another had taken over. */
    @Test
    void aDaemonOfAnOlderLeaseThrowsNothingAwayThatIsStagedUnderANewerOne() throws Exception {
        home.under(new TestLease(4)).crash();
        BatchRun run = home.begin().through(Step.COMPUTE);

        home.deliveries().publishing.recover(3);

        run.toEnd();
        expectAll();
    }

    @Test
    void whatCannotBeLookedAtIsNotMissing() throws Exception {
        assertThat(Disk.exists(home.inInbox("a.txt"))).isTrue();
        assertThat(Disk.exists(home.inInbox("none"))).isFalse();
        assertThat(Disk.exists(home.inInbox("a.txt").resolve("none"))).isFalse();
        assertThatThrownBy(() -> Disk.exists(home.inInbox("x".repeat(300)))).isInstanceOf(IOException.class);
    }
}
