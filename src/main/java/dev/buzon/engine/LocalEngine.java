package dev.buzon.engine;

import dev.buzon.home.BackOff;
import dev.buzon.home.Home;
import dev.buzon.home.Settings;
import dev.buzon.spark.PartitionJob;
import dev.buzon.spark.WholeFiles;
import java.nio.file.Files;
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

/** Spark in this process. Starts in a thread of its own. If it has stopped by itself, the next job starts it again. */
final class LocalEngine implements Engine {

    private final SparkConf conf;
    private final Home home;
    private final LocalFolders folders;
    private volatile CompletableFuture<SparkSession> session;
    private final BackOff<LocalEngine> starts;
    private boolean closed;

    LocalEngine(SparkConf conf, Settings settings) {
        this.conf = conf;
        this.home = settings.home();
        this.folders = new LocalFolders(home.temporary());
        this.starts = new BackOff<>(settings);
        start();
    }

    private void start() {
        session = CompletableFuture.supplyAsync(this::startSession);
    }

    private SparkSession startSession() {
        SparkContext context = SparkContext.getOrCreate(conf);
        SparkSession started = Sessions.on(context);
        // The first job takes as long as a hundred others: that is not to be the first file's.
        PartitionJob.run(
                new WholeFiles()
                        .open(
                                JavaSparkContext.fromSparkContext(context),
                                home.folder().toFile()),
                new Nothing());
        starts.succeeded(this);
        return started;
    }

    /** Waits until it has started. */
    @Override
    public SparkSession session() {
        startAgainIfStopped();
        SparkSession started = join(session);
        folders.makeMissing(started.sparkContext());
        return started;
    }

    @Override
    public void awaitStart() {
        join(session);
    }

    @Override
    public List<String> problems() {
        return hasStopped() ? List.of("Spark has stopped. The next job starts it again.") : List.of();
    }

    private synchronized void startAgainIfStopped() {
        if (hasStopped() && !closed && starts.isDue(this)) {
            starts.failed(this);
            start();
        }
    }

    private boolean hasStopped() {
        CompletableFuture<SparkSession> last = session;
        return last.isCompletedExceptionally()
                || last.isDone() && last.join().sparkContext().isStopped();
    }

    private static SparkSession join(CompletableFuture<SparkSession> session) {
        try {
            return session.join();
        } catch (CompletionException e) {
            throw e.getCause() instanceof RuntimeException cause ? cause : e;
        }
    }

    @Override
    public Optional<Path> linkFolder() {
        // Spark would take some characters of the home's path for a glob.
        return Files.isWritable(Path.of(System.getProperty("java.io.tmpdir")))
                ? Optional.empty()
                : Optional.of(home.temporary());
    }

    /** All of them come to their end. */
    @Override
    public void prepareStop() {}

    @Override
    public void close() {
        synchronized (this) {
            closed = true;
        }
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
