package dev.buzon.fault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.buzon.Program;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A kill at each system call by which a file's life changes the disk, and a disk that fails at each call that forces
 * it. The calls are counted from the drop of the files, thread by thread; a route's files are handled by one.
 */
class SyscallIT {

    private static final String FORCES = "fsync,fdatasync";
    private static final List<String> CHANGES = List.of("rename,renameat,renameat2", FORCES, "unlink,unlinkat,rmdir");
    /** SQLite writes with the first, Java with the second; many, and so for the long form only. */
    private static final List<String> WRITES = List.of("pwrite64", "write", "mkdir,mkdirat");

    private static final int KILLED = 137;

    @TempDir
    private Path folder;

    private Rig rig;
    private int files;

    @BeforeEach
    void makeHome() throws IOException, InterruptedException {
        assumeTrue(Strace.isThere(), "needs strace, and the right to trace");
        rig = new Rig(folder, folder.resolve("home"));
    }

    @AfterEach
    void end() throws InterruptedException {
        if (rig != null) {
            rig.end();
        }
    }

    /** Files that one thread handles one after another. */
    private enum Load {
        INVOICES,
        BIZUMS
    }

    @Test
    void aKillAtAnyCallThatChangesTheDiskLeavesNothingUndone() throws Exception {
        List<String> kinds = new ArrayList<>(CHANGES);
        if (Rig.isLong()) {
            kinds.addAll(WRITES);
        }
        Program.Daemon daemon = warm();
        for (String calls : kinds) {
            for (Load load : Load.values()) {
                long all = count(daemon, calls, load);
                int step = Rig.isLong() ? 1 : (int) (all + 1) / 2;
                int kills = 0;
                boolean killed = true;
                for (int n = 1 + step / 2; killed && n <= all + step; n += step) {
                    Strace strace = Strace.attach(folder, daemon, calls, "signal=KILL:when=" + n);
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
                System.out.println("SyscallIT: " + load + ", " + calls + ": killed at " + kills + " of " + all);
                assertThat(kills > 0).isEqualTo(all > 0);
            }
        }
        rig.rest(daemon);
    }

    @Test
    void aDiskThatFailsToForceHoldsAFileUpAndNoMore() throws Exception {
        Program.Daemon daemon = warm();
        for (Load load : Load.values()) {
            long all = count(daemon, FORCES, load);
            int step = Rig.isLong() ? 1 : 6;
            int failed = 0;
            for (int n = 1; n <= all; n += step) {
                Strace strace = Strace.attach(folder, daemon, FORCES, "error=EIO:when=" + n);
                drop(load);
                rig.checkAtRest(daemon);
                for (int i = 0; i < 100 && !strace.hasInjected(); i++) {
                    Thread.sleep(10);
                }
                strace.detach();
                failed += strace.hasInjected() ? 1 : 0;
                rig.checkAtRest(daemon);
            }
            System.out.println("SyscallIT: " + load + ", EIO at " + failed + " of " + all + " calls that force");
            assertThat(failed).isPositive();
        }
        rig.rest(daemon);
    }

    @Test
    void aKillRightAfterTheDiskFailedToForceLeavesNothingUndone() throws Exception {
        Program.Daemon daemon = warm();
        for (Load load : Load.values()) {
            long all = count(daemon, FORCES, load);
            int step = Rig.isLong() ? 1 : 6;
            int kills = 0;
            for (int n = 1; n <= all; n += step) {
                Strace strace = Strace.attach(folder, daemon, FORCES, "error=EIO:when=" + n);
                drop(load);
                Program.Daemon victim = daemon;
                await().atMost(Duration.ofMinutes(2))
                        .pollInterval(Duration.ofMillis(2))
                        .until(() -> victim.logged().contains("tried again in") || rig.waiting() == 0);
                kills += victim.logged().contains("tried again in") ? 1 : 0;
                victim.kill();
                strace.detach();
                daemon = rig.start();
                rig.checkAtRest(daemon);
            }
            System.out.println("SyscallIT: " + load + ", EIO and a kill at " + kills + " of " + all);
            assertThat(kills).isPositive();
        }
        rig.rest(daemon);
    }

    /** A daemon whose folders of the day are made, and whose jobs have run once. */
    private Program.Daemon warm() throws IOException {
        Program.Daemon daemon = rig.start();
        for (Load load : Load.values()) {
            drop(load);
        }
        rig.checkAtRest(daemon);
        return daemon;
    }

    private long count(Program.Daemon daemon, String calls, Load load) throws IOException, InterruptedException {
        Strace strace = Strace.attach(folder, daemon, calls, "");
        drop(load);
        rig.checkAtRest(daemon);
        daemon.process().waitFor(1, TimeUnit.SECONDS);
        strace.detach();
        return strace.calls();
    }

    private void drop(Load load) throws IOException {
        String name = load.name().toLowerCase(java.util.Locale.ROOT) + ++files;
        if (load == Load.INVOICES) {
            rig.drop(MadeFile.invoicesWithABadOne(name, 3));
            rig.drop(MadeFile.brokenInvoices("broken" + files));
        } else {
            // Somebody new, so that the table changes with each file.
            rig.drop(new MadeFile("bizums", name + ".csv", (name + ";" + files + ";x\nAna;x;y\n").getBytes()));
        }
    }
}
