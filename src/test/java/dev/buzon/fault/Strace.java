package dev.buzon.fault;

import static org.awaitility.Awaitility.await;

import dev.buzon.Program;
import dev.buzon.Shell;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** A strace that is attached to a running daemon and meddles with its system calls. */
final class Strace {

    /** What the threads are called that force files side by side. */
    private static final String SIDE_BY_SIDE = "files";

    private static final Pattern CALL = Pattern.compile("([0-9]+) +([a-z0-9_]+)\\(.*");

    private final Process process;
    private final Path trace;
    /** The threads whose calls are not told. */
    private final List<String> untold;

    private Strace(Process process, Path trace, List<String> untold) {
        this.process = process;
        this.trace = trace;
        this.untold = untold;
    }

    /** The threads whose calls are meddled with. */
    enum Threads {
        /** Those that force files side by side, and with them all others, which come to the same calls later. */
        SIDE_BY_SIDE,
        /** All but those: the one that handles the files of a route among them. */
        OTHERS
    }

    /** Whether there is one that may trace. */
    static boolean isThere() throws IOException, InterruptedException {
        return Shell.succeeds("strace", "-o", "/dev/null", "true");
    }

    /**
     * Attaches to threads of a daemon. Each thread counts its calls from here on, those of each name by themselves.
     *
     * @param calls such as {@code fsync,fdatasync}
     * @param injected such as {@code signal=KILL:when=3}; empty for nothing but to look on
     */
    static Strace attach(Path folder, Program.Daemon daemon, Threads threads, String calls, String injected)
            throws IOException {
        Path trace = Files.createTempFile(folder, "strace", ".out");
        Path said = Files.createTempFile(folder, "strace", ".err");
        long pid = daemon.process().pid();
        List<String> others = others(pid);
        List<String> command = new ArrayList<>(List.of("strace", "-o", trace.toString()));
        if (threads == Threads.SIDE_BY_SIDE) {
            command.addAll(List.of("-f", "-p", Long.toString(pid)));
        } else {
            others.forEach(thread -> command.addAll(List.of("-p", thread)));
        }
        command.addAll(List.of("-e", injected.isEmpty() ? "trace=" + calls : "inject=" + calls + ":" + injected));
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(said.toFile())
                .start();
        int attachments = threads == Threads.SIDE_BY_SIDE ? 1 : others.size();
        await().atMost(Duration.ofSeconds(60))
                .pollInterval(Duration.ofMillis(10))
                .until(() -> {
                    if (!process.isAlive()) {
                        throw new IOException(Files.readString(said));
                    }
                    // One that ended meanwhile is told of, too.
                    return Files.readString(said).split("attach", -1).length > attachments;
                });
        return new Strace(process, trace, threads == Threads.SIDE_BY_SIDE ? others : List.of());
    }

    private static List<String> others(long pid) throws IOException {
        List<String> others = new ArrayList<>();
        try (Stream<Path> threads = Files.list(Path.of("/proc", Long.toString(pid), "task"))) {
            for (Path thread : threads.toList()) {
                try {
                    if (!Files.readString(thread.resolve("comm")).startsWith(SIDE_BY_SIDE)) {
                        others.add(thread.getFileName().toString());
                    }
                } catch (NoSuchFileException e) {
                    // It has ended.
                }
            }
        }
        return others;
    }

    /** Lets the daemon go on alone, where it still lives. */
    void detach() throws InterruptedException {
        process.destroy();
        if (!process.waitFor(60, TimeUnit.SECONDS)) {
            process.destroyForcibly().waitFor();
        }
    }

    /** Once detached: by the names of calls, how many there were, of the thread that had the most. */
    Map<String, Long> calls() throws IOException {
        Map<String, Map<String, Long>> byThread = new HashMap<>();
        for (String line : Files.readAllLines(trace)) {
            Matcher call = CALL.matcher(line);
            if (call.matches() && !untold.contains(call.group(1))) {
                byThread.computeIfAbsent(call.group(1), thread -> new HashMap<>())
                        .merge(call.group(2), 1L, Long::sum);
            }
        }
        Map<String, Long> most = new TreeMap<>();
        byThread.values().forEach(calls -> calls.forEach((call, count) -> most.merge(call, count, Math::max)));
        return most;
    }

    /** Whether something was injected. */
    boolean hasInjected() throws IOException {
        return Files.readString(trace).contains("(INJECTED)");
    }
}
