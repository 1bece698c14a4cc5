package dev.buzon.invoice;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.util.Arrays;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The records of a file of JSON as slices of bytes, one at a time: the objects on its lines, or the elements of an array
 * and objects one after another over however many lines. Memory is bounded by the longest record that is allowed, even
 * if many files are read at once: those with a large record wait for each other. A
 * record that lies in the read buffer as a whole, and is a {@link PlainInvoice}, stays there: it is neither cut out nor
 * copied.
 */
final class JsonRecords implements Closeable {

    /** How a file is cut into records. */
    enum Layout {
        /** Records end with their line, or before where their braces close: a broken one costs no other. */
        LINES,
        /** Records end where their braces close. */
        STRUCTURE;

        Layout other() {
            return this == LINES ? STRUCTURE : LINES;
        }
    }

    /** Nothing more can be told apart in the file. */
    static final class BrokenStructureException extends Exception {
        private static final long serialVersionUID = 1L;

        private final long line;
        private final String reason;

        BrokenStructureException(long line, String reason) {
            super("line " + line + ": " + reason);
            this.line = line;
            this.reason = reason;
        }

        long line() {
            return line;
        }

        String reason() {
            return reason;
        }
    }

    /** How much of what can't be told apart is kept for a person to see, in bytes. */
    private static final int BROKEN_EXTRACT = 1_000;

    /** In bytes. 256 KB and 1 MB were no faster. */
    static final int MOST_BUFFERED = 1 << 16;

    /** In bytes; what is longer is large. */
    private static final int LARGE = 1 << 20;
    /** Held by the one who has a large record, and all that is made of it, in memory. */
    static final ReentrantLock LARGE_RECORD = new ReentrantLock();

    private final InputStream in;
    private final Layout layout;
    private final int maxRecordBytes;
    private final PlainInvoice plain;
    /** With a byte to spare, as plain invoices want. */
    private final byte[] buffer;

    private int position;
    private int limit;
    private long line = 1;
    private boolean inArray;
    private boolean afterArray;

    private byte[] record = new byte[1 << 12];
    private int length;
    private long recordLine;
    private boolean tooLong;
    private boolean isLarge;
    private boolean isPlain;

    /**
     * @param buffer of {@link #newBuffer}, of which nobody else makes use until this is closed
     * @param plain is tried on each record first; null where none is to be
     */
    JsonRecords(InputStream in, Layout layout, int maxRecordBytes, byte[] buffer, PlainInvoice plain) {
        this.buffer = buffer;
        this.in = in;
        this.layout = layout;
        this.maxRecordBytes = maxRecordBytes;
        this.plain = plain;
    }

    /** Room for files of any size. Of a small file the making of it is a good part of the cost. */
    static byte[] newBuffer() {
        return newBuffer(MOST_BUFFERED);
    }

    /** @param bytes of all that is to be read */
    static byte[] newBuffer(int bytes) {
        return new byte[Math.min(bytes, MOST_BUFFERED) + 1];
    }

    /**
     * Goes on to the next record. All calls are of one thread.
     *
     * @return false at the end of the file
     * @throws BrokenStructureException by the layout STRUCTURE alone; what the file goes on with is the current record
     */
    boolean next() throws IOException, BrokenStructureException {
        forget();
        tooLong = false;
        isPlain = false;
        return layout == Layout.LINES ? nextLine() : nextValue();
    }

    /** Whether the current record is what the plain invoice has read, and only there. */
    boolean isPlain() {
        return isPlain;
    }

    /** The current record's bytes are the first {@link #length} of these. */
    byte[] bytes() {
        return record;
    }

    int length() {
        return length;
    }

    /** The line on which the current record begins; the first of the file is 1. */
    long line() {
        return recordLine;
    }

    /** How many line ends have been read; all of the file, once there is no next record. */
    long lineEnds() {
        return line - 1;
    }

    /** Whether the current record is longer than is allowed; its bytes are the beginning of it. */
    boolean isTooLong() {
        return tooLong;
    }

    /** Whether what was read is an array or the beginning of one, which may be empty. */
    boolean hasArray() {
        return inArray || afterArray;
    }

    @Override
    public void close() throws IOException {
        forget();
        in.close();
    }

    private boolean nextLine() throws IOException {
        int depth = 0;
        boolean inString = false;
        boolean escaped = false;
        recordLine = line;
        for (int b = read(); b >= 0; b = read()) {
            if (b == '{' && length == 0 && readPlain()) {
                return true;
            }
            boolean ended = b == '\n';
            if (!ended && (length > 0 || !isSpace(b))) {
                append(b);
                if (inString) {
                    inString = escaped || b != '"';
                    escaped = !escaped && b == '\\';
                } else if (b == '"') {
                    inString = true;
                } else if (b == '{' || b == '[') {
                    depth++;
                } else if (b == '}' || b == ']') {
                    ended = --depth <= 0;
                }
            }
            if (ended && isRecord()) {
                return true;
            }
            if (ended) {
                forget();
                depth = 0;
                recordLine = line;
            }
        }
        return isRecord();
    }

    /** Not where it is what stands around and between the elements of an array that has each on lines of its own. */
    private boolean isRecord() {
        if (length == 1 && (record[0] == '[' || record[0] == ',' || record[0] == ']')) {
            inArray |= record[0] == '[';
            return false;
        }
        return length > 0;
    }

    private boolean nextValue() throws IOException, BrokenStructureException {
        int b = readBeyondSpace();
        if (afterArray && b >= 0) {
            throw broken(b, "nothing is expected after the end of the array");
        }
        if (b == '[' && !inArray) {
            inArray = true;
            b = readBeyondSpace();
        } else if (b == ',' && inArray) {
            b = readBeyondSpace();
        }
        if (b == ']' && inArray) {
            inArray = false;
            afterArray = true;
            return nextValue();
        }
        if (b < 0) {
            if (inArray) {
                throw new BrokenStructureException(line, "the file ends before its array does");
            }
            return false;
        }
        if (b != '{') {
            throw broken(b, "expected an object, found " + quote(b));
        }
        readObject();
        return true;
    }

    private BrokenStructureException broken(int found, String reason) throws IOException {
        BrokenStructureException broken = new BrokenStructureException(line, reason);
        for (int b = found; b >= 0 && length < BROKEN_EXTRACT; b = read()) {
            append(b);
        }
        return broken;
    }

    private void readObject() throws IOException, BrokenStructureException {
        recordLine = line;
        if (readPlain()) {
            return;
        }
        append('{');
        int depth = 1;
        boolean inString = false;
        while (depth > 0) {
            int b = read();
            if (b < 0) {
                throw new BrokenStructureException(recordLine, "the file ends before this record does");
            }
            append(b);
            if (inString) {
                if (b == '\\') {
                    append(Math.max(read(), 0));
                } else if (b == '"') {
                    inString = false;
                }
            } else if (b == '"') {
                inString = true;
            } else if (b == '{' || b == '[') {
                depth++;
            } else if (b == '}' || b == ']') {
                depth--;
            }
        }
    }

    /** Goes beyond the record that begins with the last byte read, where it is plain. */
    private boolean readPlain() throws IOException {
        if (plain == null) {
            return false;
        }
        position--;
        int end;
        do {
            end = plain.read(buffer, position, limit, layout == Layout.STRUCTURE);
        } while (end == PlainInvoice.CUT_OFF && fillUp());
        isPlain = end >= 0 && end - position <= maxRecordBytes;
        if (isPlain) {
            line += plain.lineEnds();
            position = end;
        } else {
            position++;
        }
        return isPlain;
    }

    private void append(int b) throws IOException {
        if (length == maxRecordBytes) {
            tooLong = true;
            return;
        }
        if (length == record.length) {
            makeRoom();
        }
        record[length++] = (byte) b;
    }

    private void makeRoom() throws IOException {
        if (!isLarge && length >= LARGE) {
            try {
                LARGE_RECORD.lockInterruptibly();
                isLarge = true;
            } catch (InterruptedException e) {
                throw new InterruptedIOException("A large record waits no longer.");
            }
        }
        record = Arrays.copyOf(record, (int) Math.min(maxRecordBytes, record.length * 2L));
    }

    private void forget() {
        length = 0;
        if (isLarge) {
            record = new byte[1 << 12];
            isLarge = false;
            LARGE_RECORD.unlock();
        }
    }

    private int readBeyondSpace() throws IOException {
        int b = read();
        while (isSpace(b)) {
            b = read();
        }
        return b;
    }

    private int read() throws IOException {
        if (position == limit && !fill()) {
            return -1;
        }
        int b = buffer[position++] & 0xFF;
        if (b == '\n') {
            line++;
        }
        return b;
    }

    private boolean fill() throws IOException {
        position = 0;
        limit = 0;
        return fillUp();
    }

    /** Keeps what is still to be read. */
    private boolean fillUp() throws IOException {
        System.arraycopy(buffer, position, buffer, 0, limit - position);
        limit -= position;
        position = 0;
        int read = in.read(buffer, limit, buffer.length - 1 - limit);
        limit += Math.max(read, 0);
        return read > 0;
    }

    private static boolean isSpace(int b) {
        return b == ' ' || b == '\n' || b == '\r' || b == '\t';
    }

    private static String quote(int b) {
        return b > ' ' && b < 0x7F ? "\"" + (char) b + "\"" : "the byte 0x%02X".formatted(b);
    }
}
