package dev.buzon.job;

import static org.assertj.core.api.Assertions.assertThat;

import dev.buzon.RoutesCopy;
import dev.buzon.TestHome;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What becomes of what a job of somebody's own says and stages. */
class FileJobTest {

    /** A line of a file tells it what to do. */
    public static final class Obedient extends FileJob {

        @Override
        protected Outcome handle(InputFile file) throws Exception {
            List<String> lines = Files.readAllLines(file.path());
            BadRecords bad = new BadRecords(file.stagedBadRecords(), file.bound());
            try (bad) {
                for (String line : lines) {
                    obey(line, file, bad);
                }
            }
            return Outcome.handled(new Tally(lines.size(), "line", "lines"), new Tally(1, "result", "results"))
                    .withBadRecords(bad.summary());
        }

        private static void obey(String line, InputFile file, BadRecords bad) throws Exception {
            switch (line.split(" ")[0]) {
                case "write" -> {
                    try (OutputStream result = file.openResult(".out")) {
                        result.write(line.getBytes(StandardCharsets.UTF_8));
                    }
                }
                case "ask" -> file.stagedResult(".out");
                case "keep" -> Files.writeString(file.scratch(".tmp"), line);
                case "bad" -> bad.add(1, "it is bad", line);
                case "unreadable" -> throw new UnreadableFileException(line);
                default -> throw new IOException(line);
            }
        }
    }

    @TempDir
    private static Path folder;

    private static TestHome home;

    @BeforeAll
    static void start() throws Exception {
        RoutesCopy routes = RoutesCopy.in(folder);
        Files.writeString(
                routes.file("orders"),
                """
                - templatedRoute:
                    routeTemplateRef: drop-folder
                    routeId: orders
                    parameters:
                      - name: job
                        value: "#class:%s"
                """
                        .formatted(Obedient.class.getName()));
        home = new TestHome(folder.resolve("home"))
                .set("buzon.routes", routes.folder().toString())
                .set("buzon.orders.quiet-period", "50ms")
                .set("buzon.orders.poll-interval", "50ms")
                .start();
    }

    @AfterAll
    static void stop() throws Exception {
        home.stop();
    }

    private static List<String> resultsOf(String name, String... lines) throws IOException {
        home.handle("orders", name + ".txt", String.join("\n", lines));
        return home.files("outbox/orders").stream()
                .filter(file -> file.startsWith(name + "-"))
                .toList();
    }

    private static List<String> rejectedOf(String name) throws IOException {
        return home.files("archive/rejected/orders").stream()
                .filter(file -> file.startsWith(name + "-"))
                .map(file -> file.replaceFirst("^[^.]*", ""))
                .toList();
    }

    @Test
    void oneResultIsPublishedAndWhatTheJobKeptForItselfIsNot() throws Exception {
        assertThat(resultsOf("a", "keep a", "write a")).hasSize(1).allMatch(name -> name.endsWith(".out"));
        assertThat(rejectedOf("a")).isEmpty();
    }

    @Test
    void aResultThatWasAskedForAndNeverWrittenIsNone() throws Exception {
        assertThat(resultsOf("b", "ask")).isEmpty();
        assertThat(rejectedOf("b")).isEmpty();
    }

    @Test
    void badRecordsAreSetAsideAndTheResultGoesOut() throws Exception {
        assertThat(resultsOf("c", "bad c", "write c")).hasSize(1);
        assertThat(rejectedOf("c")).containsExactly(".records.jsonl");
    }

    @Test
    void ofAFileThatIsUnreadableInTheMiddleNothingGoesOut() throws Exception {
        assertThat(resultsOf("d", "bad d", "write d", "unreadable for a reason"))
                .isEmpty();
        assertThat(rejectedOf("d")).containsExactly(".error.json", ".txt");
        assertThat(Files.readString(home.path("archive/rejected/orders")
                        .resolve(home.files("archive/rejected/orders").stream()
                                .filter(name -> name.startsWith("d-") && name.endsWith(".error.json"))
                                .findFirst()
                                .orElseThrow())))
                .contains("unreadable for a reason");
    }
}
