package dev.buzon.bizum;

import dev.buzon.delivery.Delivery;
import dev.buzon.delivery.Outcome;
import dev.buzon.delivery.Reasons;
import dev.buzon.delivery.RejectedRecords;
import dev.buzon.delivery.ResultBound;
import dev.buzon.delivery.Tally;
import dev.buzon.delivery.UnreadableFileException;
import dev.buzon.home.Disk;
import dev.buzon.intake.TextEncoding;
import dev.buzon.intake.UnfitFileException;
import dev.buzon.spark.PartitionJob;
import dev.buzon.spark.RddCallback;
import java.io.IOException;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.spark.api.java.JavaRDDLike;

/**
 * The job of the bizums route: raises each person's highest bizum in the ledger to what a file holds. The RDD is of
 * paths, as of {@link dev.buzon.spark.WholeFile}. Neither the order nor the repetition of files changes the result.
 * Thread-safe.
 */
public final class HighestBizums implements RddCallback<Outcome> {

    private final int maxRecordBytes;
    /** Whether the table may differ from the one in the outbox; so it may at the start. */
    private final AtomicBoolean changed = new AtomicBoolean(true);

    /** @param maxRecordBytes a line that is longer is a bad record */
    public HighestBizums(int maxRecordBytes) {
        this.maxRecordBytes = maxRecordBytes;
    }

    @Override
    public Outcome onRdd(JavaRDDLike<?, ?> rdd, Object... payloads) {
        Delivery delivery = (Delivery) payloads[0];
        Path bad = delivery.stagedRejectedRecords();
        Counts counts = PartitionJob.run(
                rdd,
                new FindMaxima(
                        delivery.staging().toString(),
                        bad.getParent().toString(),
                        maxRecordBytes,
                        TextEncoding.guessedUnless(delivery.route()),
                        delivery.resultBound()));
        if (counts.unreadable != null) {
            throw new UnreadableFileException(counts.unreadable);
        }
        if (counts.rejected > 0) {
            try {
                Files.move(Path.of(counts.bad), bad);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return Outcome.inLedger(
                        new Tally(counts.bizums, "bizum", "bizums"),
                        "new highest",
                        "new highest",
                        counts.rejected,
                        connection -> {
                            long raised = Maxima.raise(connection, Path.of(counts.maxima));
                            if (raised > 0) {
                                setChanged();
                            }
                            return raised;
                        })
                .because(counts.reasons)
                .readIn(counts.charset);
    }

    void setChanged() {
        changed.set(true);
    }

    /** @return whether it was set since the last call */
    boolean takeChanged() {
        return changed.getAndSet(false);
    }

    /**
     * What a task says of its file, and where it put what it made.
     *
     * @param maxima a spool of {@link Maxima}
     * @param bad the bad records; there where it has some
     * @param reasons why records are bad; null where none is
     * @param unreadable why none of it could be read; null where some could
     */
    private record Counts(
            String maxima, String bad, long bizums, long rejected, Reasons reasons, String charset, String unreadable)
            implements Serializable {}

    /**
     * Runs where Spark runs it; its paths are on a file system that all machines share.
     *
     * @param maximaFolder where the maxima are written to
     * @param badFolder where the bad records are written to
     */
    private record FindMaxima(
            String maximaFolder, String badFolder, int maxRecordBytes, TextEncoding encoding, ResultBound bound)
            implements PartitionJob.Task<String, Counts> {

        @Override
        public Counts compute(Iterator<String> partition) throws IOException {
            Path file = Path.of(partition.next());
            try {
                return find(file, encoding.of(file));
            } catch (UnfitFileException e) {
                return new Counts(null, null, 0, 0, null, null, e.getMessage());
            }
        }

        private Counts find(Path file, Charset charset) throws IOException {
            long bizums = 0;
            boolean header = false;
            String hidden = PartitionJob.nameOfTry();
            Path spool = Path.of(maximaFolder, hidden + ".maxima");
            Path bad = Path.of(badFolder, hidden + ".jsonl");
            Maxima maxima = new Maxima(spool);
            RejectedRecords rejected = new RejectedRecords(bad, bound);
            try (rejected;
                    BizumReader reader =
                            new BizumReader(() -> TextEncoding.open(file, charset), maxRecordBytes, charset.name())) {
                while (reader.next()) {
                    try {
                        Bizum bizum = reader.bizum();
                        if (bizum == null) {
                            header = true;
                        } else {
                            maxima.add(bizum);
                            bizums++;
                        }
                    } catch (BadBizumException e) {
                        rejected.add(reader.line(), e.getMessage(), reader.text());
                    }
                }
                maxima.flush();
            }
            if (rejected.count() > 0 && PartitionJob.isApart()) {
                Disk.force(bad);
            }
            String unreadable = null;
            if (bizums == 0 && rejected.count() > 0) {
                unreadable = "no bizum can be read; the first, " + rejected.first();
            } else if (bizums == 0 && !header) {
                unreadable = "the file holds no bizum";
            }
            return new Counts(
                    spool.toString(),
                    bad.toString(),
                    bizums,
                    rejected.count(),
                    rejected.reasons(),
                    charset.name(),
                    unreadable);
        }
    }
}
