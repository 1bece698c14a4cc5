package dev.buzon.fault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.buzon.LongForm;
import dev.buzon.Program;
import dev.buzon.TestHome;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** Bad input as the program itself takes it, with 512 MB, and what its log says. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class BadInputIT {

    private static final long GIGABYTE = 1_000_000_000;
    private static final String INVOICE = "{\"InvoiceNumber\":\"%d\",\"InvoiceLineItems\":[{\"ItemCode\":\"i%<d\"}]}";

    @TempDir
    private static Path folder;

    private Path homeFolder;
    private TestHome home;
    private Program program;
    private Program.Daemon daemon;

    @BeforeAll
    void start() throws Exception {
        homeFolder = folder.resolve("home");
        home = new TestHome(homeFolder);
        program = new Program(folder, homeFolder);
        daemon = program.daemon("-Dbuzon.invoices.quiet-period=10ms", "-Dbuzon.bizums.quiet-period=10ms");
    }

    @AfterAll
    void killWhatIsLeft() throws Exception {
        program.killAll();
    }

    private void awaitLogged(String text) {
        await().atMost(Duration.ofMinutes(5))
                .untilAsserted(() -> assertThat(daemon.logged()).contains(text));
    }

    @Test
    void theLogSaysWhichEncodingWasTakenAndStaysOnOneLineAFile() throws Exception {
        home.drop("bizums", "windows.csv", "I\u00f1aki;5;x\n".getBytes(Charset.forName("windows-1252")));
        home.drop("bizums", "utf8.csv", "Bego\u00f1a;6;x\n");
        home.drop("invoices", "forged.json", "{\"InvoiceNumber\":{}}\n{\"TotalAmount\":\"x\\nERROR forged\"}");
        home.drop("invoices", "forging.json", "{\"TotalAmount\":\"x\\nERROR forged\"}");

        awaitLogged("bizums: windows.csv: 1 bizum (windows-1252) \u2192 1 new highest in ");
        awaitLogged("bizums: utf8.csv: 1 bizum \u2192 1 new highest in ");
        awaitLogged(
                "invoices: forged.json: rejected, no invoice can be read; the first, line 1: InvoiceNumber: expected a"
                        + " string, found an object \u2192 ");
        awaitLogged(
                "invoices: forging.json: rejected, no invoice can be read; the first, line 1: TotalAmount: expected a"
                        + " number, found \"x\\u000AERROR forged\" \u2192 ");
        assertThat(daemon.logged().lines()).noneMatch(line -> line.startsWith("ERROR"));
    }

    @Test
    void invoicesOfMillionsOfItemsInTwoSplitsCostNoMoreThanTheirOwnFile() throws Exception {
        String empty = ",{}".repeat(1 << 10);
        drop("invoices", "empty.json", out -> {
            for (int invoice = 1; invoice <= 3; invoice++) {
                String begin = "{\"InvoiceNumber\":\"" + invoice + "\",\"InvoiceLineItems\":[{}";
                out.write(begin.getBytes(StandardCharsets.UTF_8));
                for (int bytes = 0; bytes < 16_700_000; bytes += empty.length()) {
                    out.write(empty.getBytes(StandardCharsets.UTF_8));
                }
                out.write((invoice == 2 ? "]}\n" : ",7]}\n").getBytes(StandardCharsets.UTF_8));
            }
        });
        home.drop("bizums", "beside.csv", "Ana;1;x\n");

        awaitLogged("bizums: beside.csv: 1 bizum \u2192 1 new highest in ");
        awaitLogged("invoices: empty.json: 1 invoice \u2192 5,567,489 line items in ");
        awaitLogged("invoices: empty.json: 2 bad records");
        home.drop("invoices", "after.json", INVOICE.formatted(1));
        awaitLogged("invoices: after.json: 1 invoice \u2192 1 line item in ");
        assertThat(daemon.logged()).doesNotContain("OutOfMemoryError");
    }

    @Test
    @LongForm
    void aLineOfOneGigabyteIsABadRecord() throws Exception {
        drop("invoices", "line.json", out -> {
            out.write((INVOICE.formatted(1) + "\n{\"InvoiceNumber\":\"2\",\"x\":\"").getBytes(StandardCharsets.UTF_8));
            fill(out);
            out.write(("\"}\n" + INVOICE.formatted(3)).getBytes(StandardCharsets.UTF_8));
        });
        drop("bizums", "line.csv", out -> {
            out.write("Ana;1;x\nEva;2;".getBytes(StandardCharsets.UTF_8));
            fill(out);
            out.write("\nPepe;3;y".getBytes(StandardCharsets.UTF_8));
        });

        awaitLogged("bizums: line.csv: 2 bizums \u2192 2 new highest in ");
        awaitLogged("invoices: line.json: 2 invoices \u2192 2 line items in ");
        assertThat(only("archive/rejected/invoices", "line-"))
                .content()
                .startsWith("{\"line\":2,\"reason\":\"longer than 16777216 bytes\"");
        assertThat(only("archive/rejected/bizums", "line-"))
                .content()
                .startsWith("{\"line\":2,\"reason\":\"longer than 1048576 bytes\"");
        assertThat(daemon.process().isAlive()).isTrue();
    }

    @Test
    @LongForm
    void anArrayOfOneGigabyteInALineIsReadWhole() throws Exception {
        long[] invoices = {0};
        drop("invoices", "array.json", out -> {
            out.write('[');
            for (long bytes = 0; bytes < GIGABYTE; invoices[0]++) {
                byte[] invoice = ((invoices[0] == 0 ? "" : ",") + INVOICE.formatted(invoices[0]))
                        .getBytes(StandardCharsets.UTF_8);
                out.write(invoice);
                bytes += invoice.length;
            }
            out.write(']');
        });

        awaitLogged("invoices: array.json: %,d invoices \u2192 %<,d line items in ".formatted(invoices[0]));
        try (Stream<String> lines = Files.lines(only("outbox/invoices", "array-"))) {
            assertThat(lines.count()).isEqualTo(invoices[0]);
        }
        assertThat(home.files("archive/rejected/invoices")).noneMatch(name -> name.startsWith("array-"));
    }

    /** What has become of one file. */
    private Path only(String relative, String prefix) throws IOException {
        List<String> names = home.files(relative).stream()
                .filter(name -> name.startsWith(prefix))
                .toList();
        assertThat(names).hasSize(1);
        return home.path(relative).resolve(names.get(0));
    }

    @FunctionalInterface
    private interface Content {
        void writeTo(OutputStream out) throws IOException;
    }

    private void drop(String route, String name, Content content) throws IOException {
        Path target = homeFolder.resolve("inbox").resolve(route).resolve(name);
        Path temporary = target.resolveSibling(name + ".tmp");
        try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(temporary), 1 << 16)) {
            content.writeTo(out);
        }
        Files.move(temporary, target);
    }

    private static void fill(OutputStream out) throws IOException {
        byte[] megabyte = "y".repeat(1_000_000).getBytes(StandardCharsets.UTF_8);
        for (long bytes = 0; bytes < GIGABYTE; bytes += megabyte.length) {
            out.write(megabyte);
        }
    }
}
