package dev.buzon.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.buzon.Program;
import dev.buzon.RoutesCopy;
import dev.buzon.TestHome;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The packaged program as its user runs it: real processes, their exit codes and what they leave. */
class ProgramIT {

    @TempDir
    private Path folder;

    private Path homeFolder;
    private TestHome home;
    private Program program;

    @BeforeEach
    void makeHome() {
        homeFolder = folder.resolve("home");
        home = new TestHome(homeFolder);
        program = new Program(folder, homeFolder);
    }

    @AfterEach
    void killWhatIsLeft() throws Exception {
        program.run("stop", "--home", homeFolder.toString());
        program.killAll();
    }

    private static String invoices(String prefix, int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> "{\"InvoiceNumber\":\"%s-%d\",\"InvoiceLineItems\":[{\"ItemCode\":\"x\"}]}\n"
                        .formatted(prefix, i))
                .collect(Collectors.joining());
    }

    @Test
    void runMakesTheFoldersAndSaysWhatItDoes() throws Exception {
        Program.Daemon daemon = program.daemon("-Dbuzon.invoices.quiet-period=10ms");

        home.handle("invoices", "a.json", invoices("a", 3));

        assertThat(home.files("outbox/invoices")).hasSize(1);
        assertThat(home.archived("invoices")).hasSize(1);
        await().until(() -> daemon.logged().contains("invoices: a.json: 3 invoices → 3 line items in "));
    }

    @Test
    void afterAKillEveryLineItemIsThereOnce() throws Exception {
        Program.Daemon first = program.daemon();
        Set<String> expected = new TreeSet<>();
        for (int i = 0; i < 40; i++) {
            String content = invoices("f" + i, 50);
            content.lines().map(line -> line.split("\"")[3]).forEach(expected::add);
            home.drop("invoices", i + ".json", content);
        }
        await().atMost(Duration.ofSeconds(60))
                .until(() -> home.files("outbox/invoices").size() > 5);

        first.kill();
        program.daemon();
        home.awaitEmpty("invoices");

        List<String> published = new ArrayList<>();
        for (String file : home.files("outbox/invoices")) {
            Files.readAllLines(home.path("outbox/invoices/" + file))
                    .forEach(line -> published.add(line.split("\"")[3]));
        }
        assertThat(published).hasSize(expected.size());
        assertThat(new TreeSet<>(published)).isEqualTo(expected);
        assertThat(home.archived("invoices")).hasSize(40);
        assertThat(home.archived("duplicates/invoices")).isEmpty();
    }

    @Test
    void startStatusAndStopInTheBackgroundWhateverTheLocale() throws Exception {
        String[] at = {"--home", homeFolder.toString()};
        assertThat(program.run("status", "--home", homeFolder.toString(), "--json")
                        .exitCode())
                .isEqualTo(3);

        Program.Ended start = program.run("start", at[0], at[1], "-Dbuzon.invoices.quiet-period=10ms");
        assertThat(start.exitCode()).as(start.output()).isZero();
        home.handle("invoices", "factura-ñ.json", invoices("a", 3));
        home.handle("bizums", "b.csv", "Ana;3;x");
        Program.Ended status = program.run("status", at[0], at[1], "--json");
        Program.Ended stop = program.run("stop", at[0], at[1]);

        assertThat(status.exitCode()).isZero();
        JsonNode json = new ObjectMapper().readTree(status.output());
        assertThat(json.at("/health/state").asText()).as(status.output()).isEqualTo("UP");
        assertThat(json.get("routes").findValuesAsText("route")).containsExactly("bizums", "invoices");
        JsonNode invoices = json.get("routes").get(1);
        assertThat(invoices.at("/sinceStart/handled").asLong()).isEqualTo(1);
        assertThat(invoices.at("/sinceStart/records").asLong()).isEqualTo(3);
        assertThat(invoices.at("/last/file").asText()).isEqualTo("factura-ñ.json");
        assertThat(stop.exitCode()).isZero();
        assertThat(program.run("status", at[0], at[1]).exitCode()).isEqualTo(3);
        assertThat(homeFolder.resolve(".buzon/buzon.log"))
                .content()
                .contains("invoices: factura-ñ.json: 3 invoices → ");
    }

    @Test
    void historySaysWhatBecameOfAFileAndReplayHandsItInAnew() throws Exception {
        String[] at = {"--home", homeFolder.toString()};
        assertThat(program.run("history", at[0], at[1]).output()).contains("The ledger is empty.");
        program.daemon("-Dbuzon.invoices.quiet-period=10ms");
        home.handle("invoices", "a.json", invoices("a", 3) + "broken\n");

        JsonNode before = history("a.json");
        Program.Ended replay = program.run("replay", "a.json", at[0], at[1]);
        home.awaitEmpty("invoices");
        await().until(() -> history("a.json").get("state").asText().equals("ARCHIVED"));
        Program.Ended unknown = program.run("replay", "b.json", at[0], at[1]);

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
        assertThat(homeFolder.resolve(before.get("output").asText())).exists();
        assertThat(replay.exitCode()).as(replay.output()).isZero();
        assertThat(replay.output()).contains("inbox/invoices/a.json");
        assertThat(home.files("outbox/invoices")).hasSize(2);
        assertThat(program.run("history", "a.json", at[0], at[1]).output())
                .contains("invoices: a.json: archived")
                .contains("3 good, 1 bad; results: 3");
        assertThat(unknown.exitCode()).isEqualTo(1);
        assertThat(unknown.output()).contains("The ledger knows no file b.json.");
    }

    private JsonNode history(String name) throws Exception {
        Program.Ended history = program.run("history", name, "--json", "--home", homeFolder.toString());
        assertThat(history.exitCode()).as(history.output()).isZero();
        return new ObjectMapper().readTree(history.output()).get(0);
    }

    @Test
    void aRouteThatWasEditedIsSeenAndABrokenOneStopsTheStartWithFileAndLine() throws Exception {
        RoutesCopy copy =
                RoutesCopy.in(folder).before("claim", "log: {message: \"I saw ${file:name}\", loggingLevel: WARN}");
        Path routes = copy.folder();
        Path edited = copy.file("invoices");
        String original = Files.readString(edited);
        Program.Daemon daemon = program.daemon("-Dbuzon.routes=" + routes);
        home.handle("invoices", "a.json", invoices("a", 1));
        assertThat(daemon.terminate()).isZero();
        assertThat(daemon.logged()).contains("I saw a.json");

        Files.writeString(edited, original.replace("#lineItems", "#nothingOfTheKind"));
        Program.Ended broken = program.run("run", "--home", homeFolder.toString(), "-Dbuzon.routes=" + routes);

        assertThat(broken.exitCode()).isEqualTo(1);
        assertThat(broken.output()).contains(edited + ", line ").contains("nothingOfTheKind");
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

    @Test
    void simulateMakesTheSameFilesForTheSameSeedAndGoesOnAfterAnError() throws Exception {
        Path other = folder.resolve("other");

        Program.Ended sent = program.run(
                "simulate", "bizums", "--home", homeFolder.toString(), "--count=3", "--every=1ms", "--seed=7");
        program.run("simulate", "bizums", "--home", other.toString(), "--count=3", "--every=1ms", "--seed=7");
        Program.Ended copied = program.run(
                "simulate",
                "invoices",
                "--home",
                homeFolder.toString(),
                "--count=2",
                "--every=1ms",
                "--from",
                homeFolder.resolve("inbox/bizums").toString());
        Program.Ended failed = program.run(
                "simulate",
                "invoices",
                "--home",
                homeFolder.toString(),
                "--count=2",
                "--every=1ms",
                "--from",
                "nowhere");

        assertThat(sent.exitCode()).isZero();
        assertThat(sent.output()).contains("sent Bizum-made-3.csv (3 of 3)");
        for (String name : List.of("Bizum-made-1.csv", "Bizum-made-2.csv", "Bizum-made-3.csv")) {
            assertThat(homeFolder.resolve("inbox/bizums/" + name))
                    .hasSameBinaryContentAs(other.resolve("inbox/bizums/" + name));
        }
        assertThat(copied.output()).contains("(2 of 2)");
        assertThat(home.files("inbox/invoices")).hasSize(2);
        assertThat(failed.exitCode()).isZero();
        assertThat(failed.output()).contains("not sent (1 of 2)").contains("not sent (2 of 2)");
    }

    @Test
    void wrongUseIsOneLineAndExitCodeTwo() throws Exception {
        for (List<String> wrong : List.of(
                List.of("nonsense"), List.of("run", "--hom", "x"), List.of("simulate", "bills"), List.of("simulate"))) {
            Program.Ended ended = program.run(wrong.toArray(String[]::new));
            assertThat(ended.exitCode()).as(wrong.toString()).isEqualTo(2);
            assertThat(ended.output().lines()).hasSize(1);
        }
        assertThat(program.run("--version").output())
                .contains("Buzón ")
                .contains("Camel 4")
                .contains("Spark 4");
        assertThat(program.run("--help").exitCode()).isZero();
    }
}
