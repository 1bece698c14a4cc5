package dev.buzon.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.buzon.Ending;
import dev.buzon.RoutesCopy;
import dev.buzon.TestHome;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What becomes of a file whose job runs out of memory or stack, or lacks a class, and of everybody else. */
class JobErrorsTest {

    private static final String FAILING_POLL = "- beans:\n    - name: failingPoll\n      type: "
            + FailingPoll.class.getName() + "\n      constructors:\n        0: \"#bean:settled\"\n";
    private static final AtomicInteger FILES = new AtomicInteger();

    @TempDir
    private static Path folder;

    private static TestHome home;
    private static String session;

    @BeforeAll
    static void start() throws Exception {
        RoutesCopy routes = RoutesCopy.in(folder)
                .replace("invoices", "dev.buzon.invoice.LineItems", FailingJob.class.getName())
                .replace("invoices", "- templatedRoute:", FAILING_POLL + "- templatedRoute:")
                .replace("drop-folder", "#afterPoll", "#failingPoll");
        home = new TestHome(folder)
                .withOwnSpark()
                .set("buzon.routes", routes.folder().toString())
                .set("buzon.retry.first", "100ms")
                .set("buzon.invoices.quiet-period", "10ms")
                .set("buzon.bizums.quiet-period", "10ms")
                .start();
        session = sessionId();
    }

    @AfterAll
    static void stop() throws Exception {
        home.stop();
    }

    private static String sessionId() {
        return SparkSession.active().sparkContext().applicationId();
    }

    /** The other route, and the same one. */
    @AfterEach
    void everybodyElseGoesOn() throws Exception {
        int file = FILES.incrementAndGet();
        home.handle("bizums", "b" + file + ".csv", "Ana;" + file + ";x\n");
        assertThat(home.archived("bizums")).anyMatch(name -> name.startsWith("b" + file + "-"));
        assertThat(handle("TASK none 0 " + file).archived()).isTrue();
    }

    private static Ending handle(String content) throws Exception {
        return Ending.of(
                home, "invoices", "f" + FILES.incrementAndGet() + ".json", content.getBytes(StandardCharsets.UTF_8));
    }

    @ParameterizedTest
    @ValueSource(strings = {"TASK OutOfMemoryError", "TASK StackOverflowError", "CALLBACK StackOverflowError"})
    void whoseJobRunsOutOfMemoryOrStackTwiceIsSetAside(String error) throws Exception {
        Ending ending = handle(error + " 9");

        assertThat(ending.rejected()).isTrue();
        assertThat(ending.error())
                .startsWith("its job failed twice, the second time alone: java.lang." + error.split(" ")[1])
                .hasSizeLessThan(200);
        assertThat(FailingJob.TRIES.get(error + " 9")).isEqualTo(2);
        assertThat(sessionId()).isEqualTo(session);
    }

    @Test
    void whoseJobDoesSoOnceIsHandledAtTheNextTry() throws Exception {
        Ending ending = handle("TASK OutOfMemoryError 1");

        assertThat(ending.archived()).isTrue();
        assertThat(sessionId()).isEqualTo(session);
    }

    @ParameterizedTest
    @ValueSource(strings = {"TASK", "CALLBACK"})
    void whoseJobLacksAClassIsTriedAgain(String place) throws Exception {
        Ending ending = handle(place + " NoClassDefFoundError 3");

        assertThat(ending.archived()).isTrue();
        assertThat(FailingJob.TRIES.get(place + " NoClassDefFoundError 3")).isEqualTo(4);
        assertThat(sessionId()).isEqualTo(session);
    }

    @Test
    void aPollThatMeetsAnErrorIsNotTheLast() throws Exception {
        FailingPoll.FAILS.set(true);
        await().atMost(Duration.ofSeconds(30)).until(() -> !FailingPoll.FAILS.get());

        assertThat(handle("TASK none 0").archived()).isTrue();
    }
}
