package dev.buzon.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import dev.buzon.ledger.FileState;
import dev.buzon.ledger.HistoryQuery;
import java.nio.file.Files;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** New files, resends, files that a crash left on their way and files that stay, all in one batch. */
class BatchMixTest extends InBatchHome {

    @Test
    void newFilesResendsAndLeftoversGoTheirWaysTogether() throws Exception {
        home.drop("known.txt", "known\n");
        home.drop("rejected.txt", "unreadable\n");
        home.look();
        home.drop("left.txt", "left\n");
        home.drop("left-too.txt", "left too\nbad\n");
        home.begin().through(Step.COMMIT);
        home.crash();
        home.drop("new.txt", "new\n");
        home.drop("again.txt", "known\n");
        home.drop("rejected-again.txt", "unreadable\n");
        home.drop("left-again.txt", "left\n");
        home.heard();

        BatchRun run = home.begin().toEnd();

        assertThat(run.sources()).hasSize(6);
        assertThat(run.handed()).containsExactly("new.txt");
        home.expectEachOnce("known\n", "unreadable\n", "left\n", "left too\nbad\n", "new\n");
        assertThat(home.heard())
                .containsExactlyInAnyOrder(
                        "handled new.txt",
                        "finished left.txt",
                        "finished left-too.txt",
                        "duplicate again.txt of known.txt",
                        "duplicate rejected-again.txt of rejected.txt",
                        "duplicate left-again.txt of left.txt");
    }

    @Test
    void aBatchWithoutNewFilesNeedsNoJob() throws Exception {
        home.drop("known.txt", "known\n");
        home.look();
        home.drop("left.txt", "left\n");
        home.begin().through(Step.COMMIT);
        home.crash();
        home.drop("again.txt", "known\n");
        home.job(files -> {
            throw new IllegalStateException("no file is new");
        });

        BatchRun run = home.begin().toEnd();

        assertThat(run.failure()).isNull();
        home.expectEachOnce("known\n", "left\n");
    }

    @Test
    void whatStaysAndIsTouchedIsTakenWithTheOthersAndStays() throws Exception {
        home.set("clean-source", "off").crash();
        home.drop("left.txt", "left\n");
        home.drop("rejected.txt", "unreadable\n");
        home.look();
        home.drop("on-its-way.txt", "on its way\n");
        home.begin().through(Step.PUBLISH);
        home.crash();
        Files.setLastModifiedTime(home.inInbox("left.txt"), FileTime.from(Instant.parse("2026-11-02T08:00:00Z")));
        home.drop("new.txt", "new\n");
        home.drop("again.txt", "left\n");

        BatchRun run = home.begin().toEnd();

        assertThat(run.sources()).containsExactlyInAnyOrder("left.txt", "on-its-way.txt", "new.txt", "again.txt");
        assertThat(run.handed()).containsExactly("new.txt");
        assertThat(home.states())
                .isEqualTo(Map.of(
                        "left.txt", FileState.LEFT,
                        "rejected.txt", FileState.REJECTED,
                        "on-its-way.txt", FileState.LEFT,
                        "new.txt", FileState.LEFT,
                        "again.txt", FileState.DUPLICATE));
        assertThat(home.outbox()).hasSize(3);
        assertThat(home.inbox()).hasSize(5);
        assertThat(home.crash().look()).isEmpty();
    }

    @Test
    void whatStaysIsNoDuplicateOfItselfOnceItIsTouched() throws Exception {
        home.set("clean-source", "off").crash();
        home.drop("left.txt", "left\n");
        home.drop("rejected.txt", "unreadable\n");
        home.look();
        home.drop("again.txt", "left\n");
        home.look();
        assertThat(home.ledger().history(HistoryQuery.latest(10))).hasSize(3);
        for (String name : List.of("left.txt", "rejected.txt", "again.txt")) {
            Files.setLastModifiedTime(home.inInbox(name), FileTime.from(Instant.parse("2026-11-02T08:00:00Z")));
        }

        assertThat(home.begin().toEnd().sources()).hasSize(3);

        assertThat(home.ledger().history(HistoryQuery.latest(10))).hasSize(3);
        assertThat(home.crash().look()).isEmpty();
    }

    @Test
    void whatStayedIsGoneOnceAnotherHasItsPlace() throws Exception {
        home.set("clean-source", "off").crash();
        home.drop("left.txt", "left\n");
        home.look();
        home.drop("left.txt", "another\n");

        home.look();

        assertThat(home.states()).isEqualTo(Map.of("left.txt", FileState.GONE, "left.txt 2", FileState.LEFT));
    }

    @Test
    void aDuplicateOfALeftoverThatStaysLeavesTheRowOfTheLeftoverAlone() throws Exception {
        home.set("clean-source", "off").crash();
        home.drop("left.txt", "left\n");
        home.begin().through(Step.COMMIT);
        home.crash();
        home.drop("again.txt", "left\n");

        home.look();

        assertThat(home.states()).isEqualTo(Map.of("left.txt", FileState.LEFT, "again.txt", FileState.DUPLICATE));
    }

    /** Somebody asks for a replay between two steps. */
    @Test
    void aReplayOfAFileThatIsTouchedMeanwhileIsNotTakenBack() throws Exception {
        home.set("clean-source", "off").crash();
        home.drop("left.txt", "left\n");
        home.look();
        Files.setLastModifiedTime(home.inInbox("left.txt"), FileTime.from(Instant.parse("2026-11-02T08:00:00Z")));
        BatchRun run = home.begin().through(Step.KNOWN);
        home.ledger().update(List.of(home.row("left.txt").replayed()));

        run.toEnd();

        assertThat(home.row("left.txt").state()).isEqualTo(FileState.REPLAYED);
    }

    @Test
    void whatStaysAndVanishesAfterItWasTouchedIsNotToldOf() throws Exception {
        home.set("clean-source", "off").crash();
        home.drop("left.txt", "left\n");
        home.look();
        Files.setLastModifiedTime(home.inInbox("left.txt"), FileTime.from(Instant.parse("2026-11-02T08:00:00Z")));
        home.heard();
        BatchRun run = home.begin().through(Step.PUBLISH);
        Files.delete(home.inInbox("left.txt"));

        run.toEnd();

        assertThat(run.failure()).isNull();
        assertThat(home.heard()).isEmpty();
        assertThat(home.row("left.txt").state()).isEqualTo(FileState.LEFT);
    }
}
