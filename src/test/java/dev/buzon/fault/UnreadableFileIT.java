package dev.buzon.fault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.buzon.FreePort;
import dev.buzon.Program;
import dev.buzon.TestHome;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserPrincipal;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A file that the service may not read is the file's trouble, and not the service's. */
class UnreadableFileIT {

    private static final String NOBODY = "nobody";
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String INVOICE = "{\"InvoiceNumber\":\"1\",\"InvoiceLineItems\":[{\"ItemCode\":\"x\"}]}";

    @TempDir
    private Path folder;

    private final HttpClient http = HttpClient.newHttpClient();
    private Program program;
    private int port;

    @AfterEach
    void kill() throws Exception {
        if (program != null) {
            program.killAll();
        }
    }

    private HttpResponse<String> get(String path) throws IOException, InterruptedException {
        URI uri = URI.create("http://127.0.0.1:" + port + path);
        return http.send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString());
    }

    private boolean healthIs(String state) throws IOException, InterruptedException {
        return get("/health").body().contains("\"state\":\"" + state + "\"");
    }

    @Test
    void aFileThatMayNotBeReadIsNamedWithItsOwnerAndOtherFilesGoOn() throws Exception {
        assumeTrue(Files.getOwner(folder).getName().equals("root"), "skipped: only root can run it as another user");
        assumeTrue(Files.isExecutable(Path.of("/usr/bin/setpriv")), "skipped: there is no setpriv here");
        UserPrincipal nobody =
                folder.getFileSystem().getUserPrincipalLookupService().lookupPrincipalByName(NOBODY);
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
        Path homeFolder = Files.createDirectory(folder.resolve("home"));
        Files.setOwner(homeFolder, nobody);
        TestHome home = new TestHome(homeFolder);
        program = new Program(folder, homeFolder);
        port = FreePort.next();
        Program.Daemon daemon = program.launch(
                List.of("setpriv", "--reuid", NOBODY, "--clear-groups"),
                "-Dbuzon.web.port=" + port,
                "-Dbuzon.health.failing-for=1ms",
                "-Dbuzon.retry.longest=1s",
                "-Dbuzon.invoices.quiet-period=10ms");
        await().atMost(PATIENCE)
                .until(() -> daemon.logged().contains("Buzón is ready")
                        || !daemon.process().isAlive());
        assertThat(daemon.process().isAlive()).as(daemon.logged()).isTrue();

        Path secret = home.path("inbox/invoices/secret.json.tmp");
        Files.createFile(secret, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.writeString(secret, INVOICE);
        Path dropped = Files.move(secret, home.path("inbox/invoices/secret.json"));
        String reason = "secret.json: Permission denied (owner root, mode rw-------)";
        await().atMost(PATIENCE).until(() -> healthIs("DEGRADED"));
        HttpResponse<String> health = get("/health");
        assertThat(health.statusCode()).isEqualTo(200);
        assertThat(health.body()).contains("invoices: secret.json: ", reason);
        assertThat(get("/api/status").body()).contains(reason, "\"trouble\":\"FILE\"");
        assertThat(get("/metrics").body()).contains("buzon_health 1.0", "buzon_degraded 1.0");

        home.drop("invoices", "good.json", INVOICE.replace("\"1\"", "\"2\""));
        await().atMost(PATIENCE).until(() -> home.files("outbox/invoices").size() == 1);
        assertThat(healthIs("DEGRADED")).isTrue();

        Files.setOwner(dropped, nobody);
        home.awaitEmpty("invoices");
        await().atMost(PATIENCE).until(() -> healthIs("UP"));
        assertThat(daemon.logged()).contains("invoices: secret.json: tried again in 1 s: " + dropped + ": Permission");
    }
}
