package dev.buzon.benchmark;

import dev.buzon.benchmark.rival.Figure;
import dev.buzon.home.Home;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.commons.io.file.PathUtils;

/** The daemon as it comes, in a process of its own: started by the launcher, on a home that is made for it. */
final class Buzon implements AutoCloseable {

    static final String NAME = "Buzón";
    static final Path LAUNCHER = Path.of("buzon").toAbsolutePath();

    static final Duration QUIET_PERIOD = Duration.ofSeconds(2);
    static final Duration POLL_INTERVAL = Duration.ofMillis(250);

    private static final Duration START_LIMIT = Duration.ofMinutes(2);
    private static final String READY = "Buzón is ready";

    private final Path launcher;
    private final Home home;
    private final Path log;
    private Process process;
    private Instant startedAt;

    private Buzon(Path launcher, Path home, Path log) {
        this.launcher = launcher;
        this.home = new Home(home);
        this.log = log;
    }

    /** A home in which nothing runs yet. */
    static Buzon in(Path home, Path log) throws IOException {
        return of(LAUNCHER, home, log);
    }

    /**
     * The same with another build of the program.
     *
     * @param launcher of that build
     */
    static Buzon of(Path launcher, Path home, Path log) throws IOException {
        Buzon buzon = new Buzon(launcher, home, log);
        for (String route : List.of("invoices", "bizums")) {
            Files.createDirectories(buzon.inbox(route));
            Files.createDirectories(buzon.outbox(route));
        }
        return buzon;
    }

    /** Builds the program where that is needed, as the launcher's first call does. */
    static void build(Path launcher) throws IOException, InterruptedException {
        if (launch(launcher, List.of("--version")).inheritIO().start().waitFor() != 0) {
            throw new IOException("The program can't be built.");
        }
    }

    Path inbox(String route) {
        return home.resolve("inbox/" + route);
    }

    Path outbox(String route) {
        return home.resolve("outbox/" + route);
    }

    Path ledger() {
        return home.ledger();
    }

    /** @return itself, once its process has begun */
    Buzon start() throws IOException {
        return start(List.of(), List.of());
    }

    /**
     * The same, otherwise than by default.
     *
     * @param before what goes before its command, such as {@code taskset} and its options
     * @param settings such as {@code -Dbuzon.invoices.quiet-period=10ms}
     */
    Buzon start(List<String> before, List<String> settings) throws IOException {
        startedAt = Instant.now();
        List<String> arguments =
                new ArrayList<>(List.of("run", "--home", home.folder().toString()));
        arguments.addAll(settings);
        ProcessBuilder builder = launch(launcher, arguments);
        builder.command().addAll(0, before);
        process = builder.redirectErrorStream(true).redirectOutput(log.toFile()).start();
        return this;
    }

    Instant startedAt() {
        return startedAt;
    }

    /** @return when it was ready, as its log says */
    Instant awaitReady() throws IOException, InterruptedException {
        await("be ready", START_LIMIT, () -> readyLine() != null);
        return LocalDateTime.parse(readyLine().substring(0, 23).replace(' ', 'T'))
                .atZone(ZoneId.systemDefault())
                .toInstant();
    }

    /** A file under its final name, by a link and a rename, as of now. */
    void drop(Path file, String route) throws IOException {
        Path hidden = Files.createLink(inbox(route).resolve("." + file.getFileName()), file);
        Files.move(hidden, inbox(route).resolve(file.getFileName()), StandardCopyOption.ATOMIC_MOVE);
    }

    /** Waits until what is in the inboxes has settled: a start that follows finds it all. */
    static void settle() throws InterruptedException {
        TimeUnit.MILLISECONDS.sleep(QUIET_PERIOD.toMillis() + 100);
    }

    /** Waits until no file is left in an inbox. */
    void awaitEmpty(String route, Duration limit) throws IOException, InterruptedException {
        // A look that read all names would take time from the daemon.
        await("empty its inbox", limit, () -> PathUtils.isEmptyDirectory(inbox(route)));
    }

    /** How many files are in an inbox. */
    int waiting(String route) {
        return inbox(route).toFile().list().length;
    }

    /** What must come true. */
    @FunctionalInterface
    interface Condition {
        boolean holds() throws IOException;
    }

    void await(String what, Duration limit, Condition condition) throws IOException, InterruptedException {
        long end = System.nanoTime() + limit.toNanos();
        while (!condition.holds()) {
            if (!process.isAlive() || System.nanoTime() > end) {
                throw new IOException("Buzón " + (process.isAlive() ? "took too long to " : "ended, and did not ")
                        + what + "; see " + log.getFileName() + ".");
            }
            TimeUnit.MILLISECONDS.sleep(20);
        }
    }

    /** SIGTERM, and gone when this returns; what its memory was is among the figures then. */
    void stop(Figures figures) throws IOException, InterruptedException {
        figures.add("peak-mb", Figure.peakMegabytes(Long.toString(process.pid())));
        process.destroy();
        if (!process.waitFor(60, TimeUnit.SECONDS) || process.exitValue() != 0) {
            throw new IOException("Buzón did not end as it should; see " + log.getFileName() + ".");
        }
    }

    /** Ends what still runs. */
    @Override
    public void close() {
        if (process != null) {
            process.destroyForcibly();
        }
    }

    List<String> log() throws IOException {
        return Files.readAllLines(log);
    }

    private String readyLine() throws IOException {
        return log().stream().filter(line -> line.contains(READY)).findFirst().orElse(null);
    }

    private static ProcessBuilder launch(Path launcher, List<String> arguments) {
        ProcessBuilder builder = new ProcessBuilder(launcher.toString());
        builder.command().addAll(arguments);
        builder.environment().remove("JAVA_OPTS");
        return builder;
    }
}
