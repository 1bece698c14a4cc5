package dev.buzon.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import dev.buzon.job.Outcome;
import dev.buzon.ledger.FileState;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Two files of one content in one batch: the first is handled, the other is a duplicate of what became of it. */
class BatchTwinsTest extends InBatchHome {

    @Test
    void theSecondIsADuplicateOfTheFirst() throws Exception {
        home.drop("a.txt", "same\n");
        home.drop("b.txt", "other\n");
        home.drop("c.txt", "same\n");
        home.drop("d.txt", "same\n");

        List<BatchRun> runs = home.look();

        assertThat(runs.get(0).handed()).containsExactly("a.txt", "b.txt");
        home.expectEachOnce("same\n", "other\n");
        assertThat(home.states())
                .isEqualTo(Map.of(
                        "a.txt", FileState.ARCHIVED,
                        "b.txt", FileState.ARCHIVED,
                        "c.txt", FileState.DUPLICATE,
                        "d.txt", FileState.DUPLICATE));
        assertThat(home.duplicates()).hasSize(2).noneMatch(name -> name.startsWith("a-"));
        assertThat(home.heard())
                .containsExactlyInAnyOrder(
                        "handled a.txt", "handled b.txt", "duplicate c.txt of a.txt", "duplicate d.txt of a.txt");
    }

    @Test
    void ifTheFirstChangesWhileTheJobRunsBothWait() throws Exception {
        home.drop("a.txt", "same\n");
        home.drop("b.txt", "same\n");
        home.drop("c.txt", "other\n");
        home.job(files -> {
            List<Outcome> outcomes = BatchHome.inCapitals(files);
            Files.writeString(home.inInbox("a.txt"), "and more\n", StandardOpenOption.APPEND);
            return outcomes;
        });

        home.look();

        assertThat(home.inbox()).containsExactly("a.txt", "b.txt");
        assertThat(home.states()).isEqualTo(Map.of("c.txt", FileState.ARCHIVED));
        assertThat(home.duplicates()).isEmpty();
        assertThat(home.heard()).containsExactly("changed a.txt", "handled c.txt");

        home.job(BatchHome::inCapitals).look();

        home.expectEachOnce("same\nand more\n", "same\n", "other\n");
        assertThat(home.duplicates()).isEmpty();
    }

    @Test
    void ifTheFirstChangesTheSecondDoesNotFailWithTheOthers() throws Exception {
        home.drop("a.txt", "same\n");
        home.drop("b.txt", "same\n");
        home.drop("c.txt", "other\n");
        BatchRun run = home.begin().through(Step.COMPUTE);
        Files.writeString(home.inInbox("a.txt"), "and more\n", StandardOpenOption.APPEND);
        run.through(Step.COMMIT);
        Path outbox = home.route().outbox();
        Path away = Files.move(outbox, outbox.resolveSibling("away"));

        run.toEnd();

        assertThat(run.failure()).isInstanceOf(IOException.class);
        assertThat(home.heard()).containsExactly("changed a.txt", "separated 1");
        Files.move(away, outbox);
        home.handleAll();
        home.expectEachOnce("same\nand more\n", "same\n", "other\n");
    }

    @Test
    void ifTheFirstCannotBeReadTheSecondIsADuplicateOfWhatWasRejected() throws Exception {
        home.drop("a.txt", "unreadable\n");
        home.drop("b.txt", "unreadable\n");

        home.look();

        home.expectEachOnce("unreadable\n");
        assertThat(home.states()).isEqualTo(Map.of("a.txt", FileState.REJECTED, "b.txt", FileState.DUPLICATE));
        assertThat(home.heard()).containsExactly("rejected a.txt: unreadable", "duplicate b.txt of a.txt");
    }

    @Test
    void ifTheJobFailsTheSecondIsADuplicateOnceTheFirstIsHandled() throws Exception {
        home.drop("a.txt", "same\n");
        home.drop("b.txt", "same\n");
        home.job(files -> {
            throw new IllegalStateException("no");
        });

        home.look();
        home.job(BatchHome::inCapitals).look();

        home.expectEachOnce("same\n");
        assertThat(home.row("b.txt").state()).isEqualTo(FileState.DUPLICATE);
        home.drop("a.txt", "others\n");
        home.drop("b.txt", "of these names\n");
        assertThat(home.look()).as("no name goes alone any more").hasSize(1);
    }

    @Test
    void bothStayWhereSourcesAreLeftAndTheRowOfTheFirstSaysSo() throws Exception {
        home.set("clean-source", "off").crash();
        home.drop("a.txt", "same\n");
        home.drop("b.txt", "same\n");

        home.look();

        assertThat(home.states()).isEqualTo(Map.of("a.txt", FileState.LEFT, "b.txt", FileState.DUPLICATE));
        assertThat(home.inbox()).containsExactly("a.txt", "b.txt");
        assertThat(home.look()).isEmpty();
        assertThat(home.crash().look()).isEmpty();
        assertThat(home.ledger().unfinished()).isEmpty();
    }
}
