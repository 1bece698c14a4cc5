package dev.buzon.delivery;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Writes bad records as JSON Lines: line, reason, the record. The file is made with the first of them. */
public final class RejectedRecords implements Closeable {

    private static final int REASON_LENGTH = 300;
    private static final int QUOTE_LENGTH = 40;

    private final Path file;
    private JsonGenerator generator;
    private long count;
    private String first;

    public RejectedRecords(Path file) {
        this.file = file;
    }

    /**
     * What a record holds, for its reason: in quotes, no longer than 40 characters.
     *
     * @param text any
     */
    public static String quote(String text) {
        return "\"" + Printable.of(text, QUOTE_LENGTH) + "\"";
    }

    /**
     * @param line of the file, the first is 1
     * @param reason is cut after 300 characters
     * @param record in characters that UTF-8 has
     */
    public void add(long line, String reason, String record) throws IOException {
        if (generator == null) {
            generator = new JsonFactory()
                    .createGenerator(Files.newOutputStream(file))
                    .setRootValueSeparator(null);
        }
        String shown = Printable.of(reason, REASON_LENGTH);
        generator.writeStartObject();
        generator.writeNumberField("line", line);
        generator.writeStringField("reason", shown);
        generator.writeStringField("record", record);
        generator.writeEndObject();
        generator.writeRaw('\n');
        if (count++ == 0) {
            first = "line " + line + ": " + shown;
        }
    }

    public long count() {
        return count;
    }

    /** Line and reason of the first of them; null where there is none. */
    public String first() {
        return first;
    }

    @Override
    public void close() throws IOException {
        if (generator != null) {
            generator.close();
        }
    }
}
