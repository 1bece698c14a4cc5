package dev.buzon.intake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import dev.buzon.Shell;
import dev.buzon.TestHome;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** Senders that take their time: of each file there is one result, and it is whole. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class HalfWrittenTest {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Duration QUIET = Duration.ofSeconds(1);

    /** Of a sender; far below the quiet period, so that a machine may be slow. */
    private static final long PAUSE_MILLIS = 20;

    /** More than a megabyte: no tool copies it by one call. */
    private static final int LINES = 30_000;

    @TempDir
    private static Path folder;

    private TestHome home;
    private Path inbox;

    @BeforeAll
    void start() throws Exception {
        home = new TestHome(folder.resolve("home"))
                .set("buzon.invoices.quiet-period", QUIET.toMillis() + "ms")
                .set("buzon.bizums.done-file", "*.done")
                .start();
        inbox = home.path("inbox/invoices");
    }

    @AfterAll
    void stop() throws Exception {
        home.stop();
    }

    private static String invoices(String number, int count) {
        return IntStream.rangeClosed(1, count)
                .mapToObj(
                        i -> "{\"InvoiceNumber\":\"" + number + i + "\",\"InvoiceLineItems\":[{\"ItemCode\":\"x\"}]}\n")
                .collect(Collectors.joining());
    }

    /** So many line items, in one result and no other. */
    private void assertHandledWhole(String stem, long lineItems) throws IOException {
        await().atMost(PATIENCE).until(() -> home.files("inbox/invoices").isEmpty());
        List<String> results = home.files("outbox/invoices").stream()
                .filter(name -> name.startsWith(stem + "-"))
                .toList();
        assertThat(results).hasSize(1);
        try (Stream<String> lines = Files.lines(home.path("outbox/invoices").resolve(results.get(0)))) {
            assertThat(lines.count()).isEqualTo(lineItems);
        }
        assertThat(home.files("archive/rejected/invoices")).isEmpty();
        assertThat(home.archived("duplicates/invoices")).isEmpty();
    }

    /** The same bytes are never dropped twice by this test: what is in the archive is what the sender meant. */
    private Path archived(String stem) throws IOException {
        String name = home.archived("invoices").stream()
                .filter(candidate -> candidate.startsWith(stem + "-"))
                .findFirst()
                .orElseThrow();
        return home.path("archive/invoices").resolve(LocalDate.now().toString()).resolve(name);
    }

    private void writeByteByByte(Path file, String content, boolean setsTimeBack) throws Exception {
        try (OutputStream out = Files.newOutputStream(file)) {
            for (byte b : content.getBytes(StandardCharsets.UTF_8)) {
                out.write(b);
                if (setsTimeBack) {
                    Files.setLastModifiedTime(file, FileTime.from(Instant.parse("2001-01-01T00:00:00Z")));
                }
                TimeUnit.MILLISECONDS.sleep(PAUSE_MILLIS);
            }
        }
    }

    @Test
    void oneThatWritesByteByByte() throws Exception {
        writeByteByByte(inbox.resolve("bytes.json"), invoices("bytes", 2), false);

        assertHandledWhole("bytes", 2);
    }

    @Test
    void oneThatSetsTheModificationTimeBackMeanwhile() throws Exception {
        writeByteByByte(inbox.resolve("back.json"), invoices("back", 2), true);

        assertHandledWhole("back", 2);
    }

    @Test
    void oneThatStallsTruncatesAndWritesAgain() throws Exception {
        Path file = inbox.resolve("again.json");

        Files.writeString(file, invoices("first", 3));
        TimeUnit.MILLISECONDS.sleep(PAUSE_MILLIS);
        Files.writeString(file, "", StandardOpenOption.TRUNCATE_EXISTING);
        TimeUnit.MILLISECONDS.sleep(PAUSE_MILLIS);
        Files.writeString(file, invoices("again", 5));

        assertHandledWhole("again", 5);
        assertThat(archived("again")).hasContent(invoices("again", 5));
    }

    @Test
    void cpOfALargeFile() throws Exception {
        Path source = Files.writeString(folder.resolve("cp.json"), invoices("cp", LINES));

        Shell.run("cp", source.toString(), inbox.toString());

        assertHandledWhole("cp", LINES);
    }

    @Test
    void cpThatKeepsAnOldTime() throws Exception {
        Path source = Files.writeString(folder.resolve("old.json"), invoices("old", LINES));
        Files.setLastModifiedTime(source, FileTime.from(Instant.parse("2001-01-01T00:00:00Z")));

        Shell.run("cp", "-p", source.toString(), inbox.toString());

        assertHandledWhole("old", LINES);
    }

    @Test
    void rsync() throws Exception {
        Shell.assume("rsync", "--version");
        Path source = Files.writeString(folder.resolve("rsync.json"), invoices("rsync", LINES));

        Shell.run("rsync", "-a", source.toString(), inbox + "/");

        assertHandledWhole("rsync", LINES);
    }

    @Test
    void mvFromAnotherFileSystem() throws Exception {
        Path memory = Path.of("/dev/shm");
        assumeFalse(
                !Files.isWritable(memory) || Files.getFileStore(memory).equals(Files.getFileStore(inbox)),
                "skipped: there is no other file system at /dev/shm");
        Path other = Files.createTempDirectory(memory, "buzon");
        try {
            Path source = Files.writeString(other.resolve("mv.json"), invoices("mv", LINES));

            Shell.run("mv", source.toString(), inbox.toString());

            assertHandledWhole("mv", LINES);
        } finally {
            Files.delete(other);
        }
    }

    @Test
    void oneThatAppendsWhileTheJobRuns() throws Exception {
        Path file = inbox.resolve("append.json");
        home.drop("invoices", "append.json", invoices("append", 600_000));
        await().atMost(PATIENCE).pollInterval(Duration.ofMillis(5)).until(() -> {
            try (Stream<Path> staged = Files.walk(home.path("outbox/invoices/.staging/invoices"))) {
                return staged.anyMatch(path -> path.toFile().isFile());
            }
        });

        Files.writeString(file, invoices("appended", 1), StandardOpenOption.APPEND);

        assertHandledWhole("append", 600_001);
        assertThat(home.path("outbox/invoices/.staging/invoices")).isEmptyDirectory();
    }

    @Test
    void oneThatSaysWithADoneFileWhenItHasFinished() throws Exception {
        Path bizums = home.path("inbox/bizums");
        home.drop("bizums", "waits.csv", "Ana;1;waits");
        home.drop("bizums", "alone.csv.done", "");

        for (String content : List.of("Ana;2;good", "Ana;2;good", "bad")) {
            home.drop("bizums", "ready.csv", content);
            Files.createFile(bizums.resolve("ready.csv.done"));
            await().atMost(PATIENCE)
                    .until(() -> home.files("inbox/bizums").stream().noneMatch(name -> name.startsWith("ready")));
        }

        // Those that were handled came later.
        assertThat(home.files("inbox/bizums")).containsExactly("alone.csv.done", "waits.csv");
        assertThat(home.archived("bizums")).hasSize(1);
        assertThat(home.archived("duplicates/bizums")).hasSize(1);
        assertThat(home.files("archive/rejected/bizums")).hasSize(2);

        Files.createFile(bizums.resolve("waits.csv.done"));
        await().atMost(PATIENCE).until(() -> home.files("inbox/bizums").equals(List.of("alone.csv.done")));

        assertThat(home.archived("bizums")).hasSize(2);
        assertThat(home.highestBizums()).contains("2;good");
    }
}
