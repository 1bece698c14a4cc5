package dev.buzon.benchmark.rival;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.streaming.DataStreamReader;
import org.apache.spark.sql.streaming.DataStreamWriter;
import org.apache.spark.sql.streaming.StreamingQuery;
import org.apache.spark.sql.streaming.StreamingQueryListener;
import org.apache.spark.sql.streaming.StreamingQueryProgress;

/** A run of Structured Streaming over a folder of files, so many files a trigger, as fast as it can. */
final class StreamingRun extends StreamingQueryListener {

    private static final int LIMIT_MINUTES = 20;

    private final Path folder;
    private final int files;
    private final int warmUp;
    private final int filesPerTrigger;
    private final List<Long> starts = new ArrayList<>();
    private final CountDownLatch done;

    /** Of the last trigger, in milliseconds. */
    private long last;

    /**
     * @param arguments the folder, in which {@code in} holds the files; how many they are, how many of them don't count,
     *     and how many a trigger takes, which divides both
     */
    StreamingRun(String... arguments) {
        this.folder = Path.of(arguments[0]);
        this.files = Integer.parseInt(arguments[1]);
        this.warmUp = Integer.parseInt(arguments[2]);
        this.filesPerTrigger = Integer.parseInt(arguments[3]);
        this.done = new CountDownLatch(files / filesPerTrigger);
    }

    Path folder() {
        return folder;
    }

    /** The files, archived when they have been read. */
    DataStreamReader source(SparkSession spark) {
        spark.streams().addListener(this);
        return spark.readStream()
                .option("maxFilesPerTrigger", filesPerTrigger)
                .option("cleanSource", "archive")
                .option("sourceArchiveDir", folder.resolve("archive").toString());
    }

    String input() {
        return folder.resolve("in").toString();
    }

    String output() {
        return folder.resolve("out").toString();
    }

    String checkpoint() {
        return folder.resolve("checkpoint").toString();
    }

    /** Runs a query until it has worked off all files, then prints what each took. */
    void run(DataStreamWriter<Row> writer) throws TimeoutException, InterruptedException, IOException {
        long began = System.nanoTime();
        StreamingQuery query = writer.option("checkpointLocation", checkpoint()).start();
        while (!done.await(1, TimeUnit.SECONDS)) {
            if (!query.isActive() || System.nanoTime() - began > TimeUnit.MINUTES.toNanos(LIMIT_MINUTES)) {
                throw new IllegalStateException(done.getCount() + " triggers of " + filesPerTrigger
                        + " files were not worked off: " + query.exception());
            }
        }
        double wall = (System.nanoTime() - began) / 1e6;
        query.stop();
        print(wall);
    }

    private void print(double wall) throws IOException {
        long sum = starts.get(starts.size() - 1) - starts.get(0) + last;
        // Before the first trigger the query is made and the folder listed; after the last its news must reach us.
        if (sum > wall || wall - sum > 6_000 + wall / 20) {
            throw new IllegalStateException("Its triggers took " + sum + " ms, and the run " + wall + " ms.");
        }
        starts.add(starts.get(0) + sum);
        for (int i = warmUp / filesPerTrigger; i + 1 < starts.size(); i++) {
            Figure.print("ms", (double) (starts.get(i + 1) - starts.get(i)) / filesPerTrigger);
        }
        Figure.print("wall-ms", wall / files);
        Figure.printPeak();
    }

    @Override
    public void onQueryStarted(QueryStartedEvent event) {
        // The first trigger says so, too.
    }

    @Override
    public void onQueryProgress(QueryProgressEvent event) {
        StreamingQueryProgress progress = event.progress();
        if (progress.numInputRows() > 0) {
            starts.add(Instant.parse(progress.timestamp()).toEpochMilli());
            last = progress.durationMs().get("triggerExecution");
            done.countDown();
        }
    }

    @Override
    public void onQueryTerminated(QueryTerminatedEvent event) {
        // The run looks for itself.
    }
}
