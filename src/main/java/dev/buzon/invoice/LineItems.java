package dev.buzon.invoice;

import com.fasterxml.jackson.core.JsonEncoding;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import dev.buzon.delivery.Delivery;
import dev.buzon.delivery.Outcome;
import dev.buzon.delivery.RejectedRecords;
import dev.buzon.delivery.Tally;
import dev.buzon.delivery.UnreadableFileException;
import dev.buzon.spark.PartitionJob;
import dev.buzon.spark.RddCallback;
import java.io.IOException;
import java.io.InputStream;
import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.apache.commons.io.input.BOMInputStream;
import org.apache.spark.api.java.JavaRDDLike;

/**
 * The job of the invoices route: a file of invoices in, a line of JSON for each line item out. The RDD is of paths, as
 * of {@link dev.buzon.spark.WholeFile}. Thread-safe.
 */
public final class LineItems implements RddCallback<Outcome> {

    private final int maxRecordBytes;

    /** @param maxRecordBytes an invoice that is longer is a bad record */
    public LineItems(int maxRecordBytes) {
        this.maxRecordBytes = maxRecordBytes;
    }

    @Override
    public Outcome onRdd(JavaRDDLike<?, ?> rdd, Object... payloads) {
        Delivery delivery = (Delivery) payloads[0];
        Counts counts = PartitionJob.run(
                        rdd,
                        new SplitFile(
                                delivery.stagedResult(".json").toString(),
                                delivery.stagedRejectedRecords().toString(),
                                maxRecordBytes))
                .get(0);
        if (counts.unreadable != null) {
            throw new UnreadableFileException(counts.unreadable);
        }
        return Outcome.staged(
                new Tally(counts.invoices, "invoice", "invoices"),
                new Tally(counts.lineItems, "line item", "line items"),
                counts.rejected,
                warnings(counts));
    }

    private static List<String> warnings(Counts counts) {
        List<String> warnings = new ArrayList<>();
        warn(warnings, counts.withoutItems, "without line items");
        warn(warnings, counts.repeated, "repeated right after the first");
        warn(warnings, counts.disagreeing, "whose NumberOfItems disagrees with the line items");
        return warnings;
    }

    private static void warn(List<String> warnings, long count, String what) {
        if (count > 0) {
            warnings.add(new Tally(count, "invoice ", "invoices ") + what);
        }
    }

    /** What a task says of its file. */
    private static final class Counts implements Serializable {
        private static final long serialVersionUID = 1L;

        private long invoices;
        private long lineItems;
        private long withoutItems;
        private long repeated;
        private long disagreeing;
        private long rejected;
        private boolean empty;
        private String unreadable;
    }

    /** Runs where Spark runs it; its paths are on a file system that all machines share. */
    private record SplitFile(String result, String rejectedRecords, int maxRecordBytes)
            implements PartitionJob.Task<String, Counts> {

        @Override
        public Counts compute(Iterator<String> partition) throws IOException {
            Path file = Path.of(partition.next());
            try {
                return split(file, layoutOf(file));
            } catch (JsonRecords.BrokenStructureException broken) {
                return byLines(file, broken.getMessage());
            }
        }

        /** Records a line, some of them broken, look like a broken structure where the first of them is. */
        private Counts byLines(Path file, String broken) throws IOException {
            try {
                Counts counts = split(file, JsonRecords.Layout.LINES);
                if (counts.invoices == 0) {
                    counts.unreadable = broken;
                }
                return counts;
            } catch (JsonRecords.BrokenStructureException e) {
                throw new IllegalStateException(e);
            }
        }

        private Counts split(Path file, JsonRecords.Layout layout)
                throws IOException, JsonRecords.BrokenStructureException {
            Counts counts = new Counts();
            Invoice invoice = new Invoice();
            String previous = null;
            String firstBad;
            Files.deleteIfExists(Path.of(rejectedRecords));
            try (JsonRecords records = new JsonRecords(open(file), layout, maxRecordBytes);
                    RejectedRecords rejected = new RejectedRecords(Path.of(rejectedRecords));
                    JsonGenerator out = new JsonFactory()
                            .createGenerator(Files.newOutputStream(Path.of(result)), JsonEncoding.UTF8)
                            .setRootValueSeparator(null)) {
                while (records.next()) {
                    try {
                        if (records.isTooLong()) {
                            throw new BadInvoiceException("longer than " + maxRecordBytes + " bytes");
                        }
                        invoice.read(records.bytes(), records.length());
                        invoice.writeItems(out);
                        counts.invoices++;
                        counts.lineItems += invoice.itemCount();
                        counts.withoutItems += invoice.itemCount() == 0 ? 1 : 0;
                        counts.repeated += invoice.number().equals(previous) ? 1 : 0;
                        counts.disagreeing += invoice.disagrees() ? 1 : 0;
                        previous = invoice.number();
                    } catch (BadInvoiceException e) {
                        rejected.add(
                                records.line(),
                                e.getMessage(),
                                new String(records.bytes(), 0, records.length(), StandardCharsets.UTF_8));
                    }
                }
                counts.rejected = rejected.count();
                firstBad = rejected.first();
                counts.empty = !records.hasArray() && counts.invoices + counts.rejected == 0;
            }
            if (counts.invoices == 0 && counts.rejected > 0) {
                counts.unreadable = "no invoice can be read; the first, " + firstBad;
            } else if (counts.empty) {
                counts.unreadable = "the file holds no invoice";
            }
            if (counts.lineItems == 0) {
                Files.delete(Path.of(result));
            }
            return counts;
        }

        private static InputStream open(Path file) throws IOException {
            return BOMInputStream.builder().setPath(file).get();
        }

        /** Lines where the first that isn't blank is a whole object. */
        private JsonRecords.Layout layoutOf(Path file) throws IOException, JsonRecords.BrokenStructureException {
            try (JsonRecords lines = new JsonRecords(open(file), JsonRecords.Layout.LINES, maxRecordBytes)) {
                boolean whole = lines.next() && lines.bytes()[0] != '[' && isObject(lines.bytes(), lines.length());
                return whole ? JsonRecords.Layout.LINES : JsonRecords.Layout.STRUCTURE;
            }
        }

        private boolean isObject(byte[] bytes, int length) throws IOException {
            try (JsonRecords first = new JsonRecords(
                    new java.io.ByteArrayInputStream(bytes, 0, length), JsonRecords.Layout.STRUCTURE, maxRecordBytes)) {
                return first.next() && !first.next();
            } catch (JsonRecords.BrokenStructureException e) {
                return false;
            }
        }
    }
}
