package dev.buzon.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.buzon.RecordedLog;
import dev.buzon.TestHome;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.spark.SparkConf;
import org.apache.spark.SparkException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ClusterEngineTest {

    @TempDir
    private Path folder;

    /** Spark throws such a one without declaring it. */
    @Test
    void aLookThatFailsInAWayNobodyExpectedIsSaidOnceAndNotTheLast() {
        SharedSpark.end();
        CountingConf conf = new CountingConf();
        TestHome home = new TestHome(folder).set("buzon.retry.first", "1ms").set("buzon.retry.longest", "1ms");
        try (RecordedLog log = new RecordedLog();
                ClusterEngine engine = new ClusterEngine(conf, home.settings())) {
            await().untilAsserted(() -> assertThat(conf.asked).hasValueGreaterThan(2));

            assertThat(engine.problems()).singleElement().asString().contains("of this test");
            assertThat(log.with("can't be looked after"))
                    .singleElement()
                    .asString()
                    .contains(getClass().getName());
        }
    }

    /** Spark begins a session with a copy of its configuration. */
    private static final class CountingConf extends SparkConf {
        private static final long serialVersionUID = 1L;

        private final AtomicInteger asked = new AtomicInteger();

        CountingConf() {
            super(false);
            setMaster("local[1]").setAppName("test");
        }

        @Override
        public SparkConf clone() {
            asked.incrementAndGet();
            throw sneaky(new SparkException("of this test"));
        }

        @SuppressWarnings("unchecked")
        private static <E extends Throwable> RuntimeException sneaky(Throwable thrown) throws E {
            throw (E) thrown;
        }
    }
}
