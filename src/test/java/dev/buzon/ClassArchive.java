package dev.buzon;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;

/** Of the classes that a start of the packaged program loads: with it a daemon is ready in half the time. */
public final class ClassArchive {

    static final Path FILE = Program.JAR.resolveSibling("classes.jsa");

    /** Options of a JVM that has our classes, and their archive where it was made. */
    static final List<String> OPTIONS = List.of("-XX:SharedArchiveFile=" + FILE, "-cp", Program.JAR.toString());

    private static boolean made;

    private ClassArchive() {}

    /** The build runs it while it checks the format. */
    public static void main(String[] args) throws IOException {
        make();
    }

    /** By the launcher; asked once, though a test may start hundreds of daemons. */
    public static void make() throws IOException {
        if (made) {
            return;
        }
        // Processes of other tests may be about to ask for the same.
        try (FileChannel channel = FileChannel.open(
                        FILE.resolveSibling("classes.lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                FileLock lock = channel.lock()) {
            assertThat(lock.isValid()).isTrue();
            if (Files.notExists(FILE) || isNewer(Program.JAR, FILE)) {
                Process version = new ProcessBuilder(Program.LAUNCHER.toString(), "--version")
                        .redirectErrorStream(true)
                        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                        .start();
                assertThat(version.waitFor()).isZero();
            }
            made = true;
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
    }

    private static boolean isNewer(Path file, Path other) throws IOException {
        return Files.getLastModifiedTime(file).compareTo(Files.getLastModifiedTime(other)) > 0;
    }
}
