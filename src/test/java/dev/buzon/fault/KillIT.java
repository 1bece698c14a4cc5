package dev.buzon.fault;

import static org.assertj.core.api.Assertions.assertThat;

import dev.buzon.LongForm;
import dev.buzon.Program;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whenever the process is killed, each file is handled once. */
@LongForm
class KillIT {

    @TempDir
    private Path folder;

    private Rig rig;

    @AfterEach
    void end() throws InterruptedException {
        rig.end();
    }

    Rig makeRig(Path ofRig) throws Exception {
        return new Rig(ofRig, ofRig.resolve("home"));
    }

    int rounds() {
        return 500;
    }

    @Test
    void killsAtAnyMomentLoseNothingAndRepeatNothing() throws Exception {
        int rounds = rounds();
        long seed = Rig.seed();
        System.out.println(getClass().getSimpleName() + ": " + rounds + " rounds, -Dbuzon.faults.seed=" + seed);
        Random random = new Random(seed);
        rig = makeRig(folder);
        rig.drain(folder.resolve("consumed"));
        rig.send(new MadeFile.Source(seed));

        int starting = 0;
        int inHand = 0;
        long mostStaged = 0;
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
            mostStaged = Math.max(mostStaged, rig.staged());
            leftovers += daemon.logged().contains("finished what was begun before") ? 1 : 0;
        }
        int files = rig.stopSending();
        rig.rest(rig.start());

        rig.stopDraining();
        rig.checker().check();
        System.out.printf(
                "%s: %d kills, %d of them during a start, %d with a file in hand, %d results staged at most;"
                        + " %d starts finished what was begun; %d files sent, %d results taken%n",
                getClass().getSimpleName(), rounds, starting, inHand, mostStaged, leftovers, files, rig.taken());
        assertThat(rig.taken()).isPositive();
    }
}
