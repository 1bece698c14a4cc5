package dev.buzon.invoice;

import dev.buzon.delivery.Reasons;
import dev.buzon.delivery.RejectedRecords;
import dev.buzon.home.Disk;
import java.io.IOException;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/** What a task says of its part of a file, and where it put what it made; joined, what is to be said of the file. */
final class Part implements Serializable {

    private static final long serialVersionUID = 1L;

    /** Line items; there where it has some. */
    final String items;
    /** Bad records; there where it has some. */
    final String bad;

    JsonRecords.Layout layout;
    String charset;
    /** Why nothing of it is to be read; null where there is no such reason. */
    String unfit;

    long invoices;
    long lineItems;
    long withoutItems;
    long repeated;
    long disagreeing;
    /** Line items without a field that is known. */
    long bareItems;
    /** Null where there is none. */
    OtherCase otherCase;

    long rejected;
    /** Why records are bad; null where none is. */
    Reasons reasons;

    long lineEnds;
    boolean array;
    /** Whether a bad record may be a part of one, or more than one. */
    boolean fragments;

    private long firstBadLine;
    private String firstBadReason;
    private byte[] firstNumber;
    private byte[] lastNumber;

    Part(Path items, Path bad) {
        this.items = items.toString();
        this.bad = bad.toString();
    }

    void add(int itemCount, boolean repeats, boolean disagrees) {
        invoices++;
        lineItems += itemCount;
        withoutItems += itemCount == 0 ? 1 : 0;
        repeated += repeats ? 1 : 0;
        disagreeing += disagrees ? 1 : 0;
    }

    /** @param names may be null */
    void add(OtherCase names) {
        if (names != null && otherCase == null) {
            otherCase = new OtherCase();
        }
        if (names != null) {
            otherCase.add(names);
        }
    }

    void add(RejectedRecords records) {
        rejected = records.count();
        reasons = records.reasons();
        firstBadLine = records.firstLine();
        firstBadReason = records.firstReason();
    }

    void add(LastNumber number) {
        firstNumber = number.first();
        lastNumber = number.last();
    }

    /** Why nothing of the file can be read; null where something can. */
    String unreadable() {
        if (unfit != null) {
            return unfit;
        }
        if (invoices == 0 && rejected > 0) {
            return "no invoice can be read; the first, " + RejectedRecords.first(firstBadLine, firstBadReason);
        }
        return invoices + rejected == 0 && !array ? "the file holds no invoice" : null;
    }

    /** @return this part and the one that follows it in the file, whose files are gone then */
    Part join(Part next) {
        try {
            append(next);
            return this;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void append(Part next) throws IOException {
        if (next.lineItems > 0 && lineItems == 0) {
            Files.move(Path.of(next.items), Path.of(items));
        } else if (next.lineItems > 0) {
            DirectAppend.append(Path.of(next.items), Path.of(items));
            Files.delete(Path.of(next.items));
        }
        if (next.rejected > 0) {
            RejectedRecords.append(Path.of(next.bad), lineEnds, Path.of(bad));
            Files.delete(Path.of(next.bad));
        }
        if (rejected == 0) {
            firstBadLine = lineEnds + next.firstBadLine;
            firstBadReason = next.firstBadReason;
        }
        if (firstNumber == null) {
            firstNumber = next.firstNumber;
        }
        repeated += next.repeated + (next.firstNumber != null && Arrays.equals(lastNumber, next.firstNumber) ? 1 : 0);
        if (next.lastNumber != null) {
            lastNumber = next.lastNumber;
        }
        invoices += next.invoices;
        lineItems += next.lineItems;
        withoutItems += next.withoutItems;
        disagreeing += next.disagreeing;
        bareItems += next.bareItems;
        add(next.otherCase);
        rejected += next.rejected;
        if (reasons == null) {
            reasons = next.reasons;
        } else if (next.reasons != null) {
            reasons.add(next.reasons);
        }
        lineEnds += next.lineEnds;
        array |= next.array;
        fragments |= next.fragments;
    }

    void force() throws IOException {
        if (lineItems > 0) {
            Disk.force(Path.of(items));
        }
        if (rejected > 0) {
            Disk.force(Path.of(bad));
        }
    }

    void moveTo(Path itemsTarget, Path badTarget) throws IOException {
        if (lineItems > 0) {
            Files.move(Path.of(items), itemsTarget);
        }
        if (rejected > 0) {
            Files.move(Path.of(bad), badTarget);
        }
    }

    void delete() throws IOException {
        Files.deleteIfExists(Path.of(items));
        Files.deleteIfExists(Path.of(bad));
    }
}
