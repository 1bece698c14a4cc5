package dev.buzon.invoice;

import dev.buzon.delivery.Delivery;
import dev.buzon.delivery.Outcome;
import dev.buzon.delivery.Tally;
import dev.buzon.delivery.UnreadableFileException;
import dev.buzon.intake.TextEncoding;
import dev.buzon.spark.PartitionJob;
import dev.buzon.spark.RddCallback;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.apache.spark.api.java.JavaRDDLike;

/**
 * The job of the invoices route: a file of invoices in, a line of JSON for each line item out. The RDD is of splits, as
 * of {@link dev.buzon.spark.FileSplits}; the result is the same however many there are. Thread-safe.
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
        Path items = delivery.stagedResult(".json");
        Path bad = delivery.stagedRejectedRecords();
        WriteLineItems task = new WriteLineItems(
                items.toString(),
                bad.toString(),
                maxRecordBytes,
                TextEncoding.utf8Unless(delivery.route()),
                null,
                true,
                delivery.resultBound());
        try {
            Part file = file(task, each -> PartitionJob.run(rdd, each, Part::join));
            file.moveTo(items, bad);
            return outcome(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Where a record is none, the file may be cut in the wrong way: the other way is tried too, and the one that finds
     * more invoices is taken.
     *
     * @param run gives what the task says of all splits, joined
     */
    static Part file(WriteLineItems task, Function<WriteLineItems, Part> run) throws IOException {
        Part found = run.apply(task);
        if (!found.fragments) {
            return found;
        }
        Part other = run.apply(task.in(found.layout.other()));
        boolean better = other.invoices > found.invoices;
        (better ? found : other).delete();
        return better ? other : found;
    }

    private static Outcome outcome(Part file) {
        String unreadable = file.unreadable();
        if (unreadable != null) {
            throw new UnreadableFileException(unreadable);
        }
        return Outcome.staged(
                        new Tally(file.invoices, "invoice", "invoices"),
                        new Tally(file.lineItems, "line item", "line items"),
                        file.rejected,
                        warnings(file))
                .because(file.reasons)
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
