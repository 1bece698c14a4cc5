package dev.buzon.benchmark;

import static dev.buzon.benchmark.Report.number;

import dev.buzon.Postgres;
import dev.buzon.database.Database;
import dev.buzon.database.PostgresDatabase;
import dev.buzon.database.SqliteDatabase;
import dev.buzon.ledger.Ledger;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/** What one machine can take: small files with each kind of ledger, what they leave in it, and a large one by cores. */
final class Capacity implements Work {

    private static final String NAME = "capacity";
    private static final Duration LIMIT = Duration.ofMinutes(10);

    @Override
    public void run(Ground ground, Report report) throws Exception {
        Data data = new Data(ground);
        int warmUp = ground.size(1_000, 4);
        int count = ground.size(1_000, 12);
        Path small = data.bizumFiles(warmUp + count);
        Path medium = data.invoiceFiles(warmUp + count);
        Path large = data.largeInvoices(ground.size(400, 20));
        Path larger = data.largeInvoices(ground.size(25, 5));
        int cores = Runtime.getRuntime().availableProcessors();
        List<Contestant> files = new ArrayList<>();
        for (boolean onServer : List.of(false, true)) {
            Map.of("invoices", Map.of("invoices", medium), "bizums", Map.of("bizums", small))
                    .forEach((name, inboxes) -> files.add(contestant(ground, name, inboxes, warmUp, onServer)));
            files.add(
                    contestant(ground, "both at once", Map.of("invoices", medium, "bizums", small), warmUp, onServer));
        }
        List<Contestant> byCores = List.of(
                new Contestant("1 core", () -> large(ground, large, larger, List.of("taskset", "-c", "0"))),
                new Contestant(cores + " cores", () -> large(ground, large, larger, List.of())));
        List<Contestant> contestants = new ArrayList<>(files);
        contestants.addAll(byCores);
        for (int round = 0; round < ground.size(2, 1); round++) {
            for (Contestant one : contestants) {
                one.take();
            }
        }
        for (Contestant one : files) {
            report.detail(NAME, one, of -> "a file: mean %s ms, which is %s files a second; %s bytes of ledger a file"
                    .formatted(number(of.mean("ms")), number(1e3 / of.mean("ms")), number(of.median("ledger"))));
        }
        double megabytes = Files.size(large) / 1e6;
        for (Contestant one : byCores) {
            report.detail(NAME, one, of -> "a file of %s MB: median %s s, %s MB/s"
                    .formatted(number(megabytes), number(of.median("s")), number(megabytes / of.median("s"))));
        }
    }

    private static Contestant contestant(
            Ground ground, String name, Map<String, Path> inboxes, int warmUp, boolean onServer) {
        String full = name + ", " + (onServer ? "PostgreSQL" : "SQLite");
        return new Contestant(full, () -> files(ground, full, inboxes, warmUp, onServer));
    }

    /** @param inboxes by route, the folder with the files that wait in its inbox */
    private static Figures files(Ground ground, String name, Map<String, Path> inboxes, int warmUp, boolean onServer)
            throws Exception {
        Path home = ground.fresh("buzon");
        Map<String, String> settings = onServer ? Postgres.shared().newLedger(ground.fresh("password")) : Map.of();
        Figures figures = new Figures();
        try (Buzon buzon = Buzon.in(home, ground.log(NAME + "-" + name.replaceAll("\\W+", "-")))) {
            Database database = onServer
                    ? new PostgresDatabase(settings.get("buzon.ledger.url"), Postgres.USER, Postgres.PASSWORD)
                    : new SqliteDatabase(buzon.ledger());
            Files.createDirectories(buzon.ledger().getParent());
            Ledger.openAtStart(database).close();
            long empty = size(database);
            start(buzon, List.of(), settings).awaitReady();
            int all = 0;
            for (Map.Entry<String, Path> inbox : inboxes.entrySet()) {
                int count = Ground.files(inbox.getValue()).size();
                Ground.link(inbox.getValue(), count, buzon.inbox(inbox.getKey()));
                all += count;
            }
            for (String route : inboxes.keySet()) {
                buzon.awaitEmpty(route, LIMIT);
            }
            buzon.stop(figures);
            figures.add("ledger", (double) (size(database) - empty) / all);
            try (Connection connection = database.connect()) {
                figures.add("ms", millis(connection, buzon.startedAt(), inboxes, warmUp));
            }
        }
        ground.remove(home);
        return figures;
    }

    /** What a file costs while all routes have files, in milliseconds. */
    private static double millis(Connection ledger, Instant since, Map<String, Path> inboxes, int warmUp)
            throws SQLException, IOException {
        List<Handled> all = new ArrayList<>();
        Instant end = Instant.MAX;
        for (Map.Entry<String, Path> inbox : inboxes.entrySet()) {
            int count = Ground.files(inbox.getValue()).size();
            List<Handled> handled = Handled.read(ledger, inbox.getKey(), since, count);
            all.addAll(handled);
            Instant last = handled.get(count - 1).finishedAt();
            end = last.isBefore(end) ? last : end;
        }
        Instant limit = end;
        List<Handled> meanwhile = all.stream()
                .filter(file -> !file.finishedAt().isAfter(limit))
                .sorted(Comparator.comparing(Handled::finishedAt))
                .toList();
        return Handled.millis(meanwhile, warmUp - 1, meanwhile.size() - 1);
    }

    private static Buzon start(Buzon buzon, List<String> before, Map<String, String> settings) throws IOException {
        return buzon.start(
                before,
                settings.entrySet().stream()
                        .map(setting -> "-D" + setting.getKey() + "=" + setting.getValue())
                        .toList());
    }

    private static long size(Database database) throws SQLException, IOException {
        try (Connection connection = database.connect()) {
            return database.size(connection);
        }
    }

    private static Figures large(Ground ground, Path file, Path warmUp, List<String> before) throws Exception {
        Path home = ground.fresh("buzon");
        Figures figures = new Figures();
        try (Buzon buzon = Buzon.in(home, ground.log(NAME + "-large"));
                Arrivals arrivals = new Arrivals(buzon.outbox("invoices"))) {
            start(buzon, before, Map.of()).awaitReady();
            Instant startedAt = buzon.startedAt();
            for (Path each : List.of(warmUp, file)) {
                buzon.drop(each, "invoices");
                arrivals.next(LIMIT);
                buzon.awaitEmpty("invoices", LIMIT);
            }
            buzon.stop(figures);
            figures.add(
                    "s",
                    Handled.read(buzon.ledger(), "invoices", startedAt, 2)
                                    .get(1)
                                    .millis()
                            / 1e3);
        }
        ground.remove(home);
        return figures;
    }
}
