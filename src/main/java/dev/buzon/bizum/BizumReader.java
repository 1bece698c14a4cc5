package dev.buzon.bizum;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.StringReader;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;

/**
 * The records of a file {@code Nombre;Cantidad;Concepto}. A record is a line: a quote that stays open costs its line
 * and no other. Memory is bounded by the longest line that is allowed.
 */
final class BizumReader implements Closeable {

    private static final CSVFormat FORMAT =
            CSVFormat.DEFAULT.builder().setDelimiter(';').get();

    private final InputStream in;
    private final byte[] buffer = new byte[1 << 16];
    private final int maxRecordBytes;
    private int position;
    private int limit;
    private long line;
    private byte[] record = new byte[256];
    private int length;
    private boolean tooLong;

    BizumReader(InputStream in, int maxRecordBytes) {
        this.in = in;
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
        } while (any && text().isBlank());
        return any;
    }

    /** The current line's number; the first is 1. */
    long line() {
        return line;
    }

    /** The current line, for a person to see. */
    String text() {
        return new String(record, 0, length, StandardCharsets.UTF_8);
    }

    /** @throws BadBizumException where the current line is no bizum */
    Bizum bizum() throws BadBizumException {
        if (tooLong) {
            throw new BadBizumException("longer than " + maxRecordBytes + " bytes");
        }
        List<String> cells = cells(decoded());
        if (cells.size() != 3) {
            throw new BadBizumException("expected 3 columns, found " + cells.size());
        }
        return Bizum.of(cells.get(0), cells.get(1), cells.get(2));
    }

    /** Whether the current line is the header. */
    boolean isHeader() {
        try {
            List<String> cells = cells(decoded());
            return cells.size() == 3
                    && cells.get(0).strip().equalsIgnoreCase("Nombre")
                    && cells.get(1).strip().equalsIgnoreCase("Cantidad");
        } catch (BadBizumException e) {
            return false;
        }
    }

    @Override
    public void close() throws IOException {
        in.close();
    }

    private String decoded() throws BadBizumException {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(record, 0, length))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new BadBizumException("no UTF-8");
        }
    }

    private static List<String> cells(String text) throws BadBizumException {
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
        boolean any = false;
        while (position < limit || fill()) {
            any = true;
            byte b = buffer[position++];
            if (b == '\n') {
                break;
            }
            if (length == maxRecordBytes) {
                tooLong = true;
            } else {
                if (length == record.length) {
                    record = Arrays.copyOf(record, (int) Math.min(maxRecordBytes, record.length * 2L));
                }
                record[length++] = b;
            }
        }
        if (any) {
            line++;
            if (length > 0 && record[length - 1] == '\r') {
                length--;
            }
        }
        return any;
    }

    private boolean fill() throws IOException {
        position = 0;
        limit = Math.max(in.read(buffer), 0);
        return limit > 0;
    }
}
