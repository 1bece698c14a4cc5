package dev.buzon.fault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.buzon.Listener;
import dev.buzon.Program;
import dev.buzon.Shell;
import dev.buzon.TestHome;
import dev.buzon.cli.InProcess;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import javax.management.ObjectName;
import javax.management.remote.JMXConnector;
import org.apache.spark.SparkConf;
import org.apache.spark.network.TransportContext;
import org.apache.spark.network.client.TransportClient;
import org.apache.spark.network.client.TransportClientFactory;
import org.apache.spark.network.netty.SparkTransportConf;
import org.apache.spark.network.server.NoOpRpcHandler;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import scala.Option;

/** What others on the machine, and on its network, can reach of a daemon as it comes. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ExposureIT {

    private static final Duration PATIENCE = Duration.ofMinutes(5);
    private static final int MEGABYTE = 1 << 20;

    @TempDir
    private static Path folder;

    private Path temporary;
    private TestHome home;
    private long pid;

    @BeforeAll
    void startAndUse() throws Exception {
        assumeTrue(Listener.canBeSeen(), "skipped: there is no /proc here");
        Path homeFolder = folder.resolve("home");
        temporary = Files.createDirectory(folder.resolve("tmp"));
        home = new TestHome(homeFolder);
        Shell.run(
                "env",
                "JAVA_OPTS=-XX:TieredStopAtLevel=1 -Djava.io.tmpdir=" + temporary,
                "sh",
                "-c",
                "umask 000; exec ./buzon start --home \"$0\"",
                homeFolder.toString());
        pid = Long.parseLong(Files.readString(home.path(".buzon/ready")));
        String invoice = "{\"InvoiceNumber\":\"1\",\"InvoiceLineItems\":[{\"ItemCode\":\"secret\"}]}\n";
        home.drop("invoices", "good.json", invoice);
        home.drop("invoices", "same.json", invoice);
        home.drop("invoices", "mixed.json", "\n" + invoice + longInvoice());
        home.drop("invoices", "bad.json", longInvoice());
        home.drop("bizums", "good.csv", "Ana;1;x\nAna;" + "9".repeat(MEGABYTE / 2) + ";x\n");
        home.drop("bizums", "bad.csv", "x".repeat(MEGABYTE / 2));
        home.awaitEmpty("invoices");
        home.awaitEmpty("bizums");
        await().atMost(PATIENCE).until(() -> !home.highestBizums().isEmpty());
    }

    @AfterAll
    void stop() throws Exception {
        if (pid > 0) {
            InProcess.run("stop", "--home", folder.resolve("home").toString());
        }
    }

    private static String longInvoice() {
        return "{\"InvoiceNumber\":\"2\",\"InvoiceLineItems\":[{\"ItemPrice\":\"" + "x".repeat(MEGABYTE) + "\"}]}\n";
    }

    @Test
    void nothingListensBeyondLoopbackWhoeverLooks() throws Exception {
        assertThat(Listener.of(pid)).isNotEmpty().allMatch(Listener::isOnLoopback);

        Program.Ended status =
                InProcess.run("status", "--home", folder.resolve("home").toString());

        assertThat(status.exitCode()).as(status.output()).isZero();
        assertThat(Listener.of(pid)).allMatch(Listener::isOnLoopback);

        assertThat(routesSeenByAttaching()).isGreaterThanOrEqualTo(2);

        assertThat(Listener.of(pid)).allMatch(Listener::isOnLoopback);
    }

    private int routesSeenByAttaching() throws Exception {
        try (JMXConnector connector = Program.attach(pid)) {
            return connector
                    .getMBeanServerConnection()
                    .queryNames(new ObjectName("org.apache.camel:context=buzon,type=routes,*"), null)
                    .size();
        }
    }

    @Test
    void sparkTalksToNobodyWithoutItsSecret() throws Exception {
        List<String> answers = new ArrayList<>();
        try (TransportContext context = new TransportContext(
                        SparkTransportConf.fromSparkConf(
                                new SparkConf(false), "rpc", 1, Option.empty(), Option.empty()),
                        new NoOpRpcHandler());
                TransportClientFactory clients = context.createClientFactory()) {
            for (Listener listener : Listener.of(pid)) {
                answers.add(String.valueOf(catchThrowable(() -> {
                    TransportClient client = clients.createUnmanagedClient("127.0.0.1", listener.port());
                    client.sendRpcSync(ByteBuffer.wrap("hello".getBytes(StandardCharsets.UTF_8)), 5_000);
                })));
            }
        }

        // The driver and its block manager; what else listens doesn't understand the question.
        assertThat(answers.stream().filter(answer -> answer.contains("SASL")))
                .as(answers.toString())
                .hasSize(2);
        assertThat(answers).allMatch(answer -> answer.contains("Exception"));
    }

    @Test
    void whatIsPrivateIsReadByNobodyElse() throws Exception {
        assertThat(permissions(".buzon")).isEqualTo("rwx------");
        for (String name : List.of("ledger.db", "ledger.db-wal", "ledger.db-shm")) {
            assertThat(permissions(".buzon/" + name)).as(name).isEqualTo("rw-------");
        }
        List<Path> roots = new ArrayList<>(List.of(home.path(".buzon"), temporary));
        for (String staging : List.of(
                "outbox/invoices/.staging",
                "outbox/bizums/.staging",
                "archive/rejected/invoices/.staging",
                "archive/rejected/bizums/.staging")) {
            assertThat(permissions(staging)).as(staging).isEqualTo("rwx------");
            roots.add(home.path(staging));
        }
        for (Path root : roots) {
            try (Stream<Path> files = Files.walk(root)) {
                assertThat(files.filter(file -> !file.equals(temporary))).noneMatch(this::isForOthers);
            }
        }
    }

    @Test
    void resultsAndArchivesAreReadByNobodyBeyondTheGroup() throws Exception {
        for (String root : List.of("outbox", "archive")) {
            try (Stream<Path> files = Files.walk(home.path(root))) {
                // Sources keep what their senders gave them, in folders that others can't enter.
                assertThat(files.filter(file -> Files.isDirectory(file)
                                || file.startsWith(home.path("outbox"))
                                || file.toString().endsWith("l")
                                || file.toString().endsWith(".error.json")))
                        .hasSizeGreaterThan(5)
                        .noneMatch(this::isForOthers);
            }
        }
    }

    @Test
    void theLogHoldsNoMoreThanAnExtractOfWhatWasWrong() throws Exception {
        List<String> lines = Files.readAllLines(home.path(".buzon/buzon.log"));

        assertThat(lines).anyMatch(line -> line.contains("bad.json"));
        assertThat(lines).anyMatch(line -> line.contains("bad.csv"));
        assertThat(lines).anyMatch(line -> line.contains("mixed.json") && line.contains("1 bad record"));
        assertThat(lines).allMatch(line -> line.length() <= 1000).noneMatch(line -> line.contains("secret"));
    }

    private String permissions(String relative) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(home.path(relative)));
    }

    private boolean isForOthers(Path file) {
        try {
            Set<PosixFilePermission> permissions = Files.getPosixFilePermissions(file, LinkOption.NOFOLLOW_LINKS);
            return permissions.contains(PosixFilePermission.OTHERS_READ)
                    || permissions.contains(PosixFilePermission.OTHERS_WRITE);
        } catch (IOException gone) {
            return false;
        }
    }
}
