package dev.buzon.invoice;

import dev.buzon.job.BadRecords;
import dev.buzon.job.InputFile;
import java.io.IOException;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** What a task says of its part of a file, and where it put what it made; joined, what is to be said of the file. */
final class Part implements Serializable {

    private static final long serialVersionUID = 1L;

    /** Of its file in the batch, the first is 0. */
    final int index;
    /** Line items; there if it has some. */
    final String items;
    /** Bad records; there if it has some. */
    final String badFile;

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

    BadRecords.Summary badRecords = BadRecords.Summary.NONE;

    long lineEnds;
    boolean array;
    /** Whether a bad record may be a part of one, or more than one. */
    boolean fragments;

    private byte[] firstNumber;
    private byte[] lastNumber;

    Part(int index, InputFile file) {
        this.index = index;
        this.items = file.scratch(".json").toString();
        this.badFile = file.stagedBadRecords()
                .resolveSibling(file.nameOfTry() + ".jsonl")
                .toString();
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

    void add(LastNumber number) {
        firstNumber = number.first();
        lastNumber = number.last();
    }

    /** Why nothing of the file can be read; null where something can. */
    String unreadable() {
        if (unfit != null) {
            return unfit;
        }
        if (invoices == 0 && badRecords.count() > 0) {
            return "no invoice can be read; the first, " + badRecords.first();
        }
        return invoices + badRecords.count() == 0 && !array ? "the file holds no invoice" : null;
    }

    /** Joins parts of files that follow each other: of one file there is one part then. */
    static List<Part> join(List<Part> before, List<Part> next) {
        List<Part> joined = new ArrayList<>(before);
        for (Part part : next) {
            Part last = joined.isEmpty() ? null : joined.get(joined.size() - 1);
            if (last != null && last.index == part.index) {
                last.join(part);
            } else {
                joined.add(part);
            }
        }
        return joined;
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
        if (next.badRecords.count() > 0) {
            BadRecords.append(Path.of(next.badFile), lineEnds, Path.of(badFile));
            Files.delete(Path.of(next.badFile));
        }
        badRecords = badRecords.join(next.badRecords, lineEnds);
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
        lineEnds += next.lineEnds;
        array |= next.array;
        fragments |= next.fragments;
    }

    void force() throws IOException {
        if (lineItems > 0) {
            force(Path.of(items));
        }
        if (badRecords.count() > 0) {
            force(Path.of(badFile));
        }
    }

    private static void force(Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    void moveTo(Path itemsTarget, Path badTarget) throws IOException {
        if (lineItems > 0) {
            Files.move(Path.of(items), itemsTarget);
        }
        if (badRecords.count() > 0) {
            Files.move(Path.of(badFile), badTarget);
        }
    }

    void delete() throws IOException {
        Files.deleteIfExists(Path.of(items));
        Files.deleteIfExists(Path.of(badFile));
    }
}
