package dev.buzon.daemon;

import dev.buzon.home.Home;
import dev.buzon.home.Settings;
import dev.buzon.spark.PartitionJob;
import dev.buzon.spark.WholeFile;
import java.io.IOException;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.apache.commons.io.FileUtils;
import org.apache.spark.SparkConf;
import org.apache.spark.SparkContext;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.SparkSession;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Spark inside the daemon: local by default, heard by nobody beyond this machine. Starts in a thread of its own. */
final class SparkRuntime implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(SparkRuntime.class);

    private final CompletableFuture<SparkSession> session;

    SparkRuntime(Home home, Settings settings) throws IOException {
        // What a Spark that was killed has left.
        FileUtils.cleanDirectory(home.temporary().toFile());
        SparkConf conf = new LoopbackSparkConf()
                .setAppName("buzon")
                .setMaster("local[*]")
                .set("spark.ui.enabled", "false")
                // Whoever can see a page of the machine's loopback address is not whoever may end a job.
                .set("spark.ui.killEnabled", "false")
                .set("spark.ui.showConsoleProgress", "false")
                .set("spark.driver.host", "127.0.0.1")
                .set("spark.driver.bindAddress", "127.0.0.1")
                .set("spark.authenticate", "true")
                // For small jobs by the thousand: 4 MB is what Spark makes room for to send one to itself, and it keeps
                // 100,000 tasks to show them.
                .set("spark.broadcast.blockSize", "64k")
                .set("spark.locality.wait", "0s")
                .set("spark.ui.retainedJobs", "100")
                .set("spark.ui.retainedStages", "100")
                .set("spark.ui.retainedTasks", "1000")
                .set("spark.local.dir", home.temporary().toString())
                .set(
                        "spark.sql.warehouse.dir",
                        home.temporary().resolve("warehouse").toString());
        settings.withPrefix("spark.").forEach(conf::set);
        session = CompletableFuture.supplyAsync(() -> start(conf, home));
    }

    private static SparkSession start(SparkConf conf, Home home) {
        // The builder of a session would make a context of a configuration of its own.
        SparkContext context = SparkContext.getOrCreate(conf);
        SparkSession session = SparkSession.builder().sparkContext(context).getOrCreate();
        LOG.info("Spark {} on {}", session.version(), context.master());
        context.uiWebUrl().foreach(address -> {
            LOG.info("Spark's UI is at {}", address);
            return null;
        });
        // The first job takes as long as a hundred others: that is not to be the first file's.
        PartitionJob.run(
                new WholeFile().open(JavaSparkContext.fromSparkContext(context), home.folder()), new Nothing());
        return session;
    }

    /** Waits until it has started. */
    SparkSession session() {
        try {
            return session.join();
        } catch (CompletionException e) {
            throw e.getCause() instanceof RuntimeException cause ? cause : e;
        }
    }

    /** What is wrong with it; empty where nothing is. */
    List<String> problems() {
        boolean stopped = session.isDone() && session().sparkContext().isStopped();
        return stopped ? List.of("Spark has stopped.") : List.of();
    }

    @Override
    public void close() {
        if (!session.isCompletedExceptionally()) {
            session.join().stop();
        }
    }

    private static final class Nothing implements PartitionJob.Task<String, Integer> {
        private static final long serialVersionUID = 1L;

        @Override
        public Integer compute(Iterator<String> partition) {
            return 0;
        }
    }
}
