package dev.buzon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The packaged program in processes of its own, to be killed with {@link #killAll} at the end. */
public final class Program {

    private static final Path JAR = Path.of("target/buzon/buzon.jar").toAbsolutePath();
    private static final Path LAUNCHER = Path.of("buzon").toAbsolutePath();
    /** Of the classes that a start loads: with it a daemon is ready in half the time. */
    private static final Path CLASSES = JAR.resolveSibling("classes.jsa");

    private final Path folder;
    private final Path home;
    private final List<Process> processes = new ArrayList<>();

    /**
     * @param folder the processes' current folder, for their outputs too
     * @param home of the daemons
     */
    public Program(Path folder, Path home) {
        this.folder = folder;
        this.home = home;
    }

    /** A process that has ended. */
    public record Ended(int exitCode, String output) {}

    /** A daemon that has started; its output is its log. */
    public record Daemon(Process process, Path log) {

        public String logged() throws IOException {
            return Files.readString(log);
        }

        /** SIGKILL, and gone when this returns. */
        public void kill() throws InterruptedException {
            process.destroyForcibly().waitFor();
        }

        /**
         * SIGTERM.
         *
         * @return the exit code
         */
        public int terminate() throws InterruptedException {
            process.destroy();
            return awaitExit();
        }

        public int awaitExit() throws InterruptedException {
            assertThat(process.waitFor(120, TimeUnit.SECONDS)).isTrue();
            return process.exitValue();
        }
    }

    /** Runs a command through the launcher to its end. */
    public Ended run(String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(LAUNCHER.toString()));
        command.addAll(Arrays.asList(arguments));
        Path output = Files.createTempFile(folder, "run", ".out");
        Process process = begin(command, output);
        assertThat(process.waitFor(120, TimeUnit.SECONDS)).isTrue();
        return new Ended(process.exitValue(), Files.readString(output));
    }

    /** A daemon of the jar alone, once it is ready. */
    public Daemon daemon(String... settings) throws IOException, InterruptedException {
        Daemon daemon = launch(List.of(), settings);
        await().atMost(Duration.ofSeconds(60))
                .until(() -> daemon.logged().contains("Buzón is ready")
                        || !daemon.process().isAlive());
        assertThat(daemon.process().isAlive()).as(daemon.logged()).isTrue();
        return daemon;
    }

    /**
     * A daemon of the jar alone, without waiting for it.
     *
     * @param before what goes before its command, such as {@code strace} and its options
     * @param settings such as {@code -Dbuzon.invoices.quiet-period=10ms}, and options of {@code run}
     */
    public Daemon launch(List<String> before, String... settings) throws IOException {
        archiveClasses();
        return launch(before, List.of("-XX:SharedArchiveFile=" + CLASSES, "-XX:TieredStopAtLevel=1"), home, settings);
    }

    private Daemon launch(List<String> before, List<String> jvm, Path in, String... settings) throws IOException {
        List<String> command = new ArrayList<>(before);
        command.add("java");
        command.addAll(jvm);
        command.addAll(List.of("-Xmx512m", "-jar", JAR.toString(), "run", "--home", in.toString()));
        command.addAll(Arrays.asList(settings));
        Path log = Files.createTempFile(folder, "daemon", ".log");
        return new Daemon(begin(command, log), log);
    }

    /** Tests in other processes may be about to do the same. */
    private void archiveClasses() throws IOException {
        try (FileChannel lock = FileChannel.open(
                        JAR.resolveSibling("classes.lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                FileLock held = lock.lock()) {
            boolean fresh = held.isValid()
                    && Files.exists(CLASSES)
                    && Files.getLastModifiedTime(CLASSES).compareTo(Files.getLastModifiedTime(JAR)) > 0;
            if (!fresh) {
                Path ready = folder.resolve("archiving/.buzon/ready");
                Path written = JAR.resolveSibling("classes.new");
                Files.deleteIfExists(written);
                Daemon daemon =
                        launch(List.of(), List.of("-XX:ArchiveClassesAtExit=" + written), folder.resolve("archiving"));
                await().atMost(Duration.ofSeconds(120)).until(() -> Files.exists(ready));
                assertThat(daemon.terminate()).isZero();
                Files.move(written, CLASSES, StandardCopyOption.REPLACE_EXISTING);
            }
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
    }

    /** Kills what still runs, and what it has begun. */
    public void killAll() throws InterruptedException {
        for (Process process : processes) {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly().waitFor();
        }
    }

    private Process begin(List<String> command, Path output) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile());
        builder.environment().put("LC_ALL", "C");
        Process process = builder.start();
        processes.add(process);
        return process;
    }
}
