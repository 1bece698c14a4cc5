package dev.buzon.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.buzon.Ending;
import dev.buzon.RoutesCopy;
import dev.buzon.TestHome;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A small file can't fill the disk with what becomes of it. */
class ResultBoundTest {

    private static final String SMALL_SPLITS =
            """
                  - name: small
                    type: dev.buzon.spark.FileSplits
                    constructors:
                      0: "1048576"
            """;

    @TempDir
    private Path folder;

    private TestHome home;

    private void start(String... settings) throws Exception {
        home = new TestHome(folder.resolve("home"));
        for (int i = 0; i < settings.length; i += 2) {
            home.set(settings[i], settings[i + 1]);
        }
        home.start();
    }

    @AfterEach
    void stop() throws Exception {
        home.stop();
    }

    private static String invoice(int bytesOfAField, int items) {
        return "{\"InvoiceNumber\":\"1\",\"StoreID\":\"" + "s".repeat(bytesOfAField) + "\",\"InvoiceLineItems\":[{}"
                + ",{}".repeat(items - 1) + "]}";
    }

    private Ending handle(String route, String name, String content) throws Exception {
        return Ending.of(home, route, name, content.getBytes(StandardCharsets.UTF_8));
    }

    private void assertNothingIsStaged() throws Exception {
        for (String staging : new String[] {"outbox/%1$s/.staging/%1$s", "archive/rejected/%1$s/.staging/%1$s"}) {
            for (String route : new String[] {"invoices", "bizums"}) {
                assertThat(home.path(staging.formatted(route))).isEmptyDirectory();
            }
        }
    }

    @Test
    void halfAMegabyteThatAsksForTenGigabytesIsRejectedWhole() throws Exception {
        start();

        Ending large = handle("invoices", "large.json", invoice(100_000, 100_000) + "\n" + invoice(1, 1));
        Ending manySmall = handle("invoices", "many.json", (invoice(30_000, 10_000) + "\n").repeat(2));
        Ending good = handle("invoices", "good.json", invoice(10, 1));

        assertThat(large.rejected()).isTrue();
        assertThat(large.output()).isEmpty();
        assertThat(large.error())
                .isEqualTo("its results take more than 80 MB and 200 times its own size:"
                        + " buzon.invoices.max-result-ratio sets how much they may take");
        assertThat(manySmall.rejected()).isTrue();
        assertThat(manySmall.error()).startsWith("its results take more than 64 MB and 200 times its own size");
        assertThat(good.archived()).isTrue();
        assertThat(home.files("outbox/invoices")).hasSize(1);
        assertNothingIsStaged();
    }

    @Test
    void whatAnyJobHasStagedIsMeasuredOnceMoreAtItsCommit() throws Exception {
        start("buzon.invoices.max-result-megabytes", "1", "buzon.bizums.max-result-megabytes", "1");

        Ending invoices = handle("invoices", "a.json", invoice(1_000, 2_000));
        Ending badRecords = handle("bizums", "a.csv", "Ana;1;x\n" + "x\n".repeat(50_000));

        assertThat(invoices.error())
                .isEqualTo("its results take more than 1 MB: buzon.invoices.max-result-megabytes sets how much they may"
                        + " take");
        assertThat(badRecords.error()).startsWith("its results take more than 1 MB: buzon.bizums.");
        assertThat(badRecords.badRecords()).isEmpty();
        assertNothingIsStaged();
    }

    @Test
    void theTasksOfALargeFileAreCountedTogetherAndStopEarly() throws Exception {
        RoutesCopy routes = RoutesCopy.in(folder)
                .replace("invoices", "#splits", "#small")
                .replace("invoices", "    beans:\n", "    beans:\n" + SMALL_SPLITS);
        start(
                "buzon.invoices.max-result-megabytes",
                "20",
                "buzon.routes",
                routes.folder().toString());

        // Of six splits no one has a result of 20 MB.
        Ending ending = handle("invoices", "splits.json", (invoice(1_000, 10) + "\n").repeat(6_000));

        assertThat(ending.error()).startsWith("its results take more than 20 MB");
        assertThat(ending.rejected()).isTrue();
        await().untilAsserted(this::assertNothingIsStaged);
    }

    @Test
    void zeroIsNoBound() throws Exception {
        start("buzon.invoices.max-result-megabytes", "0", "buzon.invoices.max-result-ratio", "0");

        home.handle("invoices", "a.json", invoice(30_000, 2_500));

        // What a small file's results may take otherwise.
        String result = home.files("outbox/invoices").get(0);
        assertThat(Files.size(home.path("outbox/invoices/" + result))).isGreaterThan(64 << 20);
    }
}
