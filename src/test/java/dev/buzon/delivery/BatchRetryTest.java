package dev.buzon.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import dev.buzon.intake.ContentKey;
import dev.buzon.job.Outcome;
import dev.buzon.ledger.FileState;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** If the job of a batch fails, nothing of it is committed, and each of its files is tried again by itself. */
class BatchRetryTest extends FailingBatch {

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
        List<BatchRun> runs = home.job(BatchHome::inCapitals).look();
        assertThat(runs)
                .extracting(BatchRun::sources)
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

        List<BatchRun> runs = home.look();

        assertThat(runs)
                .extracting(BatchRun::sources)
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

        BatchRun run = home.begin().toEnd();

        assertThat(run.failure())
                .hasMessage("The job of the route invoices was handed 3 files, and says of " + count
                        + " what became of them.");
        expectNothingOfIt();
        home.job(BatchHome::inCapitals).handleAll();
        expectAll();
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

        BatchRun run = home.begin().toEnd();

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
                .extracting(BatchRun::sources)
                .containsExactly(List.of("a.txt"), List.of("c.txt"), List.of("b.txt"));
    }
}
