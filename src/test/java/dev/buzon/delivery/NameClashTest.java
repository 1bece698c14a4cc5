package dev.buzon.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import dev.buzon.TestHome;
import dev.buzon.intake.ContentKey;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What somebody put where the service would put its own stays as it is, and the service's is beside it. */
class NameClashTest {

    private static final String GOOD = "{\"InvoiceNumber\":\"1\",\"InvoiceLineItems\":[{\"ItemCode\":\"x\"}]}\n";
    private static final String THEIRS = "theirs";

    @TempDir
    private Path folder;

    private TestHome home;

    @BeforeEach
    void start() throws Exception {
        home = new TestHome(folder.resolve("home")).start();
    }

    @AfterEach
    void stop() throws Exception {
        home.stop();
    }

    @Test
    void nothingIsOverwrittenWhereverANameIsTaken() throws Exception {
        String mixed = GOOD.replace("\"1\"", "\"2\"") + "bad\n";
        String bad = "bad alone";
        List<Path> taken = List.of(
                take("outbox/invoices/good-" + start(GOOD) + ".json"),
                take("archive/invoices/" + LocalDate.now() + "/good-" + start(GOOD) + ".json"),
                take("archive/duplicates/invoices/" + LocalDate.now() + "/again-" + start(GOOD) + ".json"),
                take("archive/rejected/invoices/mixed-" + start(mixed) + ".records.jsonl"),
                take("archive/rejected/invoices/bad-" + start(bad) + ".json"),
                take("archive/rejected/invoices/bad-" + start(bad) + ".error.json"));

        home.handle("invoices", "good.json", GOOD);
        home.handle("invoices", "again.json", GOOD);
        home.handle("invoices", "mixed.json", mixed);
        home.handle("invoices", "bad.json", bad);

        assertThat(taken).allSatisfy(path -> assertThat(path).hasContent(THEIRS));
        assertThat(home.path("outbox/invoices/good-" + start(GOOD) + "-2.json")).exists();
        assertThat(home.path("archive/invoices/" + LocalDate.now() + "/good-" + start(GOOD) + "-2.json"))
                .hasContent(GOOD);
        assertThat(home.path("archive/duplicates/invoices/" + LocalDate.now() + "/again-" + start(GOOD) + "-2.json"))
                .hasContent(GOOD);
        assertThat(home.path("archive/rejected/invoices/mixed-" + start(mixed) + "-2.records.jsonl"))
                .content()
                .contains("\"line\":2");
        assertThat(home.path("archive/rejected/invoices/bad-" + start(bad) + "-2.json"))
                .hasContent(bad);
        assertThat(home.path("archive/rejected/invoices/bad-" + start(bad) + "-2.error.json"))
                .content()
                .contains("\"reason\"");
    }

    private Path take(String relative) throws IOException {
        Path path = home.path(relative);
        Files.createDirectories(path.getParent());
        return Files.writeString(path, THEIRS);
    }

    private String start(String content) throws IOException {
        return ContentKey.of(Files.writeString(folder.resolve("content"), content))
                .substring(0, 8);
    }
}
