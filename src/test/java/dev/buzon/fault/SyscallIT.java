package dev.buzon.fault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.buzon.LongForm;
import dev.buzon.Program;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/**
 * A kill at each system call by which a file's life changes the disk, and a disk that fails at each call that forces
 * it. The calls are counted from the drop of the files, thread by thread. A route's files are handled by one thread. One
 * home for all tests.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SyscallIT {

    private static final String FORCES = "fsync,fdatasync";
    private static final String CHANGES = "rename,renameat,renameat2,unlink,unlinkat,rmdir," + FORCES;
    /** SQLite writes with the first, Java with the second. */
    private static final String WRITES = "pwrite64,write,mkdir,mkdirat";
    /** What the short form kills at. */
    private static final String SOME_CHANGES = "renameat";

    private static final int KILLED = 137;

    @TempDir
    private static Path folder;

    private Rig rig;
    /** Has the folders of the day, and has run its jobs once. */
    private Program.Daemon daemon;

    private int files;

    @BeforeAll
    void start() throws IOException, InterruptedException {
        assumeTrue(Strace.isThere(), "needs strace, and the right to trace");
        rig = makeRig(folder);
        daemon = rig.start();
        for (Load load : loads()) {
            drop(load);
        }
        rig.checkAtRest(daemon);
    }

    Rig makeRig(Path ofRig) throws IOException {
        return new Rig(ofRig, ofRig.resolve("home"));
    }

    @AfterAll
    void end() throws Exception {
        if (rig != null) {
            try {
                rig.rest(daemon);
            } finally {
                rig.end();
            }
        }
    }

    /** Files that are dropped together, of one route. */
    enum Load {
        INVOICES,
        BIZUMS
    }

    @Test
    void aKillAtAnyCallThatChangesTheDiskLeavesNothingUndone() throws Exception {
        for (Load load : loads()) {
            for (Strace.Threads threads : threads()) {
                String changes = !Rig.isLong()
                        ? SOME_CHANGES
                        : threads == Strace.Threads.SIDE_BY_SIDE ? FORCES : CHANGES + "," + WRITES;
                for (Map.Entry<String, Long> calls :
                        count(threads, changes, load).entrySet()) {
                    killAtEach(calls.getKey(), calls.getValue(), threads, load);
                }
            }
        }
    }

    private void killAtEach(String call, long all, Strace.Threads threads, Load load) throws Exception {
        long step = Rig.isLong() ? 1 : all;
        long last = Rig.isLong() ? all + 1 : all;
        int kills = 0;
        boolean killed = true;
        for (long n = 1 + step / 2; killed && n <= last; n += step) {
            Strace strace = Strace.attach(folder, daemon, threads, call, "signal=KILL:when=" + n);
            drop(load);
            rig.restsOrEnds(daemon);
            // The last calls come when the home is right already.
            daemon.process().waitFor(1, TimeUnit.SECONDS);
            strace.detach();
            killed = daemon.process().waitFor(500, TimeUnit.MILLISECONDS);
            if (killed) {
                assertThat(daemon.awaitExit()).as(daemon.logged()).isEqualTo(KILLED);
                kills++;
                daemon = rig.start();
            }
            rig.checkAtRest(daemon);
        }
        report("%s, %s, %s: killed at %d of %d", load, threads, call, kills, all);
        assertThat(kills).isPositive();
    }

    @Test
    void aDiskThatFailsToForceHoldsAFileUpAndNoMore() throws Exception {
        for (Load load : loads()) {
            for (Strace.Threads threads : threads()) {
                long all = countForces(threads, load);
                int failed = 0;
                for (long n : Rig.isLong() ? LongStream.rangeClosed(1, all).toArray() : someForces(all)) {
                    Strace strace = Strace.attach(folder, daemon, threads, FORCES, "error=EIO:when=" + n);
                    drop(load);
                    rig.checkAtRest(daemon);
                    for (int i = 0; i < 100 && !strace.hasInjected(); i++) {
                        Thread.sleep(10);
                    }
                    strace.detach();
                    failed += strace.hasInjected() ? 1 : 0;
                    rig.checkAtRest(daemon);
                }
                report("%s, %s: EIO at %d of %d calls that force", load, threads, failed, all);
                assertThat(failed).isPositive();
            }
        }
    }

    @Test
    @LongForm
    void aKillRightAfterTheDiskFailedToForceLeavesNothingUndone() throws Exception {
        // The other tests' retries are in the log.
        rig.rest(daemon);
        daemon = rig.start();
        for (Load load : loads()) {
            int tries = 0;
            int kills = 0;
            for (Strace.Threads threads : threads()) {
                long all = countForces(threads, load);
                for (int n = 1; n <= all; n++) {
                    Strace strace = Strace.attach(folder, daemon, threads, FORCES, "error=EIO:when=" + n);
                    drop(load);
                    Program.Daemon victim = daemon;
                    await().atMost(Duration.ofMinutes(2))
                            .pollInterval(Duration.ofMillis(2))
                            .until(() -> victim.logged().contains("tried again ") || rig.waiting() == 0);
                    kills += victim.logged().contains("tried again ") ? 1 : 0;
                    tries++;
                    victim.kill();
                    strace.detach();
                    daemon = rig.start();
                    rig.checkAtRest(daemon);
                }
            }
            report("%s: EIO at %d calls, and a kill, %d of them with a retry in the log by then", load, tries, kills);
            assertThat(kills).isPositive();
        }
    }

    private void report(String format, Object... arguments) {
        System.out.println(getClass().getSimpleName() + ": " + format.formatted(arguments));
    }

    /** Which of so many calls fail in the short form: the one by which the first file is published, and others. */
    private static long[] someForces(long all) {
        return LongStream.iterate(Math.min(3, all), n -> n <= all, n -> n + 6).toArray();
    }

    private static List<Load> loads() {
        return Rig.isLong() ? List.of(Load.values()) : List.of(Load.INVOICES);
    }

    /** Those whose calls are met, one kind after the other. */
    List<Strace.Threads> threads() {
        return List.of(Strace.Threads.OTHERS);
    }

    private long countForces(Strace.Threads threads, Load load) throws IOException, InterruptedException {
        return count(threads, FORCES, load).values().stream()
                .mapToLong(Long::longValue)
                .max()
                .orElse(0);
    }

    private Map<String, Long> count(Strace.Threads threads, String calls, Load load)
            throws IOException, InterruptedException {
        Strace strace = Strace.attach(folder, daemon, threads, calls, "");
        drop(load);
        rig.checkAtRest(daemon);
        daemon.process().waitFor(1, TimeUnit.SECONDS);
        strace.detach();
        assertThat(strace.calls()).isNotEmpty();
        return strace.calls();
    }

    private void drop(Load load) throws IOException {
        files++;
        rig.drop(files(load));
    }

    List<MadeFile> files(Load load) {
        return load == Load.INVOICES
                ? List.of(
                        MadeFile.invoicesWithABadOne("invoices" + files, 3), MadeFile.brokenInvoices("broken" + files))
                : List.of(bizums("bizums" + files));
    }

    /** Of somebody new, so that the table changes with each file. */
    MadeFile bizums(String name) {
        return new MadeFile("bizums", name + ".csv", (name + ";" + files + ";x\nAna;x;y\n").getBytes());
    }

    /** How many times files were dropped. */
    int drops() {
        return files;
    }
}
