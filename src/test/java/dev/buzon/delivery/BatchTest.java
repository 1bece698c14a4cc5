package dev.buzon.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.buzon.job.LedgerChange;
import dev.buzon.job.Outcome;
import dev.buzon.job.Tally;
import dev.buzon.ledger.FileState;
import dev.buzon.ledger.HistoryQuery;
import dev.buzon.ledger.LedgerEntry;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Files that go together: what becomes of each is its own. */
class BatchTest extends InBatchHome {

    @Test
    void eachFileOfABatchHasItsResultItsRowAndItsArchivedSource() throws Exception {
        home.drop("a.txt", "one\n");
        home.drop("b.txt", "two\nthree\n");
        home.drop("c.txt", "four\n");

        List<BatchRun> runs = home.look();

        assertThat(runs).singleElement().satisfies(run -> assertThat(run.handed())
                .containsExactly("a.txt", "b.txt", "c.txt"));
        home.expectEachOnce("one\n", "two\nthree\n", "four\n");
        assertThat(home.ledger().history(HistoryQuery.latest(9)))
                .extracting(LedgerEntry::source, LedgerEntry::number, LedgerEntry::records, LedgerEntry::results)
                .containsExactly(tuple("c.txt", 3L, 1L, 1L), tuple("b.txt", 2L, 2L, 2L), tuple("a.txt", 1L, 1L, 1L));
        assertThat(home.totals()).satisfies(totals -> {
            assertThat(totals.handled()).isEqualTo(3);
            assertThat(totals.records()).isEqualTo(4);
            assertThat(totals.results()).isEqualTo(4);
            assertThat(totals.bytes()).isEqualTo(19);
        });
        assertThat(home.heard()).containsExactly("handled a.txt", "handled b.txt", "handled c.txt");
    }

    @Test
    void aFileThatCannotBeReadIsRejectedAloneWithItsReason() throws Exception {
        home.drop("a.txt", "one\n");
        home.drop("b.txt", "unreadable since today\n");
        home.drop("c.txt", "three\n");

        home.look();

        home.expectEachOnce("one\n", "unreadable since today\n", "three\n");
        assertThat(home.states())
                .isEqualTo(
                        Map.of("a.txt", FileState.ARCHIVED, "b.txt", FileState.REJECTED, "c.txt", FileState.ARCHIVED));
        assertThat(home.row("b.txt").error()).isEqualTo("unreadable since today");
        assertThat(home.row("b.txt").output()).isNull();
        assertThat(home.heard())
                .containsExactlyInAnyOrder("handled a.txt", "rejected b.txt: unreadable since today", "handled c.txt");
    }

    @Test
    void badRecordsAreSetAsideForTheirFileOnly() throws Exception {
        home.drop("a.txt", "one\n");
        home.drop("b.txt", "two\nbad luck\nbad day\n");
        home.drop("c.txt", "bad as a whole\n");

        home.look();

        home.expectEachOnce("one\n", "two\nbad luck\nbad day\n", "bad as a whole\n");
        assertThat(home.rejected()).hasSize(2);
        assertThat(home.row("a.txt").rejectedOutput()).isNull();
        assertThat(home.row("b.txt").badRecords()).isEqualTo(2);
        assertThat(home.path(home.row("b.txt").rejectedOutput()))
                .content()
                .contains("bad luck", "bad day")
                .doesNotContain("bad as a whole");
        assertThat(home.row("c.txt").output()).isNull();
        assertThat(home.totals().rejectedRecords()).isEqualTo(3);
    }

    @Test
    void whatAJobStagedOfAFileThatItThenCallsUnreadableIsNotPublished() throws Exception {
        home.drop("a.txt", "one\n");
        home.drop("b.txt", "two\nbad luck\n");
        home.job(files -> {
            List<Outcome> outcomes = new ArrayList<>(BatchHome.inCapitals(files));
            outcomes.set(1, Outcome.unreadable("it ends too early"));
            return outcomes;
        });

        home.look();

        assertThat(home.outbox()).singleElement().asString().startsWith("a-");
        assertThat(home.rejected()).hasSize(2).allMatch(name -> name.startsWith("b-"));
        assertThat(home.rejected()).anyMatch(name -> name.endsWith(".error.json"));
        assertThat(home.staged()).isEmpty();
    }

    @Test
    void resultsThatTakeMoreThanTheirBoundRejectTheirFileAlone() throws Exception {
        home.set("max-result-megabytes", "1").crash();
        home.drop("a.txt", "one\n");
        home.drop("b.txt", "x".repeat(600_000) + "\nbad " + "y".repeat(600_000) + "\n");
        home.drop("c.txt", "z".repeat(600_000) + "\n");

        home.look();

        assertThat(home.outbox()).hasSize(2).noneMatch(name -> name.startsWith("b-"));
        assertThat(home.row("b.txt").state()).isEqualTo(FileState.REJECTED);
        assertThat(home.row("b.txt").error()).contains("more than 1 MB", "buzon.invoices.max-result-megabytes");
        assertThat(home.rejected()).hasSize(2).noneMatch(name -> name.endsWith(".records.jsonl"));
        assertThat(home.staged()).isEmpty();
    }

    @Test
    void allFilesOfABatchAreCommittedByOneTransaction() throws Exception {
        home.drop("a.txt", "one\n");
        home.drop("b.txt", "two\n");
        home.drop("c.txt", "three\n");
        List<Long> seen = new ArrayList<>();
        home.job(files -> BatchHome.inCapitals(files).stream()
                .map(outcome -> with(outcome, connection -> {
                    seen.add(home.totals().handled());
                    return 0;
                }))
                .toList());

        home.begin().through(Step.COMMIT);

        assertThat(seen).containsExactly(0L, 0L, 0L);
        assertThat(home.totals().handled()).isEqualTo(3);
    }

    @Test
    void theRowsThatAChangeOfTheLedgerTouchesAreTheResultsOfItsFile() throws Exception {
        home.drop("a.txt", "one\n");
        home.drop("b.txt", "two\n");
        home.job(files -> List.of(
                Outcome.inLedger(new Tally(1, "line", "lines"), "row", "rows", connection -> 7),
                Outcome.inLedger(new Tally(1, "line", "lines"), "row", "rows", connection -> 0)));

        BatchRun run = home.begin().toEnd();

        assertThat(home.row("a.txt").results()).isEqualTo(7);
        assertThat(home.row("b.txt").results()).isZero();
        assertThat(home.totals().results()).isEqualTo(7);
        assertThat(run.batch().deliveries())
                .extracting(delivery -> delivery.outcome().results().toString())
                .containsExactly("7 rows", "0 rows");
        assertThat(home.outbox()).isEmpty();
        assertThat(home.archived()).hasSize(2);
    }

    @Test
    void numbersGoOnFromBatchToBatch() throws Exception {
        home.drop("a.txt", "one\n");
        home.drop("b.txt", "unreadable\n");
        home.look();
        home.drop("c.txt", "one\n");
        home.look();
        home.drop("d.txt", "four\n");
        home.drop("e.txt", "five\n");

        home.look();

        home.expectEachOnce("one\n", "unreadable\n", "four\n", "five\n");
        assertThat(home.row("e.txt").number()).isEqualTo(4);
    }

    @Test
    void aBatchHasNoMoreFilesThanItsRouteSaysAndTheOldestFirst() throws Exception {
        home.set("files-per-job", "2").crash();
        home.drop("c.txt", "one\n");
        home.drop("b.txt", "two\n");
        home.drop("a.txt", "three\n");

        List<BatchRun> runs = home.look();

        assertThat(runs).extracting(BatchRun::sources).containsExactly(List.of("c.txt", "b.txt"), List.of("a.txt"));
        home.expectEachOnce("one\n", "two\n", "three\n");
    }

    private static Outcome with(Outcome outcome, LedgerChange change) {
        Outcome.Handled handled = (Outcome.Handled) outcome;
        return new Outcome.Handled(
                handled.records(), handled.results(), false, handled.badRecords(), List.of(), change, null);
    }
}
