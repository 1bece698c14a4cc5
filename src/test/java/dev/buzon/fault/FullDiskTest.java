package dev.buzon.fault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.buzon.RecordedLog;
import dev.buzon.TestHome;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The one disk that a home lies on is full of what the service itself has staged. */
class FullDiskTest {

    private static final String UNCOMMITTED = "0".repeat(64);

    @TempDir
    private Path folder;

    private SmallDisk disk;
    private TestHome home;

    @BeforeEach
    void make() throws Exception {
        disk = SmallDisk.mount(folder.resolve("disk"), "24m");
        home = new TestHome(disk.folder().resolve("home"))
                .withOwnSpark()
                .set("buzon.retry.first", "1h")
                .set("buzon.retry.longest", "1h")
                .start();
    }

    @AfterEach
    void stop() throws Exception {
        if (disk == null) {
            return;
        }
        try {
            home.stop();
        } finally {
            disk.unmount();
        }
    }

    @Test
    void aTryThatFindsNoRoomLeavesTheRoomItHad() throws Exception {
        // The invoice's number is repeated in each of its line items, which are 5 MB.
        String large = "{\"InvoiceNumber\":\"" + "x".repeat(5_000) + "\",\"InvoiceLineItems\":["
                + "{\"ItemCode\":\"1\"},".repeat(999) + "{\"ItemCode\":\"1\"}]}";
        fillUpTo(1 << 20);

        try (RecordedLog log = new RecordedLog()) {
            home.drop("invoices", "large.json", large);
            await().atMost(Duration.ofSeconds(60))
                    .until(() -> !log.with("large.json").isEmpty());
        }

        assertThat(staged()).isEmpty();
        home.handle("bizums", "small.csv", "Ana;3;x");
        assertThat(home.files("inbox/invoices")).containsExactly("large.json");
        disk.makeRoom();
        home.restart();
        home.awaitEmpty("invoices");
        assertThat(home.files("outbox/invoices")).hasSize(1);
    }

    @Test
    void aStartFreesWhatACrashLeftStaged() throws Exception {
        home.handle("invoices", "first.json", "{\"InvoiceNumber\":\"1\",\"InvoiceLineItems\":[{\"ItemCode\":\"1\"}]}");
        home.stop();
        Path rest = Files.createDirectory(
                home.settings().route("invoices").outboxStaging().resolve(UNCOMMITTED));
        fill(rest.resolve("result.json"), Long.MAX_VALUE);

        home.start();

        assertThat(rest).doesNotExist();
        home.handle("invoices", "second.json", "{\"InvoiceNumber\":\"2\",\"InvoiceLineItems\":[{\"ItemCode\":\"1\"}]}");
        assertThat(home.files("outbox/invoices")).hasSize(2);
    }

    private List<Path> staged() throws IOException {
        try (Stream<Path> all = Files.list(home.settings().route("invoices").outboxStaging())) {
            return all.toList();
        }
    }

    private void fillUpTo(long left) throws IOException {
        fill(disk.folder().resolve(".filler"), Files.getFileStore(disk.folder()).getUsableSpace() - left);
    }

    private void fill(Path file, long bytes) throws IOException {
        byte[] page = new byte[4096];
        try (OutputStream out = Files.newOutputStream(file)) {
            for (long written = 0; written < bytes; written += page.length) {
                out.write(page);
            }
        } catch (IOException full) {
            if (Files.getFileStore(disk.folder()).getUsableSpace() > 0) {
                throw full;
            }
        }
    }
}
