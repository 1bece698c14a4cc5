package dev.buzon.invoice;

import com.fasterxml.jackson.core.JsonEncoding;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import dev.buzon.delivery.Delivery;
import dev.buzon.delivery.Outcome;
import dev.buzon.delivery.RejectedRecords;
import dev.buzon.delivery.Tally;
import dev.buzon.delivery.UnreadableFileException;
import dev.buzon.intake.TextEncoding;
import dev.buzon.intake.UnfitEncodingException;
import dev.buzon.spark.PartitionJob;
import dev.buzon.spark.RddCallback;
import java.io.BufferedOutputStream;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.Serializable;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
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
                                maxRecordBytes,
                                TextEncoding.utf8Unless(delivery.route())))
                .get(0);
        if (counts.unreadable != null) {
            throw new UnreadableFileException(counts.unreadable);
        }
        return Outcome.staged(
                        new Tally(counts.invoices, "invoice", "invoices"),
                        new Tally(counts.lineItems, "line item", "line items"),
                        counts.rejected,
                        warnings(counts))
                .readIn(counts.charset);
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
        /** Whether a bad record may be a part of one, or more than one. */
        private boolean fragments;

        private String charset;
        private String unreadable;

        private void add(int items, boolean repeats, boolean disagrees) {
            invoices++;
            lineItems += items;
            withoutItems += items == 0 ? 1 : 0;
            repeated += repeats ? 1 : 0;
            disagreeing += disagrees ? 1 : 0;
        }
    }

    /** Runs where Spark runs it; its paths are on a file system that all machines share. */
    private record SplitFile(String result, String rejectedRecords, int maxRecordBytes, TextEncoding encoding)
            implements PartitionJob.Task<String, Counts> {

        @Override
        public Counts compute(Iterator<String> partition) throws IOException {
            Path file = Path.of(partition.next());
            try {
                return split(file, encoding.of(file));
            } catch (UnfitEncodingException e) {
                Counts counts = new Counts();
                counts.unreadable = e.getMessage();
                return counts;
            }
        }

        /**
         * Where a record is none, the file may be cut in the wrong way: the other way is tried too, and the one that
         * finds more invoices is taken.
         */
        private Counts split(Path file, Charset charset) throws IOException {
            JsonRecords.Layout layout = layoutOf(file, charset);
            Path items = Path.of(result);
            Path bad = Path.of(rejectedRecords);
            Counts counts = split(file, charset, layout, items, bad);
            if (counts.fragments) {
                // Hidden in the staging, so that they are not taken for results.
                Path otherItems = items.resolveSibling(".other.json");
                Path otherBad = bad.resolveSibling(".other.jsonl");
                Counts other = split(file, charset, layout.other(), otherItems, otherBad);
                if (other.invoices > counts.invoices) {
                    counts = other;
                    replace(items, otherItems);
                    replace(bad, otherBad);
                }
                Files.deleteIfExists(otherItems);
                Files.deleteIfExists(otherBad);
            }
            return counts;
        }

        private Counts split(Path file, Charset charset, JsonRecords.Layout layout, Path items, Path bad)
                throws IOException {
            Counts counts = new Counts();
            counts.charset = charset.name();
            Invoice invoice = new Invoice(counts.charset);
            PlainInvoice plain = new PlainInvoice();
            LastNumber last = new LastNumber();
            String firstBad;
            try (JsonRecords records =
                            new JsonRecords(TextEncoding.open(file, charset), layout, maxRecordBytes, plain);
                    RejectedRecords rejected = new RejectedRecords(bad);
                    OutputStream out = new BufferedOutputStream(Files.newOutputStream(items), 1 << 16);
                    JsonGenerator generator = new JsonFactory()
                            .createGenerator(out, JsonEncoding.UTF8)
                            .disable(JsonGenerator.Feature.FLUSH_PASSED_TO_STREAM)
                            .setRootValueSeparator(null)) {
                while (next(records, rejected, counts)) {
                    if (records.isPlain()) {
                        plain.writeItems(out);
                        counts.add(plain.itemCount(), plain.repeats(last), plain.disagrees());
                        continue;
                    }
                    try {
                        if (records.isTooLong()) {
                            throw BadInvoiceException.fragment("longer than " + maxRecordBytes + " bytes");
                        }
                        invoice.read(records.bytes(), records.length());
                        invoice.writeItems(generator);
                        // Plain ones go around it.
                        generator.flush();
                        counts.add(invoice.itemCount(), invoice.repeats(last), invoice.disagrees());
                    } catch (BadInvoiceException e) {
                        rejected.add(records.line(), e.getMessage(), text(records));
                        counts.fragments |= e.isFragment() || layout == JsonRecords.Layout.STRUCTURE;
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
                Files.delete(items);
            }
            return counts;
        }

        /** Where the structure breaks, what the file goes on with is one bad record, and the last. */
        private static boolean next(JsonRecords records, RejectedRecords rejected, Counts counts) throws IOException {
            try {
                return records.next();
            } catch (JsonRecords.BrokenStructureException e) {
                rejected.add(e.line(), e.reason(), text(records));
                counts.fragments = true;
                return false;
            }
        }

        private static String text(JsonRecords records) {
            return new String(records.bytes(), 0, records.length(), StandardCharsets.UTF_8);
        }

        private static void replace(Path file, Path other) throws IOException {
            Files.deleteIfExists(file);
            if (Files.exists(other)) {
                Files.move(other, file);
            }
        }

        /** Lines where the first that isn't blank is a whole object. */
        private JsonRecords.Layout layoutOf(Path file, Charset charset) throws IOException {
            try (JsonRecords lines =
                    new JsonRecords(TextEncoding.open(file, charset), JsonRecords.Layout.LINES, maxRecordBytes)) {
                boolean whole = lines.next() && !lines.hasArray() && isObject(lines.bytes(), lines.length());
                return whole ? JsonRecords.Layout.LINES : JsonRecords.Layout.STRUCTURE;
            } catch (JsonRecords.BrokenStructureException e) {
                throw new IllegalStateException("Lines have no structure.", e);
            }
        }

        private boolean isObject(byte[] bytes, int length) throws IOException {
            try (JsonRecords first = new JsonRecords(
                    new ByteArrayInputStream(bytes, 0, length), JsonRecords.Layout.STRUCTURE, maxRecordBytes)) {
                return first.next() && !first.hasArray() && !first.next();
            } catch (JsonRecords.BrokenStructureException e) {
                return false;
            }
        }
    }
}
