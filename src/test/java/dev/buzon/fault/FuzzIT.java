package dev.buzon.fault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.buzon.Program;
import dev.buzon.TestHome;
import java.io.IOException;
import java.io.UncheckedIOException;
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
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Thousands of files that were mutated at random, through the program itself with 512 MB: each ends archived, duplicate
 * or rejected, none is tried again, and its good records are all accounted for. {@code -Dbuzon.faults.seed} repeats a run.
 */
class FuzzIT {

    private static final int FILES = Rig.isLong() ? 10_000 : 100;
    private static final int BATCH = Math.min(FILES, 200);

    @TempDir
    private Path folder;

    private Program program;

    /** What the ledger says of a file. */
    private record Row(long records, long rejected, String error) {}

    @AfterEach
    void killWhatIsLeft() throws Exception {
        program.killAll();
    }

    @Test
    void eachInputEndsAndItsGoodRecordsAreAccountedFor() throws Exception {
        long seed = Rig.seed();
        System.out.println("FuzzIT: repeat with -Dbuzon.faults.seed=" + seed);
        Path homeFolder = folder.resolve("home");
        TestHome home = new TestHome(homeFolder);
        program = new Program(folder, homeFolder);
        Program.Daemon daemon = program.daemon(
                "-Dbuzon.invoices.quiet-period=10ms",
                "-Dbuzon.bizums.quiet-period=10ms",
                "-Dbuzon.invoices.poll-interval=50ms",
                "-Dbuzon.bizums.poll-interval=50ms");
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
            awaitEnds(home, daemon, batch);
            Map<String, Row> rows = rows(homeFolder);
            batch.forEach((name, content) -> ends.merge(checked(name, content, rows.get(name)), 1, Integer::sum));
        }

        long peakKib = peakKib(daemon.process());
        System.out.printf(
                "FuzzIT: %d files in %d s: %s; peak of the process %d MB%n",
                FILES, Duration.ofNanos(System.nanoTime() - began).toSeconds(), ends, peakKib >> 10);
        assertThat(sources(homeFolder.resolve("archive"))).isEqualTo(FILES);
        assertThat(homeFolder.resolve("outbox/invoices/.staging/invoices")).isEmptyDirectory();
        assertThat(homeFolder.resolve("archive/rejected/bizums/.staging/bizums"))
                .isEmptyDirectory();
        assertThat(daemon.logged()).doesNotContain("OutOfMemory").doesNotContain("Exception");
        assertThat(daemon.terminate()).isZero();
    }

    private static void awaitEnds(TestHome home, Program.Daemon daemon, Map<String, byte[]> batch) throws Exception {
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
            System.out.println("FuzzIT: kept as " + kept);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Map<String, Row> rows(Path homeFolder) throws SQLException {
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

    private static long peakKib(Process process) throws Exception {
        return Files.readAllLines(Path.of("/proc/" + process.pid() + "/status")).stream()
                .filter(line -> line.startsWith("VmHWM:"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
                .findFirst()
                .orElse(0);
    }
}
