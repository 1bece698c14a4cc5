package dev.buzon.fault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.buzon.Shell;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** An ext4 file system in a file, frozen at a test's will. */
final class LoopDisk {

    /** Holds the disk frozen while its input is open, so that the disk thaws however the test ends. */
    private static final String FREEZE =
            "trap '' HUP INT TERM; fsfreeze -f \"$0\" && echo frozen && read -r end;" + " fsfreeze -u \"$0\"";

    private final Path folder;
    /** Null while the disk is not frozen. */
    private Process freeze;

    private LoopDisk(Path folder) {
        this.folder = folder;
    }

    /**
     * Mounts one on a folder that is made; skips the test if that, or a freeze, is not possible here.
     *
     * @param image a file that is made
     */
    static LoopDisk mount(Path image, Path folder, int megabytes) throws IOException, InterruptedException {
        Files.createDirectories(folder);
        Shell.run("truncate", "-s", megabytes + "M", image.toString());
        Shell.assume("mkfs.ext4", "-q", "-F", image.toString());
        Shell.assume("mount", "-o", "loop", image.toString(), folder.toString());
        LoopDisk disk = new LoopDisk(folder);
        try {
            Files.delete(folder.resolve("lost+found"));
            Shell.assume("fsfreeze", "-f", folder.toString());
            Shell.run("fsfreeze", "-u", folder.toString());
        } catch (Throwable e) {
            disk.unmount();
            throw e;
        }
        return disk;
    }

    /** Whatever writes to it waits from now on, and does not even end by SIGKILL. */
    void freeze() throws IOException {
        freeze = new ProcessBuilder("sh", "-c", FREEZE, folder.toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        BufferedReader output = freeze.inputReader(StandardCharsets.UTF_8);
        assertThat(output.readLine()).isEqualTo("frozen");
    }

    /** What waits goes on. Does nothing if the disk is not frozen. */
    void thaw() throws IOException, InterruptedException {
        Process process = freeze;
        freeze = null;
        if (process != null) {
            process.getOutputStream().close();
            assertThat(process.waitFor(120, TimeUnit.SECONDS)).isTrue();
            assertThat(process.exitValue()).isZero();
        }
    }

    void unmount() {
        unmount(folder);
    }

    /** A process that was killed holds it for a moment. */
    static void unmount(Path folder) {
        await().atMost(Duration.ofSeconds(30))
                .ignoreExceptions()
                .until(() -> Shell.succeeds("umount", folder.toString()));
    }
}
