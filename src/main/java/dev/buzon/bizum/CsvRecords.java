package dev.buzon.bizum;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;

/**
 * The records of a file of CSV with {@code ;} as bytes, one at a time. A record is a line, which ends with LF, CRLF or
 * CR; or, if a line ends within a quoted cell, all lines up to the one in which the record ends. So no line that lies
 * within quotes is taken for a record, however long they are. A quote that nothing closes until the end of the file
 * costs its line and no other. Memory is bounded by the longest record that is allowed.
 */
final class CsvRecords implements Closeable {

    /** Opens the file at its beginning. */
    @FunctionalInterface
    interface Source {
        InputStream open() throws IOException;
    }

    private enum Place {
        UNQUOTED,
        QUOTED,
        /** After a quote within a quoted cell: the cell's end, or the first of two that stand for one. */
        QUOTE,
        /** In blanks after a quoted cell. */
        AFTER_QUOTED
    }

    /** Bytes that neither are a quote nor end a line. */
    private static final boolean[] ORDINARY = new boolean[256];

    static {
        Arrays.fill(ORDINARY, true);
        for (char c : "\"\n\r".toCharArray()) {
            ORDINARY[c] = false;
        }
    }

    private final Source source;
    private final int maxRecordBytes;
    private final byte[] buffer = new byte[1 << 14];
    private InputStream in;
    /** Where in the file the buffer begins. */
    private long offset;

    private int position;
    private int limit;
    private byte last;

    private byte[] record = new byte[256];
    private int length;
    private boolean tooLong;
    private long line;
    private long lastLine;
    private Place place;
    private boolean malformed;
    /** Of the last quote that opened a cell; null until its line ends. */
    private OpeningLine openingLine;

    /**
     * How the line ended in which a quoted cell begins that goes on.
     *
     * @param length of the record up to there
     * @param line its number
     * @param next where in the file the line after it begins
     */
    private record OpeningLine(int length, boolean tooLong, byte end, long line, long next) {}

    CsvRecords(Source source, int maxRecordBytes) throws IOException {
        this.source = source;
        this.maxRecordBytes = maxRecordBytes;
        this.in = source.open();
    }

    /**
     * Goes on to the next record, which may be empty.
     *
     * @return false at the end of the file
     */
    boolean next() throws IOException {
        length = 0;
        tooLong = false;
        place = Place.UNQUOTED;
        malformed = false;
        if (last == '\r' && isMore() && buffer[position] == '\n') {
            position++;
        }
        if (!isMore()) {
            return false;
        }
        line = ++lastLine;
        boolean ended = false;
        while (!ended && isMore()) {
            int from = position;
            while (position < limit && ORDINARY[buffer[position] & 0xFF]) {
                position++;
            }
            if (position > from) {
                readOrdinary(from);
            }
            if (position < limit) {
                byte b = buffer[position++];
                if (b == '"') {
                    readQuote();
                } else {
                    ended = readLineEnd(b);
                }
                last = b;
            }
        }
        if (place == Place.QUOTED && !ended) {
            endWithOpeningLine();
        }
        return true;
    }

    /** The current record's bytes are the first {@link #length} of these, without its last line end. */
    byte[] bytes() {
        return record;
    }

    int length() {
        return length;
    }

    /** The number of the current record's first line; that of the file is 1. */
    long line() {
        return line;
    }

    long lastLine() {
        return lastLine;
    }

    /** Whether the current record is longer than is allowed; its bytes are the beginning of it. */
    boolean isTooLong() {
        return tooLong;
    }

    /** Whether a quote of the current record stays open, or stands where none can. */
    boolean isMalformed() {
        return malformed;
    }

    @Override
    public void close() throws IOException {
        in.close();
    }

    private void readOrdinary(int from) {
        if (place == Place.QUOTE || place == Place.AFTER_QUOTED) {
            int at = from;
            while (at < position && (buffer[at] == ' ' || buffer[at] == '\t')) {
                at++;
            }
            malformed |= at < position && buffer[at] != ';';
            place = at < position ? Place.UNQUOTED : Place.AFTER_QUOTED;
        }
        last = buffer[position - 1];
        append(from, position);
    }

    private void readQuote() {
        boolean opens = place == Place.UNQUOTED && (length == 0 || last == ';' || isMark());
        malformed |= !opens && (place == Place.UNQUOTED || place == Place.AFTER_QUOTED);
        if (opens) {
            openingLine = null;
        }
        if (place == Place.QUOTED) {
            place = Place.QUOTE;
        } else {
            place = opens || place == Place.QUOTE ? Place.QUOTED : Place.UNQUOTED;
        }
        append(position - 1, position);
    }

    /** Whether the record is nothing but a byte order mark yet: files with one each were put together. */
    private boolean isMark() {
        return length == 3 && record[0] == (byte) 0xEF && record[1] == (byte) 0xBB && record[2] == (byte) 0xBF;
    }

    /** @return whether the record ends with it */
    private boolean readLineEnd(byte b) {
        if (place != Place.QUOTED) {
            return true;
        }
        if (b == '\r' || last != '\r') {
            if (openingLine == null) {
                openingLine = new OpeningLine(length, tooLong, b, lastLine, offset + position);
            }
            lastLine++;
        }
        append(position - 1, position);
        return false;
    }

    /**
     * Nothing closes the quote: the lines after the one that it is in are records by themselves. It can't happen twice in
     * a file: what follows has no quote that another could miss.
     */
    private void endWithOpeningLine() throws IOException {
        malformed = true;
        if (openingLine == null) {
            return;
        }
        in.close();
        in = source.open();
        in.skipNBytes(openingLine.next);
        offset = openingLine.next;
        position = 0;
        limit = 0;
        length = openingLine.length;
        tooLong = openingLine.tooLong;
        last = openingLine.end;
        lastLine = openingLine.line;
    }

    private void append(int from, int to) {
        int count = Math.min(to - from, maxRecordBytes - length);
        tooLong |= count < to - from;
        if (length + count > record.length) {
            record =
                    Arrays.copyOf(record, (int) Math.min(maxRecordBytes, Math.max(length + count, record.length * 2L)));
        }
        System.arraycopy(buffer, from, record, length, count);
        length += count;
    }

    private boolean isMore() throws IOException {
        if (position < limit) {
            return true;
        }
        offset += limit;
        position = 0;
        limit = Math.max(in.read(buffer), 0);
        return limit > 0;
    }
}
