package dev.buzon.fault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.buzon.Program;
import dev.buzon.cli.InProcess;
import dev.buzon.jmx.JmxStatus;
import dev.buzon.monitor.HealthState;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.Stream;

/** A daemon for which the world goes wrong, time and again, and what its user sees of that. */
final class Suffering {

    private static final Duration PATIENCE = Duration.ofMinutes(5);
    private static final Duration FIRST_WAIT = Duration.ofMillis(200);
    private static final Duration LONGEST_WAIT = Duration.ofSeconds(1);

    private final Program program;
    private final Path home;
    private final Path inbox;
    private final Path outbox;
    private final Program.Daemon daemon;
    private final Checker checker;
    private int bizums;
    private Act toRepair;

    private Suffering(Program program, Path home, Path inbox, Path outbox, Program.Daemon daemon) {
        this.program = program;
        this.home = home;
        this.inbox = inbox;
        this.outbox = outbox;
        this.daemon = daemon;
        this.checker = new Checker(home);
    }

    /**
     * Starts the daemon.
     *
     * @param inbox of the invoices, as the settings name it
     * @param outbox of the invoices
     */
    static Suffering start(Path folder, Path home, Path inbox, Path outbox, String... settings)
            throws IOException, InterruptedException {
        List<String> all = new ArrayList<>(List.of(settings));
        all.add("-Dbuzon.invoices.inbox=" + inbox);
        all.add("-Dbuzon.invoices.outbox=" + outbox);
        all.add("-Dbuzon.invoices.quiet-period=10ms");
        all.add("-Dbuzon.bizums.quiet-period=10ms");
        all.add("-Dbuzon.invoices.poll-interval=50ms");
        all.add("-Dbuzon.bizums.poll-interval=50ms");
        all.add("-Dbuzon.retry.first=" + FIRST_WAIT.toMillis() + "ms");
        all.add("-Dbuzon.retry.longest=" + LONGEST_WAIT.toMillis() + "ms");
        all.add("-Dbuzon.health.failing-for=1ms");
        // Some of its disks are smaller than what a good one has free.
        all.add("-Dbuzon.health.free-megabytes=0");
        Program program = new Program(folder, home);
        try {
            return new Suffering(program, home, inbox, outbox, program.daemon(all.toArray(String[]::new)));
        } catch (IOException | InterruptedException | AssertionError e) {
            program.killAll();
            throw e;
        }
    }

    /** All that was dropped is where it belongs; of a home with the default folders. */
    void check() throws Exception {
        checker.check();
    }

    /** Ends it, which has to be possible. */
    void end() throws InterruptedException {
        try {
            assertThat(daemon.terminate()).isZero();
        } finally {
            program.killAll();
        }
    }

    /** Three line items of an invoice whose number is the file's name. */
    static String invoices(String name) {
        return "{\"InvoiceNumber\":\"" + name
                + "\",\"InvoiceLineItems\":[{\"ItemCode\":\"1\"},{\"ItemCode\":\"2\"},{\"ItemCode\":\"3\"}]}\n";
    }

    /** Lies in the inbox, whole, under a name that nobody takes. */
    void prepare(String name, String content) throws IOException {
        prepare(inbox.resolve("." + name), content);
    }

    /** The same, to get its name by a test of its own. */
    void prepare(Path file, String content) throws IOException {
        Files.writeString(file, content);
        checker.dropped("invoices", file.getFileName().toString().replaceFirst("^\\.", ""), Files.readAllBytes(file));
    }

    /** What was prepared gets its name, which needs no room. */
    void drop(String name) throws IOException {
        Files.move(inbox.resolve("." + name), inbox.resolve(name));
    }

    void drop(String name, String content) throws IOException {
        prepare(name, content);
        drop(name);
    }

    void dropBizum(String name) throws IOException {
        Path hidden = home.resolve("inbox/bizums/." + name);
        Files.writeString(hidden, "Ana;" + ++bizums + ";x");
        checker.dropped("bizums", name, Files.readAllBytes(hidden));
        Files.move(hidden, hidden.resolveSibling(name));
    }

    boolean holdsBizum(String name) {
        return Files.exists(home.resolve("inbox/bizums").resolve(name));
    }

    boolean holds(String name) {
        return Files.exists(inbox.resolve(name));
    }

    /** The results of a file, by their names. */
    TreeMap<String, String> results(String name) throws IOException {
        TreeMap<String, String> results = new TreeMap<>();
        String stem = name.substring(0, name.lastIndexOf('.')) + "-";
        if (Files.isDirectory(outbox)) {
            try (Stream<Path> files = Files.list(outbox)) {
                for (Path file : files.filter(Files::isRegularFile).toList()) {
                    if (file.getFileName().toString().startsWith(stem)) {
                        results.put(file.getFileName().toString(), Files.readString(file));
                    }
                }
            }
        }
        return results;
    }

    void bizumsGoOn() throws IOException {
        String name = "meanwhile-" + bizums + ".csv";
        dropBizum(name);
        await().atMost(PATIENCE).until(() -> !holdsBizum(name));
    }

    /** A file of invoices goes the whole way. */
    void handles(String name) throws IOException {
        drop(name, invoices(name));
        awaitHandled(name);
    }

    /** Its one result is there, whole, and its source is gone from the inbox. */
    void awaitHandled(String name) throws IOException {
        await().atMost(PATIENCE).until(() -> !holds(name) && !results(name).isEmpty());
        assertThat(results(name)).hasSize(1);
        assertThat(results(name).firstEntry().getValue().lines())
                .hasSize(3)
                .allMatch(line -> line.startsWith("{\"InvoiceNumber\":\"" + name + "\""));
    }

    /**
     * Makes the world wrong.
     *
     * @param repair makes it right, at the latest with {@link #repair}
     */
    Trouble trouble(Act wrong, Act repair) throws Exception {
        Trouble trouble = new Trouble();
        wrong.run();
        toRepair = repair;
        return trouble;
    }

    /** Makes the world right where it is wrong. */
    void repair() throws Exception {
        Act repair = toRepair;
        toRepair = null;
        if (repair != null) {
            repair.run();
        }
    }

    @FunctionalInterface
    interface Act {
        void run() throws Exception;
    }

    /** What {@code status} asks for. */
    private HealthState health() throws IOException {
        try (JmxStatus status = new JmxStatus(daemon.process().pid())) {
            return status.read().health();
        }
    }

    /** The command itself says so, too. */
    void statusSaysDown() throws IOException {
        Program.Ended status = InProcess.run("status", "--json", "--home", home.toString());
        assertThat(status.exitCode()).as(status.output()).isZero();
        JsonNode health = new ObjectMapper().readTree(status.output()).path("health");
        assertThat(health.path("state").asText()).as(status.output()).isEqualTo("DOWN");
        assertThat(health.path("reasons").toString()).contains("invoices");
    }

    /** From before the world went wrong until it is right. */
    final class Trouble {

        private final long begin = System.nanoTime();
        private final int logged = daemon.logged().length();

        private Trouble() throws IOException {}

        /** The log tells of it so many times and of this, and so does the status. */
        void isSeen(int times, String word) throws IOException, InterruptedException {
            await().atMost(PATIENCE.multipliedBy(times))
                    .until(() -> complaints().stream()
                                    .filter(line -> line.contains(word))
                                    .count()
                            >= times);
            HealthState health = health();
            assertThat(health.state()).as(health.toString()).isEqualTo("DOWN");
            assertThat(health.reasons()).anyMatch(reason -> reason.contains("invoices"));
        }

        /**
         * The status is well again, and the log held a line a step and no more.
         *
         * @param waiting how many files had to wait
         */
        void isOver(int waiting) throws IOException, InterruptedException {
            HealthState health = health();
            assertThat(health.state()).as(health.toString()).isEqualTo("UP");
            assertThat(complaints()).hasSizeLessThanOrEqualTo(waiting * stepsSoFar());
            assertThat(lines()).allMatch(line -> line.matches("[0-9]{4}-[0-9]{2}-[0-9]{2} .*") && line.length() < 1000);
        }

        private List<String> complaints() throws IOException {
            return lines().stream()
                    .filter(line -> line.contains(" WARN ") || line.contains(" ERROR "))
                    .toList();
        }

        private List<String> lines() throws IOException {
            String all = daemon.logged().substring(logged);
            // The last line may be half written.
            return all.substring(0, all.lastIndexOf('\n') + 1).lines().toList();
        }

        private int stepsSoFar() {
            int steps = 1;
            Duration wait = FIRST_WAIT;
            for (Duration left = Duration.ofNanos(System.nanoTime() - begin).minus(wait);
                    !left.isNegative();
                    left = left.minus(wait)) {
                steps++;
                wait = wait.multipliedBy(2).compareTo(LONGEST_WAIT) > 0 ? LONGEST_WAIT : wait.multipliedBy(2);
            }
            return steps;
        }
    }
}
