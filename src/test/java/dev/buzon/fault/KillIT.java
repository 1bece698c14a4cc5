package dev.buzon.fault;

import static org.assertj.core.api.Assertions.assertThat;

import dev.buzon.Program;
import java.nio.file.Path;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whenever the process is killed, each file is handled once. */
class KillIT {

    private static final int BACKLOG = 25;

    @TempDir
    private Path folder;

    private final ExecutorService threads = Executors.newCachedThreadPool();
    private volatile boolean sending = true;
    private Rig rig;

    @AfterEach
    void end() throws InterruptedException {
        sending = false;
        threads.shutdownNow();
        rig.end();
    }

    Rig makeRig(Path ofRig) throws Exception {
        return new Rig(ofRig, ofRig.resolve("home"));
    }

    int rounds() {
        return Rig.isLong() ? 500 : 20;
    }

    @Test
    void killsAtAnyMomentLoseNothingAndRepeatNothing() throws Exception {
        int rounds = rounds();
        long seed = Rig.seed();
        System.out.println("KillIT: " + rounds + " rounds, -Dbuzon.faults.seed=" + seed);
        Random random = new Random(seed);
        rig = makeRig(folder);
        rig.drain(folder.resolve("consumed"));
        Future<Integer> sent = threads.submit(send(new MadeFile.Source(seed)));

        int starting = 0;
        int inHand = 0;
        int leftovers = 0;
        long startMillis = 2_000;
        for (int i = 0; i < rounds; i++) {
            long begun = System.nanoTime();
            Program.Daemon daemon = rig.launch();
            if (random.nextInt(4) == 0) {
                Thread.sleep(random.nextLong(startMillis));
            } else {
                assertThat(Rig.awaitReady(daemon)).as(daemon.logged()).isTrue();
                startMillis = (System.nanoTime() - begun) / 1_000_000;
                Thread.sleep(random.nextInt(1_500));
            }
            assertThat(daemon.process().isAlive()).as(daemon.logged()).isTrue();
            starting += daemon.logged().contains("Buzón is ready") ? 0 : 1;
            daemon.kill();
            rig.expectDraining();
            inHand += rig.hasStaged() ? 1 : 0;
            leftovers += daemon.logged().contains("finished what was begun before") ? 1 : 0;
        }
        sending = false;
        int files = sent.get();
        rig.rest(rig.start());

        rig.stopDraining();
        rig.checker().check();
        System.out.printf(
                "KillIT: %d kills, %d of them during a start, %d with a file in hand; %d starts finished what was begun;"
                        + " %d files sent, %d results taken%n",
                rounds, starting, inHand, leftovers, files, rig.taken());
        assertThat(rig.taken()).isPositive();
    }

    /** @return how many files it sent */
    private Callable<Integer> send(MadeFile.Source source) {
        return () -> {
            int count = 0;
            while (sending) {
                MadeFile file = source.next();
                while (sending && (rig.waiting() >= BACKLOG || rig.waits(file))) {
                    Thread.sleep(1);
                }
                // Not one that still waits: its resend would take its place.
                if (sending) {
                    rig.drop(file);
                    count++;
                }
            }
            return count;
        };
    }
}
