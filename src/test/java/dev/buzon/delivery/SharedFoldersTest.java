package dev.buzon.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.buzon.RoutesCopy;
import dev.buzon.TestHome;
import dev.buzon.home.Home;
import dev.buzon.home.RouteSettings;
import dev.buzon.home.Settings;
import dev.buzon.home.SettingsException;
import dev.buzon.intake.ContentKey;
import dev.buzon.job.LedgerChange;
import dev.buzon.ledger.FileState;
import dev.buzon.ledger.Ledger;
import dev.buzon.ledger.LedgerEntry;
import dev.buzon.ledger.LedgerTest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Routes beside each other: what one stages or publishes is not another's. */
class SharedFoldersTest {

    @TempDir
    private Path folder;

    private TestHome home;

    @BeforeEach
    void make() {
        home = new TestHome(folder);
    }

    @AfterEach
    void stop() throws Exception {
        home.stop();
    }

    /** A second route that does what that of the invoices does. */
    private void addOrders() throws Exception {
        home.set(
                        "buzon.routes",
                        RoutesCopy.in(folder)
                                .copy("invoices", "orders")
                                .folder()
                                .toString())
                .set("buzon.orders.quiet-period", "0ms")
                .set("buzon.orders.poll-interval", "10ms");
    }

    private static String invoice(String number) {
        return "{\"InvoiceNumber\":\"" + number + "\",\"InvoiceLineItems\":[{\"ItemCode\":\"" + number + "\"}]}";
    }

    private static LedgerEntry committed(String route, String source, String key, String output) {
        Instant now = Instant.now();
        return new LedgerEntry(
                route,
                key,
                source,
                1,
                new LedgerEntry.Counts(1, 1, 0),
                new LedgerEntry.Places(output, null, "archive/" + route + "/" + LocalDate.now() + "/" + source),
                FileState.COMMITTED,
                null,
                null,
                new LedgerEntry.Span(now, now, 0),
                0,
                0);
    }

    @Test
    void foldersThatRoutesMayNotShareAreAllRefused() throws Exception {
        addOrders();
        home.set("buzon.orders.outbox", "outbox/invoices")
                .set("buzon.orders.rejected", "archive/rejected/invoices")
                .set("buzon.invoices.archive", "outbox/invoices");

        assertThatThrownBy(home::settings)
                .isInstanceOf(SettingsException.class)
                .hasMessageContaining("Routes invoices and orders have the same outbox " + home.path("outbox/invoices"))
                .hasMessageContaining("Routes invoices and orders have the same folder for rejected files "
                        + home.path("archive/rejected/invoices"))
                .hasMessageContaining(
                        "The outbox " + home.path("outbox/invoices") + " of invoices is its archive, too");
    }

    @Test
    void anOutboxIsNeitherItsOwnNorAnotherRoutesFolderForRejectedFiles() throws Exception {
        addOrders();
        home.set("buzon.orders.outbox", "out")
                .set("buzon.orders.rejected", "out")
                .set("buzon.invoices.rejected", "out/../out");

        assertThatThrownBy(home::settings)
                .isInstanceOf(SettingsException.class)
                .hasMessageContaining(
                        "The outbox " + home.path("out") + " of orders is its folder for rejected files, too")
                .hasMessageContaining(
                        "The folder for rejected files of invoices and the outbox of orders are the same: "
                                + home.path("out"));
    }

    @Test
    void foldersThatAreTheSameThroughALinkAreRefused() throws Exception {
        addOrders();
        Files.createDirectory(folder.resolve("real"));
        Files.createSymbolicLink(folder.resolve("link"), folder.resolve("real"));
        home.set("buzon.orders.outbox", "real/out").set("buzon.invoices.outbox", "link/out");
        Settings settings = home.settings();
        new Home(folder).makePrivateFolders();

        assertThatThrownBy(() -> settings.home().prepare(settings))
                .isInstanceOf(SettingsException.class)
                .hasMessageContaining("Routes invoices and orders have the same outbox");
        assertThat(folder.resolve("real/out")).doesNotExist();
    }

    @Test
    void whatOneRouteMakesAnotherHandlesNext() throws Exception {
        addOrders();
        home.set("buzon.orders.inbox", "outbox/invoices").start();

        home.drop("invoices", "a.json", invoice("1"));

        home.awaitEmpty("invoices");
        await().atMost(Duration.ofSeconds(30))
                .until(() -> home.archived("orders").size() == 1);
        assertThat(home.files("outbox/invoices")).isEmpty();
    }

    @Test
    void theSameBytesInTwoRoutesAtOnceAreHandledByEach() throws Exception {
        addOrders();
        home.set("buzon.orders.archive", "archive/invoices").start();

        for (int i = 0; i < 20; i++) {
            home.drop("invoices", i + ".json", invoice("" + i));
            home.drop("orders", i + ".json", invoice("" + i));
        }
        home.awaitEmpty("invoices");
        home.awaitEmpty("orders");

        assertThat(home.files("outbox/invoices")).hasSize(20);
        assertThat(home.files("outbox/orders")).hasSize(20);
        assertThat(home.archived("invoices")).hasSize(40);
    }

    /** As versions before this one left it: staging was not a route's. */
    @Test
    void whatWasCommittedBeforeStagingBelongedToARouteIsPublished() throws Exception {
        addOrders();
        home.start();
        home.stop();
        // Both had this outbox, under which one of them staged, too.
        Path staging = home.settings().route("invoices").outbox().resolve(".staging");
        String mine = ContentKey.of(Files.writeString(home.path("inbox/invoices/a.json"), invoice("1")));
        String others = ContentKey.of(Files.writeString(home.path("inbox/orders/b.json"), invoice("2")));
        String gone = ContentKey.of(Files.writeString(folder.resolve("c.json"), invoice("3")));
        String uncommitted = "0".repeat(64);
        for (String key : List.of(mine, others, gone, uncommitted)) {
            Files.createDirectory(staging.resolve(key));
            Files.writeString(staging.resolve(key).resolve("result.json"), key + "\n");
        }
        try (Ledger ledger = Ledger.open(home.database())) {
            LedgerTest.commit(
                    ledger, committed("invoices", "a.json", mine, "outbox/invoices/a.json"), LedgerChange.NONE);
            LedgerTest.commit(
                    ledger, committed("orders", "b.json", others, "outbox/invoices/b.json"), LedgerChange.NONE);
            LedgerTest.commit(ledger, committed("former", "c.json", gone, "outbox/invoices/c.json"), LedgerChange.NONE);
        }

        home.start();
        home.awaitEmpty("invoices");
        home.awaitEmpty("orders");

        assertThat(home.path("outbox/invoices/a.json")).hasContent(mine + "\n");
        assertThat(home.path("outbox/invoices/b.json")).hasContent(others + "\n");
        assertThat(staging.resolve(gone)).exists();
        assertThat(staging.resolve(uncommitted)).doesNotExist();
        assertThat(staging.resolve(mine)).doesNotExist();
    }

    @Test
    void recoveryOfARouteLeavesWhatAnotherOneStaged() throws Exception {
        addOrders();
        home.start();
        home.stop();
        RouteSettings orders = home.settings().route("orders");
        String key = ContentKey.of(Files.writeString(home.path("inbox/orders/b.json"), invoice("2")));
        Path staged = Files.createDirectory(orders.outboxStaging().resolve(key));
        Files.writeString(staged.resolve("result.json"), "committed\n");
        try (Ledger ledger = Ledger.open(home.database())) {
            LedgerTest.commit(ledger, committed("orders", "b.json", key, "outbox/orders/b.json"), LedgerChange.NONE);
        }
        // The one that comes first has no row of this key, and has staged under it, too.
        Files.createDirectory(home.settings().route("invoices").outboxStaging().resolve(key));

        home.start();
        home.awaitEmpty("orders");

        assertThat(home.path("outbox/orders/b.json")).hasContent("committed\n");
        assertThat(home.settings().route("invoices").outboxStaging().resolve(key))
                .doesNotExist();
    }
}
