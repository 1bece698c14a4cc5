package dev.buzon.fault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.buzon.LongForm;
import dev.buzon.Program;
import dev.buzon.Shell;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.awaitility.core.ConditionTimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What a power cut leaves of a home: its file system is an image behind a loop device, and a copy of the image, taken
 * while the daemon works, holds what had been written to the device at that moment and nothing of what was still in
 * memory.
 *
 * <p>A copy must be of one moment. It is read with one direct read: ext4 and XFS hold the file's lock for the whole of
 * it, and the loop device needs that lock for each write. Taken are all writes that the device had completed, as of a
 * disk without a cache of its own.
 */
class PowerCutIT {

    private static final int MEGABYTES = 64;
    private static final int CUTS_A_SESSION = 6;

    /** The kernel is to write nothing before it is forced to. */
    private static final String HOSTILE = "noauto_da_alloc,data=writeback,commit=300";

    /** Calls that force do nothing, and succeed. */
    private static final List<String> UNSYNCED = List.of(
            "strace",
            "-f",
            "--seccomp-bpf",
            "-qq",
            "-o",
            "/dev/null",
            "-e",
            "trace=fsync,fdatasync",
            "-e",
            "inject=fsync,fdatasync:retval=0");

    @TempDir
    private Path folder;

    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final List<MadeFile> begun = Collections.synchronizedList(new ArrayList<>());
    private volatile int sure;
    private volatile boolean sending;
    private long acknowledged;
    private int inHand;
    private int tornFiles;
    private long mostStaged;
    private Path disk;
    private Rig rig;

    /**
     * A copy of the image.
     *
     * @param sure how many of the files were dropped durably before
     * @param begun how many had been begun to be dropped after
     * @param log of the daemon before
     */
    private record Cut(Path image, int sure, int begun, String log) {}

    Path folder() {
        return folder;
    }

    Rig makeRig(Path home) throws IOException {
        return new Rig(folder, home);
    }

    /** How many files wait at most. */
    int backlog() {
        return 15;
    }

    /** How many times the power is cut on one disk. */
    int cuts() {
        return Rig.isLong() ? CUTS_A_SESSION : 1;
    }

    @BeforeEach
    void makeDisk() throws IOException, InterruptedException {
        disk = Files.createDirectory(folder.resolve("disk"));
        String type = Files.getFileStore(folder).type();
        assumeTrue(Set.of("ext4", "xfs").contains(type), "needs a temporary folder on ext4 or XFS, not " + type);
        Shell.assume("mkfs.ext4", "-V");
        Shell.assume(mounting(format()));
        LoopDisk.unmount(disk);
    }

    @AfterEach
    void end() throws Exception {
        sending = false;
        threads.shutdownNow();
        if (rig != null) {
            rig.end();
        }
        if (Shell.succeeds("mountpoint", "-q", disk.toString())) {
            LoopDisk.unmount(disk);
        }
    }

    @Test
    void afterAPowerCutNothingIsLostTornOrDoneTwice() throws Exception {
        long seed = Rig.seed();
        int sessions = Rig.isLong() ? 10 : 1;
        System.out.println(
                getClass().getSimpleName() + ": " + sessions * cuts() + " power cuts, -Dbuzon.faults.seed=" + seed);
        int files = 0;
        for (int session = 0; session < sessions; session++) {
            List<Cut> cuts = work(List.of(), new Random(seed + session), 800);
            for (Cut cut : cuts) {
                check(cut);
            }
            files += begun.size();
        }
        System.out.println(
                getClass().getSimpleName() + ": " + files + " files sent, half of them unforced, of which " + tornFiles
                        + " waited in part after a cut; " + inHand + " cuts with a file in hand, "
                        + mostStaged + " results staged at most; "
                        + acknowledged + " times one that was logged before a cut was where it belonged after it");
        assertThat(acknowledged).isPositive();
    }

    @Test
    @LongForm
    void withoutSyncingTheSameCutsAreSeenToLoseSomething() throws Exception {
        assumeTrue(Strace.isThere(), "needs strace, and the right to trace");

        List<Cut> cuts = work(UNSYNCED, new Random(Rig.seed()), 2_500);

        String seen = null;
        for (int i = 0; i < cuts.size() && seen == null; i++) {
            try {
                check(cuts.get(i));
            } catch (AssertionError | ConditionTimeoutException e) {
                seen = "at cut " + (i + 1) + ": " + e.getMessage();
                rig.end();
                LoopDisk.unmount(disk);
            }
        }
        assertThat(seen).as("what was lost, torn or done twice").isNotNull();
        System.out.println(getClass().getSimpleName() + ": without syncing, "
                + seen.lines().limit(8).reduce((a, b) -> a + "\n  " + b).orElseThrow());
    }

    /** Lets a daemon work on a new disk, and cuts the power again and again. */
    private List<Cut> work(List<String> before, Random random, int pauseMillis) throws Exception {
        Path image = format();
        mount(image);
        begun.clear();
        sure = 0;
        rig = makeRig(disk.resolve("home"));
        rig.drain(disk.resolve("consumed"));
        Program.Daemon daemon = rig.launch(before);
        assertThat(Rig.awaitReady(daemon)).as(daemon.logged()).isTrue();
        sending = true;
        Future<Void> sender = threads.submit(send(new MadeFile.Source(random.nextLong())));
        await().atMost(Duration.ofMinutes(5)).until(() -> rig.taken() > 5);
        List<Cut> cuts = new ArrayList<>();
        for (int i = 0; i < cuts(); i++) {
            Thread.sleep(random.nextInt(pauseMillis));
            int sureBefore = sure;
            String log = daemon.logged();
            Path copy = folder.resolve("cut" + i + ".img");
            Shell.run(
                    "dd",
                    "if=" + image,
                    "of=" + copy,
                    "ibs=" + MEGABYTES + "M",
                    "obs=4096",
                    "iflag=direct",
                    "conv=sparse",
                    "count=1");
            cuts.add(new Cut(copy, sureBefore, begun.size(), log));
        }
        sending = false;
        sender.get();
        rig.stopDraining();
        rig.end();
        LoopDisk.unmount(disk);
        Files.delete(image);
        return cuts;
    }

    private Callable<Void> send(MadeFile.Source source) {
        return () -> {
            while (sending) {
                MadeFile file = source.next();
                while (sending && rig.waiting() >= backlog()) {
                    Thread.sleep(1);
                }
                // Not one that still waits: its resend would take its place.
                if (sending && !rig.waits(file)) {
                    begun.add(file);
                    if (isForced(begun.size() - 1)) {
                        rig.dropDurably(file);
                    } else {
                        rig.dropUnforced(file);
                    }
                    sure++;
                }
            }
            return null;
        };
    }

    /** Half of the senders force what they drop, and half of them nothing. */
    private static boolean isForced(int drop) {
        return drop % 2 == 0;
    }

    /** Starts a daemon on what a cut has left, lets it come to rest, and checks. */
    private void check(Cut cut) throws Exception {
        mount(cut.image());
        rig = makeRig(disk.resolve("home"));
        List<MadeFile> logged = logged(cut);
        for (int i = 0; i < cut.begun(); i++) {
            MadeFile file = begun.get(i);
            if (i < cut.sure() && isForced(i) || logged.contains(file)) {
                rig.checker().dropped(file.route(), file.name(), file.content());
            } else {
                rig.checker().perhapsDropped(file.route(), file.name(), file.content());
            }
        }
        dropWhatIsTorn(cut);
        try (Stream<Path> consumed = Files.list(disk.resolve("consumed"))) {
            for (Path result : consumed.toList()) {
                String name = result.getFileName().toString();
                rig.checker().taken(name.substring(name.indexOf('-') + 1), Files.readAllBytes(result));
            }
        }
        List<String> again = waitsAgain(cut);
        inHand += rig.hasStaged() ? 1 : 0;
        mostStaged = Math.max(mostStaged, rig.staged());
        rig.rest(rig.start());
        assertThat(again).as("what the log said was handled").isEmpty();
        LoopDisk.unmount(disk);
        Files.delete(cut.image());
    }

    /** What its sender did not force, and waits in its inbox in part: its sender's loss, and a file like any other. */
    private void dropWhatIsTorn(Cut cut) throws IOException {
        for (String route : List.of("invoices", "bizums")) {
            try (Stream<Path> waiting = Files.list(rig.home().resolve("inbox").resolve(route))) {
                for (Path path : (Iterable<Path>) waiting::iterator) {
                    String name = path.getFileName().toString();
                    byte[] content = Files.readAllBytes(path);
                    boolean torn = !name.startsWith(".")
                            && begun.subList(0, cut.begun()).stream()
                                    .noneMatch(file -> file.route().equals(route)
                                            && file.name().equals(name)
                                            && Arrays.equals(file.content(), content));
                    if (torn) {
                        rig.checker().dropped(route, name, content);
                        tornFiles++;
                    }
                }
            }
        }
    }

    /** Of what was dropped once and logged before the cut: what is back in its inbox. */
    private List<String> waitsAgain(Cut cut) {
        List<MadeFile> logged = logged(cut);
        acknowledged += logged.size();
        return logged.stream().filter(rig::waits).map(MadeFile::name).toList();
    }

    /** What was dropped once, and logged before the cut. */
    private List<MadeFile> logged(Cut cut) {
        List<MadeFile> dropped = begun.subList(0, cut.begun());
        return dropped.stream()
                .filter(file -> cut.log().contains(file.route() + ": " + file.name() + ": "))
                .filter(file -> dropped.stream()
                                .filter(other -> other.name().equals(file.name()))
                                .count()
                        == 1)
                .toList();
    }

    private Path format() throws IOException, InterruptedException {
        Path image = Files.createTempFile(folder, "disk", ".img");
        Shell.run("dd", "if=/dev/zero", "of=" + image, "bs=1M", "count=" + MEGABYTES);
        Shell.run("mkfs.ext4", "-q", "-F", image.toString());
        return image;
    }

    private void mount(Path image) throws IOException, InterruptedException {
        Shell.run(mounting(image));
    }

    private String[] mounting(Path image) {
        return new String[] {"mount", "-o", "loop," + HOSTILE, image.toString(), disk.toString()};
    }
}
