package dev.buzon.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import dev.buzon.database.Database;
import dev.buzon.database.Lease;
import dev.buzon.home.Home;
import dev.buzon.home.RouteSettings;
import dev.buzon.home.Settings;
import dev.buzon.intake.Looks;
import dev.buzon.job.BadRecords;
import dev.buzon.job.InputFile;
import dev.buzon.job.Outcome;
import dev.buzon.job.Tally;
import dev.buzon.ledger.FileState;
import dev.buzon.ledger.HistoryQuery;
import dev.buzon.ledger.Ledger;
import dev.buzon.ledger.LedgerEntry;
import dev.buzon.ledger.LedgerReader;
import dev.buzon.ledger.Totals;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import java.util.Queue;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A home whose batches are taken step by step, without Camel and Spark, and what a user sees in it. The folders, the
 * settings and the ledger are real; the job writes the lines of a file in capitals.
 *
 * <p>A line that begins with {@code bad} is a bad record. A file that begins with {@code unreadable} is rejected.
 */
final class BatchHome implements AutoCloseable {

    static final String ROUTE = "invoices";
    private static final Instant FIRST_DROPPED = Instant.parse("2026-11-01T08:00:00Z");

    private final Path around;
    private final Path folder;
    private final Properties given = new Properties();
    private final Heard heard = new Heard();
    private BatchRun.Job job = BatchHome::inCapitals;
    private Lease lease = Lease.UNSHARED;
    private Settings settings;
    private Ledger ledger;
    private Deliveries deliveries;
    private Looks looks;
    private Lifecycle lifecycle;
    private int dropped;

    /** @param around in which nothing else is */
    BatchHome(Path around) {
        this.around = around;
        this.folder = around.resolve("home");
        set("quiet-period", "0");
        set("files-per-job", "1000");
    }

    /** @param key of the route */
    BatchHome set(String key, String value) {
        given.setProperty("buzon." + ROUTE + "." + key, value);
        return this;
    }

    BatchHome job(BatchRun.Job other) {
        job = other;
        return this;
    }

    /** From the next start on. */
    BatchHome under(Lease other) {
        lease = other;
        return this;
    }

    BatchHome start() throws IOException, SQLException {
        settings = Settings.read(new Home(folder), Path.of("routes").toAbsolutePath(), given);
        settings.home().makePrivateFolders();
        settings.home().prepare(settings);
        ledger = Ledger.openAtStart(database());
        ledger.workUnder(lease);
        deliveries = new Deliveries(settings, ledger);
        deliveries.addListener(heard);
        looks = new Looks(settings, deliveries);
        lifecycle = new Lifecycle(deliveries, looks.settled(), deliveries.strays());
        deliveries.recovery().recover();
        return this;
    }

    /** Everything that was in memory is lost, and the service is started again. */
    BatchHome crash() throws IOException, SQLException {
        close();
        return start();
    }

    @Override
    public void close() throws SQLException {
        if (ledger != null) {
            ledger.close();
        }
    }

    /** Runs a statement on the ledger, by a connection of its own. */
    void sql(String statement) throws SQLException {
        try (Connection connection = database().connect()) {
            Database.execute(connection, statement);
        }
    }

    Settings settings() {
        return settings;
    }

    RouteSettings route() {
        return settings.route(ROUTE);
    }

    Ledger ledger() {
        return ledger;
    }

    Database database() {
        return Database.of(settings);
    }

    Deliveries deliveries() {
        return deliveries;
    }

    Path path(String relative) {
        return folder.resolve(relative);
    }

    Path inInbox(String name) {
        return route().inbox().resolve(name);
    }

    /** Each file is older than the next one. */
    Path drop(String name, String content) throws IOException {
        Path target = inInbox(name);
        Path temporary = Files.writeString(target.resolveSibling(name + ".tmp"), content);
        Files.setLastModifiedTime(temporary, FileTime.from(FIRST_DROPPED.plusSeconds(dropped++)));
        return Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE);
    }

    /** The first batch of a look that begins now, which has not taken a step. */
    BatchRun begin() throws IOException {
        Queue<Path> chosen = looks.begin(route());
        return run(chosen.isEmpty() ? List.of() : looks.nextBatch(route(), chosen));
    }

    /** One look, with all of its batches. */
    List<BatchRun> look() throws IOException {
        List<BatchRun> runs = new ArrayList<>();
        Queue<Path> chosen = looks.begin(route());
        while (!chosen.isEmpty()) {
            runs.add(run(looks.nextBatch(route(), chosen)).toEnd());
        }
        return runs;
    }

    private BatchRun run(List<Path> sources) {
        return new BatchRun(lifecycle, route(), job, sources);
    }

    /** Looks until there is nothing to take. */
    void handleAll() throws IOException {
        for (int looked = 0; !look().isEmpty(); looked++) {
            assertThat(looked).as("looks").isLessThan(10);
        }
    }

    static List<Outcome> inCapitals(List<InputFile> files) throws IOException {
        List<Outcome> outcomes = new ArrayList<>();
        for (InputFile file : files) {
            outcomes.add(inCapitals(file));
        }
        return outcomes;
    }

    static Outcome inCapitals(InputFile file) throws IOException {
        List<String> lines = Files.readAllLines(file.path());
        if (!lines.isEmpty() && lines.get(0).startsWith("unreadable")) {
            return Outcome.unreadable(lines.get(0));
        }
        List<String> good =
                lines.stream().filter(line -> !line.startsWith("bad")).toList();
        if (!good.isEmpty()) {
            try (OutputStream out = file.openResult(".txt")) {
                out.write(resultOf(good).getBytes(StandardCharsets.UTF_8));
            }
        }
        try (BadRecords bad = new BadRecords(file.stagedBadRecords(), file.bound())) {
            for (int i = 0; i < lines.size(); i++) {
                if (lines.get(i).startsWith("bad")) {
                    bad.add(i + 1, "it begins with bad", lines.get(i));
                }
            }
            return Outcome.handled(
                            new Tally(good.size(), "line", "lines"), new Tally(good.size(), "capital", "capitals"))
                    .withBadRecords(bad.summary());
        }
    }

    static String resultOf(List<String> good) {
        return good.stream().map(line -> line.toUpperCase(Locale.ROOT) + "\n").collect(Collectors.joining());
    }

    List<String> inbox() throws IOException {
        return names(route().inbox());
    }

    List<String> outbox() throws IOException {
        return names(route().outbox());
    }

    List<String> rejected() throws IOException {
        return names(route().rejected());
    }

    /** Of all days. */
    List<String> archived() throws IOException {
        return names(route().archive());
    }

    /** Of all days. */
    List<String> duplicates() throws IOException {
        return names(route().duplicates());
    }

    static List<String> names(Path folder) throws IOException {
        return files(folder).stream().map(file -> file.getFileName().toString()).toList();
    }

    /** The files in a folder and those below it, but not what is hidden, by their names. */
    static List<Path> files(Path folder) throws IOException {
        try (Stream<Path> all = Files.walk(folder)) {
            return all.filter(file -> Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)
                            && !("/" + folder.relativize(file)).contains("/."))
                    .sorted()
                    .toList();
        }
    }

    /** What lies in staging. */
    List<String> staged() throws IOException {
        List<String> staged = new ArrayList<>();
        for (Path outer : List.of(route().outbox(), route().rejected())) {
            Path staging = outer.resolve(RouteSettings.STAGING);
            try (Stream<Path> all = Files.walk(staging)) {
                all.map(path -> staging.relativize(path).toString())
                        .filter(name -> !List.of("", "bizums", ROUTE).contains(name))
                        .forEach(staged::add);
            }
        }
        return staged;
    }

    /** The only row of a name. */
    LedgerEntry row(String name) throws SQLException {
        List<LedgerEntry> rows = ledger.history(HistoryQuery.named(name, 9));
        assertThat(rows).as("rows of " + name).hasSize(1);
        return rows.get(0);
    }

    /** The state of each name in the history; with a number if it has several rows. */
    Map<String, FileState> states() throws SQLException {
        Map<String, FileState> states = new TreeMap<>();
        List<LedgerEntry> history = ledger.history(HistoryQuery.latest(10_000));
        for (int i = history.size() - 1; i >= 0; i--) {
            String name = history.get(i).source();
            int number = 1;
            while (states.containsKey(number == 1 ? name : name + " " + number)) {
                number++;
            }
            states.put(number == 1 ? name : name + " " + number, history.get(i).state());
        }
        return states;
    }

    Totals totals() throws IOException, SQLException {
        try (LedgerReader reader = new LedgerReader(database())) {
            return reader.look().totals(ROUTE);
        }
    }

    /** What the listeners were told since this was asked last. */
    List<String> heard() {
        return heard.sinceLastAsked();
    }

    void expectEachOnce(String... contents) throws IOException, SQLException {
        new EachOnce(this, around).expect(contents);
    }
}
