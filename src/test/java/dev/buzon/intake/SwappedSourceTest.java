package dev.buzon.intake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.buzon.RecordedLog;
import dev.buzon.RoutesCopy;
import dev.buzon.TestHome;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Senders who, while a file waits for its turn, swap it for a link to what only the service may read, or for a pipe that
 * nobody writes to, or write to it once more.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SwappedSourceTest {

    private static final Duration PATIENCE = Duration.ofSeconds(20);
    /** A bizum, and bad JSON. */
    private static final String SECRET = "Secreta;4321;the secret";

    @TempDir
    private static Path folder;

    private final RecordedLog log = new RecordedLog();
    private TestHome home;

    @BeforeAll
    void start() throws Exception {
        Swap.secret = Files.writeString(folder.resolve("secret"), SECRET);
        RoutesCopy routes = RoutesCopy.in(folder)
                .before("claim", "bean: {beanType: dev.buzon.intake.Swap, method: key}")
                .before("compute", "bean: {beanType: dev.buzon.intake.Swap, method: stage}");
        home = new TestHome(folder.resolve("home"))
                .set("buzon.routes", routes.folder().toString())
                .start();
    }

    @AfterAll
    void stop() throws Exception {
        log.close();
        home.stop();
    }

    @ParameterizedTest
    @CsvSource({
        "bizums, link-at-key.csv, a symbolic link",
        "bizums, link-at-stage.csv, a symbolic link",
        "bizums, pipe-at-key.csv, no regular file",
        "bizums, pipe-at-stage.csv, no regular file",
        "invoices, link-at-key.json, a symbolic link",
        "invoices, link-at-stage.json, a symbolic link",
        "invoices, pipe-at-key.json, no regular file",
        "invoices, pipe-at-stage.json, no regular file"
    })
    void isLeftAloneAndSaidOnceAndTheRouteGoesOn(String route, String name, String kind) throws Exception {
        home.drop(route, name, good(route, name));
        await().atMost(PATIENCE)
                .until(() -> !Files.isRegularFile(home.path("inbox/" + route + "/" + name), LinkOption.NOFOLLOW_LINKS));

        String next = "after-" + name;
        home.drop(route, next, good(route, next));
        await().atMost(PATIENCE).until(() -> !home.files("inbox/" + route).contains(next));
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(log.with(route + ": " + name + ": "))
                .singleElement()
                .asString()
                .contains(": left alone, it is " + kind));

        assertThat(Files.exists(home.path("inbox/" + route + "/" + name), LinkOption.NOFOLLOW_LINKS))
                .isTrue();
        assertThat(everyFileOfTheHome()).noneMatch(content -> content.contains("4321"));
        // The table of the highest bizums is staged there, too, for a moment.
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(home.path("outbox/" + route + "/.staging/" + route))
                .isEmptyDirectory());
        assertThat(log.events()).noneMatch(event -> event.contains("4321"));
        Files.delete(home.path("inbox/" + route + "/" + name));
    }

    @Test
    void oneThatIsRewrittenBeforeItsTurnIsNotTakenBeforeItIsSettledAgain() throws Exception {
        String name = "rewritten-at-key.csv";
        Swap.rewritings.addAll(List.of("Rosa;1;half", "Rosa;1;whole\nRosa;2;whole\n"));

        home.drop("bizums", name, "Rosa;3;before");
        home.awaitEmpty("bizums");

        assertThat(Swap.rewritings).isEmpty();
        assertThat(home.archived("bizums"))
                .filteredOn(archived -> archived.startsWith("rewritten"))
                .hasSize(1);
        await().atMost(PATIENCE)
                .untilAsserted(() ->
                        assertThat(log.with(name)).singleElement().asString().contains("2 bizums"));
    }

    private static String good(String route, String name) {
        return route.equals("bizums")
                ? "Ana;1;" + name
                : "{\"InvoiceNumber\":\"" + name + "\",\"InvoiceLineItems\":[{\"ItemCode\":\"x\"}]}";
    }

    /** The ledger among them. */
    private List<String> everyFileOfTheHome() throws IOException {
        try (Stream<Path> paths = Files.walk(folder.resolve("home"))) {
            List<String> contents = new ArrayList<>();
            for (Path path : paths.toList()) {
                if (Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS)) {
                    contents.add(new String(Files.readAllBytes(path), StandardCharsets.ISO_8859_1));
                }
            }
            return contents;
        }
    }
}
