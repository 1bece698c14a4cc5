package dev.buzon.benchmark;

import static dev.buzon.benchmark.Report.number;

import dev.buzon.benchmark.rival.DuckDb;
import dev.buzon.benchmark.rival.SparkBatch;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What a small file costs if a job takes many of them; the files wait as in {@link Backlog}. Buzón takes 1 to 1,000 files
 * a job, Structured Streaming as many a trigger; Spark SQL and DuckDB take all files that count at once. The report
 * compares the fastest setting of Buzón with the fastest setting of a rival.
 *
 * @param ourWarmUp how many files warm Buzón up at most: half a minute at its fastest
 * @param theirWarmUp the same of Structured Streaming
 * @param targets by the rival's name
 */
record Batches(
        String name,
        String route,
        Backlog.Files files,
        int ourWarmUp,
        int theirWarmUp,
        Class<?> streaming,
        Map<String, Target> targets)
        implements Work {

    static final String DUCK_DB = "DuckDB";

    /** With fewer jobs a median says nothing. */
    private static final int JOBS_FOR_A_MEDIAN = 10;

    /** So many count: the time of a single one would say little. */
    private static final int LEAST_JOBS = 3;

    /** How many files count at least; those that take a folder at once get no more. */
    private static int leastCount(Ground ground) {
        return ground.size(1_000, 20);
    }

    private static int count(Ground ground, int filesPerJob) {
        return Math.max(leastCount(ground), LEAST_JOBS * filesPerJob);
    }

    /** How many files count at most. */
    static int mostCount(Ground ground) {
        return filesPerJob(ground).stream()
                .mapToInt(filesPerJob -> count(ground, filesPerJob))
                .max()
                .orElseThrow();
    }

    /** @param warmUpJobs how many jobs warm a process up, if they take no more files than {@code longestWarmUp} */
    static Load load(Ground ground, String route, Path dropped, int filesPerJob, int warmUpJobs, int longestWarmUp) {
        return new Load(
                route,
                dropped,
                Math.min(longestWarmUp, warmUpJobs * filesPerJob),
                count(ground, filesPerJob),
                filesPerJob);
    }

    static Contestant buzon(Ground ground, String work, Load load, List<String> settings) {
        String log = work + "-buzon-" + load.filesPerJob();
        return new Contestant(
                name(load.filesPerJob()), () -> Backlog.take(ground, Buzon.LAUNCHER, load, log, settings, () -> {}));
    }

    /** What Buzón is called that takes so many files a job. */
    static String name(int filesPerJob) {
        return Buzon.NAME + ", " + files(filesPerJob) + " a job";
    }

    static List<Integer> filesPerJob(Ground ground) {
        return ground.small() ? List.of(1, 10) : List.of(1, 10, 100, 1_000);
    }

    @Override
    public void run(Ground ground, Report report) throws Exception {
        int ourLongest = ground.size(ourWarmUp, 20);
        int theirLongest = ground.size(theirWarmUp, 20);
        Path dropped = files.make(new Data(ground), ourLongest + mostCount(ground));
        List<Contestant> contestants = new ArrayList<>();
        for (int filesPerJob : filesPerJob(ground)) {
            Load ours = load(ground, route, dropped, filesPerJob, ground.size(2_000, 4), ourLongest);
            Load theirs = load(ground, route, dropped, filesPerJob, ground.size(100, 2), theirLongest);
            contestants.add(buzon(ground, name, ours, List.of()));
            contestants.add(new Contestant(
                    Backlog.STREAMING + ", " + files(filesPerJob) + " a trigger",
                    () -> Backlog.stream(ground, streaming, theirs, name + "-streaming-" + filesPerJob)));
        }
        contestants.add(atOnce("Spark SQL", SparkBatch.class, ground, dropped));
        contestants.add(atOnce(DUCK_DB, DuckDb.class, ground, dropped));
        takeTurns(name, contestants, ground, report);
        new TreeMap<>(targets)
                .forEach((rival, target) -> compare(name, contestants, Buzon.NAME, rival, target, report));
    }

    /** Two rounds in turns, and a line of the report for each contestant. */
    static void takeTurns(String work, List<Contestant> contestants, Ground ground, Report report)
            throws InterruptedException {
        for (int round = 0; round < ground.size(2, 1); round++) {
            for (Contestant one : contestants) {
                one.take();
            }
        }
        for (Contestant one : contestants) {
            report.detail(work, one, Batches::detail);
        }
    }

    /** Compares the fastest contestant whose name begins as the one says with the fastest of the other. */
    static void compare(
            String work, List<Contestant> contestants, String buzon, String rival, Target target, Report report) {
        fastest(contestants, buzon).ifPresent(mine -> fastest(contestants, rival)
                .ifPresent(
                        their -> report.ratio(work, aFile(mine), aFile(their), millis(their) / millis(mine), target)));
    }

    private static Optional<Contestant> fastest(List<Contestant> contestants, String name) {
        return contestants.stream()
                .filter(one -> one.name().startsWith(name) && !one.failed())
                .min(Comparator.comparingDouble(Batches::millis));
    }

    private Contestant atOnce(String rival, Class<?> main, Ground ground, Path dropped) {
        return new Contestant(rival + ", all at once", () -> atOnce(main, ground, dropped));
    }

    /** The process has worked on half of the files before, in another folder. */
    private Figures atOnce(Class<?> main, Ground ground, Path dropped) throws IOException, InterruptedException {
        int count = leastCount(ground);
        Path folder = ground.fresh("rival");
        Load load = new Load(route, dropped, 0, count, count);
        load.linkTo(folder.resolve("in"));
        Ground.link(dropped, count / 2, folder.resolve("warm-in"));
        Figures figures = Rival.run(
                main,
                ground.log(name + "-" + main.getSimpleName()),
                folder.resolve("in"),
                folder,
                folder.resolve("warm-in"),
                route);
        figures.add("ms", figures.mean("s") * 1e3 / count);
        figures.add("jobs", load.jobs());
        load.check(main.getSimpleName(), folder.resolve("out"));
        ground.remove(folder);
        return figures;
    }

    private static String detail(Figures of) {
        String median =
                of.max("jobs") < JOBS_FOR_A_MEDIAN ? "" : ", median of the jobs " + number(of.median("ms")) + " ms";
        String more = of.has("wall-ms")
                ? number(of.mean("wall-ms")) + " ms where the warm-up counts"
                : "the whole process " + number(of.mean("process-s")) + " s";
        return "a file: mean %s ms%s, which is %s files a second; %s"
                .formatted(number(of.mean("ms")), median, number(1e3 / of.mean("ms")), more);
    }

    private static String aFile(Contestant one) {
        return one.name() + ", " + number(millis(one)) + " ms a file";
    }

    private static double millis(Contestant one) {
        return one.figures().mean("ms");
    }

    private static String files(int filesPerJob) {
        return filesPerJob == 1 ? "1 file" : filesPerJob + " files";
    }
}
