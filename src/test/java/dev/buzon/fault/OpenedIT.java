package dev.buzon.fault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.buzon.FreePort;
import dev.buzon.Listener;
import dev.buzon.Program;
import dev.buzon.TestHome;
import dev.buzon.jmx.JmxStatus;
import dev.buzon.jmx.RemoteJmx;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** What a daemon opens that is told to, and to whom. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class OpenedIT {

    @TempDir
    private static Path folder;

    private int uiPort;
    private RemoteJmx remote;
    private TestHome home;
    private Program program;
    private Program.Daemon daemon;

    @BeforeAll
    void start() throws Exception {
        assumeTrue(Listener.canBeSeen(), "skipped: there is no /proc here");
        Path homeFolder = folder.resolve("home");
        home = new TestHome(homeFolder);
        program = new Program(folder, homeFolder);
        uiPort = FreePort.next();
        remote = new RemoteJmx(homeFolder);
        List<String> settings = new ArrayList<>(
                List.of("-Dspark.ui.enabled=true", "-Dspark.ui.port=" + uiPort, "-Dbuzon.bizums.quiet-period=10ms"));
        remote.settings().forEach((key, value) -> settings.add("-D" + key + "=" + value));
        daemon = program.daemon(settings.toArray(String[]::new));
    }

    @AfterAll
    void kill() throws Exception {
        if (program != null) {
            program.killAll();
        }
    }

    @Test
    void sparksPagesShowItsJobsOnLoopbackAlone() throws Exception {
        assertThat(daemon.logged()).contains("Spark's UI is at http://127.0.0.1:" + uiPort);
        assertThat(Listener.of(daemon.process().pid()))
                .allMatch(Listener::isOnLoopback)
                .anyMatch(listener -> listener.port() == uiPort);
        String jobOfTheFile = "/jobs/job/?id=1";
        assertThat(page("/jobs/")).contains("Spark Jobs").doesNotContain(jobOfTheFile);

        home.handle("bizums", "a.csv", "Ana;1;x\n");

        await().atMost(Duration.ofMinutes(5)).until(() -> page("/jobs/").contains(jobOfTheFile));
    }

    @Test
    void sparksPagesEndNoJob() throws Exception {
        assertThat(page("/stages/")).contains("Completed Stages").doesNotContain("kill/");
    }

    @Test
    void otherMachinesAndThisOneBothReachJmx() throws Exception {
        long pid = daemon.process().pid();
        assertThat(remote.client("viewer:may-read")).contains("viewer:may-read: connected");
        try (JmxStatus status = new JmxStatus(pid)) {
            assertThat(status.read().health().state()).isEqualTo("UP");
        }
        assertThat(remote.client("viewer:may-read")).contains("viewer:may-read: connected");

        assertThat(Listener.of(pid))
                .allMatch(Listener::isOnLoopback)
                .filteredOn(listener -> !listener.address().endsWith("0100007F"))
                .singleElement()
                .extracting(Listener::port)
                .isEqualTo(remote.port());
    }

    private String page(String path) throws IOException, InterruptedException {
        HttpResponse<String> response = HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + uiPort + path))
                                .build(),
                        HttpResponse.BodyHandlers.ofString());
        assertThat(response.statusCode()).isEqualTo(200);
        return response.body();
    }
}
