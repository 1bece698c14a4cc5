package dev.buzon.delivery;

import dev.buzon.job.InputFile;
import dev.buzon.job.Outcome;
import dev.buzon.job.Tally;
import dev.buzon.spark.FileSplit;
import dev.buzon.spark.PartitionJob;
import dev.buzon.spark.RddCallback;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.apache.spark.api.java.JavaRDDLike;

/**
 * A job of a user's own that meets errors: where and which of them the file says, {@code TASK StackOverflowError 2} for
 * the first two tries. Named in a route of a test.
 */
public final class FailingJob implements RddCallback<List<Outcome>> {

    /** By content, how often it was tried. */
    static final ConcurrentMap<String, Integer> TRIES = new ConcurrentHashMap<>();

    private enum Place {
        CALLBACK,
        TASK
    }

    /** @param maxRecordBytes for the place of another job in a route */
    public FailingJob(int maxRecordBytes) {}

    @Override
    public List<Outcome> onRdd(JavaRDDLike<?, ?> rdd, Object... payloads) {
        InputFile file = (InputFile) payloads[0];
        try {
            String content = Files.readString(file.path());
            String[] words = content.split(" ");
            boolean fails = TRIES.merge(content, 1, Integer::sum) <= Integer.parseInt(words[2]);
            Place place = Place.valueOf(words[0]);
            String error = fails ? words[1] : null;
            if (place == Place.CALLBACK) {
                fail(error);
            }
            PartitionJob.run(rdd, new Fail(place == Place.TASK ? error : null));
            Files.writeString(file.stagedResult(".txt"), "done\n");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return List.of(Outcome.handled(new Tally(1, "line", "lines"), new Tally(1, "line", "lines")));
    }

    private static void fail(String error) {
        if (error != null) {
            switch (error) {
                case "OutOfMemoryError" -> throw new OutOfMemoryError("Java heap space");
                case "StackOverflowError" -> recurse(0);
                default -> throw new NoClassDefFoundError("com/example/Gone");
            }
        }
    }

    private static int recurse(int depth) {
        return recurse(depth + 1) + depth;
    }

    private record Fail(String error) implements PartitionJob.Task<FileSplit, Integer> {

        @Override
        public Integer compute(Iterator<FileSplit> partition) {
            fail(error);
            return 0;
        }
    }
}
