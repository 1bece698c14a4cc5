package dev.buzon.bizum;

import dev.buzon.intake.Utf8;
import java.io.Closeable;
import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;

/**
 * The bizums of a file {@code Nombre;Cantidad;Concepto}, or with other columns, which its header then names. A header
 * that lacks one of the three makes all bad that follows it, up to the next header: nothing says then which cell is
 * which.
 */
final class BizumReader implements Closeable {

    private static final CSVFormat FORMAT =
            CSVFormat.DEFAULT.builder().setDelimiter(';').get();

    private static final Pattern LINE_END = Pattern.compile("\r\n|\r|\n");

    private final CsvRecords records;
    private final int maxRecordBytes;
    private final String charset;
    private Columns columns = Columns.USUAL;
    /** The line of a header that can't be read, below which nothing can; 0 if there is none. */
    private long brokenHeader;

    private boolean first;
    private boolean begun;
    private String text;

    /**
     * @param source UTF-8
     * @param charset what the file is in, for messages
     */
    BizumReader(CsvRecords.Source source, int maxRecordBytes, String charset) throws IOException {
        this.records = new CsvRecords(source, maxRecordBytes);
        this.charset = charset;
        this.maxRecordBytes = maxRecordBytes;
    }

    /**
     * Goes on to the next record that isn't blank.
     *
     * @return false at the end of the file
     */
    boolean next() throws IOException {
        boolean any;
        do {
            any = records.next();
            text = new String(records.bytes(), 0, records.length(), StandardCharsets.UTF_8);
            if (text.startsWith("\uFEFF")) {
                // Files with a byte order mark each were put together.
                text = text.substring(1);
            }
        } while (any && text.isBlank());
        first = !begun;
        begun = true;
        return any;
    }

    /** The number of the current record's first line; that of the file is 1. */
    long line() {
        return records.line();
    }

    /** The number of the current record's last line. */
    long lastLine() {
        return records.lastLine();
    }

    /** The current record, for a person to see. */
    String text() {
        return text;
    }

    /**
     * The current record as a bizum.
     *
     * @return null if it is a header, by which the following are read
     * @throws BadBizumException if it is neither
     */
    Bizum bizum() throws BadBizumException {
        List<String> cells = null;
        try {
            cells = cells();
            return bizum(cells);
        } catch (BadBizumException e) {
            Columns header = cells == null ? null : Columns.of(cells);
            if (header != null) {
                columns = header;
                brokenHeader = 0;
                return null;
            }
            throw because(e.getMessage(), cells);
        }
    }

    @Override
    public void close() throws IOException {
        records.close();
    }

    private List<String> cells() throws BadBizumException {
        if (records.isTooLong()) {
            throw new BadBizumException("longer than " + maxRecordBytes + " bytes");
        }
        int malformed = Utf8.firstMalformed(records.bytes(), records.length());
        if (malformed >= 0) {
            throw new BadBizumException("no " + charset + " at " + Utf8.place(records.bytes(), malformed));
        }
        if (records.isMalformed()) {
            throw new BadBizumException("a quote stays open, or is out of place");
        }
        if (text.indexOf('"') < 0) {
            // What the parser below would say, in a twentieth of its time.
            return List.of(text.split(";", -1));
        }
        try (CSVParser parser = CSVParser.parse(new StringReader(text), FORMAT)) {
            List<CSVRecord> parsed = parser.getRecords();
            return parsed.isEmpty() ? List.of() : parsed.get(0).toList();
        } catch (IOException | java.io.UncheckedIOException e) {
            throw new BadBizumException("a quote stays open, or is out of place");
        }
    }

    private Bizum bizum(List<String> cells) throws BadBizumException {
        if (brokenHeader > 0) {
            throw new BadBizumException("below the header of line " + brokenHeader + ", which can't be read");
        }
        if (cells.size() != columns.count() && !columns.fit(cells)) {
            throw new BadBizumException("expected " + columns.count() + " columns, found " + cells.size());
        }
        String name = cells.get(columns.name());
        String amount = cells.get(columns.amount());
        String concept = cells.get(columns.concept());
        if (!isJoined()) {
            return Bizum.of(name, amount, concept);
        }
        if (LINE_END.matcher(name).find()) {
            throw new BadBizumException("Nombre: holds a line end");
        }
        if (LINE_END.matcher(amount).find()) {
            throw new BadBizumException("Cantidad: holds a line end");
        }
        Bizum bizum = Bizum.of(name, amount, LINE_END.matcher(concept).replaceAll(" "));
        if (linesWithin().anyMatch(this::isRecord)) {
            throw new BadBizumException("a quoted cell holds a line that is a record by itself");
        }
        return bizum;
    }

    private boolean isJoined() {
        return records.lastLine() > records.line();
    }

    /** Those that are neither the first nor the last. */
    private Stream<String> linesWithin() {
        String[] lines = LINE_END.split(text, -1);
        return Stream.of(lines).limit(lines.length - 1L).skip(1);
    }

    private boolean isRecord(String line) {
        List<String> cells = List.of(line.split(";", -1));
        if (columns.isContradictedBy(cells, false)) {
            return true;
        }
        try {
            return cells.size() >= columns.count()
                    && Bizum.of(cells.get(columns.name()), cells.get(columns.amount()), cells.get(columns.concept()))
                            != null;
        } catch (BadBizumException e) {
            return false;
        }
    }

    /** @param cells null if the record could not be cut into them */
    private BadBizumException because(String reason, List<String> cells) {
        String why = reason;
        if (brokenHeader == 0) {
            List<String> header = header(cells);
            if (header != null) {
                brokenHeader = records.line();
                why = cells == null ? "a header: " + reason : Columns.problem(header);
            }
        }
        return new BadBizumException(
                isJoined() ? why + " (lines " + records.line() + " to " + records.lastLine() + ")" : why);
    }

    /** What of the record is a header that contradicts the columns, in quotes that stay open maybe; null if nothing is. */
    private List<String> header(List<String> cells) {
        if (cells != null && !isJoined()) {
            return columns.isContradictedBy(cells, first) ? cells : null;
        }
        return LINE_END.splitAsStream(text)
                .map(line -> List.of(line.replace("\"", "").split(";", -1)))
                .filter(line -> columns.isContradictedBy(line, first))
                .findFirst()
                .orElse(null);
    }
}
