package dev.buzon.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.buzon.ledger.DuplicateRows;
import dev.buzon.ledger.FileState;
import dev.buzon.ledger.LedgerEntry;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadInfo;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Where sources and results of a batch go, and what if something is there. */
class BatchSourcesTest extends InBatchHome {

    /** Two contents whose keys begin with the same eight digits, and two that can't be read. */
    private static final List<String> ALIKE = List.of("line 107535\n", "line 130993\n");

    private static final List<String> UNREADABLE_ALIKE = List.of("unreadable 117361\n", "unreadable 161162\n");

    private void dropAll() throws IOException {
        home.drop("a.txt", "one\n");
        home.drop("b.txt", "two\nbad\n");
        home.drop("c.txt", "unreadable\n");
        home.drop("d.txt", "one\n");
    }

    @Test
    void sourcesAreDeletedIfTheRouteSaysSo() throws Exception {
        home.set("clean-source", "delete").crash();
        dropAll();

        home.look();

        assertThat(home.inbox()).isEmpty();
        assertThat(home.archived()).isEmpty();
        assertThat(home.duplicates()).isEmpty();
        assertThat(home.outbox()).hasSize(2);
        assertThat(home.states())
                .isEqualTo(Map.of(
                        "a.txt", FileState.DELETED,
                        "b.txt", FileState.DELETED,
                        "c.txt", FileState.REJECTED,
                        "d.txt", FileState.DUPLICATE));
        // What can't be read is kept, so that its sender can be asked.
        assertThat(home.path(home.row("c.txt").archived())).hasContent("unreadable\n");
    }

    @Test
    void whatACrashLeftOfABatchWhoseSourcesAreDeletedIsDeleted() throws Exception {
        home.set("clean-source", "delete").crash();
        dropAll();
        home.begin().through(Step.PUBLISH);
        Files.delete(home.inInbox("a.txt"));

        home.crash();

        assertThat(home.row("a.txt").state()).isEqualTo(FileState.DELETED);
        home.handleAll();
        assertThat(home.inbox()).isEmpty();
        assertThat(home.row("b.txt").state()).isEqualTo(FileState.DELETED);
        assertThat(home.row("c.txt").state()).isEqualTo(FileState.REJECTED);
    }

    @Test
    void sourcesStayIfTheRouteSaysSoAndAreNotTakenAgain() throws Exception {
        home.set("clean-source", "off").crash();
        dropAll();

        home.look();

        assertThat(home.inbox()).containsExactly("a.txt", "b.txt", "c.txt", "d.txt");
        assertThat(home.states())
                .isEqualTo(Map.of(
                        "a.txt", FileState.LEFT,
                        "b.txt", FileState.LEFT,
                        "c.txt", FileState.REJECTED,
                        "d.txt", FileState.DUPLICATE));
        assertThat(home.archived()).isEmpty();
        assertThat(home.look()).isEmpty();
        assertThat(home.crash().look()).isEmpty();
        assertThat(home.outbox()).hasSize(2);
    }

    @Test
    void whatStaysAndIsWrittenAnewIsHandledAnew() throws Exception {
        home.set("clean-source", "off").crash();
        dropAll();
        home.look();
        home.drop("a.txt", "another\n");

        List<BatchRun> runs = home.look();

        assertThat(runs).singleElement().satisfies(run -> assertThat(run.handed())
                .containsExactly("a.txt"));
        assertThat(home.outbox()).hasSize(3);
        assertThat(home.look()).isEmpty();
    }

    @Test
    void aFileIsTakenOnceItsDoneFileIsThereWhichGoesWithIt() throws Exception {
        home.set("done-file", "*.done").crash();
        dropAll();
        home.drop("a.txt.done", "");
        home.drop("c.txt.done", "");
        home.drop("d.txt.done", "");

        BatchRun run = home.begin().toEnd();

        assertThat(run.sources()).containsExactly("a.txt", "c.txt", "d.txt");
        assertThat(home.inbox()).containsExactly("b.txt");
        home.drop("b.txt.done", "");
        home.look();
        home.expectEachOnce("one\n", "two\nbad\n", "unreadable\n");
    }

    @Test
    void aDoneFileGoesWithASourceThatACrashHadArchived() throws Exception {
        home.set("done-file", "*.done").crash();
        dropAll();
        for (String name : List.of("a.txt", "b.txt")) {
            home.drop(name + ".done", "");
        }
        home.begin().through(Step.PUBLISH);
        Path archived = home.path(home.row("a.txt").archived());
        Files.createDirectories(archived.getParent());
        Files.move(home.inInbox("a.txt"), archived);

        home.crash();

        assertThat(home.inbox()).containsExactly("b.txt", "b.txt.done", "c.txt", "d.txt");
    }

    @Test
    void aDoneFileGoesWithASourceThatVanished() throws Exception {
        home.set("done-file", "*.done").crash();
        home.drop("a.txt", "one\n");
        home.drop("b.txt", "two\n");
        home.drop("a.txt.done", "");
        home.drop("b.txt.done", "");
        BatchRun run = home.begin().through(Step.PUBLISH);
        Files.delete(home.inInbox("b.txt"));

        run.toEnd();

        assertThat(home.inbox()).isEmpty();
        assertThat(home.states()).isEqualTo(Map.of("a.txt", FileState.ARCHIVED, "b.txt", FileState.GONE));
    }

    @Test
    void aNameThatSomebodyTookMeanwhileIsLeftToHim() throws Exception {
        dropAll();
        BatchRun run = home.begin().through(Step.COMMIT);
        Path result = take(home.row("a.txt").output());
        Path records = take(home.row("b.txt").rejectedOutput());
        Path reason = take(home.row("c.txt").rejectedOutput());
        Path archived = take(home.row("a.txt").archived());

        run.toEnd();

        assertThat(List.of(result, records, reason, archived))
                .allSatisfy(path -> assertThat(path).hasContent("theirs"));
        for (Path theirs : List.of(result, records, reason, archived)) {
            Files.delete(theirs);
        }
        home.expectEachOnce("one\n", "two\nbad\n", "unreadable\n");
        assertThat(home.row("a.txt").output()).endsWith("-2.txt");
        assertThat(home.row("b.txt").rejectedOutput()).endsWith("-2.records.jsonl");
        assertThat(home.row("c.txt").rejectedOutput()).endsWith("-2.error.json");
    }

    /** Another route may be about to take a name in the same folder. */
    @ParameterizedTest
    @EnumSource(
            value = Step.class,
            names = {"COMMIT", "PUBLISH"})
    void aFreeNameIsLookedForAndTakenByOneThreadAtATime(Step before) throws Exception {
        dropAll();
        BatchRun run = home.begin().through(before);
        Thread thread = new Thread(run::toEnd);
        synchronized (home.deliveries().names) {
            thread.start();
            await().until(() -> !thread.isAlive() || isWaitingForNames(thread));

            assertThat(before == Step.COMMIT ? home.outbox() : home.archived()).isEmpty();
        }
        thread.join();
        home.expectEachOnce("one\n", "two\nbad\n", "unreadable\n");
    }

    private static boolean isWaitingForNames(Thread thread) {
        ThreadInfo now = ManagementFactory.getThreadMXBean().getThreadInfo(thread.getId());
        return now != null
                && now.getLockInfo() != null
                && now.getLockInfo().getClassName().equals(FreeNames.class.getName());
    }

    @Test
    void aNameThatSomebodyTookBeforeTheStartIsLeftToHim() throws Exception {
        dropAll();
        home.begin().through(Step.COMMIT);
        Path result = take(home.row("a.txt").output());

        home.crash().handleAll();

        assertThat(result).hasContent("theirs");
        Files.delete(result);
        home.expectEachOnce("one\n", "two\nbad\n", "unreadable\n");
    }

    /** One was archived before the crash, beside what somebody had put there; the other was not. */
    @Test
    void whatSomebodyPutIntoTheArchiveIsNotTakenForTheSource() throws Exception {
        dropAll();
        home.begin().through(Step.PUBLISH);
        Path theirs = take(home.row("a.txt").archived());
        Path theirsToo = take(home.row("b.txt").archived());
        Path archived = theirs.resolveSibling(theirs.getFileName().toString().replace(".txt", "-2.txt"));
        Files.move(home.inInbox("a.txt"), archived);

        home.crash();

        assertThat(home.row("a.txt").state()).isEqualTo(FileState.ARCHIVED);
        assertThat(home.path(home.row("a.txt").archived())).isEqualTo(archived);
        assertThat(home.row("b.txt").state()).isEqualTo(FileState.COMMITTED);
        home.handleAll();
        Files.delete(theirs);
        Files.delete(theirsToo);
        home.expectEachOnce("one\n", "two\nbad\n", "unreadable\n");
    }

    private Path take(String place) throws IOException {
        Path path = home.path(place);
        Files.createDirectories(path.getParent());
        return Files.writeString(path, "theirs");
    }

    /** Their safe names are equal to the last character. */
    @Test
    void filesOfOneBatchWhoseNamesClashAreEachWhereTheirRowsSay() throws Exception {
        dropAlike();

        home.look();

        expectEachWhereItsRowSays();
    }

    @Test
    void filesWhoseNamesClashAreEachWhereTheirRowsSayAfterACrash() throws Exception {
        dropAlike();
        home.begin().through(Step.COMMIT);

        home.crash().handleAll();

        expectEachWhereItsRowSays();
    }

    private void dropAlike() throws IOException {
        home.drop("a?.txt", ALIKE.get(0));
        home.drop("a*.txt", ALIKE.get(1));
        home.drop("b?.txt", UNREADABLE_ALIKE.get(0));
        home.drop("b*.txt", UNREADABLE_ALIKE.get(1));
    }

    private void expectEachWhereItsRowSays() throws Exception {
        home.expectEachOnce(ALIKE.get(0), ALIKE.get(1), UNREADABLE_ALIKE.get(0), UNREADABLE_ALIKE.get(1));
        assertThat(home.path(home.row("a?.txt").output()))
                .hasContent(ALIKE.get(0).toUpperCase(Locale.ROOT));
        assertThat(home.path(home.row("a*.txt").output()))
                .hasContent(ALIKE.get(1).toUpperCase(Locale.ROOT));
        for (String name : List.of("b?.txt", "b*.txt")) {
            LedgerEntry row = home.row(name);
            assertThat(home.path(row.rejectedOutput())).content().contains(row.key());
        }
    }

    @Test
    void duplicatesOfOneBatchWhoseNamesClashAreEachWhereTheirRowsSay() throws Exception {
        home.drop("a.txt", "one\n");
        home.drop("b?.txt", "one\n");
        home.drop("b*.txt", "one\n");

        home.look();

        home.expectEachOnce("one\n");
    }

    @Test
    void duplicatesWhoseNamesClashAreEachWhereTheirRowsSayIfTheLedgerTookTheirEndLater() throws Exception {
        home.drop("a.txt", "one\n");
        home.drop("b?.txt", "one\n");
        home.drop("b*.txt", "one\n");
        home.sql("CREATE TRIGGER no BEFORE UPDATE ON duplicate WHEN NEW.moving = 0"
                + " BEGIN SELECT RAISE(ABORT, 'no'); END");
        home.look();
        home.sql("DROP TRIGGER no");

        home.deliveries().recovery().catchUp();

        home.expectEachOnce("one\n");
        assertThat(new DuplicateRows(home.ledger()).moving()).isEmpty();
    }
}
