package dev.buzon.fault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.buzon.LongForm;
import dev.buzon.Postgres;
import dev.buzon.Program;
import dev.buzon.Shell;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Of two daemons that share a home one works; where it doesn't any more the other does, and each file is handled once. */
class TakeoverIT {

    /** In seconds: longer than the ten that are promised, for machines that do other things. */
    private static final int LIMIT = 60;

    @TempDir
    private Path folder;

    private Map<String, String> ledger;
    private Rig rig;
    private Random random;
    private int instances;
    private long longestMillis;

    Path folder() {
        return folder;
    }

    Rig makeRig(Path home, Map<String, String> onServer) throws IOException {
        return new Rig(folder, home, onServer);
    }

    @BeforeEach
    void makeRig() throws Exception {
        long seed = Rig.seed();
        System.out.println(getClass().getSimpleName() + ": -Dbuzon.faults.seed=" + seed);
        random = new Random(seed);
        ledger = Postgres.shared().newLedger(folder);
        rig = makeRig(folder.resolve("home"), ledger);
    }

    @AfterEach
    void end() throws Exception {
        rig.end();
    }

    @Test
    @LongForm
    void takeoversByKillLoseNothingAndRepeatNothing() throws Exception {
        int rounds = 20;
        rig.drain(folder.resolve("consumed"));
        rig.send(new MadeFile.Source(random.nextLong()));
        Program.Daemon works = startOne();
        for (int i = 0; i < rounds; i++) {
            Program.Daemon other = startOne();
            assertThat(other.logged()).contains("Buzón stands by").doesNotContain("Buzón has taken over");
            Thread.sleep(random.nextInt(1_500));
            works.kill();
            awaitTakeover(other, 1);
            works = other;
        }
        checkAfter(works, startOne(), rounds, "by kill");
    }

    @Test
    void takeoversByFreezeLoseNothingAndRepeatNothing() throws Exception {
        int rounds = Rig.isLong() ? 20 : 1;
        Program.Daemon works = startOne();
        Program.Daemon other = startOne();
        rig.drain(folder.resolve("consumed"));
        rig.send(new MadeFile.Source(random.nextLong()));
        // By the first of them.
        await().atMost(Duration.ofSeconds(LIMIT)).until(() -> rig.taken() > 0);
        for (int i = 0; i < rounds; i++) {
            Thread.sleep(random.nextInt(1_500));
            int before = count(other, "Buzón has taken over");
            int stoodBy = count(works, "Buzón stands by");
            Shell.signal("STOP", works.process().toHandle());
            awaitTakeover(other, before + 1);
            Thread.sleep(random.nextInt(500));
            Shell.signal("CONT", works.process().toHandle());
            Program.Daemon woken = works;
            await().atMost(Duration.ofSeconds(LIMIT)).until(() -> count(woken, "Buzón stands by") == stoodBy + 1);
            works = other;
            other = woken;
        }
        checkAfter(works, other, rounds, "by freeze");
    }

    @Test
    @LongForm
    void aDaemonThatIsStoppedMakesWayAtOnceAndStatusSaysWhoWorks() throws Exception {
        rig.start("--instance", "a");
        Program.Daemon b = rig.start("--instance", "b");

        assertThat(status("a").output()).contains("It works, as a on ");
        assertThat(status("other").output()).contains("not running").contains("--instance a", "--instance b");
        assertThat(status("b").output()).contains("It stands by: a on ", "UP").contains("stopped");
        assertThat(run("stop", "a").exitCode()).isZero();
        awaitTakeover(b, 1);
        assertThat(status("b").output()).contains("It works, as b on ").contains("started");
        assertThat(status("a").exitCode()).isEqualTo(3);
    }

    private Program.Ended status(String instance) throws Exception {
        return run("status", instance);
    }

    private Program.Ended run(String command, String instance) throws Exception {
        return rig.program().run(command, "--home", rig.home().toString(), "--instance", instance);
    }

    private Program.Daemon startOne() throws IOException {
        instances++;
        return rig.start("--instance", "i" + instances);
    }

    private void awaitTakeover(Program.Daemon daemon, int times) {
        long begin = System.nanoTime();
        await().atMost(Duration.ofSeconds(LIMIT))
                .pollInterval(Duration.ofMillis(20))
                .until(() -> count(daemon, "Buzón has taken over") == times);
        longestMillis = Math.max(longestMillis, (System.nanoTime() - begin) / 1_000_000);
    }

    private static int count(Program.Daemon daemon, String words) throws IOException {
        return daemon.logged().split(words, -1).length - 1;
    }

    private void checkAfter(Program.Daemon works, Program.Daemon standby, int rounds, String how) throws Exception {
        int files = rig.stopSending();
        rig.checkAtRest(works);
        int before = count(standby, "Buzón has taken over");
        assertThat(works.terminate()).isZero();
        // What a daemon that was frozen began again is thrown away by the next that works.
        awaitTakeover(standby, before + 1);
        rig.rest(standby);
        rig.stopDraining();
        rig.checker().check();
        assertThat(rig.taken()).isPositive();
        assertThat(numbersOfTheLease()).isGreaterThan(1);
        System.out.printf(
                "%s: %d takeovers %s, the longest took %d ms; %d files sent, %d results taken%n",
                getClass().getSimpleName(), rounds, how, longestMillis, files, rig.taken());
    }

    /** Under how many numbers files were committed: a takeover in which nothing was done would test nothing. */
    private long numbersOfTheLease() throws SQLException {
        return Postgres.ask(ledger.get("buzon.ledger.url"), "SELECT COUNT(DISTINCT lease) FROM file");
    }
}
