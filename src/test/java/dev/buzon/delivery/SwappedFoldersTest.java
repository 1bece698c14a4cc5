package dev.buzon.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.buzon.RecordedLog;
import dev.buzon.TestHome;
import dev.buzon.home.Home;
import dev.buzon.home.SettingsException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.LocalDate;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Others put links where the service makes folders: nothing is removed, made or changed behind them. */
class SwappedFoldersTest {

    private static final String KEY = "0".repeat(64);

    @TempDir
    private Path folder;

    private TestHome home;
    private Path behind;

    @BeforeEach
    void make() throws Exception {
        behind = Files.createDirectories(folder.resolve("behind"));
        Files.createDirectories(behind.resolve("invoices/" + KEY));
        Files.writeString(behind.resolve("invoices/" + KEY + "/a.txt"), "precious");
        Files.writeString(behind.resolve("b.txt"), "precious");
        Files.setPosixFilePermissions(behind, PosixFilePermissions.fromString("rwxr-xr-x"));
        home = new TestHome(folder.resolve("home"));
    }

    @AfterEach
    void stop() throws Exception {
        home.stop();
        assertThat(behind.resolve("invoices/" + KEY + "/a.txt")).hasContent("precious");
        try (Stream<Path> all = Files.walk(behind)) {
            assertThat(all).hasSize(5);
        }
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(behind)))
                .isEqualTo("rwxr-xr-x");
    }

    private static String invoice(String number) {
        return "{\"InvoiceNumber\":\"" + number + "\",\"InvoiceLineItems\":[{\"ItemCode\":\"1\"}]}\nbad\n";
    }

    private Path swap(String path) throws IOException {
        Path swapped = home.path(path);
        if (Files.exists(swapped, LinkOption.NOFOLLOW_LINKS)) {
            Files.move(swapped, swapped.resolveSibling("moved"));
        }
        return Files.createSymbolicLink(swapped, behind);
    }

    private void swapBack(Path swapped) throws IOException {
        Files.delete(swapped);
        Files.move(swapped.resolveSibling("moved"), swapped);
    }

    @Test
    void linksInThePlaceOfStagingFoldersStopTheStartAndAreAllNamed() throws Exception {
        home.start();
        home.stop();
        Path outbox = swap("outbox/invoices/.staging");
        Path rejected = swap("archive/rejected/bizums/.staging");

        assertThatThrownBy(home::start)
                .isInstanceOf(SettingsException.class)
                .hasMessageContaining(outbox + " is a link.")
                .hasMessageContaining(rejected + " is a link.")
                .hasMessageContaining("remove it");

        swapBack(outbox);
        swapBack(rejected);
        home.start();
    }

    @Test
    void aLinkInThePlaceOfAPrivateFolderStopsTheStart() throws Exception {
        home.start();
        home.stop();
        Home itself = new Home(folder.resolve("home"));
        for (String name : List.of(".buzon/tmp", ".buzon")) {
            Path swapped = swap(name);

            assertThatThrownBy(itself::makePrivateFolders)
                    .isInstanceOf(SettingsException.class)
                    .hasMessageContaining(swapped + " is a link");
            swapBack(swapped);
        }
    }

    @Test
    void filesWaitWhileALinkStandsInThePlaceOfAStagingFolder() throws Exception {
        home.set("buzon.retry.first", "100ms").start();
        for (String name : List.of("outbox/invoices/.staging", "archive/rejected/invoices/.staging")) {
            try (RecordedLog log = new RecordedLog()) {
                Path swapped = swap(name);
                home.drop("invoices", "a.json", invoice(name));

                await().atMost(Duration.ofSeconds(30))
                        .until(() -> !log.with(swapped + " is a link.").isEmpty());
                assertThat(home.files("inbox/invoices")).containsExactly("a.json");
                swapBack(swapped);
                home.awaitEmpty("invoices");
            }
        }
        assertThat(home.files("outbox/invoices")).hasSize(2);
    }

    @Test
    void aLinkInThePlaceOfADaysArchiveIsNotFollowed() throws Exception {
        home.set("buzon.retry.first", "100ms")
                .set("buzon.housekeeping.delay", "100ms")
                .set("buzon.housekeeping.every", "100ms")
                .set("buzon.housekeeping.keep-archive-days", "30")
                .start();
        try (RecordedLog log = new RecordedLog()) {
            home.handle("invoices", "first.json", invoice("1"));
            Path old = swap("archive/invoices/2020-01-01");
            Path today = swap("archive/invoices/" + LocalDate.now());
            home.drop("invoices", "a.json", invoice("2"));

            await().atMost(Duration.ofSeconds(30))
                    .until(() -> !log.with(today + " is a link.").isEmpty());
            await().atMost(Duration.ofSeconds(30))
                    .until(() -> !log.with(old + " is a link.").isEmpty());
            assertThat(Files.isSymbolicLink(old)).isTrue();
            assertThat(home.files("inbox/invoices")).containsExactly("a.json");
            swapBack(today);
            home.awaitEmpty("invoices");
        }
        assertThat(home.archived("invoices")).hasSize(2);
    }

    @Test
    void aFolderThatSomebodyPutAmongArchivedFilesStays() throws Exception {
        Path theirs = Files.createDirectories(home.path("archive/invoices/2020-01-01/theirs"));
        Path old = Files.createDirectories(home.path("archive/invoices/2020-01-02"));
        Files.writeString(theirs.resolve("c.txt"), "precious");
        Files.createSymbolicLink(old.resolve("link"), behind);
        home.set("buzon.housekeeping.delay", "100ms")
                .set("buzon.housekeeping.keep-archive-days", "30")
                .start();

        await().atMost(Duration.ofSeconds(30)).until(() -> Files.notExists(old));

        assertThat(theirs.resolve("c.txt")).hasContent("precious");
    }
}
