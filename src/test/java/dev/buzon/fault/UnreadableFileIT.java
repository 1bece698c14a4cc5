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
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** A file that the service may not read is the file's trouble, and not the service's. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class UnreadableFileIT {

    private static final String NOBODY = "nobody";
    private static final Duration PATIENCE = Duration.ofMinutes(5);
    private static final String INVOICE = "{\"InvoiceNumber\":\"%s\",\"InvoiceLineItems\":[{\"ItemCode\":\"x\"}]}";

    @TempDir
    private static Path folder;

    private final HttpClient http = HttpClient.newHttpClient();
    private UserPrincipal nobody;
    private TestHome home;
    private Program program;
    private int port;
    private Program.Daemon daemon;

    @AfterAll
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

    /** A daemon that somebody else than the tests' user runs. */
    @BeforeAll
    void start() throws Exception {
        assumeTrue(Files.getOwner(folder).getName().equals("root"), "skipped: only root can run it as another user");
        assumeTrue(Files.isExecutable(Path.of("/usr/bin/setpriv")), "skipped: there is no setpriv here");
        nobody = folder.getFileSystem().getUserPrincipalLookupService().lookupPrincipalByName(NOBODY);
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
        Path homeFolder = Files.createDirectory(folder.resolve("home"));
        Files.setOwner(homeFolder, nobody);
        home = new TestHome(homeFolder);
        program = new Program(folder, homeFolder);
        port = FreePort.next();
        daemon = program.launch(
                List.of("setpriv", "--reuid", NOBODY, "--clear-groups"),
                "-Dbuzon.web.port=" + port,
                "-Dbuzon.health.failing-for=1ms",
                "-Dbuzon.retry.longest=1s",
                "-Dbuzon.invoices.quiet-period=10ms",
                "-Dbuzon.invoices.poll-interval=1s",
                "-Dbuzon.invoices.files-per-job=50");
        await().atMost(PATIENCE)
                .until(() -> daemon.logged().contains("Buzón is ready")
                        || !daemon.process().isAlive());
        assertThat(daemon.process().isAlive()).as(daemon.logged()).isTrue();
    }

    /** One that only its owner may read, under a name that nobody takes. */
    private Path makeSecret(String number) throws IOException {
        Path secret = home.path("inbox/invoices/secret.json.tmp");
        Files.createFile(secret, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        return Files.writeString(secret, invoice(number));
    }

    private static String invoice(String number) {
        return INVOICE.formatted(number);
    }

    @Test
    void ofFilesThatGoTogetherOnlyTheOneWaitsThatMayNotBeRead() throws Exception {
        int before = home.files("outbox/invoices").size();
        int logged = daemon.logged().length();
        Path inbox = home.path("inbox/invoices");
        Path secret = makeSecret("in-batch");
        int others = 5;
        for (int i = 0; i < others; i++) {
            Files.writeString(inbox.resolve(i + ".json.tmp"), invoice("other" + i));
        }

        Path dropped = Files.move(secret, inbox.resolve("secret.json"));
        for (int i = 0; i < others; i++) {
            Files.move(inbox.resolve(i + ".json.tmp"), inbox.resolve(i + ".json"));
        }
        await().atMost(PATIENCE).until(() -> home.files("inbox/invoices").equals(List.of("secret.json")));

        assertThat(home.files("outbox/invoices")).hasSize(before + others);
        String triedAgain = "invoices: secret.json: tried again in 1 s: " + dropped + ": Permission";
        await().atMost(PATIENCE).until(() -> daemon.logged().substring(logged).contains(triedAgain));
        assertThat(daemon.logged()).doesNotContain("one by one");
        Files.setOwner(dropped, nobody);
        home.awaitEmpty("invoices");
        assertThat(home.files("outbox/invoices")).hasSize(before + others + 1);
    }

    @Test
    void aFileThatMayNotBeReadIsNamedWithItsOwnerAndOtherFilesGoOn() throws Exception {
        int before = home.files("outbox/invoices").size();
        int logged = daemon.logged().length();

        Path dropped = Files.move(makeSecret("alone"), home.path("inbox/invoices/secret.json"));
        String reason = "secret.json: Permission denied (owner root, mode rw-------)";
        await().atMost(PATIENCE).until(() -> healthIs("DEGRADED"));
        HttpResponse<String> health = get("/health");
        assertThat(health.statusCode()).isEqualTo(200);
        assertThat(health.body()).contains("invoices: secret.json: ", reason);
        assertThat(get("/api/status").body()).contains(reason, "\"trouble\":\"FILE\"");
        assertThat(get("/metrics").body()).contains("buzon_health 1.0", "buzon_degraded 1.0");

        home.drop("invoices", "good.json", invoice("good"));
        await().atMost(PATIENCE).until(() -> home.files("outbox/invoices").size() == before + 1);
        assertThat(healthIs("DEGRADED")).isTrue();

        Files.setOwner(dropped, nobody);
        home.awaitEmpty("invoices");
        await().atMost(PATIENCE).until(() -> healthIs("UP"));
        assertThat(daemon.logged().substring(logged))
                .contains("invoices: secret.json: tried again in 1 s: " + dropped + ": Permission");
    }
}
