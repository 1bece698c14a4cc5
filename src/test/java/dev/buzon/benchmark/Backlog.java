package dev.buzon.benchmark;

import static dev.buzon.benchmark.Report.number;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Many small files that wait when the daemon starts: what one of them costs, from the end of the one before it to its
 * own. Structured Streaming has the same files, one a trigger. They take turns, twice. Before those that count each
 * works for about as long on files that don't, since a JVM goes faster for its first half minute.
 */
record Backlog(String route, Class<?> rival, Target target, Files files) implements Work {

    static final String STREAMING = "Structured Streaming";

    private static final Duration LIMIT = Duration.ofMinutes(20);

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
        Load ours = Load.oneByOne(route, dropped, buzonWarmUp, count);
        Load theirs = Load.oneByOne(route, dropped, streamingWarmUp, count);
        Contestant buzon = new Contestant(
                Buzon.NAME, () -> take(ground, Buzon.LAUNCHER, ours, route + "-buzon", List.of(), () -> {}));
        Contestant streaming = new Contestant(STREAMING, () -> stream(ground, rival, theirs, route + "-streaming"));
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
     * Has a build of the program work through files that wait, and checks what it came to.
     *
     * @param launcher of that build
     * @param name of the log
     * @param settings of the daemon, beside those of the load
     * @param whenReady is called once the daemon is ready
     * @return {@code ms} of each file that counts; {@code wall-ms} a file of all; how many {@code jobs} count
     */
    static Figures take(Ground ground, Path launcher, Load load, String name, List<String> settings, Runnable whenReady)
            throws IOException, InterruptedException, SQLException {
        Path home = ground.fresh("buzon");
        Figures figures = new Figures();
        String route = load.route();
        List<String> all = new ArrayList<>(load.settings());
        all.addAll(settings);
        try (Buzon buzon = Buzon.of(launcher, home, ground.log(name))) {
            load.linkTo(buzon.inbox(route));
            Buzon.settle();
            buzon.start(List.of(), all).awaitReady();
            whenReady.run();
            buzon.awaitEmpty(route, LIMIT);
            // The table of bizums is written after the poll.
            buzon.await("come to what its files hold", Duration.ofMinutes(3), () -> load.isIn(buzon.outbox(route)));
            buzon.stop(figures);
            List<Handled> handled = Handled.read(buzon.ledger(), route, buzon.startedAt(), load.all());
            Handled.costs(handled, load.warmUp(), load.filesPerJob()).forEach(cost -> figures.add("ms", cost));
            Duration whole = Duration.between(
                    handled.get(0).startedAt(), handled.get(load.all() - 1).finishedAt());
            figures.add("wall-ms", (double) whole.toMillis() / load.all());
            figures.add("jobs", load.jobs());
        }
        ground.remove(home);
        return figures;
    }

    /** The same with a program of Structured Streaming; {@code ms} is of each trigger that counts, shared by its files. */
    static Figures stream(Ground ground, Class<?> rival, Load load, String name)
            throws IOException, InterruptedException {
        Path folder = ground.fresh("streaming");
        load.linkTo(folder.resolve("in"));
        Figures figures = Rival.run(rival, ground.log(name), folder, load.all(), load.warmUp(), load.filesPerJob());
        figures.add("jobs", load.jobs());
        load.check(STREAMING, folder.resolve("out"));
        ground.remove(folder);
        return figures;
    }
}
