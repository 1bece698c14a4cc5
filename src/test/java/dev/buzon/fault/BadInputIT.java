package dev.buzon.fault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.buzon.LongForm;
import dev.buzon.Program;
import dev.buzon.TestHome;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/** Bad input as the program itself takes it, with 512 MB, and what its log says: one daemon for all of it. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class BadInputIT {

    private static final long GIGABYTE = 1_000_000_000;
    private static final String INVOICE = "{\"InvoiceNumber\":\"%d\",\"InvoiceLineItems\":[{\"ItemCode\":\"i%<d\"}]}";

    private static final int FILES = Rig.isLong() ? 10_000 : 100;
    private static final int BATCH = Math.min(FILES, 200);

    @TempDir
    private static Path folder;

    private Path homeFolder;
    private TestHome home;
    private Program program;
    private Program.Daemon daemon;

    /** What the ledger says of a file. */
    private record Row(long records, long rejected, String error) {}

    @BeforeAll
    void start() throws Exception {
        homeFolder = folder.resolve("home");
        home = new TestHome(homeFolder);
        program = new Program(folder, homeFolder);
        daemon = program.daemon(
                "-Dbuzon.invoices.quiet-period=10ms",
                "-Dbuzon.bizums.quiet-period=10ms",
                "-Dbuzon.invoices.poll-interval=50ms",
                "-Dbuzon.bizums.poll-interval=50ms");
    }

    @AfterAll
    void killWhatIsLeft() throws Exception {
        program.killAll();
    }

    private void awaitLogged(String text) {
        await().atMost(Duration.ofMinutes(5))
                .untilAsserted(() -> assertThat(daemon.logged()).contains(text));
    }

    /**
     * Mutated at random; each ends archived, duplicate or rejected, none is tried again, and its good records are all
     * accounted for. {@code -Dbuzon.faults.seed} repeats a run.
     */
    @Test
    @Order(1)
    void eachMadeFileEndsAndItsGoodRecordsAreAccountedFor() throws Exception {
        long seed = Rig.seed();
        System.out.println("BadInputIT: repeat with -Dbuzon.faults.seed=" + seed);
        Mutator mutator = new Mutator(new Random(seed));
        Map<String, Integer> ends = new TreeMap<>();
        long began = System.nanoTime();

        for (int first = 0; first < FILES; first += BATCH) {
            Map<String, byte[]> batch = new HashMap<>();
            for (int i = first; i < first + BATCH; i++) {
                boolean invoices = i % 2 == 0;
                String name = "%05d.%s".formatted(i, invoices ? "json" : "csv");
                batch.put(name, mutator.file(invoices));
                home.drop(invoices ? "invoices" : "bizums", name, batch.get(name));
            }
            awaitEnds(batch);
            Map<String, Row> rows = rows();
            batch.forEach((name, content) -> ends.merge(checked(name, content, rows.get(name)), 1, Integer::sum));
        }

        long peakKib = peakKib();
        System.out.printf(
                "BadInputIT: %d files in %d s: %s; peak of the process %d MB%n",
                FILES, Duration.ofNanos(System.nanoTime() - began).toSeconds(), ends, peakKib >> 10);
        assertThat(sources(homeFolder.resolve("archive"))).isEqualTo(FILES);
        assertThat(homeFolder.resolve("outbox/invoices/.staging/invoices")).isEmptyDirectory();
        assertThat(homeFolder.resolve("archive/rejected/bizums/.staging/bizums"))
                .isEmptyDirectory();
        assertThat(daemon.logged()).doesNotContain("OutOfMemory").doesNotContain("Exception");
    }

    @Test
    @Order(2)
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
    @Order(2)
    void anInvoiceOfMillionsOfItemsIsHandled() throws Exception {
        drop("invoices", "many.json", out -> invoiceOfMillions(out, 1, "]}"));

        awaitLogged("invoices: many.json: 1 invoice \u2192 5,567,489 line items in ");
        assertThat(daemon.logged()).doesNotContain("OutOfMemoryError");
    }

    @Test
    @LongForm
    @Order(2)
    void invoicesOfMillionsOfItemsInTwoSplitsCostNoMoreThanTheirOwnFile() throws Exception {
        drop("invoices", "empty.json", out -> {
            invoiceOfMillions(out, 1, ",7]}\n");
            invoiceOfMillions(out, 2, "]}\n");
            invoiceOfMillions(out, 3, ",7]}\n");
        });
        home.drop("bizums", "beside.csv", "Ana;1;x\n");

        awaitLogged("bizums: beside.csv: 1 bizum \u2192 1 new highest in ");
        awaitLogged("invoices: empty.json: 1 invoice \u2192 5,567,489 line items in ");
        awaitLogged("invoices: empty.json: 2 bad records");
        home.drop("invoices", "after.json", INVOICE.formatted(1));
        awaitLogged("invoices: after.json: 1 invoice \u2192 1 line item in ");
        assertThat(daemon.logged()).doesNotContain("OutOfMemoryError");
    }

    /** As many as a line may hold. */
    private static void invoiceOfMillions(OutputStream out, int number, String end) throws IOException {
        byte[] empty = ",{}".repeat(1 << 10).getBytes(StandardCharsets.UTF_8);
        out.write(("{\"InvoiceNumber\":\"" + number + "\",\"InvoiceLineItems\":[{}").getBytes(StandardCharsets.UTF_8));
        for (int bytes = 0; bytes < 16_700_000; bytes += empty.length) {
            out.write(empty);
        }
        out.write(end.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    @LongForm
    @Order(2)
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
    @Order(2)
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

    @Test
    @Order(3)
    void itEndsInGoodOrderAfterAll() throws Exception {
        assertThat(daemon.terminate()).isZero();
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

    private void awaitEnds(Map<String, byte[]> batch) throws Exception {
        await().atMost(Duration.ofMinutes(5))
                .pollInterval(Duration.ofMillis(200))
                .until(() -> {
                    boolean stuck = daemon.logged().contains("tried again in")
                            || !daemon.process().isAlive();
                    return stuck
                            || home.files("inbox/invoices").isEmpty()
                                    && home.files("inbox/bizums").isEmpty();
                });
        assertThat(daemon.process().isAlive()).as(daemon.logged()).isTrue();
        String stuck = daemon.logged()
                .lines()
                .filter(line -> line.contains("tried again in"))
                .findFirst()
                .orElse(null);
        if (stuck != null) {
            for (Map.Entry<String, byte[]> file : batch.entrySet()) {
                if (stuck.contains(file.getKey())) {
                    keep(file.getKey(), file.getValue());
                }
            }
        }
        assertThat(stuck).isNull();
    }

    /** @return how the file ended */
    private static String checked(String name, byte[] content, Row row) {
        if (row == null) {
            return "duplicate";
        }
        boolean accounted = row.error == null
                ? name.endsWith(".json") ? areInvoicesAccounted(content, row) : areBizumsAccounted(content, row)
                : GoodRecords.maybeUtf16(content)
                        || (name.endsWith(".json")
                                        ? GoodRecords.invoiceLines(content)
                                        : GoodRecords.plainBizums(content))
                                == 0;
        if (!accounted) {
            keep(name, content);
        }
        assertThat(accounted).as("%s is accounted for in %s", name, row).isTrue();
        return row.error != null ? "rejected" : row.rejected > 0 ? "partly rejected" : "archived";
    }

    private static boolean areInvoicesAccounted(byte[] content, Row row) {
        OptionalLong all = GoodRecords.allInvoices(content);
        return all.isPresent()
                ? row.records == all.getAsLong() && row.rejected == 0
                : row.records + row.rejected > 0 && row.records >= GoodRecords.invoiceLines(content);
    }

    private static boolean areBizumsAccounted(byte[] content, Row row) {
        if (GoodRecords.maybeUtf16(content)) {
            return row.records + row.rejected > 0;
        }
        List<String> records = GoodRecords.bizumRecords(content);
        long missing = records.size() - row.records - row.rejected;
        long headers = records.stream().filter(GoodRecords::maybeHeader).count();
        return missing >= 0 && missing <= headers && row.records >= GoodRecords.plainBizums(content);
    }

    /** For whoever looks into it. */
    private static void keep(String name, byte[] content) {
        try {
            Path kept = Files.createDirectories(Path.of("target/fuzz")).resolve(name);
            Files.write(kept, content);
            System.out.println("BadInputIT: kept as " + kept);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Map<String, Row> rows() throws SQLException {
        Map<String, Row> rows = new HashMap<>();
        String url = "jdbc:sqlite:file:" + homeFolder.resolve(".buzon/ledger.db") + "?mode=ro";
        try (Connection connection = DriverManager.getConnection(url);
                Statement statement = connection.createStatement();
                ResultSet files = statement.executeQuery("SELECT source, records, rejected, error, state FROM file")) {
            while (files.next()) {
                assertThat(files.getString("state")).isIn("ARCHIVED", "REJECTED");
                rows.put(
                        files.getString("source"),
                        new Row(files.getLong("records"), files.getLong("rejected"), files.getString("error")));
            }
        }
        return rows;
    }

    private static long sources(Path archive) throws Exception {
        try (Stream<Path> files = Files.walk(archive)) {
            return files.filter(file -> file.toString().matches(".*/[0-9]{5}-[0-9a-f]{8}[^/.]*\\.(json|csv)"))
                    .count();
        }
    }

    private long peakKib() throws Exception {
        return Files.readAllLines(Path.of("/proc/" + daemon.process().pid() + "/status")).stream()
                .filter(line -> line.startsWith("VmHWM:"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
                .findFirst()
                .orElse(0);
    }
}
