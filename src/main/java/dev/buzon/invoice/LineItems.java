package dev.buzon.invoice;

import dev.buzon.job.InputFile;
import dev.buzon.job.Outcome;
import dev.buzon.job.Tally;
import dev.buzon.spark.PartitionJob;
import dev.buzon.spark.RddCallback;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.spark.api.java.JavaRDDLike;

/**
 * The job of the invoices route: a file of invoices in, a line of JSON for each line item out. The RDD is of splits, as
 * of {@link dev.buzon.spark.FileSplits}; the results are the same however many there are. Thread-safe.
 */
public final class LineItems implements RddCallback<List<Outcome>> {

    private final int maxRecordBytes;

    /** @param maxRecordBytes an invoice that is longer is a bad record */
    public LineItems(int maxRecordBytes) {
        this.maxRecordBytes = maxRecordBytes;
    }

    @Override
    public List<Outcome> onRdd(JavaRDDLike<?, ?> rdd, Object... payloads) {
        List<Part> parts =
                files(new WriteLineItems(maxRecordBytes, null, true), each -> PartitionJob.run(rdd, each, Part::join));
        List<Outcome> outcomes = new ArrayList<>();
        try {
            for (Part part : parts) {
                InputFile file = (InputFile) payloads[part.index];
                part.moveTo(file.stagedResult(".json"), file.stagedBadRecords());
                outcomes.add(outcome(part));
            }
            return outcomes;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * If a record of a file is none, the file may be cut in the wrong way: the other way is tried too, and the one that
     * finds more invoices is taken.
     *
     * @param run gives what the task says of all splits, joined
     * @return a part for each file, in their order
     */
    static List<Part> files(WriteLineItems task, Function<WriteLineItems, List<Part>> run) {
        List<Part> found = run.apply(task);
        Map<Integer, JsonRecords.Layout> others = found.stream()
                .filter(part -> part.fragments)
                .collect(Collectors.toMap(part -> part.index, part -> part.layout.other()));
        if (others.isEmpty()) {
            return found;
        }
        Map<Integer, Part> inOthers =
                run.apply(task.in(others)).stream().collect(Collectors.toMap(part -> part.index, part -> part));
        return found.stream()
                .map(part -> inOthers.containsKey(part.index) ? better(part, inOthers.get(part.index)) : part)
                .toList();
    }

    private static Part better(Part found, Part other) {
        boolean better = other.invoices > found.invoices;
        try {
            (better ? found : other).delete();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return better ? other : found;
    }

    private static Outcome outcome(Part file) {
        String unreadable = file.unreadable();
        if (unreadable != null) {
            return Outcome.unreadable(unreadable);
        }
        return Outcome.handled(
                        new Tally(file.invoices, "invoice", "invoices"),
                        new Tally(file.lineItems, "line item", "line items"))
                .withBadRecords(file.badRecords)
                .withWarnings(warnings(file))
                .readIn(file.charset);
    }

    private static List<String> warnings(Part file) {
        List<String> warnings = new ArrayList<>();
        warn(warnings, file.withoutItems, "without line items");
        warn(warnings, file.repeated, "repeated right after the first");
        warn(warnings, file.disagreeing, "whose NumberOfItems disagrees with the line items");
        if (file.bareItems > 0) {
            warnings.add(new Tally(file.bareItems, "line item", "line items") + " without a field that is known");
        }
        if (file.otherCase != null) {
            warnings.add("fields in another case of letters: " + file.otherCase);
        }
        return warnings;
    }

    private static void warn(List<String> warnings, long count, String what) {
        if (count > 0) {
            warnings.add(new Tally(count, "invoice ", "invoices ") + what);
        }
    }
}
