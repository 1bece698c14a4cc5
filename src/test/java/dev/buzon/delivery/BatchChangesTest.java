package dev.buzon.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.buzon.home.CleanSource;
import dev.buzon.intake.FileIdentity;
import dev.buzon.job.InputFile;
import dev.buzon.job.Outcome;
import dev.buzon.job.Tally;
import dev.buzon.ledger.FileState;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Somebody has a hand on one file of a batch: that one waits, and nobody else does. */
class BatchChangesTest extends InBatchHome {

    @BeforeEach
    void dropThree() throws Exception {
        home.drop("a.txt", "one\n");
        home.drop("b.txt", "two\n");
        home.drop("c.txt", "three\n");
    }

    /** After which step, up to the last before the commit, somebody changes a file. */
    @ParameterizedTest
    @EnumSource(
            value = Step.class,
            names = {"KEY", "KNOWN", "STAGE", "COMPUTE"})
    void aFileThatChangesWaitsAlone(Step step) throws Exception {
        BatchRun run = home.begin().through(step);
        Files.writeString(home.inInbox("b.txt"), "and more\n", StandardOpenOption.APPEND);

        run.toEnd();

        assertThat(home.heard()).containsExactlyInAnyOrder("changed b.txt", "handled a.txt", "handled c.txt");
        assertThat(home.inbox()).containsExactly("b.txt");
        assertThat(home.outbox()).hasSize(2).noneMatch(name -> name.startsWith("b-"));
        assertThat(home.staged()).isEmpty();
        assertThat(home.states()).containsOnlyKeys("a.txt", "c.txt");

        home.handleAll();

        home.expectEachOnce("one\n", "two\nand more\n", "three\n");
        assertThat(home.row("b.txt").number()).isEqualTo(3);
    }

    @Test
    void ifAllOfThemChangeNothingIsCommitted() throws Exception {
        BatchRun run = home.begin().through(Step.COMPUTE);
        for (String name : home.inbox()) {
            Files.writeString(home.inInbox(name), "and more\n", StandardOpenOption.APPEND);
        }

        run.toEnd();

        assertThat(run.failure()).isNull();
        assertThat(home.staged()).isEmpty();
        assertThat(home.states()).isEmpty();
        home.handleAll();
        home.expectEachOnce("one\nand more\n", "two\nand more\n", "three\nand more\n");
    }

    @ParameterizedTest
    @EnumSource(
            value = Step.class,
            names = {"KEY", "KNOWN", "STAGE", "COMPUTE"})
    void aFileThatVanishesLeavesNothing(Step step) throws Exception {
        home.job(BatchChangesTest::alsoOfWhatVanished);
        BatchRun run = home.begin().through(step);
        Files.delete(home.inInbox("b.txt"));

        run.toEnd();

        home.expectEachOnce("one\n", "three\n");
        assertThat(home.heard()).containsExactlyInAnyOrder("changed b.txt", "handled a.txt", "handled c.txt");
    }

    /** As if the job had read it before its sender took it back. */
    private static List<Outcome> alsoOfWhatVanished(List<InputFile> files) throws IOException {
        List<Outcome> outcomes = new ArrayList<>();
        for (InputFile file : files) {
            if (Files.exists(file.path())) {
                outcomes.add(BatchHome.inCapitals(file));
            } else {
                Files.writeString(file.stagedResult(".txt"), "vanished\n");
                outcomes.add(Outcome.handled(new Tally(1, "line", "lines"), new Tally(1, "capital", "capitals")));
            }
        }
        return outcomes;
    }

    @ParameterizedTest
    @EnumSource(
            value = Step.class,
            names = {"KEY", "KNOWN", "STAGE", "COMPUTE"})
    void aLinkInThePlaceOfAFileIsLeftAloneAndNothingOfWhatItLeadsToIsPublished(Step step) throws Exception {
        Path secret = Files.writeString(home.path("secret"), "secret\n");
        BatchRun run = home.begin().through(step);
        Files.delete(home.inInbox("b.txt"));
        Files.createSymbolicLink(home.inInbox("b.txt"), secret);

        run.toEnd();

        assertThat(home.heard())
                .containsExactlyInAnyOrder("left alone b.txt: a symbolic link", "handled a.txt", "handled c.txt");
        assertThat(home.look()).isEmpty();
        assertThat(home.inInbox("b.txt")).isSymbolicLink();
        Files.delete(home.inInbox("b.txt"));
        Files.delete(secret);
        home.expectEachOnce("one\n", "three\n");
    }

    @ParameterizedTest
    @EnumSource(
            value = Step.class,
            names = {"KEY", "KNOWN", "STAGE", "COMPUTE"})
    void anotherFileInItsPlaceIsHandledForItself(Step step) throws Exception {
        BatchRun run = home.begin().through(step);
        replace("b.txt", "another\n");

        run.toEnd();
        home.handleAll();

        home.expectEachOnce("one\n", "another\n", "three\n");
    }

    @ParameterizedTest
    @EnumSource(
            value = Step.class,
            names = {"COMMIT", "PUBLISH"})
    void anotherFileInThePlaceOfOneThatIsCommittedIsHandledForItself(Step step) throws Exception {
        BatchRun run = home.begin().through(step);
        replace("b.txt", "another\n");

        run.toEnd();

        assertThat(home.inbox()).containsExactly("b.txt");
        assertThat(home.row("b.txt").state()).isEqualTo(FileState.GONE);
        home.handleAll();
        assertThat(home.outbox()).hasSize(4);
        assertThat(home.archived()).hasSize(3);
    }

    @ParameterizedTest
    @EnumSource(
            value = Step.class,
            names = {"COMMIT", "PUBLISH"})
    void aLinkInThePlaceOfOneThatIsCommittedStaysInTheInbox(Step step) throws Exception {
        BatchRun run = home.begin().through(step);
        Files.delete(home.inInbox("b.txt"));
        Files.createSymbolicLink(home.inInbox("b.txt"), home.path("nowhere"));

        run.toEnd();

        assertThat(home.inInbox("b.txt")).isSymbolicLink();
        assertThat(home.row("b.txt").state()).isEqualTo(FileState.GONE);
        try (Stream<Path> archive = Files.walk(home.path("archive"))) {
            assertThat(archive).noneMatch(Files::isSymbolicLink);
        }
    }

    private void replace(String name, String content) throws IOException {
        Path other = Files.writeString(home.path("other"), content);
        Files.move(other, home.inInbox(name), StandardCopyOption.ATOMIC_MOVE);
    }

    /** A resend, a file that a crash left, and the second of one content, while the job has the others. */
    @Test
    void whatWasKnownAndChangesWaitsToo() throws Exception {
        home.look();
        home.drop("left.txt", "left\n");
        home.begin().through(Step.COMMIT);
        home.crash();
        home.drop("again.txt", "one\n");
        home.drop("first.txt", "same\n");
        home.drop("second.txt", "same\n");
        BatchRun run = home.begin().through(Step.COMPUTE);
        home.heard();
        for (String name : List.of("left.txt", "again.txt", "second.txt")) {
            Files.writeString(home.inInbox(name), "and more of " + name + "\n", StandardOpenOption.APPEND);
        }

        run.toEnd();

        assertThat(home.inbox()).containsExactly("again.txt", "left.txt", "second.txt");
        assertThat(home.duplicates()).isEmpty();
        assertThat(home.totals().duplicates()).isZero();
        assertThat(home.row("left.txt").state()).isEqualTo(FileState.GONE);
        assertThat(home.heard())
                .containsExactlyInAnyOrder(
                        "finished left.txt", "changed again.txt", "changed second.txt", "handled first.txt");
        home.handleAll();
        assertThat(home.outbox()).hasSize(8);
    }

    /** Its sender writes as many other bytes into it: nothing but its change time tells. */
    @ParameterizedTest
    @EnumSource(CleanSource.class)
    void whatWasKnownAndIsWrittenOverWithAsManyBytesIsHandledForItself(CleanSource cleanSource) throws Exception {
        home.look();
        home.set("clean-source", cleanSource.name()).crash();
        home.drop("left.txt", "left\n");
        home.begin().through(Step.COMMIT);
        home.crash();
        home.drop("again.txt", "one\n");
        BatchRun run = home.begin().through(Step.PUBLISH);
        overwrite("left.txt", "LEFT\n");
        overwrite("again.txt", "ONE!");

        run.toEnd();

        assertThat(home.inInbox("left.txt")).hasContent("LEFT\n");
        assertThat(home.inInbox("again.txt")).hasContent("ONE!");
        BatchRun next = home.begin().toEnd();
        assertThat(next.handed()).containsExactlyInAnyOrder("left.txt", "again.txt");
        assertThat(home.outbox()).hasSize(6);
    }

    /** Not even the time of the last write tells. */
    @Test
    void whatIsWrittenOverAndGivenItsOldTimeOnceItIsCommittedIsHandledForItself() throws Exception {
        BatchRun run = home.begin().through(Step.PUBLISH);
        FileTime before = Files.getLastModifiedTime(home.inInbox("a.txt"));
        overwrite("a.txt", "ONE!");
        Files.setLastModifiedTime(home.inInbox("a.txt"), before);

        run.toEnd();

        assertThat(home.row("a.txt").state()).isEqualTo(FileState.GONE);
        assertThat(home.inInbox("a.txt")).hasContent("ONE!");
        assertThat(home.begin().toEnd().handed()).containsExactly("a.txt");
    }

    /** As a backup may do that reads it. */
    @Test
    void aSourceOfWhichOnlyTheChangeTimeIsAnotherGoesOn() throws Exception {
        home.drop("again.txt", "one\n");
        BatchRun run = home.begin().through(Step.PUBLISH);
        for (String name : home.inbox()) {
            changeTime(name);
        }

        run.toEnd();

        home.expectEachOnce("one\n", "two\n", "three\n");
    }

    @Test
    void aSourceThatStaysIsKnownAsItIsThen() throws Exception {
        home.set("clean-source", "off").crash();
        BatchRun run = home.begin().through(Step.PUBLISH);
        changeTime("b.txt");

        run.toEnd();

        assertThat(home.look()).isEmpty();
        assertThat(home.row("b.txt").state()).isEqualTo(FileState.LEFT);
    }

    /** Its results are out by then: what became of its source is all that is not as usual. */
    @ParameterizedTest
    @EnumSource(
            value = Step.class,
            names = {"COMMIT", "PUBLISH"})
    void aSourceThatVanishesOnceItIsCommittedIsGoneAndTheOthersAreArchived(Step step) throws Exception {
        BatchRun run = home.begin().through(step);
        Files.delete(home.inInbox("b.txt"));

        run.toEnd();

        assertThat(run.failure()).isNull();
        assertThat(home.row("b.txt").state()).isEqualTo(FileState.GONE);
        assertThat(home.row("a.txt").state()).isEqualTo(FileState.ARCHIVED);
        assertThat(home.archived()).hasSize(2);
        assertThat(home.outbox()).hasSize(3);
        assertThat(home.staged()).isEmpty();
    }

    /** Writes into the file that is there, once its change time will be another. */
    private void overwrite(String name, String content) throws IOException {
        changeTime(name);
        Files.write(home.inInbox(name), content.getBytes(StandardCharsets.UTF_8), StandardOpenOption.WRITE);
    }

    private void changeTime(String name) throws IOException {
        FileIdentity before = FileIdentity.of(home.inInbox(name)).orElseThrow();
        await().pollDelay(Duration.ZERO).pollInterval(Duration.ofMillis(1)).until(() -> {
            Files.setLastModifiedTime(home.inInbox(name), Files.getLastModifiedTime(home.inInbox(name)));
            return !FileIdentity.of(home.inInbox(name)).orElseThrow().equals(before);
        });
    }
}
