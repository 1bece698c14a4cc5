package dev.buzon.fault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.buzon.ClassArchive;
import dev.buzon.LongForm;
import dev.buzon.Program;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.stream.Stream;

/** A home whose daemons come and go, with its sender, its consumer, and the checker that hears of all they do. */
final class Rig {

    /** How many files wait at most while files are sent. */
    private static final int BACKLOG = 25;
    /** The same if files go together. */
    private static final int BACKLOG_OF_BATCHES = 120;

    private static final int FILES_PER_JOB = 50;

    private static final Duration LIMIT = Duration.ofMinutes(2);

    private final Path home;
    private final Program program;
    private final Checker checker;
    /** Settings of all its daemons. */
    private final List<String> always;

    private final int backlog;
    private volatile boolean sending;
    private CompletableFuture<Integer> sent;
    private volatile boolean draining;
    private Thread consumer;
    private volatile IOException consumerFailure;
    private volatile long taken;

    /** @param folder for the logs of the daemons */
    Rig(Path folder, Path home) throws IOException {
        this(folder, home, Map.of());
    }

    /** @param ledger the settings of one on a server */
    Rig(Path folder, Path home, Map<String, String> ledger) throws IOException {
        this(folder, home, ledger, 1, BACKLOG);
    }

    private Rig(Path folder, Path home, Map<String, String> ledger, int filesPerJob, int backlog) throws IOException {
        this.home = home;
        this.program = new Program(folder, home);
        this.checker = new Checker(home, ledger.get("buzon.ledger.url"));
        this.always = Stream.concat(
                        ledger.entrySet().stream(),
                        Stream.of("invoices", "bizums")
                                .map(route -> Map.entry("buzon." + route + ".files-per-job", "" + filesPerJob)))
                .map(setting -> "-D" + setting.getKey() + "=" + setting.getValue())
                .toList();
        this.backlog = backlog;
        for (String route : List.of("invoices", "bizums")) {
            Files.createDirectories(home.resolve("inbox").resolve(route));
        }
    }

    /**
     * A rig whose daemons handle up to 50 files together. The checker isn't told.
     *
     * @param ledger the settings of one on a server; may be empty
     */
    static Rig ofBatches(Path folder, Path home, Map<String, String> ledger) throws IOException {
        return new Rig(folder, home, ledger, FILES_PER_JOB, BACKLOG_OF_BATCHES);
    }

    static boolean isLong() {
        return Boolean.getBoolean(LongForm.PROPERTY);
    }

    /** So that what was random can be repeated. */
    static long seed() {
        return Long.getLong("buzon.faults.seed", System.nanoTime() & 0xFFFFFF);
    }

    Path home() {
        return home;
    }

    Checker checker() {
        return checker;
    }

    Program program() {
        return program;
    }

    /** A daemon, without waiting for it. */
    Program.Daemon launch(String... settings) throws IOException {
        return launch(List.of(), settings);
    }

    Program.Daemon launch(List<String> before, String... settings) throws IOException {
        return program.launch(before, quickly(settings).toArray(String[]::new));
    }

    /** A daemon that is ready, of the launcher's {@code run}. */
    Program.Daemon startByLauncher(String... settings) throws IOException {
        ClassArchive.make();
        List<String> command = new ArrayList<>(List.of("run", "--home", home.toString()));
        command.addAll(quickly(settings));
        return ready(program.begin(command.toArray(String[]::new)));
    }

    private List<String> quickly(String... settings) {
        List<String> all = new ArrayList<>(List.of(
                "-Dbuzon.invoices.quiet-period=10ms",
                "-Dbuzon.bizums.quiet-period=10ms",
                "-Dbuzon.invoices.poll-interval=20ms",
                "-Dbuzon.bizums.poll-interval=20ms",
                "-Dbuzon.retry.first=100ms",
                "-Dbuzon.retry.longest=400ms"));
        all.addAll(always);
        all.addAll(Arrays.asList(settings));
        return all;
    }

    /** A daemon that is ready. */
    Program.Daemon start(String... settings) throws IOException {
        return ready(launch(settings));
    }

    private static Program.Daemon ready(Program.Daemon daemon) throws IOException {
        assertThat(awaitReady(daemon)).as(daemon.logged()).isTrue();
        return daemon;
    }

    /** @return false where it ended before */
    static boolean awaitReady(Program.Daemon daemon) {
        await().atMost(LIMIT)
                .pollInterval(Duration.ofMillis(20))
                .until(() -> daemon.logged().contains("Buzón is ready")
                        || daemon.logged().contains("Buzón stands by")
                        || !daemon.process().isAlive());
        return daemon.process().isAlive();
    }

    /** Drops a file as a careful sender does, and tells the checker. */
    void drop(MadeFile file) throws IOException {
        Path temporary = write(file);
        checker.dropped(file.route(), file.name(), file.content());
        Files.move(temporary, inInbox(file), StandardCopyOption.ATOMIC_MOVE);
    }

    /** Drops files that get their names one right after another. */
    void drop(List<MadeFile> files) throws IOException {
        for (MadeFile file : files) {
            write(file);
            checker.dropped(file.route(), file.name(), file.content());
        }
        for (MadeFile file : files) {
            Files.move(hidden(file), inInbox(file), StandardCopyOption.ATOMIC_MOVE);
        }
    }

    /** As {@link #drop(MadeFile)}, durable once this returns. The checker isn't told. */
    void dropDurably(MadeFile file) throws IOException {
        Path temporary = write(file);
        force(temporary);
        Files.move(temporary, inInbox(file), StandardCopyOption.ATOMIC_MOVE);
        force(inInbox(file).getParent());
    }

    /** As {@link #drop(MadeFile)}, by a sender that forces nothing. The checker isn't told. */
    void dropUnforced(MadeFile file) throws IOException {
        Files.move(write(file), inInbox(file), StandardCopyOption.ATOMIC_MOVE);
    }

    private Path write(MadeFile file) throws IOException {
        return Files.write(hidden(file), file.content());
    }

    private Path hidden(MadeFile file) {
        return inInbox(file).resolveSibling("." + file.name());
    }

    private Path inInbox(MadeFile file) {
        return home.resolve("inbox").resolve(file.route()).resolve(file.name());
    }

    private static void force(Path path) throws IOException {
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    /** How many files wait in the inboxes. */
    long waiting() throws IOException {
        return count("inbox/invoices") + count("inbox/bizums");
    }

    /** How many results, files of bad records and explanations wait to be published. No daemon runs. */
    long staged() throws IOException {
        long staged = 0;
        for (String around : List.of("outbox/", "archive/rejected/")) {
            for (String route : List.of("invoices", "bizums")) {
                Path staging = home.resolve(around + route + "/.staging/" + route);
                if (Files.isDirectory(staging)) {
                    try (Stream<Path> batches = Files.list(staging)) {
                        for (Path batch : batches.filter(Files::isDirectory).toList()) {
                            staged += count(home.relativize(batch).toString());
                        }
                    }
                }
            }
        }
        return staged;
    }

    /** Whether a file has come as far as its staging, and no further. */
    boolean hasStaged() throws IOException {
        return count("outbox/invoices/.staging/invoices")
                        + count("outbox/bizums/.staging/bizums")
                        + count("archive/rejected/invoices/.staging/invoices")
                        + count("archive/rejected/bizums/.staging/bizums")
                > 0;
    }

    private long count(String relative) throws IOException {
        Path path = home.resolve(relative);
        if (!Files.isDirectory(path)) {
            return 0;
        }
        try (Stream<Path> children = Files.list(path)) {
            return children.filter(child -> !child.getFileName().toString().startsWith("."))
                    .count();
        }
    }

    /** A resend under the name of a file that waits would replace it, which is no loss and tests nothing. */
    boolean waits(MadeFile file) {
        return Files.exists(inInbox(file));
    }

    /** Begins to send files as fast as they are handled. */
    void send(MadeFile.Source source) {
        sending = true;
        sent = CompletableFuture.supplyAsync(() -> {
            int count = 0;
            try {
                while (sending) {
                    MadeFile file = source.next();
                    while (sending && waiting() >= backlog) {
                        Thread.sleep(5);
                    }
                    // Not one that still waits: its resend would take its place.
                    if (sending && !waits(file)) {
                        drop(file);
                        count++;
                    }
                }
            } catch (IOException | InterruptedException e) {
                throw new CompletionException(e);
            }
            return count;
        });
    }

    /** @return how many files were sent */
    int stopSending() {
        sending = false;
        return sent.join();
    }

    /**
     * Begins to take each result away the moment it is there.
     *
     * @param consumed where to, on the home's file system; a number is put before each name
     */
    void drain(Path consumed) throws IOException {
        // So that nobody looks for results while that is made.
        ClassArchive.make();
        Files.createDirectories(consumed);
        Path outbox = Files.createDirectories(home.resolve("outbox/invoices"));
        draining = true;
        consumer = new Thread(
                () -> {
                    try {
                        while (draining) {
                            take(outbox, consumed);
                            Thread.sleep(1);
                        }
                    } catch (IOException e) {
                        consumerFailure = e;
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                },
                "consumer");
        consumer.start();
    }

    private void take(Path outbox, Path consumed) throws IOException {
        List<Path> results;
        try (Stream<Path> files = Files.list(outbox)) {
            results = files.filter(Files::isRegularFile).toList();
        }
        for (Path result : results) {
            Path mine = consumed.resolve(taken + "-" + result.getFileName());
            Files.move(result, mine, StandardCopyOption.ATOMIC_MOVE);
            checker.taken(result.getFileName().toString(), Files.readAllBytes(mine));
            taken = taken + 1;
        }
    }

    /** How many results were taken. */
    long taken() {
        return taken;
    }

    void stopDraining() throws InterruptedException {
        draining = false;
        consumer.join();
        expectDraining();
    }

    /** Fails where the consumer has come upon what it could not take. */
    void expectDraining() {
        if (consumerFailure != null) {
            throw new UncheckedIOException(consumerFailure);
        }
    }

    /** Waits until the daemon has nothing left to do, and checks the home. */
    void checkAtRest(Program.Daemon daemon) throws IOException {
        assertThat(restsOrEnds(daemon)).as(daemon.logged()).isTrue();
    }

    /**
     * Waits until the daemon has ended, or has nothing left to do and its home is right.
     *
     * @return whether it lives
     */
    boolean restsOrEnds(Program.Daemon daemon) {
        Process process = daemon.process();
        await().atMost(LIMIT).pollInterval(Duration.ofMillis(20)).until(() -> waiting() == 0 || !process.isAlive());
        // The ledger's last word follows the last file, and so does the table of bizums.
        await().atMost(LIMIT)
                .pollInterval(Duration.ofMillis(250))
                .ignoreException(NoSuchFileException.class)
                .untilAsserted(() -> {
                    if (process.isAlive()) {
                        checker.check();
                    }
                });
        return process.isAlive();
    }

    /** Waits until the daemon has nothing left to do, stops it, and checks the home. */
    void rest(Program.Daemon daemon) throws Exception {
        checkAtRest(daemon);
        assertThat(daemon.terminate()).isZero();
        assertThat(home.resolve(".buzon/ready")).doesNotExist();
        assertThat(home.resolve(".buzon/holder")).doesNotExist();
        checker.check();
    }

    void end() throws InterruptedException {
        sending = false;
        draining = false;
        program.killAll();
    }
}
