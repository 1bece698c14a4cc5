package dev.buzon.simulation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.buzon.home.CleanSource;
import dev.buzon.home.Disk;
import dev.buzon.simulation.DiskHabits.Order;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What senders, disks and other daemons do between two calls of a daemon, or at one, that chance seldom brings about. */
class BetweenCallsTest extends ScriptedFixture {

    private static final String DAY = "archive/invoices/2026-11-01/";

    /** Under the name that a source of this content would have. */
    private Path archived(String name) {
        return home(DAY + name);
    }

    @Test
    void aSourceThatTheDiskHasLostIsNotTakenForTheOneThatWasRead() throws Exception {
        Daemon a = new Daemon("a");
        Path source = drop("f.txt", "one\n");
        script.fail("a: FORCE .*/inbox/invoices/f.txt", Fault.IO);
        script.fail("a: CREATE .*/inbox/invoices/.buzon-.*", Fault.NO_SPACE);
        a.work(3);
        for (int seed = 0; Files.readString(source).equals("one\n"); seed++) {
            disk.evict(new Random(seed));
        }

        a.work(10);

        assertThat(states()).isEmpty();
        assertThat(source).exists();
    }

    /** @return the one whose turn it is */
    private Path dropTwo() throws Exception {
        Path first = drop("f.txt", "one\n");
        Files.setLastModifiedTime(first, FileTime.fromMillis(0));
        drop("g.txt", "two\n");
        return first;
    }

    @Test
    void aSourceThatTheDiskFailedToForceIsNotBelievedOnceItsInboxIsBack() throws Exception {
        for (int seed = 0; seed < 10; seed++) {
            make(Setup.SIMPLE, seed);
            Daemon a = new Daemon("a");
            Path source = dropTwo();
            script.fail("a: FORCE " + source, Fault.IO);
            script.fail("a: CREATE .*/inbox/invoices/.buzon-[0-9a-f].*", Fault.NO_SPACE);
            // As another source fails, too, the first is not there, whoever looks for it.
            script.fail(
                    "a: FORCE .*/inbox/invoices/g.txt",
                    Fault.IO,
                    () -> script.before("a: LOOK " + source, () -> {
                        disk.unmount(source.getParent());
                        script.before("a: LIST .*", () -> disk.mount(source.getParent()));
                    }));
            a.work(10);

            cutPower(seed);

            assertThat(contents("archive/invoices")).as("seed " + seed).contains("one\n");
        }
    }

    @Test
    void aSourceThatTheDiskFailedToForceIsNotBelievedUnderAnotherName() throws Exception {
        for (int seed = 0; seed < 10; seed++) {
            make(Setup.SIMPLE, seed);
            Daemon a = new Daemon("a");
            Path source = dropTwo();
            script.fail("a: FORCE .*/inbox/invoices/f.txt", Fault.IO);
            script.fail("a: FORCE .*/inbox/invoices/g.txt", Fault.IO);
            script.fail(
                    "a: CREATE .*/inbox/invoices/.buzon-[0-9a-f].*",
                    Fault.NO_SPACE,
                    () -> Files.move(source, source.resolveSibling("renamed.txt")));
            a.work(8);

            cutPower(seed);

            assertThat(contents("archive/invoices")).as("seed " + seed).containsExactly("one\n", "two\n");
        }
    }

    @Test
    void aSourceThatTheDiskFailedToForceIsNotBelievedUnderItsOtherName() throws Exception {
        for (int seed = 0; seed < 10; seed++) {
            make(Setup.SIMPLE, seed);
            Daemon a = new Daemon("a");
            Path source = drop("f.txt", "one\n");
            Files.createLink(source.resolveSibling("g.txt"), source);
            script.fail("a: FORCE .*/inbox/invoices/[fg].txt", Fault.IO);
            a.work(8);

            cutPower(seed);

            assertThat(contents("archive")).as("seed " + seed).containsExactly("one\n", "one\n");
        }
    }

    @Test
    void aSourceThatIsWrittenToWhileItIsCopiedIsNotReplacedByItsCopy() throws Exception {
        Daemon a = new Daemon("a");
        Path source = drop("f.txt", "one\n");
        script.fail("a: FORCE .*/inbox/invoices/f.txt", Fault.IO);
        script.before("a: FORCE .*/inbox/invoices/.buzon-.*", () -> Files.writeString(source, "another\n"));

        a.work(10);

        assertThat(contents("outbox/invoices")).containsExactly("ANOTHER\n");
    }

    @Test
    void whatATryCouldNotThrowAwayIsThrownAwayLater() throws Exception {
        Daemon a = new Daemon("a");
        Path source = drop("f.txt", "one\n");
        script.fail("a: FORCE .*/.staging/invoices/batch1/.*", Fault.IO);
        script.fail("a: DELETE .*/.staging/invoices/batch1/.*", Fault.IO, () -> Files.delete(source));

        a.work(4);

        assertThat(contents("outbox/invoices")).isEmpty();
    }

    @Test
    void aDuplicateThatIsTakenBackWhileItWaitsIsAtItsEnd() throws Exception {
        Daemon a = new Daemon("a");
        drop("f.txt", "one\n");
        a.work(3);
        Path again = drop("g.txt", "one\n");
        for (int tries = 0; tries < 3; tries++) {
            script.fail("a: MOVE .*/inbox/invoices/g.txt", Fault.IO);
        }
        a.work(8);
        Files.delete(again);

        a.work(5);

        assertThat(column("SELECT source, moving FROM duplicate")).containsEntry("g.txt", "0");
    }

    @Test
    void whatCannotBeLookedAtOnItsWayHasItsNameAgainAtOnce() throws Exception {
        Daemon a = new Daemon("a");
        drop("f.txt", "one\n");
        script.fail("a: LOOK .*/inbox/invoices/.buzon-aside-.*", Fault.NONE);
        script.fail("a: LOOK .*/inbox/invoices/.buzon-aside-.*", Fault.IO);
        script.before("a: (MOVE|LINK|DELETE) .*/inbox/invoices/.buzon-aside-.*", () -> {});

        a.work(3);

        assertThat(home("inbox/invoices/f.txt")).exists();
    }

    @Test
    void aTableIsWrittenAgainOnceACommitComesThatSeemedToHaveFailed() throws Exception {
        Set<List<String>> tables = new HashSet<>();
        for (int seed = 0; seed < 10; seed++) {
            make(onServer(), seed);
            Daemon a = new Daemon("a");
            dropBizum("f.txt", "ana;17;lunch");
            a.work(1);
            script.fail("a: COMMIT .*", Fault.LATE);
            script.before("a: BEGIN ALONE", () -> Files.delete(home("inbox/bizums/f.txt")));

            a.work(5);

            boolean came = states().containsKey("f.txt");
            assertThat(contents("outbox/bizums")).isEqualTo(came ? List.of("ana;17;lunch\n") : List.of());
            tables.add(contents("outbox/bizums"));
        }
        assertThat(tables).hasSize(2);
    }

    @Test
    void aFolderOfADayThatAKilledDaemonMadeOutlastsAPowerCut() throws Exception {
        for (int seed = 0; seed < 20; seed++) {
            make(inAnyOrder());
            Daemon a = new Daemon("a");
            drop("f.txt", "one\n");
            script.kill("a: FORCE_FOLDER /home/archive/invoices");
            workUntilKilled(a);
            new Daemon("b").work(4);

            cutPower(seed);

            assertThat(contents("archive/invoices")).as("seed " + seed).containsExactly("one\n");
        }
    }

    private static Setup inAnyOrder() {
        return inAnyOrder(Setup.SIMPLE);
    }

    private static Setup inAnyOrder(Setup setup) {
        return Setup.parse(setup.toString().replace(Order.IN_ORDER.name(), Order.ANY_ORDER.name()));
    }

    private Path dropAndForce(String name, String text) throws Exception {
        Path source = drop(name, text);
        Disk.force(source);
        Disk.force(source.getParent());
        return source;
    }

    /** The duplicates that another daemon knows some seconds later. */
    private Map<String, String> duplicatesAfterPowerCut(int seed) throws Exception {
        cutPower(seed);
        new Daemon("c").work(6);
        return column("SELECT sequence, source FROM duplicate");
    }

    @Test
    void aDuplicateThatAKilledDaemonPutAwayIsOneAfterAPowerCut() throws Exception {
        for (int seed = 0; seed < 20; seed++) {
            make(inAnyOrder());
            Daemon a = new Daemon("a");
            drop("f.txt", "one\n");
            a.work(4);
            dropAndForce("g.txt", "one\n");
            script.kill("a: FORCE_FOLDER /home/archive/duplicates/invoices/.*");
            workUntilKilled(a);
            new Daemon("b");

            assertThat(duplicatesAfterPowerCut(seed)).as("seed " + seed).hasSize(1);
        }
    }

    @Test
    void aSourceThatIsTakenBackWhileItsResultIsPublishedIsNotBackAfterAPowerCut() throws Exception {
        for (int seed = 0; seed < 20; seed++) {
            make(inAnyOrder());
            Daemon a = new Daemon("a");
            Path source = dropAndForce("f.txt", "one\n");
            script.before("a: FORCE_FOLDER /home/outbox/invoices", () -> Files.delete(source));
            a.work(4);
            assertThat(states()).containsEntry("f.txt", "GONE");

            assertThat(duplicatesAfterPowerCut(seed)).as("seed " + seed).isEmpty();
        }
    }

    @Test
    void aLeftSourceThatWasTakenAwayIsNotBackAfterAPowerCut() throws Exception {
        for (int seed = 0; seed < 20; seed++) {
            make(inAnyOrder(cleaning(CleanSource.OFF)));
            Daemon a = new Daemon("a");
            Path source = dropAndForce("f.txt", "one\n");
            a.work(4);
            Files.delete(source);
            a.clean();
            assertThat(states()).containsEntry("f.txt", "GONE");

            assertThat(duplicatesAfterPowerCut(seed)).as("seed " + seed).isEmpty();
        }
    }

    private static void workUntilKilled(Daemon daemon) throws Exception {
        try {
            daemon.work(9);
            throw new AssertionError("It was not killed.");
        } catch (Killed e) {
            daemon.kill();
        }
    }

    @Test
    void whatIsInAnArchiveIsNotReplacedWhileThatIsMissingForAMoment() throws Exception {
        Daemon a = new Daemon("a");
        drop("f.txt", "one\n");
        drop("g.txt", "one\n");
        a.work(4);
        Path theirs = Files.writeString(archived("h-" + key("two\n") + ".txt"), "theirs");
        drop("h.txt", "two\n");
        // Another look plans its name.
        script.before("a: LOOK " + theirs, () -> {});
        script.before("a: LOOK " + theirs, () -> disk.unmount(home("archive")));
        script.before("a: MOVE /home/inbox/invoices/.buzon-aside.*", () -> disk.mount(home("archive")));

        a.work(4);

        assertThat(theirs).hasContent("theirs");
    }

    private static String key(String content) {
        return new Content("invoices", content).key.substring(0, 8);
    }

    @Test
    void whatAnotherDaemonHasStagedIsThrownAwayThoughNoFileIsNew() throws Exception {
        Daemon a = new Daemon("a");
        drop("f.txt", "one\n");
        script.fail("a: MOVE /home/inbox/invoices/f.txt", Fault.IO);
        a.work(3);
        Path late = home("outbox/invoices/.staging/invoices/batch99");
        a.as(() -> {
            Files.createDirectory(late);
            Files.writeString(late.resolve("0".repeat(64) + ".txt"), "late");
        });

        a.work(5);

        assertThat(states()).isEqualTo(Map.of("f.txt", "ARCHIVED"));
        assertThat(late).doesNotExist();
    }

    /** Its other daemon takes the same name aside meanwhile. */
    @Test
    void aDaemonThatStoodStillMovesNothingThatItsSuccessorHasInHand() throws Exception {
        make(onServer());
        Daemon a = new Daemon("a");
        drop("f.txt", "one\n");
        script.before("a: MOVE /home/inbox/invoices/.buzon-aside-.*", () -> {
            pass(6);
            Daemon b = new Daemon("b");
            b.work(3);
            drop("f.txt", "two\n");
            script.kill("b: MOVE /home/inbox/invoices/.buzon-aside-.*");
            workUntilKilled(b);
        });
        a.work(4);
        pass(6);

        new Daemon("c").work(6);

        assertThat(contents("archive/invoices")).containsExactly("one\n", "two\n");
        assertThat(column("SELECT archived, state FROM file").values()).containsOnly("ARCHIVED");
        assertThat(column("SELECT archived, state FROM file")).hasSize(2);
    }

    @Test
    void whatAReplayHasLeftAsideIsNotReplacedByTheNextOne() throws Exception {
        make(Setup.SIMPLE);
        Daemon a = new Daemon("a");
        drop("f.txt", "one\n");
        a.work(4);
        script.fail("replay: MOVE .*/inbox/invoices/.buzon-aside-.*-f.txt", Fault.IO);
        assertThatThrownBy(() -> replay("f.txt")).hasMessageContaining("Input/output error");
        drop("f.txt", "one\n");
        a.work(3);

        replay("f.txt");
        a.work(60);

        assertThat(contents("archive")).containsExactly("one\n", "one\n");
    }

    @Test
    void aReplayTouchesNothingThatALinkLeadsTo() throws Exception {
        make(cleaning(CleanSource.OFF));
        Daemon a = new Daemon("a");
        Path source = drop("f.txt", "one\n");
        a.work(4);
        Files.createDirectory(disk.path("/elsewhere"));
        Path secret = Files.writeString(disk.path("/elsewhere/secret"), "secret");
        Files.setOwner(secret, new DiskUser(SimulatedDisk.SERVICE));
        Object before = Files.getLastModifiedTime(secret);
        script.before("replay: LIST /home/inbox/invoices", () -> {
            Files.delete(source);
            Files.createSymbolicLink(source, secret);
        });

        pass(3);
        try {
            replay("f.txt");
        } catch (IOException e) {
            // It says that it is a link.
        }

        assertThat(Files.getLastModifiedTime(secret)).isEqualTo(before);
    }

    @Test
    void whatADaemonThatStoodStillArchivesBetweenTwoLooksOfAStartIsFound() throws Exception {
        Daemon a = new Daemon("a");
        Path source = drop("f.txt", "one\n");
        script.kill("a: MOVE /home/inbox/invoices/f.txt");
        workUntilKilled(a);
        Path place = archived("f-" + key("one\n") + ".txt");
        script.before("b: LOOK " + place, () -> {});
        script.before("b: LOOK " + source, () -> Files.move(source, place));

        new Daemon("b");

        assertThat(column("SELECT archived, state FROM file")).isEqualTo(Map.of(DAY + place.getFileName(), "ARCHIVED"));
    }

    @Test
    void whatADaemonThatStoodStillArchivesWhileABatchIsAtItIsFound() throws Exception {
        Daemon a = new Daemon("a");
        Path source = drop("f.txt", "one\n");
        script.kill("a: MOVE /home/inbox/invoices/f.txt");
        workUntilKilled(a);
        Daemon b = new Daemon("b");
        Path place = archived("f-" + key("one\n") + ".txt");
        script.before("b: MOVE " + source, () -> Files.move(source, place));

        b.work(4);

        assertThat(column("SELECT archived, state FROM file")).isEqualTo(Map.of(DAY + place.getFileName(), "ARCHIVED"));
    }

    @Test
    void aDuplicateThatADaemonThatStoodStillPutsAwayIsFound() throws Exception {
        Daemon a = new Daemon("a");
        drop("f.txt", "one\n");
        a.work(3);
        Path source = drop("g.txt", "one\n");
        String place = "archive/duplicates/invoices/2026-11-01/g-" + key("one\n") + ".txt";
        script.before("a: MOVE " + source, () -> Files.move(source, home(place)));

        a.work(4);

        assertThat(column("SELECT source, archived FROM duplicate")).isEqualTo(Map.of("g.txt", place));
    }

    /** A file that could not be archived goes on right after one whose commit may still come. */
    @Test
    void whatACommitInDoubtNeedsStaysWhileAnotherFileGoesOn() throws Exception {
        Set<Boolean> seen = new HashSet<>();
        for (int seed = 0; seed < 10; seed++) {
            make(Setup.SIMPLE, seed);
            Daemon a = new Daemon("a");
            drop("f.txt", "one\n");
            for (int tries = 0; tries < 3; tries++) {
                script.fail("a: MOVE /home/inbox/invoices/f.txt", Fault.IO);
            }
            script.before("a: COMMIT .*", () -> {});
            a.work(3);
            Files.setLastModifiedTime(drop("g.txt", "two\n"), FileTime.fromMillis(0));
            script.fail("a: COMMIT .*", Fault.LATE);
            script.kill("a: BEGIN ALONE");

            workUntilKilled(a);
            script.forget();
            seen.add(states().containsKey("g.txt"));
            new Daemon("b").work(8);

            assertThat(contents("outbox/invoices")).containsExactly("ONE\n", "TWO\n");
        }
        assertThat(seen).hasSize(2);
    }
}
