package dev.buzon.fault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertAll;

import dev.buzon.FreePort;
import dev.buzon.LongForm;
import dev.buzon.Program;
import dev.buzon.cli.InProcess;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A disk freezes and thaws while one daemon runs: the health names what waits for the disk, and then each file is handled
 * once. The daemon's log and its current folder lie on one of the disks, too.
 */
class FrozenDiskIT {

    private static final Duration PATIENCE = Duration.ofMinutes(5);

    @TempDir
    private Path folder;

    private final HttpClient http = HttpClient.newHttpClient();
    /** By the folder of the home. */
    private final Map<String, LoopDisk> disks = new LinkedHashMap<>();

    private Rig rig;
    private Program.Daemon daemon;
    private int port;

    private void start() throws Exception {
        Path home = folder.resolve("home");
        for (String part : List.of("", "outbox", ".buzon")) {
            Path image = folder.resolve("disk" + disks.size() + ".img");
            disks.put(part, LoopDisk.mount(image, home.resolve(part), 16));
        }
        rig = new Rig(home.resolve(".buzon"), home);
        port = FreePort.next();
        daemon = rig.startByLauncher(
                "-Dbuzon.web.port=" + port,
                "-Dbuzon.health.longest-step=300ms",
                "-Dbuzon.health.free-megabytes=0",
                // A job would wait for the ledger's disk, too, to make folders in which Spark then puts nothing.
                "-Dspark.local.dir=" + folder.resolve("spark"),
                // It would say so of each file that waits behind the one that hangs.
                "-Dbuzon.health.failing-for=1h");
    }

    @AfterEach
    void end() throws Exception {
        List<LoopDisk> innermostFirst = new ArrayList<>(disks.values());
        Collections.reverse(innermostFirst);
        try {
            // SIGKILL waits for a disk, too.
            assertAll(innermostFirst.stream().map(disk -> disk::thaw));
        } finally {
            try {
                if (rig != null) {
                    rig.end();
                }
            } finally {
                assertAll(innermostFirst.stream().map(disk -> disk::unmount));
            }
        }
    }

    @Test
    void aFileThatWaitsForFrozenDisksIsNamedWithItsStepAndGoesOnAsTheyThaw() throws Exception {
        start();
        LoopDisk outbox = disks.get("outbox");
        LoopDisk ledger = disks.get(".buzon");
        LoopDisk inboxAndArchive = disks.get("");

        outbox.freeze();
        rig.drop(MadeFile.invoices("a", 3));
        awaitStandstill("stage");
        ledger.freeze();
        outbox.thaw();
        awaitStandstill("commit");
        outbox.freeze();
        inboxAndArchive.freeze();
        assertStatusNames("commit");
        ledger.thaw();
        awaitStandstill("publish");
        outbox.thaw();
        awaitStandstill("archive");
        inboxAndArchive.thaw();

        awaitUp();
        rig.rest(daemon);
    }

    private void awaitStandstill(String step) throws Exception {
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(health().body()).contains(standstill(step)));
        assertThat(health().statusCode()).isEqualTo(503);
    }

    private void assertStatusNames(String step) throws Exception {
        Program.Ended status =
                InProcess.run("status", "--json", "--home", rig.home().toString());
        assertThat(status.exitCode()).as(status.output()).isZero();
        assertThat(status.output()).contains("\"DOWN\"", standstill(step));
    }

    private static String standstill(String step) {
        return "invoices: a.json stands still: its step " + step + " has not come to its end since ";
    }

    @Test
    @LongForm
    void freezesAtAnyMomentLoseNothingAndRepeatNothing() throws Exception {
        long seed = Rig.seed();
        int rounds = 20;
        System.out.println("FrozenDiskIT: " + rounds + " freezes, -Dbuzon.faults.seed=" + seed);
        Random random = new Random(seed);
        start();
        List<LoopDisk> all = List.copyOf(disks.values());
        int named = 0;
        rig.send(new MadeFile.Source(random.nextLong()));
        for (int i = 0; i < rounds; i++) {
            Thread.sleep(random.nextInt(1_000));
            // The last one is that of a home on one disk.
            int part = random.nextInt(all.size() + 1);
            List<LoopDisk> frozen = part < all.size() ? all.subList(part, part + 1) : all;
            freeze(frozen);
            // While the disk of the inbox is frozen no file comes, and none that is there can leave.
            if (rig.waiting() > 0 || !frozen.contains(disks.get(""))) {
                await().atMost(PATIENCE).until(() -> health().body().contains(" stands still: "));
                named++;
            }
            thaw(frozen);
            awaitUp();
        }
        int files = rig.stopSending();
        rig.rest(daemon);
        System.out.printf("FrozenDiskIT: %d freezes, %d of work in hand; %d files sent%n", rounds, named, files);
    }

    private static void freeze(Collection<LoopDisk> frozen) throws IOException {
        for (LoopDisk disk : frozen) {
            disk.freeze();
        }
    }

    private static void thaw(Collection<LoopDisk> frozen) throws IOException, InterruptedException {
        for (LoopDisk disk : frozen) {
            disk.thaw();
        }
    }

    private void awaitUp() {
        await().atMost(PATIENCE).until(() -> health().body().contains("\"state\":\"UP\""));
    }

    private HttpResponse<String> health() throws IOException, InterruptedException {
        URI uri = URI.create("http://127.0.0.1:" + port + "/health");
        return http.send(HttpRequest.newBuilder(uri).timeout(PATIENCE).build(), HttpResponse.BodyHandlers.ofString());
    }
}
