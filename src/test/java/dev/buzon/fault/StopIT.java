package dev.buzon.fault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.buzon.LongForm;
import dev.buzon.Program;
import dev.buzon.TestHome;
import dev.buzon.cli.InProcess;
import dev.buzon.home.SettingsException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
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
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** How a daemon ends, and what the next one finds. The tests go on, in their order, where the one before has ended. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class StopIT {

    private static final String QUICKLY = "-Dbuzon.invoices.quiet-period=10ms";
    private static final String FILES_PER_JOB = "-Dbuzon.invoices.files-per-job=";
    private static final Duration PATIENCE = Duration.ofSeconds(120);

    /** What an end may take beside the wait for the files in hand. */
    private static final Duration MARGIN = Duration.ofSeconds(15);

    @TempDir
    private static Path folder;

    private TestHome home;
    private Program program;
    private Program.Daemon hasty;
    private int invoices;

    @BeforeAll
    void makeHome() throws Exception {
        useHome("home");
    }

    @AfterAll
    void killWhatIsLeft() throws Exception {
        program.killAll();
    }

    /** Ends what runs on the one before. */
    private void useHome(String name) throws Exception {
        if (program != null) {
            program.killAll();
        }
        home = new TestHome(folder.resolve(name));
        program = new Program(folder, folder.resolve(name));
    }

    @Test
    @Order(1)
    void aSecondDaemonIsRefusedWithoutTheLockFileToo() throws Exception {
        hasty = program.daemon(QUICKLY, "-Dbuzon.stop-timeout=100ms");

        refusesASecond();
        Files.delete(home.path(".buzon/lock"));
        refusesASecond();
        String removed = "The lock file " + home.path(".buzon/lock") + " was removed or replaced";
        await().atMost(PATIENCE).until(() -> hasty.logged().contains(removed));
        Program.Ended status =
                InProcess.run("status", "--home", folder.resolve("home").toString());
        assertThat(status.output())
                .contains("Buzón is DOWN, as process " + hasty.process().pid())
                .contains("was removed or");
    }

    /** One of this process. */
    private void refusesASecond() {
        assertThatThrownBy(() -> home.withOwnSpark().start())
                .isInstanceOf(SettingsException.class)
                .hasMessageContaining(
                        "is held by the process " + hasty.process().pid());
    }

    @Test
    @Order(2)
    void aLongJobIsCutShortIfItsUserSaysSo() throws Exception {
        invoices = dropLongFile("long.json");
        awaitInHand();
        long begin = System.nanoTime();

        assertThat(hasty.terminate()).isZero();

        assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(MARGIN);
        assertThat(home.path(".buzon/ready")).doesNotExist();
        assertThat(home.files("inbox/invoices")).containsExactly("long.json");
        assertThat(home.files("outbox/invoices")).isEmpty();
        assertThat(home.files("archive/rejected/invoices")).isEmpty();
    }

    @Test
    @Order(3)
    void aSecondSignalEndsADaemonThatWaitsForALongJob() throws Exception {
        Program.Daemon killed = program.daemon(QUICKLY, "-Dbuzon.stop-timeout=10m");
        awaitInHand();
        // Two that arrive together are one.
        await().atMost(PATIENCE).until(() -> {
            killed.process().destroy();
            return !killed.process().isAlive();
        });

        assertThat(killed.awaitExit()).isEqualTo(1);
        assertThat(home.files("inbox/invoices")).containsExactly("long.json");
        assertThat(home.files("outbox/invoices")).isEmpty();
    }

    @Test
    @LongForm
    @Order(4)
    void aLongJobIsWaitedForIfItsUserSaysSoAndDoneOnce() throws Exception {
        Program.Daemon patient = program.daemon(QUICKLY, "-Dbuzon.stop-timeout=10m");
        awaitInHand();
        assertThat(patient.terminate()).isZero();

        assertThat(home.files("inbox/invoices")).isEmpty();
        assertThat(home.archived("invoices")).hasSize(1);
        assertThat(home.files("archive/rejected/invoices")).isEmpty();
        assertThat(home.files("outbox/invoices")).hasSize(1);
        Path result = home.path("outbox/invoices")
                .resolve(home.files("outbox/invoices").get(0));
        try (Stream<String> lines = Files.lines(result)) {
            assertThat(lines.count()).isEqualTo(invoices);
        }
    }

    static IntStream filesPerJob() {
        return Rig.isLong() ? IntStream.of(1, 50) : IntStream.of(50);
    }

    @ParameterizedTest
    @MethodSource("filesPerJob")
    @Order(5)
    void whatIsInHandIsFinishedAndWhatWaitsIsLeft(int filesPerJob) throws Exception {
        useHome("of-jobs-of-" + filesPerJob);
        Program.Daemon daemon = program.daemon(QUICKLY, FILES_PER_JOB + filesPerJob);
        Checker checker = new Checker(home.path(""));
        for (int i = 0; i < 200; i++) {
            String content = invoices("b" + i, 500);
            home.drop("invoices", i + ".json", content);
            checker.dropped("invoices", i + ".json", content.getBytes(StandardCharsets.UTF_8));
        }
        await().pollInterval(Duration.ofMillis(10))
                .atMost(PATIENCE)
                .until(() -> home.files("outbox/invoices").size() > 2);

        assertThat(daemon.terminate()).isZero();

        assertThat(home.path(".buzon/ready")).doesNotExist();
        assertThat(home.path(".buzon/holder")).doesNotExist();
        int published = home.files("outbox/invoices").size();
        assertThat(published).isLessThan(200);
        assertThat(home.files("inbox/invoices")).hasSize(200 - published);
        assertThat(home.archived("invoices")).hasSize(published);
        assertThat(home.files("archive/rejected/invoices")).isEmpty();
        checker.checkWhileFilesWait();
    }

    @Test
    @LongForm
    @Order(6)
    void aBatchThatDoesNotEndInTimeIsLeftWholeAndDoneOnce() throws Exception {
        useHome("of-a-batch");
        Files.createDirectories(home.path("inbox/invoices"));
        int small = 5;
        for (int i = 0; i < small; i++) {
            home.drop("invoices", i + ".json", invoices("small" + i, 1));
        }
        dropLongFile("long.json");
        List<String> all = home.files("inbox/invoices");
        Program.Daemon hasty = program.daemon(QUICKLY, FILES_PER_JOB + 50, "-Dbuzon.stop-timeout=100ms");
        awaitInHand();

        assertThat(hasty.terminate()).isZero();

        assertThat(home.files("inbox/invoices")).isEqualTo(all);
        assertThat(home.files("outbox/invoices")).isEmpty();
        assertThat(home.files("archive/rejected/invoices")).isEmpty();

        Program.Daemon patient = program.daemon(QUICKLY, FILES_PER_JOB + 50, "-Dbuzon.stop-timeout=10m");
        awaitInHand();
        assertThat(patient.terminate()).isZero();

        assertThat(home.files("inbox/invoices")).isEmpty();
        assertThat(home.files("outbox/invoices")).hasSize(small + 1);
        assertThat(home.archived("invoices")).hasSize(small + 1);
        assertThat(home.path("outbox/invoices/.staging/invoices")).isEmptyDirectory();
    }

    /**
     * Invoices over two lines each, which are read in one split, with an escape, which is read by Jackson: that takes
     * seconds.
     */
    private int dropLongFile(String name) throws IOException {
        int blocks = 300;
        int block = 1000;
        byte[] bytes = invoices("long", block)
                .replace("{\"InvoiceNumber", "{\n\"InvoiceNumber")
                .replace("x", "\\/")
                .getBytes(StandardCharsets.UTF_8);
        Path target = home.path("inbox/invoices").resolve(name);
        Path temporary = target.resolveSibling("." + name);
        try (OutputStream out = Files.newOutputStream(temporary)) {
            for (int i = 0; i < blocks; i++) {
                out.write(bytes);
            }
        }
        Files.move(temporary, target);
        return blocks * block;
    }

    private void awaitInHand() {
        await().pollInterval(Duration.ofMillis(10)).atMost(PATIENCE).until(() -> {
            try (Stream<Path> staged = Files.walk(home.path("outbox/invoices/.staging"))) {
                return staged.anyMatch(
                        file -> file.toFile().isFile() && file.toFile().length() > 1_000_000);
            }
        });
    }

    private static String invoices(String prefix, int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> "{\"InvoiceNumber\":\"%s-%d\",\"InvoiceLineItems\":[{\"ItemCode\":\"x\"}]}\n"
                        .formatted(prefix, i))
                .collect(Collectors.joining());
    }
}
