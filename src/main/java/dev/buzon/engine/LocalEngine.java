package dev.buzon.engine;

import dev.buzon.home.Home;
import dev.buzon.spark.PartitionJob;
import dev.buzon.spark.WholeFile;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.apache.spark.SparkConf;
import org.apache.spark.SparkContext;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.SparkSession;

/** Spark in this process. Starts in a thread of its own. */
final class LocalEngine implements Engine {

    private final CompletableFuture<SparkSession> session;

    LocalEngine(SparkConf conf, Home home) {
        session = CompletableFuture.supplyAsync(() -> start(conf, home));
    }

    private static SparkSession start(SparkConf conf, Home home) {
        SparkContext context = SparkContext.getOrCreate(conf);
        SparkSession session = Sessions.on(context);
        // The first job takes as long as a hundred others: that is not to be the first file's.
        PartitionJob.run(
                new WholeFile().open(JavaSparkContext.fromSparkContext(context), home.folder()), new Nothing());
        return session;
    }

    /** Waits until it has started. */
    @Override
    public SparkSession session() {
        try {
            return session.join();
        } catch (CompletionException e) {
            throw e.getCause() instanceof RuntimeException cause ? cause : e;
        }
    }

    @Override
    public void awaitStart() {
        session();
    }

    @Override
    public List<String> problems() {
        boolean stopped = session.isDone() && session().sparkContext().isStopped();
        return stopped ? List.of("Spark has stopped.") : List.of();
    }

    @Override
    public Optional<Path> linkFolder() {
        return Optional.empty();
    }

    /** All of them come to their end. */
    @Override
    public void prepareStop() {}

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
