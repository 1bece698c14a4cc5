package dev.buzon.fault;

import static org.assertj.core.api.Assertions.assertThat;

import dev.buzon.LongForm;
import dev.buzon.Program;
import dev.buzon.RoutesCopy;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A crash before every step of a file's life, and after its last: a step of the route file halts the process. */
@LongForm
class StepCrashIT {

    private static final int HALTED = 137;
    private static final String LIFE = "drop-folder";
    private static final String TABLE = "snapshot";
    private static final Pattern STEP = Pattern.compile("( +)- \\w+:");
    private static final Pattern ID = Pattern.compile(" +id: (\\S+)");
    private static final String END = "end";

    @TempDir
    private Path folder;

    private Rig rig;
    private final Map<String, MadeFile> handled = new HashMap<>();
    private int files;
    private long mostStaged;

    @BeforeEach
    void makeHome() throws Exception {
        rig = makeRig(folder);
    }

    Rig makeRig(Path ofRig) throws Exception {
        return new Rig(ofRig, ofRig.resolve("home"));
    }

    @AfterEach
    void end() throws InterruptedException {
        if (rig != null) {
            rig.end();
        }
    }

    /** What a file is, which says what steps it comes to. */
    enum Kind {
        GOOD,
        REJECTED,
        DUPLICATE
    }

    /**
     * A place to halt.
     *
     * @param file of the routes, without its extension
     * @param step the one it is before; {@code end} after the last
     * @param line of the file, before which the halt is added
     */
    private record Point(String file, String step, int line, String indent) {

        Set<Kind> reachedBy() {
            return switch (step) {
                case "stage", "compute", "commit" -> EnumSet.of(Kind.GOOD, Kind.REJECTED);
                default -> isTable() ? EnumSet.of(Kind.GOOD) : EnumSet.allOf(Kind.class);
            };
        }

        List<String> routes() {
            return isTable() ? List.of("bizums") : List.of("invoices", "bizums");
        }

        boolean isTable() {
            return file.equals(TABLE);
        }

        @Override
        public String toString() {
            return file + " " + step;
        }
    }

    /** What is dropped, and the steps before which the process then halts, in turn. */
    record Life(String route, Kind kind, String... steps) {}

    private static List<Life> lives() {
        return List.of(
                new Life(
                        "invoices",
                        Kind.GOOD,
                        "claim",
                        "new",
                        "stage",
                        "compute",
                        "commit",
                        "publish",
                        // By now it is known.
                        "recall",
                        "archive",
                        END),
                new Life("invoices", Kind.REJECTED, "commit", "publish", "archive"),
                new Life("bizums", Kind.GOOD, "commit", "publish"),
                new Life("bizums", Kind.GOOD, "rows"),
                new Life("bizums", Kind.GOOD, "format"),
                new Life("bizums", Kind.GOOD, "replace"),
                new Life("bizums", Kind.GOOD, "tell"));
    }

    @Test
    void aFileThatCrashesAtEachOfItsStepsInTurnIsHandledOnce() throws Exception {
        List<Point> points = points();
        int crashes = 0;

        for (Life life : lives()) {
            drop(life.route(), life.kind());
            for (String step : life.steps()) {
                crash(find(points, step));
                crashes++;
            }
        }

        rig.rest(rig.start());
        report(crashes + " crashes in a row");
    }

    @Test
    void afterACrashAtAnyStepTheNextStartEndsWhatWasBegun() throws Exception {
        List<Point> points = points();
        Program.Daemon daemon = rig.start();
        for (String route : List.of("invoices", "bizums")) {
            handled.put(route, file(route, Kind.GOOD));
            rig.drop(handled.get(route));
        }
        rig.checkAtRest(daemon);
        int crashes = 0;

        for (Point point : points) {
            for (String route : point.routes()) {
                for (Kind kind : point.reachedBy()) {
                    assertThat(daemon.terminate()).isZero();
                    drop(route, kind);
                    crash(point);
                    crashes++;
                    daemon = rig.start();
                    rig.checkAtRest(daemon);
                }
            }
        }

        rig.rest(daemon);
        report(crashes + " crashes, each at one of " + points.size() + " points");
    }

    private void report(String crashes) {
        System.out.printf(
                "%s: %s; they left %d results staged at most%n", getClass().getSimpleName(), crashes, mostStaged);
        assertThat(mostStaged).isGreaterThanOrEqualTo(leastStaged());
    }

    /** How many results a crash must have left staged at least once. */
    int leastStaged() {
        return 1;
    }

    private void drop(String route, Kind kind) throws IOException {
        rig.drop(files(route, kind));
    }

    /** What is on its way when the process halts. */
    List<MadeFile> files(String route, Kind kind) {
        return List.of(kind == Kind.DUPLICATE ? handled(route) : file(route, kind));
    }

    /** A file that has come to its end; null before there is one. */
    MadeFile handled(String route) {
        return handled.get(route);
    }

    /** A new one. */
    MadeFile file(String route, Kind kind) {
        String name = route + files++;
        if (route.equals("bizums")) {
            // Somebody new, so that the table changes with each file.
            byte[] content =
                    (kind == Kind.GOOD ? name + ";" + files + ";x\nAna;x;y\n" : "Ana;x;" + name + "\n").getBytes();
            return new MadeFile(route, name + ".csv", content);
        }
        return kind == Kind.GOOD ? MadeFile.invoicesWithABadOne(name, 3) : MadeFile.brokenInvoices(name);
    }

    /** Runs a daemon that halts at a point, to its end. */
    private void crash(Point point) throws IOException, InterruptedException {
        RoutesCopy routes = RoutesCopy.in(Files.createTempDirectory(folder, "crash"));
        Path file = routes.file(point.file());
        List<String> lines = new ArrayList<>(Files.readAllLines(file));
        lines.add(point.line(), point.indent() + "- bean: {ref: halt, method: halt(" + HALTED + ")}");
        lines.addAll(List.of(
                "- beans:", "    - name: halt", "      type: java.lang.Runtime", "      factoryMethod: getRuntime"));
        Files.write(file, lines);

        Program.Daemon daemon = rig.launch("-Dbuzon.routes=" + routes.folder());

        int exitCode = daemon.awaitExit();
        assertThat(exitCode).as("%s: %s", point, daemon.logged()).isEqualTo(HALTED);
        mostStaged = Math.max(mostStaged, rig.staged());
    }

    private static Point find(List<Point> points, String step) {
        return points.stream()
                .filter(point -> point.step().equals(step))
                .findFirst()
                .orElseThrow();
    }

    /** Before each step of a file's life and of the table's, and after the last of both. */
    private static List<Point> points() throws IOException {
        List<Point> points = new ArrayList<>();
        for (String file : List.of(LIFE, TABLE)) {
            List<String> lines = Files.readAllLines(Path.of("routes", file + ".camel.yaml"));
            String indent = null;
            for (int i = 0; i < lines.size() - 1; i++) {
                Matcher step = STEP.matcher(lines.get(i));
                Matcher id = ID.matcher(lines.get(i + 1));
                if (step.matches() && id.matches()) {
                    indent = step.group(1);
                    points.add(new Point(file, id.group(1), i, indent));
                }
            }
            points.add(new Point(file, END, lines.size(), indent));
        }
        return points;
    }
}
