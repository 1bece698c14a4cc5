package dev.buzon.fault;

import static org.awaitility.Awaitility.await;

import dev.buzon.Program;
import dev.buzon.Shell;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A strace that is attached to a running daemon and meddles with its system calls. */
final class Strace {

    private final Process process;
    private final Path trace;

    private Strace(Process process, Path trace) {
        this.process = process;
        this.trace = trace;
    }

    /** Whether there is one that may trace. */
    static boolean isThere() throws IOException, InterruptedException {
        return Shell.succeeds("strace", "-o", "/dev/null", "true");
    }

    /**
     * Attaches to all threads of a daemon. Each thread counts its calls from here on.
     *
     * @param calls such as {@code fsync,fdatasync}
     * @param injected such as {@code signal=KILL:when=3}; empty for nothing but to look on
     */
    static Strace attach(Path folder, Program.Daemon daemon, String calls, String injected) throws IOException {
        Path trace = Files.createTempFile(folder, "strace", ".out");
        Path said = Files.createTempFile(folder, "strace", ".err");
        List<String> command = Stream.concat(
                        Stream.of(
                                "strace",
                                "-f",
                                "-p",
                                Long.toString(daemon.process().pid()),
                                "-o",
                                trace.toString()),
                        Stream.of("-e", injected.isEmpty() ? "trace=" + calls : "inject=" + calls + ":" + injected))
                .toList();
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(said.toFile())
                .start();
        await().atMost(Duration.ofSeconds(60))
                .pollInterval(Duration.ofMillis(10))
                .until(() -> {
                    if (!process.isAlive()) {
                        throw new IOException(Files.readString(said));
                    }
                    return Files.readString(said).contains(" attached");
                });
        return new Strace(process, trace);
    }

    /** Lets the daemon go on alone, where it still lives. */
    void detach() throws InterruptedException {
        process.destroy();
        if (!process.waitFor(60, TimeUnit.SECONDS)) {
            process.destroyForcibly().waitFor();
        }
    }

    /** Once detached: how many calls there were, of the thread that had the most. */
    long calls() throws IOException {
        return Files.readAllLines(trace).stream()
                .filter(line -> line.contains("(") && !line.contains("+++") && !line.contains("---"))
                .collect(java.util.stream.Collectors.groupingBy(
                        line -> line.split(" ")[0], java.util.stream.Collectors.counting()))
                .values()
                .stream()
                .mapToLong(Long::longValue)
                .max()
                .orElse(0);
    }

    /** Whether something was injected. */
    boolean hasInjected() throws IOException {
        return Files.readString(trace).contains("(INJECTED)");
    }
}
