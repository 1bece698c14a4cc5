package dev.buzon.invoice;

import com.fasterxml.jackson.core.JsonEncoding;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import dev.buzon.intake.TextEncoding;
import dev.buzon.intake.TextFile;
import dev.buzon.intake.UnfitFileException;
import dev.buzon.job.BadRecords;
import dev.buzon.job.InputFile;
import dev.buzon.spark.FileSplit;
import dev.buzon.spark.PartitionJob;
import java.io.BufferedOutputStream;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.apache.spark.TaskContext;

/**
 * Reads the invoices of splits, or of whole files, and writes their line items: a part for each file of a partition. Runs
 * where Spark runs it.
 *
 * @param layouts to be taken of the only files that are read, by the first task for the whole file; null if all are read,
 *     and the layout of each is to be told from it
 * @param quickly whether {@link PlainInvoice} is tried
 */
record WriteLineItems(int maxRecordBytes, Map<Integer, JsonRecords.Layout> layouts, boolean quickly)
        implements PartitionJob.Task<FileSplit, List<Part>> {

    private static final JsonFactory JSON = new JsonFactory();

    /** What is too dear to be made for each of many small files: those of a partition share it, one after the other. */
    private record Workspace(byte[] buffer, PlainInvoice plain) {}

    /** The same for these files alone. */
    WriteLineItems in(Map<Integer, JsonRecords.Layout> others) {
        return new WriteLineItems(maxRecordBytes, new HashMap<>(others), quickly);
    }

    @Override
    public List<Part> compute(Iterator<FileSplit> partition) throws IOException {
        List<Part> parts = new ArrayList<>();
        Workspace workspace = new Workspace(JsonRecords.newBuffer(), quickly ? new PlainInvoice() : null);
        while (partition.hasNext()) {
            FileSplit split = partition.next();
            if (layouts == null || layouts.containsKey(split.index())) {
                parts = Part.join(parts, List.of(compute(split, workspace)));
            }
        }
        return parts;
    }

    private Part compute(FileSplit split, Workspace workspace) throws IOException {
        InputFile file = (InputFile) split.file();
        TextEncoding encoding = TextEncoding.utf8Unless(file.route(), file.charset());
        Part part = new Part(split.index(), file);
        try (TextFile text = new TextFile(file.path(), encoding)) {
            part.charset = text.charset().name();
            part.layout = layouts == null ? layoutOf(text.utf8(), workspace.buffer) : layouts.get(split.index());
            boolean inSplits = layouts == null
                    && part.layout == JsonRecords.Layout.LINES
                    && text.charset().equals(StandardCharsets.UTF_8);
            if (inSplits) {
                write(text.utf8(split.from(), split.to()), part, file, workspace);
            } else if (split.isFirst()) {
                write(text.utf8(), part, file, workspace);
            }
        } catch (UnfitFileException e) {
            part.unfit = e.getMessage();
        }
        return part;
    }

    private void write(InputStream in, Part part, InputFile file, Workspace workspace) throws IOException {
        Invoice invoice = new Invoice(part.charset);
        PlainInvoice plain = workspace.plain;
        int buffered = (int) Math.min(JsonRecords.MOST_BUFFERED, file.bytes() + 1);
        LastNumber last = new LastNumber();
        TaskContext task = TaskContext.get();
        try (JsonRecords records = new JsonRecords(in, part.layout, maxRecordBytes, workspace.buffer, plain);
                BadRecords bad = new BadRecords(Path.of(part.badFile), file.bound());
                OutputStream out = new BufferedOutputStream(file.bound().open(Path.of(part.items)), buffered);
                JsonGenerator generator = JSON.createGenerator(out, JsonEncoding.UTF8)
                        .disable(JsonGenerator.Feature.FLUSH_PASSED_TO_STREAM)
                        .setRootValueSeparator(null)) {
            while (next(records, bad, part)) {
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
                    bad.add(records.line(), e.getMessage(), text(records));
                    part.fragments |= e.isFragment() || part.layout == JsonRecords.Layout.STRUCTURE;
                }
            }
            part.badRecords = bad.summary();
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
    private static boolean next(JsonRecords records, BadRecords bad, Part part) throws IOException {
        try {
            return records.next();
        } catch (JsonRecords.BrokenStructureException e) {
            bad.add(e.line(), e.reason(), text(records));
            part.fragments = true;
            return false;
        }
    }

    private static String text(JsonRecords records) {
        return new String(records.bytes(), 0, records.length(), StandardCharsets.UTF_8);
    }

    /** Lines where the first that isn't blank is a whole object. */
    private JsonRecords.Layout layoutOf(InputStream text, byte[] buffer) throws IOException {
        try (JsonRecords lines = new JsonRecords(text, JsonRecords.Layout.LINES, maxRecordBytes, buffer, null)) {
            boolean whole = lines.next() && !lines.hasArray() && isObject(lines.bytes(), lines.length());
            return whole ? JsonRecords.Layout.LINES : JsonRecords.Layout.STRUCTURE;
        } catch (JsonRecords.BrokenStructureException e) {
            throw new IllegalStateException("Lines have no structure.", e);
        }
    }

    private boolean isObject(byte[] bytes, int length) throws IOException {
        try (JsonRecords first = new JsonRecords(
                new ByteArrayInputStream(bytes, 0, length),
                JsonRecords.Layout.STRUCTURE,
                maxRecordBytes,
                JsonRecords.newBuffer(length),
                null)) {
            return first.next() && !first.hasArray() && !first.next();
        } catch (JsonRecords.BrokenStructureException e) {
            return false;
        }
    }
}
