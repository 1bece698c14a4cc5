package dev.buzon.fault;

import static org.awaitility.Awaitility.await;

import dev.buzon.LongForm;
import dev.buzon.Postgres;
import dev.buzon.Program;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whenever the ledger's server is killed, the files wait, and each is handled once. */
@LongForm
class ServerKillIT {

    private static final int FILES_A_ROUND = 30;

    @TempDir
    private Path folder;

    private Postgres server;
    private Rig rig;

    Path folder() {
        return folder;
    }

    Rig makeRig(Path home, Map<String, String> onServer) throws IOException {
        return new Rig(folder, home, onServer);
    }

    @AfterEach
    void end() throws Exception {
        rig.end();
        server.close();
    }

    @Test
    void killsOfTheServerLoseNothingAndRepeatNothing() throws Exception {
        int rounds = 100;
        long seed = Rig.seed();
        System.out.println(getClass().getSimpleName() + ": " + rounds + " rounds, -Dbuzon.faults.seed=" + seed);
        Random random = new Random(seed);
        server = Postgres.start(folder);
        rig = makeRig(folder.resolve("home"), server.newLedger(folder));
        MadeFile.Source source = new MadeFile.Source(seed);
        Program.Daemon daemon = rig.start();

        int inHand = 0;
        for (int i = 0; i < rounds; i++) {
            for (int j = 0; j < FILES_A_ROUND; j++) {
                MadeFile file = source.next();
                if (!rig.waits(file)) {
                    rig.drop(file);
                }
            }
            long some = random.nextInt(FILES_A_ROUND);
            await().atMost(Duration.ofMinutes(5))
                    .pollInterval(Duration.ofMillis(1))
                    .until(() -> rig.waiting() <= some);
            server.kill();
            inHand += rig.hasStaged() ? 1 : 0;
            server.restart();
        }

        rig.rest(daemon);
        System.out.printf(
                "%s: %d kills of the server, %d with a file in hand%n",
                getClass().getSimpleName(), rounds, inHand);
    }
}
