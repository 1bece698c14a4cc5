package dev.buzon.monitor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.buzon.RecordedLog;
import dev.buzon.RoutesCopy;
import dev.buzon.TestHome;
import dev.buzon.jmx.JmxStatus;
import dev.buzon.spark.PartitionJob;
import dev.buzon.spark.RddCallback;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.Iterator;
import org.apache.spark.api.java.JavaRDDLike;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A job with a bug: where it is must be seen in the log, and not more often than it helps. */
class BugInJobTest {

    private static final String PLACE = "BugInJobTest$Job.bug(BugInJobTest.java:";
    private static final String ROUTE = "invoices.camel.yaml";

    @TempDir
    private Path folder;

    private TestHome home;

    @AfterEach
    void stop() throws Exception {
        home.stop();
    }

    /** Fails in a task of Spark's. */
    public static final class Job implements RddCallback<Object>, PartitionJob.Task<Object, Integer> {

        private static final long serialVersionUID = 1L;

        @Override
        public Object onRdd(JavaRDDLike<?, ?> rdd, Object... payloads) {
            return PartitionJob.<Object, Integer>run(rdd, this, Integer::sum);
        }

        @Override
        public Integer compute(Iterator<Object> partition) {
            return bug(null);
        }

        private static int bug(String text) {
            return text.length();
        }
    }

    @Test
    void itsTraceIsLoggedOnceAFileAndItsPlaceEachTime() throws Exception {
        RoutesCopy routes = RoutesCopy.in(folder)
                .replace("invoices", "dev.buzon.invoice.LineItems", Job.class.getName())
                .replace(
                        "invoices",
                        "        constructors:\n          0: \"{{buzon.{{route}}.max-record-bytes:16777216}}\"\n",
                        "");
        home = new TestHome(folder.resolve("home"))
                .set("buzon.routes", routes.folder().toString())
                .set("buzon.health.failing-for", "1ms")
                .set("buzon.retry.first", "50ms")
                .set("buzon.retry.longest", "50ms");

        try (RecordedLog log = new RecordedLog()) {
            home.start();
            home.drop("invoices", "a.json", "{}");
            home.drop("invoices", "b.json", "[]");

            for (String file : new String[] {"a.json", "b.json"}) {
                String tried = "invoices: " + file + ": tried again in ";
                await().until(() -> log.with(tried).size() >= 3);
                assertThat(log.with(tried))
                        .allMatch(line -> line.contains("NullPointerException") && line.contains(PLACE));
                assertThat(log.with(tried).get(0)).contains("TaskFunction.apply");
                assertThat(log.with(tried).stream().filter(line -> line.contains("TaskFunction.apply")))
                        .hasSize(1);
            }
            ServiceStatus status = JmxStatus.read(ManagementFactory.getPlatformMBeanServer());
            assertThat(status.health().down()).isTrue();
            assertThat(status.health().reasons()).anyMatch(reason -> reason.contains(PLACE));
        }
    }
}
