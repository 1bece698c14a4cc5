package dev.buzon.fault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.buzon.LongForm;
import dev.buzon.Program;
import dev.buzon.RoutesCopy;
import dev.buzon.Shell;
import dev.buzon.SparkCluster;
import dev.buzon.jmx.JmxStatus;
import dev.buzon.monitor.HealthState;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/** A daemon on a standalone cluster, whose parts are lost and come back. One cluster for all tests, in their order. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class ClusterIT {

    private static final Duration LIMIT = Duration.ofMinutes(2);
    /** Each look at the health attaches to the daemon anew. */
    private static final Duration LOOK = Duration.ofSeconds(1);

    @TempDir
    private static Path folder;

    private final List<MadeFile> files = List.of(
            MadeFile.invoices("large", 4_000),
            MadeFile.invoicesWithABadOne("some", 1_200),
            new MadeFile("invoices", "array.json", array("array", 400)),
            MadeFile.brokenInvoices("broken"),
            bizums("bizums", 600));

    private SparkCluster cluster;
    private SparkCluster.Worker first;
    /** The short form has one Worker. */
    private SparkCluster.Worker second;

    private Rig rig;
    private Program.Daemon daemon;
    private Path routes;

    @BeforeAll
    void makeTheCluster() throws Exception {
        cluster = new SparkCluster(folder);
        routes = routesWithSmallSplits();
        rig = new Rig(folder, folder.resolve("home"));
    }

    @AfterAll
    void killAll() throws Exception {
        rig.end();
        cluster.killAll();
    }

    @Test
    @Order(0)
    void filesWaitForAClusterThatIsNotThereYetAndGoOnByThemselves() throws Exception {
        daemon = start(rig);
        fileWaits(files.get(0));

        startMasterAndWorkers();
        goesOn();
    }

    @Test
    @Order(1)
    void theWorkersTakePartAndTheResultsAreRight() throws Exception {
        if (Rig.isLong()) {
            second.awaitRegistered();
        }
        for (MadeFile file : files.subList(1, files.size())) {
            rig.drop(file);
        }
        rig.checkAtRest(daemon);

        assertThat(maxima(rig.home())).hasSize(600);
        assertThat(results(rig.home())).hasSize(8);
        assertThat(first.finishedTasks()).isGreaterThan(1);
        if (Rig.isLong()) {
            assertThat(second.finishedTasks()).isGreaterThan(1);
        }
        assertThat(daemon.logged()).doesNotContain("of the cluster");
    }

    @Test
    @LongForm
    @Order(2)
    void theSameFilesGiveTheSameBytesAsOnOneMachine() throws Exception {
        Rig local = new Rig(folder, folder.resolve("local"));
        Program.Daemon onOneMachine = local.start("-Dbuzon.routes=" + routes);
        for (MadeFile file : files) {
            local.drop(file);
        }
        local.rest(onOneMachine);

        assertThat(results(rig.home())).isEqualTo(results(local.home()));
        assertThat(maxima(rig.home())).isEqualTo(maxima(local.home()));
    }

    /** Each is halted before it can begin, and goes on when it has been given up and another one does its work. */
    @Test
    @LongForm
    @Order(3)
    void executorsThatAreGivenUpInMidJobCostTimeAndNoResult() throws Exception {
        ProcessHandle one = first.executor();
        Shell.signal("STOP", one);
        rig.drop(MadeFile.invoices("given-up", 12_000));
        await().atMost(LIMIT).until(() -> !parts(rig.home()).isEmpty());
        first.kill();
        Shell.signal("CONT", one);
        rig.checkAtRest(daemon);

        first = cluster.startWorker();
        List<ProcessHandle> both = List.of(first.executor(), second.executor());
        for (ProcessHandle each : both) {
            Shell.signal("STOP", each);
        }
        rig.drop(bizums("all-given-up", 90_000));
        await().atMost(LIMIT).until(() -> rig.hasStaged());
        first.kill();
        second.kill();
        for (ProcessHandle each : both) {
            Shell.signal("CONT", each);
        }
        first = cluster.startWorker();
        second = cluster.startWorker();
        rig.checkAtRest(daemon);

        assertThat(daemon.logged()).contains("Lost executor");
        assertThat(parts(rig.home())).isEmpty();
    }

    @Test
    @Order(4)
    void aWrongSecretIsRefusedAndNothingGoesOn() throws Exception {
        Rig stranger = new Rig(folder, folder.resolve("stranger"));
        try {
            Program.Daemon refused = stranger.launch(onTheCluster(cluster.secretFile("guessed", "guessed")));

            assertThat(refused.awaitExit()).isEqualTo(1);
            assertThat(refused.logged()).contains("refuses the secret").doesNotContain("guessed", "of the cluster");
        } finally {
            stranger.end();
        }
    }

    @Test
    @LongForm
    @Order(5)
    void anExecutorThatSeesOtherFoldersIsNamed() throws Exception {
        Shell.assume("unshare", "-m", "true");
        Path home = folder.resolve("elsewhere");
        Rig apart = new Rig(folder, home);
        // The daemon of the other tests has the Workers that are there.
        SparkCluster.Worker elsewhere = cluster.startWorker(
                "unshare",
                "-m",
                "sh",
                "-c",
                "mount -t tmpfs none " + home.resolve("inbox/bizums") + " && exec \"$@\"",
                "sh");

        Program.Daemon refused = apart.launch(onTheCluster(cluster.secretFile()));

        assertThat(refused.awaitExit()).isEqualTo(1);
        assertThat(refused.logged())
                .contains("on 127.0.0.1 doesn't see in the folder " + home.resolve("inbox/bizums") + " what this")
                .doesNotContain(home.resolve("inbox/invoices").toString());
        elsewhere.kill();
    }

    /** Its Workers and their executors live. The short form ends while it is gone: a new one has to have new executors. */
    @Test
    @Order(6)
    void filesWaitWhileTheMasterIsGoneAndGoOnByThemselves() throws Exception {
        cluster.killMaster();
        fileWaits(MadeFile.invoices("without-master", 10));

        if (Rig.isLong()) {
            cluster.startMaster();
            goesOn();
        }
    }

    @Test
    @LongForm
    @Order(7)
    void filesWaitWhileTheClusterIsGoneAndGoOnByThemselves() throws Exception {
        cluster.killMaster();
        first.lose();
        second.lose();
        fileWaits(MadeFile.invoices("without-cluster", 10));

        startMasterAndWorkers();
        goesOn();
    }

    @Test
    @LongForm
    @Order(8)
    void aDaemonStopsAndStartsWithoutItsCluster() throws Exception {
        cluster.killMaster();
        first.lose();
        second.lose();
        rig.drop(MadeFile.invoices("while-gone", 10));
        awaitReason("Spark's Master can't be reached");

        assertThat(daemon.terminate()).isZero();
        assertThat(rig.waiting()).isEqualTo(1);

        daemon = start(rig);
        awaitReason("Spark's Master can't be reached");
        startMasterAndWorkers();
        rig.rest(daemon);
    }

    private void fileWaits(MadeFile file) throws IOException {
        awaitReason("Spark's Master can't be reached");
        rig.drop(file);
        awaitReason("invoices: " + file.name() + ": IllegalStateException: Spark's Master can't be reached");
        assertThat(rig.waiting()).isEqualTo(1);
    }

    private void goesOn() throws Exception {
        rig.checkAtRest(daemon);
        await().atMost(LIMIT).pollInterval(LOOK).until(() -> health().up());
    }

    private void startMasterAndWorkers() throws IOException {
        cluster.startMaster();
        first = cluster.startWorker();
        if (Rig.isLong()) {
            second = cluster.startWorker();
        }
    }

    private Program.Daemon start(Rig of) throws IOException {
        return of.start(onTheCluster(cluster.secretFile()));
    }

    private String[] onTheCluster(Path secretFile) {
        return new String[] {
            "-Dspark.master=" + cluster.url(),
            "-Dspark.driver.host=127.0.0.1",
            "-Dspark.executor.memory=512m",
            "-Dspark.executor.extraJavaOptions=" + String.join(" ", SparkCluster.CHEAPLY),
            "-Dspark.cores.max=2",
            "-Dbuzon.spark.secret-file=" + secretFile,
            "-Dbuzon.routes=" + routes
        };
    }

    private HealthState health() throws IOException {
        try (JmxStatus status = new JmxStatus(daemon.process().pid())) {
            return status.read().health();
        }
    }

    private void awaitReason(String reason) {
        await().atMost(LIMIT).pollInterval(LOOK).untilAsserted(() -> assertThat(health().reasons())
                .anySatisfy(each -> assertThat(each).startsWith(reason)));
    }

    /** The routes that came with the program, whose large files need not be so large. */
    private static Path routesWithSmallSplits() throws IOException {
        return RoutesCopy.in(folder)
                .replace("invoices", "#splits", "#smallSplits")
                .replace(
                        "invoices",
                        "- templatedRoute:",
                        "- beans:\n    - name: smallSplits\n      type: dev.buzon.spark.FileSplits\n"
                                + "      constructors:\n        0: \"100000\"\n- templatedRoute:")
                .folder();
    }

    private static byte[] array(String name, int count) {
        String lines = new String(MadeFile.invoices(name, count).content(), StandardCharsets.UTF_8);
        return ("[" + lines.strip().replace("\n", ",") + "]").getBytes(StandardCharsets.UTF_8);
    }

    /** Each of another person, and one that is bad. */
    private static MadeFile bizums(String name, int count) {
        String lines = IntStream.range(0, count)
                .mapToObj(i -> "Íñigo %s %d;%d,%02d;café\n".formatted(name, i, 1 + i % 900, i % 100))
                .collect(Collectors.joining());
        return new MadeFile(
                "bizums", name + ".csv", (lines + "sin importe;nada;nada\n").getBytes(StandardCharsets.UTF_8));
    }

    /** The content of each file of the outbox and of the rejected, without the times. */
    private static Map<String, String> results(Path home) throws IOException {
        Map<String, String> results = new TreeMap<>();
        for (String part : List.of("outbox", "archive/rejected")) {
            try (Stream<Path> files = Files.walk(home.resolve(part))) {
                for (Path file : files.filter(Files::isRegularFile).toList()) {
                    results.put(
                            home.relativize(file).toString(),
                            Files.readString(file, StandardCharsets.ISO_8859_1)
                                    .replaceAll("\"rejectedAt\" : \"[^\"]*\"", ""));
                }
            }
        }
        assertThat(results).hasSize(8);
        return results;
    }

    private static List<String> maxima(Path home) throws SQLException {
        List<String> maxima = new ArrayList<>();
        try (Connection ledger = DriverManager.getConnection("jdbc:sqlite:" + home.resolve(".buzon/ledger.db"));
                Statement statement = ledger.createStatement();
                ResultSet row =
                        statement.executeQuery("SELECT person, cents, concept FROM highest_bizum ORDER BY person")) {
            while (row.next()) {
                maxima.add(row.getString(1) + ";" + row.getLong(2) + ";" + row.getString(3));
            }
        }
        return maxima;
    }

    /** What tries of tasks have left, as {@link dev.buzon.job.InputFile#nameOfTry} calls it. */
    private static List<Path> parts(Path home) throws IOException {
        try (Stream<Path> files = Files.walk(home)) {
            return files.filter(file -> file.getFileName().toString().matches("\\.[0-9a-f]{64}-.+"))
                    .toList();
        }
    }
}
