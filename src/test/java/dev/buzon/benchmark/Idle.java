package dev.buzon.benchmark;

import static dev.buzon.benchmark.Report.number;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/**
 * Files dropped one at a time into a daemon that is warm and has nothing to do: the time from drop to result, and what
 * of it is neither the quiet period nor the wait for the next look at the inbox.
 */
final class Idle implements Work {

    private static final String NAME = "idle";
    private static final Duration LIMIT = Duration.ofMinutes(1);

    @Override
    public void run(Ground ground, Report report) throws Exception {
        int drops = ground.size(40, 6);
        int warmUp = ground.size(300, 2);
        Path files = new Data(ground).invoiceFiles(drops + warmUp);
        Contestant buzon = new Contestant(Buzon.NAME, () -> drop(ground, files, drops));
        buzon.take();
        boolean measured = report.detail(
                NAME,
                buzon,
                figures -> "drop to result: p50 %s ms, p95 %s ms; beyond quiet period and poll: p50 %s ms, p95 %s ms"
                        .formatted(
                                number(figures.median("total-ms")),
                                number(figures.percentile("total-ms", 95)),
                                number(figures.median("beyond-ms")),
                                number(figures.percentile("beyond-ms", 95))));
        if (measured) {
            report.bound(
                    "idle: p95 beyond quiet period and poll",
                    buzon.figures().percentile("beyond-ms", 95),
                    " ms",
                    Target.atMost(100, 50));
        }
    }

    /** When a file was dropped, and when its result was there. */
    private record Drop(String name, Instant at, Instant result) {}

    /** The last files are dropped one at a time, once those before them have warmed the daemon. */
    private Figures drop(Ground ground, Path folder, int drops) throws IOException, InterruptedException, SQLException {
        Path home = ground.fresh("buzon");
        Figures figures = new Figures();
        List<Path> files = Ground.files(folder);
        int warmUp = files.size() - drops;
        List<Drop> dropped = new ArrayList<>();
        Random random = new Random(1);
        try (Buzon buzon = Buzon.in(home, ground.log(NAME + "-buzon"))) {
            buzon.start().awaitReady();
            for (Path file : files.subList(0, warmUp)) {
                buzon.drop(file, "invoices");
            }
            buzon.awaitEmpty("invoices", LIMIT);
            try (Arrivals arrivals = new Arrivals(buzon.outbox("invoices"))) {
                for (Path file : files.subList(warmUp, files.size())) {
                    Instant at = Instant.now();
                    buzon.drop(file, "invoices");
                    dropped.add(new Drop(file.getFileName().toString(), at, arrivals.next(LIMIT)));
                    buzon.awaitEmpty("invoices", LIMIT);
                    TimeUnit.MILLISECONDS.sleep(random.nextInt(500));
                }
            }
            buzon.stop(figures);
            Map<String, Handled> handled =
                    Handled.read(buzon.ledger(), "invoices", buzon.startedAt(), files.size()).stream()
                            .collect(Collectors.toMap(Handled::source, one -> one));
            for (Drop drop : dropped) {
                measure(drop, handled.get(drop.name), figures);
            }
        }
        ground.remove(home);
        return figures;
    }

    /** What is beyond a poll interval is no wait for the poll, whatever it is. */
    private static void measure(Drop drop, Handled handled, Figures figures) {
        Duration total = Duration.between(drop.at, drop.result);
        Duration beyond = total.minus(Buzon.QUIET_PERIOD);
        Duration wait = Duration.between(drop.at.plus(Buzon.QUIET_PERIOD), handled.startedAt());
        if (wait.compareTo(Buzon.POLL_INTERVAL) > 0) {
            wait = Buzon.POLL_INTERVAL;
        }
        if (!wait.isNegative()) {
            beyond = beyond.minus(wait);
        }
        figures.add("total-ms", total.toNanos() / 1e6);
        figures.add("beyond-ms", beyond.toNanos() / 1e6);
    }
}
