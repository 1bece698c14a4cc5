package dev.buzon.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.buzon.home.Disk;
import dev.buzon.ledger.DuplicateRows;
import dev.buzon.ledger.FileState;
import dev.buzon.ledger.LedgerEntry;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Wherever a crash cuts a batch short, the next start and the next look bring each of its files to its one end. */
class BatchCrashTest extends InBatchHome {

    private static final String GOOD = "good\n";
    private static final String MIXED = "mixed\nbad luck\n";
    private static final String ALL_BAD = "bad as a whole\n";
    private static final String UNREADABLE = "unreadable\n";
    private static final String[] ALL = {GOOD, MIXED, ALL_BAD, UNREADABLE};

    private void dropAll() throws IOException {
        home.drop("good.txt", GOOD);
        home.drop("mixed.txt", MIXED);
        home.drop("all-bad.txt", ALL_BAD);
        home.drop("unreadable.txt", UNREADABLE);
        home.drop("twin.txt", GOOD);
    }

    @ParameterizedTest
    @EnumSource(Step.class)
    void afterAnyStepEachFileComesToItsEndOnce(Step step) throws Exception {
        dropAll();
        home.begin().through(step);

        home.crash().handleAll();

        home.expectEachOnce(ALL);
    }

    /** The first start after a crash is cut short, too, before its first look. */
    @ParameterizedTest
    @EnumSource(Step.class)
    void twoCrashesAreNoWorseThanOne(Step step) throws Exception {
        dropAll();
        home.begin().through(step);
        home.crash().begin().through(step);

        home.crash().handleAll();

        home.expectEachOnce(ALL);
    }

    @Test
    void whatWasNotCommittedIsThrownAwayAtTheStart() throws Exception {
        dropAll();
        home.begin().through(Step.COMPUTE);
        assertThat(home.staged()).isNotEmpty();

        home.crash();

        assertThat(home.staged()).isEmpty();
        assertThat(home.outbox()).isEmpty();
        assertThat(home.rejected()).isEmpty();
    }

    @Test
    void whatWasCommittedIsPublishedAtTheStart() throws Exception {
        dropAll();
        home.begin().through(Step.COMMIT);
        assertThat(home.outbox()).isEmpty();

        home.crash();

        assertThat(home.staged()).isEmpty();
        assertThat(home.outbox()).hasSize(2);
        assertThat(home.rejected()).hasSize(3);
    }

    /** Of a file that changed while the job ran, the staging has a result that no row knows. */
    @Test
    void ofACommittedBatchOnlyWhatIsCommittedIsPublishedAtTheStart() throws Exception {
        home.drop("good.txt", GOOD);
        home.drop("changed.txt", "changed\n");
        BatchRun run = home.begin().through(Step.COMPUTE);
        Files.writeString(home.inInbox("changed.txt"), "and more\n", StandardOpenOption.APPEND);
        run.through(Step.COMMIT);

        home.crash();

        assertThat(home.outbox()).singleElement().asString().startsWith("good-");
        assertThat(home.staged()).isEmpty();
        home.handleAll();
        home.expectEachOnce(GOOD, "changed\nand more\n");
    }

    @Test
    void inTheMiddleOfPublishingTheRestIsPublishedAndNothingTwice() throws Exception {
        dropAll();
        BatchRun run = home.begin().through(Step.COMMIT);
        publishByHand(run, "good.txt");
        publishByHand(run, "unreadable.txt");

        home.crash().handleAll();

        home.expectEachOnce(ALL);
    }

    @Test
    void aResultThatWasTakenAwayBeforeTheCrashIsNotPublishedAgain() throws Exception {
        dropAll();
        BatchRun run = home.begin().through(Step.COMMIT);
        publishByHand(run, "good.txt");
        Files.delete(home.path(home.row("good.txt").output()));

        home.crash().handleAll();

        assertThat(home.outbox()).singleElement().asString().startsWith("mixed-");
        assertThat(home.row("good.txt").state()).isEqualTo(FileState.ARCHIVED);
        assertThat(home.staged()).isEmpty();
    }

    /** The folder of the batch is still there, with what nobody needs any more. */
    @Test
    void betweenPublishingAndClearingNothingIsLeftBehind() throws Exception {
        dropAll();
        BatchRun run = home.begin().through(Step.COMMIT);
        for (String name : List.of("good.txt", "mixed.txt", "all-bad.txt", "unreadable.txt")) {
            publishByHand(run, name);
        }

        home.crash().handleAll();

        home.expectEachOnce(ALL);
    }

    @Test
    void inTheMiddleOfArchivingTheRestIsArchivedAndNothingTwice() throws Exception {
        dropAll();
        home.begin().through(Step.PUBLISH);
        archiveByHand("good.txt");
        archiveByHand("unreadable.txt");

        home.crash();

        assertThat(home.row("good.txt").state()).isEqualTo(FileState.ARCHIVED);
        assertThat(home.row("unreadable.txt").state()).isEqualTo(FileState.REJECTED);
        assertThat(home.row("mixed.txt").state()).isEqualTo(FileState.COMMITTED);
        assertThat(home.heard()).containsExactlyInAnyOrder("finished good.txt", "finished unreadable.txt");
        home.handleAll();
        home.expectEachOnce(ALL);
    }

    /** Their sender drops them again before the start. */
    @Test
    void whatWasArchivedBeforeTheCrashAndCameAgainIsADuplicate() throws Exception {
        dropAll();
        home.begin().through(Step.PUBLISH);
        archiveByHand("good.txt");
        archiveByHand("mixed.txt");
        home.drop("good.txt", GOOD);
        home.drop("mixed.txt", "another\n");

        home.crash();

        assertThat(home.states()).containsEntry("good.txt", FileState.ARCHIVED);
        assertThat(home.states()).containsEntry("mixed.txt", FileState.ARCHIVED);
        home.handleAll();
        home.expectEachOnce(GOOD, MIXED, ALL_BAD, UNREADABLE, "another\n");
        assertThat(home.totals().duplicates()).isEqualTo(2);
    }

    @Test
    void aSourceThatWasTakenAwayBeforeTheStartIsGone() throws Exception {
        dropAll();
        home.begin().through(Step.PUBLISH);
        Files.delete(home.inInbox("good.txt"));

        home.crash();

        assertThat(home.row("good.txt").state()).isEqualTo(FileState.GONE);
        assertThat(home.outbox()).hasSize(2);
    }

    /** Their rows are written before they are moved. */
    @Test
    void inTheMiddleOfPuttingDuplicatesAwayEachHasOneRowAndOnePlace() throws Exception {
        home.drop("good.txt", GOOD);
        home.look();
        for (String name : List.of("b.txt", "c.txt", "d.txt")) {
            home.drop(name, GOOD);
        }
        home.begin().through(Step.PUBLISH);
        DuplicateRows rows = new DuplicateRows(home.ledger());
        rows.begin(List.of(duplicate("b.txt"), duplicate("c.txt"), duplicate("d.txt")));
        moveByHand("b.txt", duplicate("b.txt").planned());

        home.crash().handleAll();

        home.expectEachOnce(GOOD);
        assertThat(home.duplicates()).hasSize(3);
        assertThat(rows(home)).isEmpty();
    }

    private static List<DuplicateRows.Moving> rows(BatchHome home) throws Exception {
        return new DuplicateRows(home.ledger()).moving();
    }

    private DuplicateRows.Duplicate duplicate(String name) throws Exception {
        LedgerEntry first = home.row("good.txt");
        String place = "archive/duplicates/invoices/2026-11-01/"
                + name.replace(".", "-" + first.key().substring(0, 8) + ".");
        return new DuplicateRows.Duplicate(BatchHome.ROUTE, first.key(), name, first.bytes(), place, first.startedAt());
    }

    /** The rename that published a result was not on the disk yet, though the row says that all is over. */
    @Test
    void aResultWhosePublicationWasLostWithThePowerIsPublishedAgain() throws Exception {
        dropAll();
        BatchRun run = home.begin().toEnd();
        LedgerEntry good = home.row("good.txt");
        Path staging = Files.createDirectory(run.batch().staging());
        Files.move(home.path(good.output()), staging.resolve(good.key() + ".txt"));

        home.crash();

        home.expectEachOnce(ALL);
    }

    /** Executors of a cluster are looking for it; one that was killed may have left it. */
    @Test
    void whatIsHiddenAmongBatchesStaysUntilTheNextStart() throws Exception {
        Path hidden = home.path("outbox/invoices/.staging/invoices/.buzon-probe-0");
        Files.createFile(hidden);
        dropAll();

        home.begin().toEnd();
        assertThat(hidden).exists();
        home.crash().handleAll();

        assertThat(hidden).doesNotExist();
        home.expectEachOnce(ALL);
    }

    /** The end of a life is written without force. */
    @Test
    void anEndThatWasLostWithThePowerIsFoundOutAnew() throws Exception {
        dropAll();
        home.begin().toEnd();
        home.sql("UPDATE file SET state = 'COMMITTED'");
        home.sql("UPDATE duplicate SET moving = 1");

        home.crash();

        home.expectEachOnce(ALL);
    }

    @Test
    void aBatchOfCommittedFilesOfWhichNoneIsInTheInboxIsFinishedAtTheStart() throws Exception {
        dropAll();
        home.begin().through(Step.COMMIT);
        for (String name : home.inbox()) {
            Files.delete(home.inInbox(name));
        }

        home.crash();

        assertThat(home.ledger().unfinished()).isEmpty();
        assertThat(home.outbox()).hasSize(2);
        assertThat(home.states().values()).containsOnly(FileState.GONE);
    }

    /** A thousand of them would be a thousand forced writes before the first look. */
    @Test
    void theEndsThatACrashLeftAreWrittenInOneTransaction() throws Exception {
        dropAll();
        home.begin().toEnd();
        home.sql("UPDATE file SET state = 'COMMITTED'");
        home.sql("CREATE TRIGGER no BEFORE UPDATE OF state ON file WHEN NEW.batch = 4"
                + " BEGIN SELECT RAISE(ABORT, 'no'); END");

        assertThatThrownBy(() -> home.crash()).hasMessageContaining("no");

        assertThat(home.ledger().unfinished()).hasSize(4);
    }

    /** It stood still while another took over, and stops now. */
    @Test
    void whoHasLostTheLeaseThrowsAwayWhatItStagedAndNobodyElses() throws Exception {
        TestLease lease = new TestLease(3);
        home.under(lease).crash();
        home.drop("good.txt", GOOD);
        BatchRun committed = home.begin().through(Step.COMMIT);
        home.drop("uncommitted.txt", "uncommitted\n");
        Files.delete(home.inInbox("good.txt"));
        BatchRun uncommitted = home.begin().through(Step.COMPUTE);
        Path others = Files.createDirectory(home.route().outboxStaging().resolve("others.4"));
        home.deliveries().recovery().discard();
        assertThat(uncommitted.batch().staging()).as("while it is held").exists();
        lease.take(4);

        home.deliveries().recovery().discard();

        assertThat(uncommitted.batch().staging()).doesNotExist();
        assertThat(committed.batch().staging()).isNotEmptyDirectory();
        assertThat(others).exists();
    }

    @Test
    void whoTakesOverPublishesWhatTheOneBeforeCommittedAndHandlesTheRestAnew() throws Exception {
        home.under(new TestLease(3)).crash();
        home.drop("good.txt", GOOD);
        home.begin().through(Step.COMMIT);
        home.drop("mixed.txt", MIXED);
        home.begin().through(Step.COMPUTE);

        home.under(new TestLease(4)).crash().handleAll();

        home.expectEachOnce(GOOD, MIXED);
        assertThat(home.row("good.txt").lease()).isEqualTo(3);
        assertThat(home.row("mixed.txt").lease()).isEqualTo(4);
    }

    /** Its content is unknown again, whatever the row of its first life says. */
    @Test
    void whatWasStagedOfAReplayedFileAndNotCommittedIsThrownAway() throws Exception {
        home.drop("good.txt", GOOD);
        home.look();
        LedgerEntry row = home.row("good.txt");
        home.ledger().update(List.of(row.replayed()));
        Files.move(home.path(row.archived()), home.inInbox("good.txt"));
        Files.delete(home.path(row.output()));
        home.begin().through(Step.COMPUTE);

        home.crash();

        assertThat(home.staged()).isEmpty();
        assertThat(home.outbox()).isEmpty();
        home.handleAll();
        assertThat(home.outbox()).hasSize(1);
        assertThat(home.row("good.txt").number()).isEqualTo(2);
    }

    private void publishByHand(BatchRun run, String name) throws Exception {
        LedgerEntry row = home.row(name);
        publishByHand(run.batch().staging(), row, row.output());
        publishByHand(run.batch().rejectedStaging(), row, row.rejectedOutput());
    }

    private void publishByHand(Path staging, LedgerEntry row, String place) throws Exception {
        if (place != null) {
            Path staged;
            try (DirectoryStream<Path> files = Files.newDirectoryStream(staging, row.key() + "*")) {
                staged = files.iterator().next();
            }
            Files.move(staged, home.path(place));
        }
    }

    private void archiveByHand(String name) throws Exception {
        moveByHand(name, home.row(name).archived());
    }

    private void moveByHand(String name, String place) throws Exception {
        Disk.makeFolders(home.path(place).getParent());
        Files.move(home.inInbox(name), home.path(place));
    }
}
