package dev.buzon.fault;

import static org.assertj.core.api.Assertions.assertThat;

import dev.buzon.RecordedLog;
import dev.buzon.Shell;
import dev.buzon.TestHome;
import dev.buzon.home.Disk;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * A disk that loses what a sender has written. The folders of a route lie on an ext4 image in a small tmpfs whose free
 * blocks the tmpfs does not hold: once it is full, no new file can be written to the image. The kernel says so at the
 * first fsync of such a file. From then on it takes the file for written, though the disk has nothing of it.
 */
class LostPagesTest {

    private static final int LINES = 3_000;

    private static final String KNOWN = "Ana;12;known\n".repeat(LINES);
    private static final String UNKNOWN = "Ana;13;unknown\n".repeat(LINES);

    @TempDir
    private Path folder;

    private final RecordedLog log = new RecordedLog();
    private SmallDisk memory;
    private Path image;
    private Path disk;
    private TestHome home;

    @BeforeEach
    void make() throws Exception {
        memory = SmallDisk.mount(folder.resolve("memory"), "12m");
        image = memory.folder().resolve("image");
        Shell.assume("truncate", "-s", "8M", image.toString());
        Shell.assume("mkfs.ext4", "-qFb", "4096", "-O", "^has_journal", "-E", "lazy_itable_init=0", image.toString());
        // The tmpfs holds all blocks of it, the empty ones too.
        Files.write(image, Files.readAllBytes(image));
        disk = Files.createDirectory(folder.resolve("disk"));
        Shell.assume("mount", "-o", "loop", image.toString(), disk.toString());
        home = new TestHome(folder.resolve("home"))
                .set("buzon.retry.first", "50ms")
                .set("buzon.retry.longest", "50ms");
        for (String kind : List.of("inbox", "archive", "duplicates")) {
            Path made = Files.createDirectory(disk.resolve(kind));
            home.set("buzon.bizums." + kind, made.toString());
        }
    }

    @AfterEach
    void end() throws Exception {
        log.close();
        if (home != null) {
            home.stop();
            Shell.run("umount", disk.toString());
        }
        if (memory != null) {
            memory.unmount();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "archive, archive, Ana;13;unknown",
        "archive, duplicates, Ana;12;known",
        "off, inbox, Ana;13;unknown",
        "off, inbox, nothing that can be read"
    })
    void whatIsHandledIsOnTheDisk(String cleanSource, String where, String line) throws Exception {
        String content = (line + "\n").repeat(LINES);
        start(cleanSource);
        loseWhatIsWritten();
        drop(content);
        // Each fsync after the first one succeeds.
        await(() -> retries() >= 3 || isDone("lost.csv"));

        memory.makeRoom();
        await(() -> isDone("lost.csv"));
        home.stop();
        remount();

        Path handled = lost();
        assertThat(handled.startsWith(disk.resolve(where))).as("%s", handled).isTrue();
        assertThat(handled).hasContent(content);
        assertThat(Files.getLastModifiedTime(handled).toInstant()).hasToString("2017-07-14T02:40:00Z");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(handled)))
                .isEqualTo("rw----r--");
        assertThat(log.with("lost.csv: written anew in its inbox, since the disk failed to force it"))
                .hasSize(1);
        assertThat(hiddenInInbox()).isEmpty();
    }

    @Test
    void aContentThatTheDiskHasLostIsNotHandledUntilItIsSentAgain() throws Exception {
        start("archive");
        loseWhatIsWritten();
        drop(UNKNOWN);
        await(() -> retries() >= 1);

        // The kernel forgets what it has of the file, as it may at any time.
        Shell.run("dd", "if=" + lost(), "iflag=nocache", "count=0");
        assertThat(lost()).content().isNotEqualTo(UNKNOWN);
        memory.makeRoom();
        await(() -> !log.with("its content is not what it was. Send it again").isEmpty());
        int before = retries();
        await(() -> retries() >= before + 3);
        assertThat(isDone("lost.csv")).isFalse();

        drop(UNKNOWN);
        await(() -> isDone("lost.csv"));
        home.stop();
        remount();
        assertThat(lost()).hasContent(UNKNOWN);
        assertThat(hiddenInInbox()).isEmpty();
    }

    @Test
    void aStartRemovesTheCopyThatACrashLeft() throws Exception {
        Path copy = Files.createFile(disk.resolve("inbox/.buzon-" + "0".repeat(64)));
        Path copyUnderALease = Files.createFile(disk.resolve("inbox/.buzon-" + "0".repeat(64) + ".3"));
        Path foreign = Files.createFile(disk.resolve("inbox/.buzon-notes"));

        start("archive");

        assertThat(copy).doesNotExist();
        assertThat(copyUnderALease).doesNotExist();
        assertThat(foreign).exists();
    }

    private void start(String cleanSource) throws Exception {
        if (!cleanSource.equals("off")) {
            Path rejected = Files.createDirectory(disk.resolve("rejected"));
            home.set("buzon.bizums.rejected", rejected.toString());
        }
        home.set("buzon.bizums.clean-source", cleanSource).start();
        Path known = disk.resolve("inbox/.known.csv");
        Files.writeString(known, KNOWN);
        Files.move(known, disk.resolve("inbox/known.csv"));
        await(() -> isDone("known.csv"));
    }

    private void loseWhatIsWritten() throws Exception {
        // What ext4 keeps at hand for its next small files, fstrim would pass over.
        home.stop();
        remount();
        Shell.assume("fstrim", disk.toString());
        memory.fill();
        home.start();
        useUpWhatIsHeld();
    }

    /**
     * A block that the tmpfs still holds would hide the loss of those after it: to the loop device a write of which a part
     * succeeds is a success. Some are held where a test beside this one has the disk in a name space of its own, and no
     * mount of it is the first.
     */
    private void useUpWhatIsHeld() throws IOException {
        int lost = 0;
        for (int number = 0; lost < 3; number++) {
            Path file = Files.writeString(disk.resolve("held-" + number), UNKNOWN);
            if (canBeForced(file)) {
                lost = 0;
            } else {
                Files.delete(file);
                lost++;
            }
        }
    }

    private static boolean canBeForced(Path file) {
        try {
            Disk.force(file);
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    private void drop(String content) throws IOException {
        Path temporary = Files.writeString(disk.resolve("inbox/.lost.csv"), content);
        Files.setPosixFilePermissions(temporary, PosixFilePermissions.fromString("rw----r--"));
        Files.setLastModifiedTime(temporary, FileTime.fromMillis(1_500_000_000_000L));
        Files.move(temporary, disk.resolve("inbox/lost.csv"), StandardCopyOption.ATOMIC_MOVE);
    }

    private int retries() {
        return log.with("lost.csv: tried again in ").size();
    }

    /** Handled, rejected or a duplicate. */
    private boolean isDone(String name) {
        return log.with("bizums: " + name + ": ").stream().anyMatch(event -> event.contains("→"));
    }

    private void await(Callable<Boolean> condition) {
        Awaitility.await()
                .atMost(Duration.ofSeconds(30))
                .pollInterval(Duration.ofMillis(10))
                .until(condition);
    }

    /** So that the files are what the disk has of them. */
    private void remount() throws IOException, InterruptedException {
        Shell.run("umount", disk.toString());
        Shell.run("mount", "-o", "loop", image.toString(), disk.toString());
    }

    private Path lost() throws IOException {
        try (Stream<Path> all = Files.walk(disk)) {
            return all.filter(path -> path.getFileName().toString().startsWith("lost") && Files.isRegularFile(path))
                    .findFirst()
                    .orElseThrow();
        }
    }

    private List<String> hiddenInInbox() throws IOException {
        try (Stream<Path> all = Files.list(disk.resolve("inbox"))) {
            return all.map(path -> path.getFileName().toString())
                    .filter(name -> name.startsWith("."))
                    .toList();
        }
    }
}
