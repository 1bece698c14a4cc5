package dev.buzon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.tools.attach.AttachNotSupportedException;
import com.sun.tools.attach.VirtualMachine;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import javax.management.remote.JMXConnector;
import javax.management.remote.JMXConnectorFactory;
import javax.management.remote.JMXServiceURL;

/** The packaged program in processes of its own, to be killed with {@link #killAll} at the end. */
public final class Program {

    static final Path JAR = Path.of("target/buzon/buzon.jar").toAbsolutePath();
    static final Path LAUNCHER = Path.of("buzon").toAbsolutePath();

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
        Daemon command = begin(arguments);
        return new Ended(command.awaitExit(), command.logged());
    }

    public static boolean canRunInATerminal() throws IOException, InterruptedException {
        return Shell.succeeds("script", "-qec", "true", "/dev/null");
    }

    /**
     * Runs a command through the launcher in a terminal's session that ends with it, as of {@code ssh -t}, and with a limit
     * of open files that the JVM has to raise.
     */
    public Ended runInATerminal(String... arguments) throws IOException, InterruptedException {
        String command = "ulimit -S -n 256 && exec " + LAUNCHER + " " + String.join(" ", arguments);
        Path output = Files.createTempFile(folder, "run", ".out");
        Daemon terminal = new Daemon(begin(List.of("script", "-qec", command, "/dev/null"), output), output);
        return new Ended(terminal.awaitExit(), terminal.logged());
    }

    /** Runs a command through the launcher, without waiting for it. */
    public Daemon begin(String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(LAUNCHER.toString()));
        command.addAll(Arrays.asList(arguments));
        Path output = Files.createTempFile(folder, "run", ".out");
        return new Daemon(begin(command, output), output);
    }

    /** A daemon of the jar alone, once it is ready. */
    public Daemon daemon(String... settings) throws IOException, InterruptedException {
        Daemon daemon = launch(List.of(), settings);
        await().atMost(Duration.ofMinutes(5))
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
        ClassArchive.make();
        List<String> command = new ArrayList<>(before);
        command.addAll(List.of("java", "-XX:SharedArchiveFile=" + ClassArchive.FILE, "-XX:TieredStopAtLevel=1"));
        // The launcher's collector.
        command.addAll(
                List.of("-XX:+UseParallelGC", "-Xmx512m", "-jar", JAR.toString(), "run", "--home", home.toString()));
        command.add("-Dbuzon.web.port=0");
        command.addAll(Arrays.asList(settings));
        Path log = Files.createTempFile(folder, "daemon", ".log");
        return new Daemon(begin(command, log), log);
    }

    /** As JConsole does that is given a process id. */
    public static JMXConnector attach(long pid) throws IOException, AttachNotSupportedException {
        VirtualMachine machine = VirtualMachine.attach(Long.toString(pid));
        try {
            return JMXConnectorFactory.connect(new JMXServiceURL(machine.startLocalManagementAgent()));
        } finally {
            machine.detach();
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
        // What the launcher runs is over, too, before the second compiler has paid for itself.
        builder.environment().put("JAVA_OPTS", "-XX:TieredStopAtLevel=1");
        Process process = builder.start();
        processes.add(process);
        return process;
    }
}
