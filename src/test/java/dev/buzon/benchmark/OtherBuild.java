package dev.buzon.benchmark;

import static dev.buzon.benchmark.Report.number;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * What a file costs, against another build of the program, whose folder the system property {@code benchmark.without}
 * names: files that wait, as in {@link Backlog}.
 */
record OtherBuild(String route, Backlog.Files files) implements Work {

    /** The launcher of the other build, which is built where that is needed; empty if none is named. */
    static Optional<Path> launcher() throws IOException, InterruptedException {
        String folder = System.getProperty("benchmark.without", "");
        if (folder.isEmpty()) {
            return Optional.empty();
        }
        Path launcher = Path.of(folder).resolve("buzon").toAbsolutePath();
        Buzon.build(launcher);
        return Optional.of(launcher);
    }

    @Override
    public void run(Ground ground, Report report) throws Exception {
        int count = ground.size(1_500, 12);
        int warmUp = ground.size(1_000, 4);
        Load load = Load.oneByOne(route, files.make(new Data(ground), warmUp + count), warmUp, count);
        Path other =
                launcher().orElseThrow(() -> new IOException("No other build is named: -Dbenchmark.without=FOLDER"));
        List<Contestant> contestants =
                List.of(contestant("before", ground, other, load), contestant("now", ground, Buzon.LAUNCHER, load));
        for (int round = 0; round < ground.size(6, 1); round++) {
            // In turns, and each first as often as the other.
            contestants.get(round % 2).take();
            contestants.get((round + 1) % 2).take();
        }
        compare(name(), contestants, report);
    }

    private String name() {
        return "before-" + route;
    }

    private Contestant contestant(String who, Ground ground, Path launcher, Load load) {
        return new Contestant(who, () -> Backlog.take(ground, launcher, load, name() + "-" + who, List.of(), () -> {}));
    }

    /** Says what a file costs each of them, and the first. */
    static void compare(String work, List<Contestant> contestants, Report report) {
        Contestant first = contestants.get(0);
        for (Contestant one : contestants) {
            report.detail(work, one, of -> "a file: median %s ms, mean %s ms; %s and %s times those of the first"
                    .formatted(
                            number(of.median("ms")),
                            number(of.mean("ms")),
                            number(of.median("ms") / first.figures().median("ms")),
                            number(of.mean("ms") / first.figures().mean("ms"))));
        }
    }
}
