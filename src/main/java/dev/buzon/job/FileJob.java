package dev.buzon.job;

import dev.buzon.spark.PartitionJob;
import dev.buzon.spark.RddCallback;
import java.io.IOException;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.spark.api.java.JavaRDDLike;

/**
 * A job that handles each file by itself, as a task of Spark's, on this machine or another. The files of a batch are
 * handled side by side. Sent with each task, so that its fields must be serializable; thread-safe.
 */
public abstract class FileJob implements RddCallback<List<Outcome>>, Serializable {

    private static final long serialVersionUID = 1L;

    /**
     * Handles one file.
     *
     * @return what is to be said of it
     * @throws UnreadableFileException if the input is wrong; the file is rejected with its message
     * @throws Exception if the world is wrong; the file is tried again
     */
    protected abstract Outcome handle(InputFile file) throws Exception;

    @Override
    public final List<Outcome> onRdd(JavaRDDLike<?, ?> rdd, Object... payloads) {
        Map<String, Handled> byKey = PartitionJob.<InputFile, List<Handled>>run(
                        rdd, new HandleFiles(this), (before, next) -> Stream.concat(before.stream(), next.stream())
                                .toList())
                .stream()
                .collect(Collectors.toMap(handled -> handled.key, handled -> handled));
        List<Outcome> outcomes = new ArrayList<>();
        for (Object payload : payloads) {
            InputFile file = (InputFile) payload;
            try {
                outcomes.add(byKey.get(file.key()).of(file));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return outcomes;
    }

    /**
     * What a task says of a file.
     *
     * @param extension of the result; null if none is staged
     */
    private record Handled(String key, InputFile tried, String extension, Outcome outcome) implements Serializable {

        /** Gives what the task staged its names. */
        Outcome of(InputFile file) throws IOException {
            if (extension != null) {
                Files.move(tried.stagedResult(extension), file.stagedResult(extension));
            }
            if (outcome instanceof Outcome.Handled handled
                    && handled.badRecords().count() > 0) {
                Files.move(tried.stagedBadRecords(), file.stagedBadRecords());
            }
            return outcome;
        }
    }

    private record HandleFiles(FileJob job) implements PartitionJob.Task<InputFile, List<Handled>> {

        @Override
        public List<Handled> compute(Iterator<InputFile> partition) throws Exception {
            List<Handled> handled = new ArrayList<>();
            while (partition.hasNext()) {
                handled.add(handle(partition.next()));
            }
            return handled;
        }

        private Handled handle(InputFile file) throws Exception {
            InputFile tried = file.inTry();
            Outcome outcome;
            try {
                outcome = job.handle(tried);
            } catch (UnreadableFileException e) {
                outcome = Outcome.unreadable(e.getMessage());
            }
            String extension = extensionOfResult(tried);
            if (PartitionJob.isApart()) {
                if (extension != null) {
                    force(tried.stagedResult(extension));
                }
                if (outcome instanceof Outcome.Handled ok && ok.badRecords().count() > 0) {
                    force(tried.stagedBadRecords());
                }
            }
            return new Handled(file.key(), tried, extension, outcome);
        }

        /** A job may ask where its result is to be, and then have none. */
        private static String extensionOfResult(InputFile tried) {
            String extension = tried.resultExtension();
            return extension == null || Files.notExists(tried.stagedResult(extension)) ? null : extension;
        }

        private static void force(Path file) throws IOException {
            try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
                channel.force(true);
            }
        }
    }
}
