package dev.buzon.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.buzon.Program;
import dev.buzon.RoutesCopy;
import dev.buzon.TestHome;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.commons.io.FileUtils;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.MethodOrderer.OrderAnnotation;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/** The packaged program as its user runs it: real processes, their exit codes and what they leave. */
class ProgramIT {

    private static final String QUICKLY = "-Dbuzon.invoices.quiet-period=10ms";

    @TempDir
    private static Path folder;

    private static String invoices(String prefix, int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> "{\"InvoiceNumber\":\"%s-%d\",\"InvoiceLineItems\":[{\"ItemCode\":\"x\"}]}\n"
                        .formatted(prefix, i))
                .collect(Collectors.joining());
    }

    /** A home and what runs on it, for the tests of a nested class in their order. */
    private static final class Place {

        private final Path folder;
        private final TestHome home;
        private final Program program;

        Place(String name) throws IOException {
            folder = Files.createDirectory(ProgramIT.folder.resolve(name)).resolve("home");
            home = new TestHome(folder);
            program = new Program(folder.getParent(), folder);
        }

        /** A command on the home. */
        Program.Ended run(String... command) throws IOException, InterruptedException {
            return program.run(withHome(command));
        }

        /** The same in this process, where what the launcher adds has been seen before. */
        Program.Ended ask(String... command) {
            return InProcess.run(withHome(command));
        }

        String[] withHome(String... command) {
            List<String> arguments = new ArrayList<>(List.of(command));
            arguments.addAll(List.of("--home", folder.toString()));
            return arguments.toArray(String[]::new);
        }
    }

    /** A daemon in the foreground, whose routes were edited, until it is killed; and the next one, in the background. */
    @Nested
    @TestInstance(TestInstance.Lifecycle.PER_CLASS)
    @TestMethodOrder(OrderAnnotation.class)
    class OfAHome {

        private Place place;
        private TestHome home;
        private ServerSocket taken;
        private Program.Daemon daemon;
        private ProcessHandle next;

        @BeforeAll
        void start() throws Exception {
            place = new Place("of-a-home");
            home = place.home;
            RoutesCopy routes = RoutesCopy.in(place.folder.getParent())
                    .before("claim", "log: {message: \"I saw ${file:name}\", loggingLevel: WARN}");
            taken = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"));
            daemon = place.program.daemon(
                    QUICKLY, "-Dbuzon.routes=" + routes.folder(), "-Dbuzon.web.port=" + taken.getLocalPort());
        }

        @AfterAll
        void kill() throws Exception {
            taken.close();
            if (Files.exists(home.path(".buzon/ready"))) {
                place.ask("stop");
            }
            place.program.killAll();
        }

        @Test
        @Order(1)
        void runMakesTheFoldersAndSaysWhatItDoes() throws Exception {
            home.handle("invoices", "a.json", invoices("a", 3) + "broken\n");

            assertThat(home.files("outbox/invoices")).hasSize(1);
            assertThat(home.archived("invoices")).hasSize(1);
            await().until(() -> daemon.logged().contains("invoices: a.json: 3 invoices → 3 line items in "));
            assertThat(daemon.logged()).contains("I saw a.json");
        }

        @Test
        @Order(2)
        void aTakenPortCostsThePageAlone() throws Exception {
            assertThat(daemon.logged()).contains("There is no page: port " + taken.getLocalPort() + " can't be had");
        }

        @Test
        @Order(3)
        void historySaysWhatBecameOfAFileAndReplayHandsItInAnew() throws Exception {
            JsonNode before = history("a.json");
            Program.Ended replay = place.ask("replay", "a.json");
            home.awaitEmpty("invoices");
            // The last that is done with a file.
            await().until(() -> daemon.logged().split("invoices: a.json: 3 invoices", -1).length == 3);

            assertThat(before.fieldNames())
                    .toIterable()
                    .startsWith(
                            "key",
                            "route",
                            "source",
                            "bytes",
                            "records",
                            "results",
                            "rejected",
                            "output",
                            "archived",
                            "state",
                            "startedAt",
                            "finishedAt",
                            "millis");
            assertThat(before.get("records").asLong()).isEqualTo(3);
            assertThat(before.get("rejected").asLong()).isEqualTo(1);
            assertThat(place.folder.resolve(before.get("output").asText())).exists();
            assertThat(replay.exitCode()).as(replay.output()).isZero();
            assertThat(replay.output()).contains("inbox/invoices/a.json");
            assertThat(home.files("outbox/invoices")).hasSize(2);
            assertThat(place.ask("history", "a.json").output())
                    .contains("invoices: a.json: archived")
                    .contains("3 good, 1 bad; results: 3");
        }

        private JsonNode history(String name) throws Exception {
            Program.Ended history = place.ask("history", name, "--json");
            assertThat(history.exitCode()).as(history.output()).isZero();
            return new ObjectMapper().readTree(history.output()).get(0);
        }

        @Test
        @Order(4)
        void afterAKillTheNextStartIsAsAnyAndEveryLineItemIsThereOnce() throws Exception {
            Set<String> expected = new TreeSet<>();
            for (int i = 0; i < 40; i++) {
                String content = invoices("f" + i, 50);
                content.lines().map(line -> line.split("\"")[3]).forEach(expected::add);
                home.drop("invoices", i + ".json", content);
            }
            await().atMost(Duration.ofMinutes(5))
                    .until(() -> home.files("outbox/invoices").size() > 7);

            daemon.kill();
            Path ready = home.path(".buzon/ready");
            assertThat(ready).hasContent(Long.toString(daemon.process().pid()));
            assertThat(place.ask("status").exitCode()).isEqualTo(3);
            Program.Ended start = startInTheBackground();
            assertThat(start.exitCode()).as(start.output()).isZero();
            next = ProcessHandle.of(Long.parseLong(Files.readString(ready))).orElseThrow();
            home.awaitEmpty("invoices");

            List<String> published = new ArrayList<>();
            for (String file : home.files("outbox/invoices")) {
                if (!file.startsWith("a-")) {
                    Files.readAllLines(home.path("outbox/invoices/" + file))
                            .forEach(line -> published.add(line.split("\"")[3]));
                }
            }
            assertThat(published).hasSize(expected.size());
            assertThat(new TreeSet<>(published)).isEqualTo(expected);
            assertThat(home.archived("invoices")).hasSize(41);
            assertThat(home.archived("duplicates/invoices")).isEmpty();
        }

        /** In a terminal where there is one. */
        private Program.Ended startInTheBackground() throws Exception {
            String[] start = place.withHome("start", QUICKLY, "-Dbuzon.web.port=0");
            return Program.canRunInATerminal() ? place.program.runInATerminal(start) : place.program.run(start);
        }

        @Test
        @Order(5)
        void whoeverAttachesNeedNotWriteToTheDaemonsFolder() {
            assertThat(Path.of("/tmp/.java_pid" + next.pid())).exists();
        }

        @Test
        @Order(5)
        void theDaemonHasASessionOfItsOwnAndGoesOn() throws Exception {
            assumeTrue(Files.exists(Path.of("/proc/self/stat")), "skipped: there is no /proc here");
            // After the name, which is in brackets: state, parent, group, session, terminal.
            String status = Files.readString(Path.of("/proc/" + next.pid() + "/stat"));
            List<String> fields =
                    List.of(status.substring(status.lastIndexOf(')') + 2).split(" "));

            assertThat(fields.get(3)).isEqualTo(Long.toString(next.pid()));
            assertThat(fields.get(4)).isEqualTo("0");
        }

        @Test
        @Order(6)
        void filesAreHandledAfterACleanerHasRemovedTheFoldersForTemporaryFiles() throws Exception {
            FileUtils.deleteDirectory(home.path(".buzon/tmp").toFile());

            home.handle("bizums", "b.csv", "Ana;3;x");
            home.handle("invoices", "factura-ñ.json", invoices("ñ", 3));

            Path log = place.folder.resolve(".buzon/buzon.log");
            await().untilAsserted(() -> assertThat(log).content().contains("invoices: factura-ñ.json: 3 invoices → "));
            assertThat(log).content().doesNotContain("tried again");
            assertThat(home.archived("invoices")).hasSize(42);
            assertThat(home.archived("bizums")).hasSize(1);
        }

        @Test
        @Order(7)
        void statusWhateverTheLocale() throws Exception {
            Program.Ended status = place.run("status", "--json");

            assertThat(status.exitCode()).isZero();
            JsonNode json = new ObjectMapper().readTree(status.output());
            assertThat(json.at("/health/state").asText()).as(status.output()).isEqualTo("UP");
            assertThat(json.get("routes").findValuesAsText("route")).containsExactly("bizums", "invoices");
            JsonNode bizums = json.get("routes").get(0);
            assertThat(bizums.at("/sinceStart/handled").asLong()).isEqualTo(1);
            assertThat(bizums.at("/sinceStart/records").asLong()).isEqualTo(1);
            assertThat(json.get("routes").get(1).at("/last/file").asText()).isEqualTo("factura-ñ.json");
        }

        @Test
        @Order(8)
        void stopEndsIt() throws Exception {
            assertThat(place.run("stop").exitCode()).isZero();
            assertThat(next.isAlive()).isFalse();
            assertThat(place.ask("status").exitCode()).isEqualTo(3);
        }
    }

    /** Commands that need no daemon, or bring their own. */
    @Nested
    class Commands {

        private Program program;

        @BeforeEach
        void make(@TempDir Path current) {
            program = new Program(current, current.resolve("home"));
        }

        @AfterEach
        void killWhatIsLeft() throws Exception {
            program.killAll();
        }

        @Test
        void demoShowsResultsAndExitsWithZero() throws Exception {
            Program.Ended demo = program.run("demo");

            assertThat(demo.exitCode()).as(demo.output()).isZero();
            assertThat(demo.output())
                    .contains("line items in ")
                    .contains("duplicate of Invoice-made-1.json")
                    .contains("1 bad record")
                    .contains("outbox/bizums/highest-bizums.csv")
                    .contains("Buzón is UP", "invoices: last success: ");
        }

        private Program.Ended simulateBizums(Path homeFolder) {
            return InProcess.run(
                    "simulate", "bizums", "--home", homeFolder.toString(), "--count=3", "--every=1ms", "--seed=7");
        }

        private Program.Ended simulateFrom(Path homeFolder, String from) {
            return InProcess.run(
                    new SimulateCommand(),
                    "invoices",
                    "--home",
                    homeFolder.toString(),
                    "--count=2",
                    "--every=1ms",
                    "--from",
                    from);
        }

        @Test
        void simulateMakesTheSameFilesForTheSameSeedAndGoesOnAfterAnError(@TempDir Path folder) throws Exception {
            Path homeFolder = folder.resolve("home");
            Path other = folder.resolve("other");

            Program.Ended sent = simulateBizums(homeFolder);
            simulateBizums(other);
            Program.Ended copied =
                    simulateFrom(homeFolder, homeFolder.resolve("inbox/bizums").toString());
            Program.Ended failed = simulateFrom(homeFolder, "nowhere");

            assertThat(sent.exitCode()).isZero();
            assertThat(sent.output()).contains("sent Bizum-made-3.csv (3 of 3)");
            for (String name : List.of("Bizum-made-1.csv", "Bizum-made-2.csv", "Bizum-made-3.csv")) {
                assertThat(homeFolder.resolve("inbox/bizums/" + name))
                        .hasSameBinaryContentAs(other.resolve("inbox/bizums/" + name));
            }
            assertThat(copied.output()).contains("(2 of 2)");
            assertThat(new TestHome(homeFolder).files("inbox/invoices")).hasSize(2);
            assertThat(failed.exitCode()).isZero();
            assertThat(failed.output()).contains("not sent (1 of 2)").contains("not sent (2 of 2)");
        }

        @Test
        void wrongUseIsOneLineAndExitCodeTwo() throws Exception {
            assertIsOneLine(InProcess.run("run", "--hom", "x"));
            assertIsOneLine(InProcess.run("nonsense"));
            assertIsOneLine(InProcess.run("simulate", "bills"));
            assertIsOneLine(InProcess.run("simulate"));
            assertThat(program.run("--version").output())
                    .contains("Buzón ")
                    .contains("Camel 4")
                    .contains("Spark 4");
            assertThat(InProcess.run("--help").exitCode()).isZero();
        }

        private static void assertIsOneLine(Program.Ended wrong) {
            assertThat(wrong.exitCode()).as(wrong.output()).isEqualTo(2);
            assertThat(wrong.output().lines()).hasSize(1);
        }
    }
}
