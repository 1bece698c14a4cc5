package dev.buzon.monitor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.buzon.FreePort;
import dev.buzon.Postgres;
import dev.buzon.RecordedLog;
import dev.buzon.TestHome;
import dev.buzon.jmx.JmxStatus;
import java.lang.management.ManagementFactory;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The ledger's server stands still: who asks is answered all the same, and is told of what stands still with it. */
class FrozenServerTest {

    /** Of those who ask. The server's driver waits for six times as long. */
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private static final String INVOICE = "{\"InvoiceNumber\":\"1\",\"InvoiceLineItems\":[{\"ItemCode\":\"x\"}]}";

    @TempDir
    private Path folder;

    private final HttpClient http = HttpClient.newHttpClient();
    private int port;
    private TestHome home;

    @AfterEach
    void stop() throws Exception {
        Postgres.shared().thaw();
        home.stop();
    }

    private HttpResponse<String> get(String path) throws Exception {
        URI uri = URI.create("http://127.0.0.1:" + port + path);
        return http.send(HttpRequest.newBuilder(uri).timeout(PATIENCE).build(), HttpResponse.BodyHandlers.ofString());
    }

    @Test
    void everybodyIsToldAtOnceSinceWhenTheLedgerHasNotAnsweredAndWhichFileStandsStill() throws Exception {
        port = FreePort.next();
        home = new TestHome(folder.resolve("home"))
                .onPostgres()
                .set("buzon.web.port", Integer.toString(port))
                .set("buzon.health.longest-step", "500ms")
                .start();
        home.handle("invoices", "a.json", INVOICE);
        await().until(() -> get("/health").statusCode() == 200);
        await().until(() -> status().routes().get(1).allTime().handled() == 1);

        try (RecordedLog log = new RecordedLog()) {
            Postgres.shared().freeze();
            home.drop("invoices", "b.json", INVOICE.replace("\"1\"", "\"2\""));

            String silent = "The ledger has not answered since ";
            String stands = "invoices: b.json stands still: its step known has not come to its end since ";
            await().until(() -> get("/health").body().contains(silent));
            await().until(() -> get("/health").body().contains(stands));
            HttpResponse<String> health = get("/health");
            assertThat(health.statusCode()).isEqualTo(503);
            assertThat(health.body()).contains(silent);
            assertThat(get("/api/status").body()).contains(silent, stands, "\"handled\":1");
            assertThat(get("/metrics").body()).contains("buzon_health 0.0");
            HttpResponse<String> files = get("/api/files");
            assertThat(files.statusCode()).isEqualTo(503);
            assertThat(files.body()).contains(silent);
            assertThat(status().routes().get(1).allTime().handled()).isEqualTo(1);

            Postgres.shared().thaw();
            home.awaitEmpty("invoices");
            await().until(() -> get("/health").statusCode() == 200);
            assertThat(get("/api/files").body()).contains("b.json");
            await().until(() ->
                    log.with("invoices: b.json goes on: its step known took ").size() == 1);
            assertThat(log.with(stands)).hasSize(1);
        }
    }

    private static ServiceStatus status() throws Exception {
        return JmxStatus.read(ManagementFactory.getPlatformMBeanServer());
    }
}
