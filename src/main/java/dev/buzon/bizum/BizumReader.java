package dev.buzon.bizum;

import dev.buzon.intake.Utf8;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;

/**
 * The records of a file {@code Nombre;Cantidad;Concepto}. A record is a line, which ends with LF, CRLF or CR: a quote
 * that stays open costs its line and no other. Memory is bounded by the longest line that is allowed.
 */
final class BizumReader implements Closeable {

    private static final CSVFormat FORMAT =
            CSVFormat.DEFAULT.builder().setDelimiter(';').get();

    private static final List<String> HEADER = List.of("nombre", "cantidad", "concepto");

    private final InputStream in;
    private final byte[] buffer = new byte[1 << 16];
    private final int maxRecordBytes;
    private final String charset;
    private int position;
    private int limit;
    private long line;
    private byte[] record = new byte[256];
    private int length;
    private boolean tooLong;
    private boolean endedByReturn;
    private String text;

    /**
     * @param in UTF-8
     * @param charset what the file is in, for messages
     */
    BizumReader(InputStream in, int maxRecordBytes, String charset) {
        this.in = in;
        this.charset = charset;
        this.maxRecordBytes = maxRecordBytes;
    }

    /**
     * Goes on to the next line that isn't blank.
     *
     * @return false at the end of the file
     */
    boolean next() throws IOException {
        boolean any;
        do {
            any = readLine();
            text = new String(record, 0, length, StandardCharsets.UTF_8);
            if (text.startsWith("\uFEFF")) {
                // Files with a byte order mark each were put together.
                text = text.substring(1);
            }
        } while (any && text.isBlank());
        return any;
    }

    /** The current line's number; the first is 1. */
    long line() {
        return line;
    }

    /** The current line, for a person to see. */
    String text() {
        return text;
    }

    /** @throws BadBizumException where the current line is no bizum */
    Bizum bizum() throws BadBizumException {
        if (tooLong) {
            throw new BadBizumException("longer than " + maxRecordBytes + " bytes");
        }
        int malformed = Utf8.firstMalformed(record, length);
        if (malformed >= 0) {
            throw new BadBizumException("no " + charset + " at " + Utf8.place(record, malformed));
        }
        List<String> cells = cells(text);
        if (cells.size() != 3) {
            throw new BadBizumException("expected 3 columns, found " + cells.size());
        }
        return Bizum.of(cells.get(0), cells.get(1), cells.get(2));
    }

    /** Whether the current line is the header. */
    boolean isHeader() {
        try {
            return cells(text).stream()
                    .map(cell -> cell.strip().toLowerCase(Locale.ROOT))
                    .toList()
                    .equals(HEADER);
        } catch (BadBizumException e) {
            return false;
        }
    }

    @Override
    public void close() throws IOException {
        in.close();
    }

    private static List<String> cells(String text) throws BadBizumException {
        if (text.indexOf('"') < 0) {
            // What the parser below would say, in a twentieth of its time.
            return List.of(text.split(";", -1));
        }
        try (CSVParser parser = CSVParser.parse(new StringReader(text), FORMAT)) {
            List<CSVRecord> records = parser.getRecords();
            return records.isEmpty() ? List.of() : records.get(0).toList();
        } catch (IOException | java.io.UncheckedIOException e) {
            throw new BadBizumException("a quote stays open, or is out of place");
        }
    }

    private boolean readLine() throws IOException {
        length = 0;
        tooLong = false;
        if (endedByReturn && (position < limit || fill()) && buffer[position] == '\n') {
            position++;
        }
        endedByReturn = false;
        boolean any = false;
        boolean ended = false;
        while (!ended && (position < limit || fill())) {
            any = true;
            byte b = buffer[position++];
            endedByReturn = b == '\r';
            ended = endedByReturn || b == '\n';
            if (!ended) {
                append(b);
            }
        }
        line += any ? 1 : 0;
        return any;
    }

    private void append(byte b) {
        if (length == maxRecordBytes) {
            tooLong = true;
            return;
        }
        if (length == record.length) {
            record = Arrays.copyOf(record, (int) Math.min(maxRecordBytes, record.length * 2L));
        }
        record[length++] = b;
    }

    private boolean fill() throws IOException {
        position = 0;
        limit = Math.max(in.read(buffer), 0);
        return limit > 0;
    }
}
