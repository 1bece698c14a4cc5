package dev.buzon.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import dev.buzon.intake.ContentKey;
import dev.buzon.job.LedgerChange;
import dev.buzon.job.Outcome;
import dev.buzon.ledger.FileState;
import dev.buzon.ledger.Ledger;
import dev.buzon.ledger.LedgerEntry;
import java.io.IOException;
import java.nio.file.Files;
import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** If the commit of a batch fails, nothing of it is committed, or all of it, as turns out later. */
class BatchDoubtTest extends FailingBatch {

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
        BatchRun next = home.job(BatchHome::inCapitals).begin().through(Step.STAGE);
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
        BatchRun run = home.job(BatchHome::inCapitals).begin().through(Step.KNOWN);
        commitAfterAll();

        run.toEnd();

        assertThat(run.failure()).hasMessage("The commit of a.txt, taken for failed, came to its end.");
        home.crash().handleAll();
        expectAll();
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

    /** No look at the inbox comes upon its content any more. */
    @Test
    void whatCommittedAlthoughItSeemedToFailIsPublishedThoughAnotherHasItsName() throws Exception {
        failCommit();
        commitAfterAll();
        home.drop("a.txt", "another\n");

        home.job(BatchHome::inCapitals).deliveries().recovery().catchUp();

        assertThat(home.row("a.txt").state()).isEqualTo(FileState.GONE);
        assertThat(home.outbox()).hasSize(1);
        home.handleAll();
        assertThat(home.outbox()).hasSize(4);
        assertThat(home.staged()).isEmpty();
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
}
