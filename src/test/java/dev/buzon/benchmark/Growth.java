package dev.buzon.benchmark;

import static dev.buzon.benchmark.Report.number;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A full inbox and a ledger of years: whether a file costs more at the end than at the beginning. */
final class Growth implements Work {

    private static final String NAME = "growth";
    private static final String ROUTE = "bizums";
    private static final Duration LIMIT = Duration.ofMinutes(60);
    private static final Duration TABLE_LIMIT = Duration.ofMinutes(5);

    @Override
    public void run(Ground ground, Report report) throws Exception {
        int count = ground.size(50_000, 500);
        int rows = ground.size(1_000_000, 10_000);
        Data data = new Data(ground);
        Path files = data.bizumFiles(count, 3, rows);
        Contestant buzon = new Contestant(Buzon.NAME, () -> fill(ground, data, files, count, rows));
        buzon.take();
        boolean measured = report.detail(
                NAME,
                buzon,
                figures -> "a file: %s ms after the first %d, %s ms in the middle (%s×), %s ms at the end (%s×); "
                                .formatted(
                                        number(figures.median("beginning-ms")),
                                        count / 50,
                                        number(figures.median("middle-ms")),
                                        number(toBeginning("middle-ms", figures)),
                                        number(figures.median("end-ms")),
                                        number(toBeginning("end-ms", figures)))
                        + "the first %d: %s ms; the table %s s later"
                                .formatted(
                                        count / 50,
                                        number(figures.median("first-ms")),
                                        number(figures.median("table-s"))));
        if (measured) {
            report.bound(
                    "growth: the end to the beginning",
                    toBeginning("end-ms", buzon.figures()),
                    "×",
                    Target.atMost(1.3, 1.0));
        }
    }

    private static double toBeginning(String name, Figures figures) {
        return figures.median(name) / figures.median("beginning-ms");
    }

    private static Figures fill(Ground ground, Data data, Path files, int count, int rows) throws Exception {
        Path home = ground.fresh("buzon");
        Figures figures = new Figures();
        try (Buzon first = Buzon.in(home, ground.log(NAME + "-first"))) {
            first.start().awaitReady();
            first.stop(new Figures());
            AgedLedger.replace(first.ledger(), rows, data);
        }
        try (Buzon buzon = Buzon.in(home, ground.log(NAME + "-buzon"))) {
            Ground.link(files, count, buzon.inbox(ROUTE));
            Ground.sync();
            buzon.start().awaitReady();
            watch(buzon);
            awaitTable(buzon, figures);
            buzon.stop(figures);
            measure(Handled.read(buzon.ledger(), ROUTE, buzon.startedAt(), count), figures);
        }
        ground.remove(home);
        return figures;
    }

    /** Waits until the inbox is empty, and says from time to time how far it is. */
    private static void watch(Buzon buzon) throws IOException, InterruptedException {
        long end = System.nanoTime() + LIMIT.toNanos();
        for (int waiting = buzon.waiting(ROUTE); waiting > 0; waiting = buzon.waiting(ROUTE)) {
            System.err.println("    " + waiting + " files wait");
            long soon = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
            buzon.await("work on", LIMIT.plusMinutes(1), () -> System.nanoTime() > soon || buzon.waiting(ROUTE) == 0);
            if (System.nanoTime() > end) {
                throw new IOException("The inbox was not empty within " + LIMIT.toMinutes() + " min.");
            }
        }
    }

    /** The table of all people, which is made once a poll is over: not what is measured here, but it takes memory. */
    private static void awaitTable(Buzon buzon, Figures figures) throws IOException, InterruptedException {
        long began = System.nanoTime();
        buzon.await("write its table", TABLE_LIMIT, () -> hasTable(buzon.log()));
        figures.add("table-s", (System.nanoTime() - began) / 1e9);
    }

    /** Whether the table is newer than all that the log says of files. */
    private static boolean hasTable(List<String> log) {
        String all = String.join("\n", log);
        return all.lastIndexOf("bizums: the highest of") > all.lastIndexOf("new highest in");
    }

    /** A fiftieth of the files after the first fiftieth, in the middle, and at the end. */
    private static void measure(List<Handled> handled, Figures figures) {
        int window = handled.size() / 50;
        int last = handled.size() - 1;
        int middle = (handled.size() - window) / 2;
        figures.add("first-ms", Handled.millis(handled, 0, window));
        figures.add("beginning-ms", Handled.millis(handled, window, 2 * window));
        figures.add("middle-ms", Handled.millis(handled, middle, middle + window));
        figures.add("end-ms", Handled.millis(handled, last - window, last));
    }
}
