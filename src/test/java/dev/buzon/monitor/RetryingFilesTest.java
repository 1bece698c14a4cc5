package dev.buzon.monitor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.buzon.TestHome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RetryingFilesTest {

    @TempDir
    private Path folder;

    private final AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - 1);

    private void pass(Duration time) {
        nanos.addAndGet(time.toNanos());
    }

    /** The clock on the wall stands still here, as one that is set back again and again. */
    @Test
    void howLongAFileFailsIsToldByAClockThatNobodySets() throws IOException {
        TestHome home = new TestHome(folder);
        Files.createDirectories(home.path("inbox/invoices"));
        Files.writeString(home.path("inbox/invoices/a.json"), "a");
        Files.writeString(home.path("inbox/invoices/b.json"), "b");
        RetryingFiles files = new RetryingFiles(home.settings().route("invoices"), nanos::get);
        files.retrying("invoices", "a.json", new IOException("full"), Duration.ofSeconds(1));
        pass(Duration.ofSeconds(2));
        files.retrying("invoices", "a.json", new IOException("full"), Duration.ofSeconds(2));
        files.retrying("invoices", "b.json", new IOException("full"), Duration.ofSeconds(1));
        pass(Duration.ofSeconds(2));

        assertThat(files.failingFor(Duration.ofSeconds(3)))
                .extracting(RetryingFile::file)
                .containsExactly("a.json");

        files.changed("invoices", "a.json");
        files.retrying("invoices", "a.json", new IOException("full"), Duration.ofSeconds(1));
        assertThat(files.failingFor(Duration.ofSeconds(3))).isEmpty();
    }
}
