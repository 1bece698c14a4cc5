package dev.buzon.benchmark;

import static dev.buzon.benchmark.Report.number;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;

/**
 * Many small files that wait when the daemon starts: what one of them costs, from the end of the one before it to its
 * own. Structured Streaming has the same files, one a trigger. They take turns, twice. Before those that count each
 * works for about as long on files that don't, since a JVM goes faster for its first half minute.
 */
record Backlog(String route, Class<?> rival, Target target, Files files) implements Work {

    /** Where the files come from. */
    @FunctionalInterface
    interface Files {
        Path make(Data data, int count) throws Exception;
    }

    @Override
    public void run(Ground ground, Report report) throws Exception {
        int count = ground.size(300, 12);
        int buzonWarmUp = ground.size(2_000, 4);
        int streamingWarmUp = ground.size(100, 2);
        Path dropped = files.make(new Data(ground), buzonWarmUp + count);
        Contestant buzon = new Contestant(
                Buzon.NAME,
                () -> take(ground, Buzon.LAUNCHER, route, route + "-buzon", dropped, buzonWarmUp, () -> {}));
        Contestant streaming = new Contestant(
                "Structured Streaming", () -> streaming(ground, dropped, streamingWarmUp + count, streamingWarmUp));
        for (int round = 0; round < ground.size(2, 1); round++) {
            buzon.take();
            streaming.take();
        }
        for (Contestant one : List.of(buzon, streaming)) {
            report.detail(
                    route, one, of -> "a file: median %s ms, mean %s ms, p95 %s ms; %s ms where the warm-up counts"
                            .formatted(
                                    number(of.median("ms")),
                                    number(of.mean("ms")),
                                    number(of.percentile("ms", 95)),
                                    number(of.mean("wall-ms"))));
        }
        if (!buzon.failed() && !streaming.failed()) {
            double medians = streaming.figures().median("ms") / buzon.figures().median("ms");
            double means = streaming.figures().mean("ms") / buzon.figures().mean("ms");
            report.ratio(
                    route, aFile(buzon), streaming.name() + ", " + aFile(streaming), Math.min(medians, means), target);
        }
    }

    private static String aFile(Contestant one) {
        return number(one.figures().mean("ms")) + " ms a file";
    }

    /**
     * Has a build of the program work through files that wait.
     *
     * @param launcher of that build
     * @param name of the log
     * @param dropped the folder of the files
     * @param warmUp how many don't count
     * @param whenReady is called once the daemon is ready
     * @return {@code ms} of each file that counts; {@code wall-ms} a file of all
     */
    static Figures take(
            Ground ground, Path launcher, String route, String name, Path dropped, int warmUp, Runnable whenReady)
            throws IOException, InterruptedException, SQLException {
        Path home = ground.fresh("buzon");
        Figures figures = new Figures();
        int count = Ground.files(dropped).size();
        try (Buzon buzon = Buzon.of(launcher, home, ground.log(name))) {
            Ground.link(dropped, count, buzon.inbox(route));
            Buzon.settle();
            buzon.start().awaitReady();
            whenReady.run();
            buzon.awaitEmpty(route, Duration.ofMinutes(10));
            buzon.stop(figures);
            List<Handled> handled = Handled.read(buzon.ledger(), route, buzon.startedAt(), count);
            for (int i = warmUp; i < count; i++) {
                figures.add("ms", Handled.millis(handled, i - 1, i));
            }
            Duration whole = Duration.between(
                    handled.get(0).startedAt(), handled.get(count - 1).finishedAt());
            figures.add("wall-ms", (double) whole.toMillis() / count);
        }
        ground.remove(home);
        return figures;
    }

    private Figures streaming(Ground ground, Path dropped, int count, int warmUp)
            throws IOException, InterruptedException {
        Path folder = ground.fresh("streaming");
        Ground.link(dropped, count, folder.resolve("in"));
        Figures figures = Rival.run(rival, ground.log(route + "-streaming"), folder, count, warmUp);
        ground.remove(folder);
        return figures;
    }
}
