package dev.buzon.benchmark;

import static dev.buzon.benchmark.Report.number;

import dev.buzon.benchmark.rival.DuckDb;
import dev.buzon.benchmark.rival.JacksonLimit;
import dev.buzon.benchmark.rival.SparkBatch;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * One large file of invoices: Buzón from the moment the file is taken until its source is archived, what others need to
 * write the same line items, and what Jackson alone needs. Each has read a smaller file before, in the same process.
 */
record LargeFile(String name, int megabytes, int tinyMegabytes) implements Work {

    private static final Duration LIMIT = Duration.ofMinutes(10);

    @Override
    public void run(Ground ground, Report report) throws Exception {
        Data data = new Data(ground);
        Path file = data.largeInvoices(ground.size(megabytes, tinyMegabytes));
        Path warmUp = data.largeInvoices(ground.size(25, 5));
        // It is in memory then, for all of them.
        Results.count(file, "\n");
        int cores = Runtime.getRuntime().availableProcessors();
        Contestant buzon = new Contestant(Buzon.NAME, () -> buzon(ground, file, warmUp));
        Contestant duckDb = new Contestant("DuckDB", () -> rival(DuckDb.class, ground, file, warmUp, "invoices"));
        Contestant spark = new Contestant("Spark SQL", () -> rival(SparkBatch.class, ground, file, warmUp, "invoices"));
        Contestant one =
                new Contestant("Jackson alone, 1 core", () -> rival(JacksonLimit.class, ground, file, warmUp, 1));
        Contestant all = new Contestant(
                "Jackson alone, " + cores + " cores", () -> rival(JacksonLimit.class, ground, file, warmUp, cores));
        List<Contestant> contestants = List.of(buzon, duckDb, spark, one, all);
        for (int round = 0; round < ground.size(3, 1); round++) {
            for (Contestant contestant : contestants) {
                contestant.take();
            }
        }
        double bytes = Files.size(file);
        for (Contestant contestant : contestants) {
            report.detail(name, contestant, figures -> detail(figures, bytes));
        }
        compare(buzon, duckDb, Target.atLeast(1.0, 1.2), report);
        compare(buzon, spark, Target.atLeast(2), report);
        agree(contestants, report);
    }

    private static String detail(Figures figures, double bytes) {
        String more = figures.has("dropped-s")
                ? "drop to result, without the quiet period, " + number(figures.median("dropped-s")) + " s"
                : "the whole process, its start and its smaller file too, " + number(figures.median("process-s"))
                        + " s";
        return "median %s s (%s to %s), %s MB/s; %s; %.0f lines"
                .formatted(
                        number(figures.median("s")),
                        number(figures.percentile("s", 0)),
                        number(figures.max("s")),
                        number(bytes / 1e6 / figures.median("s")),
                        more,
                        figures.max("lines"));
    }

    private void compare(Contestant buzon, Contestant rival, Target target, Report report) {
        if (!buzon.failed() && !rival.failed()) {
            double mine = buzon.figures().median("s");
            double theirs = rival.figures().median("s");
            report.ratio(name, number(mine) + " s", rival.name() + ", " + number(theirs) + " s", theirs / mine, target);
        }
    }

    /** Those that have other results than Buzón have not done its work. */
    private void agree(List<Contestant> contestants, Report report) {
        List<Figures> all = contestants.stream()
                .filter(contestant -> !contestant.failed())
                .map(Contestant::figures)
                .toList();
        double most =
                all.stream().mapToDouble(figures -> figures.max("lines")).max().orElse(0);
        if (all.stream().anyMatch(figures -> figures.percentile("lines", 0) != most)) {
            report.failure(name, "all", "they don't agree how many line items there are");
        }
    }

    private Figures buzon(Ground ground, Path file, Path warmUp)
            throws IOException, InterruptedException, SQLException {
        Path home = ground.fresh("buzon");
        Figures figures = new Figures();
        try (Buzon buzon = Buzon.in(home, ground.log(name + "-buzon"));
                Arrivals arrivals = new Arrivals(buzon.outbox("invoices"))) {
            buzon.start().awaitReady();
            buzon.drop(warmUp, "invoices");
            arrivals.next(LIMIT);
            buzon.awaitEmpty("invoices", LIMIT);
            Instant dropped = Instant.now();
            buzon.drop(file, "invoices");
            Duration total = Duration.between(dropped, arrivals.next(LIMIT));
            buzon.awaitEmpty("invoices", LIMIT);
            buzon.stop(figures);
            Handled handled = Handled.read(buzon.ledger(), "invoices", buzon.startedAt(), 2)
                    .get(1);
            figures.add("s", handled.millis() / 1e3);
            figures.add("dropped-s", total.minus(Buzon.QUIET_PERIOD).toMillis() / 1e3);
            long lines = 0;
            for (Path result : Ground.files(buzon.outbox("invoices"))) {
                lines += result.getFileName().toString().startsWith(stem(file)) ? Results.count(result, "\n") : 0;
            }
            if (lines != handled.results()) {
                throw new IOException("Of " + handled.results() + " line items " + lines + " are in the outbox.");
            }
            figures.add("lines", lines);
        }
        ground.remove(home);
        return figures;
    }

    private Figures rival(Class<?> main, Ground ground, Path file, Path warmUp, Object... more)
            throws IOException, InterruptedException {
        Path folder = ground.fresh("rival");
        List<Object> arguments = new ArrayList<>(List.of(file, folder, warmUp));
        arguments.addAll(List.of(more));
        Figures figures = Rival.run(main, ground.log(name + "-" + main.getSimpleName()), arguments.toArray());
        long lines = 0;
        for (Path result : Ground.files(folder.resolve("out"))) {
            lines += result.toString().endsWith(".json") ? Results.count(result, "\n") : 0;
        }
        figures.add("lines", lines);
        ground.remove(folder);
        return figures;
    }

    private static String stem(Path file) {
        return file.getFileName().toString().replace(".json", "");
    }
}
