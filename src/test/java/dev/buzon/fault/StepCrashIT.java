package dev.buzon.fault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.buzon.Program;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A crash before every step of a file's life, and after its last: a step of the route file halts the process. */
class StepCrashIT {

    private static final int HALTED = 137;
    private static final Pattern STEP = Pattern.compile("( +)- (\\w+):");
    private static final Set<String> NO_STEPS = Set.of("expression", "exception", "name");
    private static final String HALT = "halt";
    /** A crash before one of these leaves what a crash before another step leaves: for the long form only. */
    private static final Set<String> WITHOUT_CHANGE = Set.of("key", "idempotentConsumer", "choice", "doTry", "marshal");

    @TempDir
    private Path folder;

    private Rig rig;
    private int files;

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
    private enum Kind {
        GOOD,
        REJECTED,
        DUPLICATE
    }

    /**
     * A place to halt.
     *
     * @param step the one it is before; {@code end} after the last
     * @param line of the route file, to which the halt is added
     */
    private record Point(String file, String route, String step, int line, String indent) {

        Set<Kind> reachedBy() {
            return switch (step) {
                case "recall" -> EnumSet.of(Kind.DUPLICATE);
                case "explain", "reject" -> EnumSet.of(Kind.REJECTED);
                case "marshal" -> isTable() ? EnumSet.of(Kind.GOOD) : EnumSet.of(Kind.REJECTED);
                case "commit" -> EnumSet.of(Kind.GOOD);
                case "stage", "doTry", "to" -> EnumSet.of(Kind.GOOD, Kind.REJECTED);
                default -> isTable() ? EnumSet.of(Kind.GOOD) : EnumSet.allOf(Kind.class);
            };
        }

        boolean isTable() {
            return route.equals("highest-bizums");
        }

        @Override
        public String toString() {
            return route + " " + step;
        }
    }

    @Test
    void aFileThatCrashesAtEachOfItsStepsInTurnIsHandledOnce() throws Exception {
        List<Point> invoices = points("invoices.camel.yaml");
        List<Point> bizums = points("bizums.camel.yaml");
        int crashes = 0;

        rig.drop(file("invoices", Kind.GOOD));
        for (String step : List.of(
                "key",
                "idempotentConsumer",
                "choice",
                "stage",
                "doTry",
                "to",
                "commit",
                "publish",
                // By now it is known.
                "recall",
                "archive",
                "end")) {
            crashes += crashInTurn(find(invoices, "invoices", step));
        }
        rig.drop(file("invoices", Kind.REJECTED));
        for (String step : List.of("explain", "marshal", "reject", "publish")) {
            crashes += crashInTurn(find(invoices, "invoices", step));
        }
        rig.drop(file("bizums", Kind.GOOD));
        for (String step : List.of("commit", "publish")) {
            crashes += crashInTurn(find(bizums, "bizums", step));
        }
        for (String step : List.of("publish", "log")) {
            rig.drop(file("bizums", Kind.GOOD));
            crashes += crashInTurn(find(bizums, "highest-bizums", step));
        }

        rig.rest(rig.start());
        System.out.println("StepCrashIT: " + crashes + " crashes in a row");
    }

    @Test
    void afterACrashAtAnyStepTheNextStartEndsWhatWasBegun() throws Exception {
        assumeTrue(Rig.isLong(), "a part of the long form: -Pfaults");
        List<Point> all = new ArrayList<>(points("invoices.camel.yaml"));
        all.addAll(points("bizums.camel.yaml"));
        MadeFile invoices = file("invoices", Kind.GOOD);
        MadeFile bizums = file("bizums", Kind.GOOD);
        Program.Daemon daemon = rig.start();
        rig.drop(invoices);
        rig.drop(bizums);
        rig.checkAtRest(daemon);
        int crashes = 0;

        for (Point point : all) {
            for (Kind kind : point.reachedBy()) {
                assertThat(daemon.terminate()).isZero();
                String route = point.route().equals("invoices") ? "invoices" : "bizums";
                rig.drop(kind == Kind.DUPLICATE ? (route.equals("invoices") ? invoices : bizums) : file(route, kind));
                crash(point);
                crashes++;
                daemon = rig.start();
                rig.checkAtRest(daemon);
            }
        }

        rig.rest(daemon);
        System.out.println("StepCrashIT: " + crashes + " crashes, each at one of " + all.size() + " points");
    }

    private MadeFile file(String route, Kind kind) {
        String name = route + files++;
        if (route.equals("bizums")) {
            // Somebody new, so that the table changes with each file.
            byte[] content =
                    (kind == Kind.GOOD ? name + ";" + files + ";x\nAna;x;y\n" : "Ana;x;" + name + "\n").getBytes();
            return new MadeFile(route, name + ".csv", content);
        }
        return kind == Kind.GOOD ? MadeFile.invoicesWithABadOne(name, 3) : MadeFile.brokenInvoices(name);
    }

    /** @return how many crashes that was */
    private int crashInTurn(Point point) throws IOException, InterruptedException {
        if (!Rig.isLong() && WITHOUT_CHANGE.contains(point.step())) {
            return 0;
        }
        crash(point);
        return 1;
    }

    /** Runs a daemon that halts at a point, to its end. */
    private void crash(Point point) throws IOException, InterruptedException {
        Path routes = Files.createTempDirectory(folder, "routes");
        try (Stream<Path> shipped = Files.list(Path.of("routes"))) {
            for (Path file : shipped.toList()) {
                Files.copy(file, routes.resolve(file.getFileName()));
            }
        }
        Path file = routes.resolve(point.file());
        List<String> lines = new ArrayList<>(Files.readAllLines(file));
        lines.addAll(
                point.line(),
                List.of(
                        point.indent() + "- bean:",
                        point.indent() + "    ref: " + HALT,
                        point.indent() + "    method: halt(" + HALTED + ")"));
        lines.addAll(
                lines.indexOf("- beans:") + 1,
                List.of("    - name: " + HALT, "      type: java.lang.Runtime", "      factoryMethod: getRuntime"));
        Files.write(file, lines);

        Program.Daemon daemon = rig.launch("-Dbuzon.routes=" + routes);

        int exitCode = daemon.awaitExit();
        assertThat(exitCode).as("%s: %s", point, daemon.logged()).isEqualTo(HALTED);
    }

    private static Point find(List<Point> points, String route, String step) {
        return points.stream()
                .filter(point -> point.route().equals(route) && point.step().equals(step))
                .findFirst()
                .orElseThrow();
    }

    private static List<Point> points(String file) throws IOException {
        List<String> lines = Files.readAllLines(Path.of("routes").resolve(file));
        List<Point> points = new ArrayList<>();
        String route = null;
        String indent = null;
        for (int i = 0; i < lines.size(); i++) {
            String line = lines.get(i);
            Matcher step = STEP.matcher(line);
            if (line.startsWith("    id: ")) {
                route = line.substring("    id: ".length());
            } else if (line.equals("- route:") && route != null) {
                points.add(new Point(file, route, "end", i, indent));
            } else if (route != null && step.matches() && !NO_STEPS.contains(step.group(2))) {
                indent = step.group(1);
                points.add(new Point(file, route, name(lines, i, step.group(2)), i, indent));
            }
        }
        points.add(new Point(file, route, "end", lines.size(), indent));
        return points;
    }

    /** A step's method where it has one, else its kind. */
    private static String name(List<String> lines, int at, String kind) {
        return kind.equals("bean")
                ? lines.subList(at, lines.size()).stream()
                        .map(String::strip)
                        .filter(line -> line.startsWith("method: "))
                        .findFirst()
                        .orElseThrow()
                        .substring("method: ".length())
                : kind;
    }
}
