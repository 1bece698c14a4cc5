package dev.buzon.benchmark;

import static dev.buzon.benchmark.Report.number;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;

/** Starts in new homes, with a settled file in the inbox: until the log says that it is ready, and to the first result. */
final class Start implements Work {

    private static final String NAME = "start";

    @Override
    public void run(Ground ground, Report report) throws Exception {
        Path file = Ground.files(new Data(ground).invoiceFiles(1)).get(0);
        Contestant buzon = new Contestant(Buzon.NAME, () -> start(ground, file));
        int starts = ground.size(10, 2);
        for (int i = 0; i < starts; i++) {
            buzon.take();
        }
        boolean measured = report.detail(
                NAME,
                buzon,
                figures -> "ready: median %s s, max %s s; first result after that: median %s ms, max %s ms; %d starts"
                        .formatted(
                                number(figures.median("ready-s")),
                                number(figures.max("ready-s")),
                                number(figures.median("first-ms")),
                                number(figures.max("first-ms")),
                                starts));
        if (measured) {
            report.bound("start: ready, the slowest", buzon.figures().max("ready-s"), " s", Target.atMost(5, 3));
            report.bound(
                    "start: first result after ready, the slowest",
                    buzon.figures().max("first-ms"),
                    " ms",
                    Target.atMost(500, 200));
        }
    }

    private static Figures start(Ground ground, Path file) throws IOException, InterruptedException {
        Path home = ground.fresh("buzon");
        Figures figures = new Figures();
        try (Buzon buzon = Buzon.in(home, ground.log(NAME + "-buzon"));
                Arrivals arrivals = new Arrivals(buzon.outbox("invoices"))) {
            buzon.drop(file, "invoices");
            Buzon.settle();
            buzon.start();
            Instant result = arrivals.next(Duration.ofMinutes(2));
            Instant ready = buzon.awaitReady();
            figures.add("ready-s", Duration.between(buzon.startedAt(), ready).toMillis() / 1e3);
            figures.add("first-ms", Duration.between(ready, result).toNanos() / 1e6);
            buzon.awaitEmpty("invoices", Duration.ofMinutes(1));
            buzon.stop(figures);
        }
        ground.remove(home);
        return figures;
    }
}
