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

    private final Path file;
    private JsonGenerator generator;
    private long count;
    private String first;

    public RejectedRecords(Path file) {
        this.file = file;
    }

    /** @param line of the file, the first is 1 */
    public void add(long line, String reason, String record) throws IOException {
        if (generator == null) {
            generator = new JsonFactory()
                    .createGenerator(Files.newOutputStream(file))
                    .setRootValueSeparator(null);
        }
        generator.writeStartObject();
        generator.writeNumberField("line", line);
        generator.writeStringField(
                "reason", reason.length() > REASON_LENGTH ? reason.substring(0, REASON_LENGTH) + "…" : reason);
        generator.writeStringField("record", record);
        generator.writeEndObject();
        generator.writeRaw('\n');
        if (count++ == 0) {
            first = "line " + line + ": " + reason;
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
