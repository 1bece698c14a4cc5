package dev.buzon.monitor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.buzon.Postgres;
import dev.buzon.TestHome;
import dev.buzon.jmx.JmxStatus;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.management.MBeanServer;
import javax.management.ObjectName;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Each thing that makes the service DOWN, and that it says so. */
class HealthTest {

    @TempDir
    private Path folder;

    private TestHome home;
    private final MBeanServer server = ManagementFactory.getPlatformMBeanServer();

    @BeforeEach
    void makeHome() {
        home = new TestHome(folder).set("buzon.health.failing-for", "1ms").set("buzon.retry.longest", "1s");
    }

    @AfterEach
    void stop() throws Exception {
        home.stop();
    }

    private HealthState health() throws IOException {
        return JmxStatus.read(server).health();
    }

    private void isDownFor(String reason) throws IOException {
        await().until(() -> !health().up());
        assertThat(health().reasons()).anyMatch(each -> each.contains(reason));
    }

    private void isUp() {
        await().until(() -> health().up());
    }

    private void call(String operation) throws Exception {
        server.invoke(new ObjectName("dev.buzon:type=Route,name=invoices"), operation, null, null);
    }

    @Test
    void tellsWhatIsWrongAndWhenItIsRightAgain() throws Exception {
        home.withOwnSpark().start();
        isUp();
        List<String> told = new CopyOnWriteArrayList<>();
        server.addNotificationListener(
                new ObjectName("dev.buzon:type=Health"),
                (notification, same) -> told.add(notification.getType() + ": " + notification.getMessage()),
                null,
                null);

        call("pause");
        isDownFor("The route invoices is suspended.");
        await().until(() -> told.size() == 1);
        call("resume");
        isUp();
        await().until(() -> told.size() == 2);
        assertThat(told)
                .containsExactly("dev.buzon.health.down: The route invoices is suspended.", "dev.buzon.health.up: ");

        Files.move(home.path("outbox/bizums"), home.path("elsewhere"));
        isDownFor("outbox/bizums is missing.");
        Files.move(home.path("elsewhere"), home.path("outbox/bizums"));
        isUp();

        Path ledger = home.path(".buzon/ledger.db");
        Files.move(ledger, home.path(".buzon/elsewhere"));
        isDownFor("The ledger can't be read");
        Files.move(home.path(".buzon/elsewhere"), ledger);
        isUp();

        SparkSession.active().stop();
        isDownFor("Spark has stopped.");
        home.handle("invoices", "after.json", "{\"InvoiceNumber\":\"after\"}");
        isUp();
    }

    @Test
    void aServerThatIsKilledAmidFilesIsAReasonUntilItIsBackAndEachFileIsHandledOnce() throws Exception {
        int files = 40;
        Path folderOfServer = Files.createTempDirectory("server");
        try (Postgres postgres = Postgres.start(folderOfServer)) {
            postgres.newLedger(folderOfServer).forEach(home::set);
            home.start();
            isUp();

            for (int i = 0; i < files; i++) {
                home.drop("invoices", "before-" + i + ".json", invoice("before-" + i));
            }
            await().pollInterval(Duration.ofMillis(1))
                    .until(() -> home.files("outbox/invoices").size() > 2);
            postgres.kill();
            isDownFor("The ledger can't be read");
            home.drop("invoices", "after.json", invoice("after"));
            await().until(() ->
                    !JmxStatus.read(server).routes().get(1).retrying().isEmpty());
            assertThat(home.files("outbox/invoices")).noneMatch(name -> name.startsWith("after"));

            postgres.restart();
            home.awaitEmpty("invoices");
            isUp();
            Set<String> numbers = new HashSet<>();
            for (String name : home.files("outbox/invoices")) {
                numbers.add(Files.readString(home.path("outbox/invoices").resolve(name)));
            }
            assertThat(numbers).hasSize(files + 1);
            assertThat(home.files("outbox/invoices")).hasSize(files + 1);
            assertThat(home.archived("invoices")).hasSize(files + 1);
            assertThat(home.archived("duplicates/invoices")).isEmpty();
        } finally {
            home.stop();
        }
    }

    private static String invoice(String number) {
        return "{\"InvoiceNumber\":\"" + number + "\",\"InvoiceLineItems\":[{\"ItemCode\":\"x\"}]}";
    }

    @Test
    void aFileThatFailsForLongIsAReasonUntilItIsHandled() throws Exception {
        home.start();
        // No folder can be made for its results: root may write to any that is there.
        Path staging = home.path("outbox/invoices/.staging/invoices");
        Files.delete(staging);
        Files.createFile(staging, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("r--------")));

        home.drop("invoices", "a.json", "{\"InvoiceNumber\":\"1\",\"InvoiceLineItems\":[{\"ItemCode\":\"x\"}]}");
        isDownFor("invoices: a.json: ");
        RouteStatus invoices = JmxStatus.read(server).routes().get(1);
        Files.delete(staging);
        Files.createDirectory(staging);
        home.awaitEmpty("invoices");

        assertThat(invoices.retrying()).hasSize(1);
        assertThat(invoices.retrying().get(0).file()).isEqualTo("a.json");
        assertThat(invoices.backlog().files()).isEqualTo(1);
        assertThat(invoices.backlog().oldestSeconds()).isNotNull();
        isUp();
        assertThat(JmxStatus.read(server).routes().get(1).retrying()).isEmpty();
    }

    @Test
    void aDiskThatIsNearlyFullIsAReason() throws Exception {
        home.set("buzon.health.free-megabytes", "999999999").start();

        isDownFor("is nearly full");
    }
}
