package dev.buzon.invoice;

import com.fasterxml.jackson.core.JsonEncoding;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import dev.buzon.delivery.RejectedRecords;
import dev.buzon.delivery.ResultBound;
import dev.buzon.intake.TextEncoding;
import dev.buzon.intake.UnfitFileException;
import dev.buzon.spark.FileSplit;
import dev.buzon.spark.PartitionJob;
import java.io.BufferedOutputStream;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Iterator;
import org.apache.spark.TaskContext;

/**
 * Reads the invoices of a split, or of the whole file, and writes their line items. Runs where Spark runs it; its paths
 * are on a file system that all machines share.
 *
 * @param items whose folder is written to
 * @param bad whose folder the bad records are written to
 * @param layout to be taken, by the first task for the whole file; null where it is to be told from the file
 * @param quickly whether {@link PlainInvoice} is tried
 */
record WriteLineItems(
        String items,
        String bad,
        int maxRecordBytes,
        TextEncoding encoding,
        JsonRecords.Layout layout,
        boolean quickly,
        ResultBound bound)
        implements PartitionJob.Task<FileSplit, Part> {

    WriteLineItems in(JsonRecords.Layout other) {
        return new WriteLineItems(items, bad, maxRecordBytes, encoding, other, quickly, bound);
    }

    @Override
    public Part compute(Iterator<FileSplit> partition) throws IOException {
        FileSplit split = partition.next();
        Path file = Path.of(split.path());
        String hidden = PartitionJob.nameOfTry();
        Part part = new Part(
                Path.of(items).resolveSibling(hidden + ".json"), Path.of(bad).resolveSibling(hidden + ".jsonl"));
        try {
            Charset charset = encoding.of(file);
            part.charset = charset.name();
            part.layout = layout == null ? layoutOf(file, charset) : layout;
            boolean inSplits =
                    layout == null && part.layout == JsonRecords.Layout.LINES && charset.equals(StandardCharsets.UTF_8);
            if (inSplits) {
                write(TextEncoding.openUtf8(file, split.from(), split.to()), part);
            } else if (split.isFirst()) {
                write(TextEncoding.open(file, charset), part);
            }
        } catch (UnfitFileException e) {
            part.unfit = e.getMessage();
        }
        return part;
    }

    private void write(InputStream in, Part part) throws IOException {
        Invoice invoice = new Invoice(part.charset);
        PlainInvoice plain = quickly ? new PlainInvoice() : null;
        LastNumber last = new LastNumber();
        TaskContext task = TaskContext.get();
        try (JsonRecords records = new JsonRecords(in, part.layout, maxRecordBytes, plain);
                RejectedRecords rejected = new RejectedRecords(Path.of(part.bad), bound);
                OutputStream out = new BufferedOutputStream(bound.open(Path.of(part.items)), 1 << 16);
                JsonGenerator generator = new JsonFactory()
                        .createGenerator(out, JsonEncoding.UTF8)
                        .disable(JsonGenerator.Feature.FLUSH_PASSED_TO_STREAM)
                        .setRootValueSeparator(null)) {
            while (next(records, rejected, part)) {
                if (task != null) {
                    task.killTaskIfInterrupted();
                }
                if (records.isPlain()) {
                    plain.writeItems(out);
                    part.add(plain.itemCount(), plain.repeats(last), plain.disagrees());
                    part.bareItems += plain.bareItems();
                    continue;
                }
                try {
                    if (records.isTooLong()) {
                        throw BadInvoiceException.fragment("longer than " + maxRecordBytes + " bytes");
                    }
                    invoice.read(records.bytes(), records.length());
                    part.add(invoice.otherCase());
                    invoice.writeItems(generator);
                    // Plain ones go around it.
                    generator.flush();
                    part.add(invoice.itemCount(), invoice.repeats(last), invoice.disagrees());
                    part.bareItems += invoice.bareItems();
                } catch (BadInvoiceException e) {
                    rejected.add(records.line(), e.getMessage(), text(records));
                    part.fragments |= e.isFragment() || part.layout == JsonRecords.Layout.STRUCTURE;
                }
            }
            part.add(rejected);
            part.add(last);
            part.lineEnds = records.lineEnds();
            part.array = records.hasArray();
        }
        if (part.lineItems == 0) {
            Files.delete(Path.of(part.items));
        }
        if (PartitionJob.isApart()) {
            part.force();
        }
    }

    /** Where the structure breaks, what the file goes on with is one bad record, and the last. */
    private static boolean next(JsonRecords records, RejectedRecords rejected, Part part) throws IOException {
        try {
            return records.next();
        } catch (JsonRecords.BrokenStructureException e) {
            rejected.add(e.line(), e.reason(), text(records));
            part.fragments = true;
            return false;
        }
    }

    private static String text(JsonRecords records) {
        return new String(records.bytes(), 0, records.length(), StandardCharsets.UTF_8);
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
