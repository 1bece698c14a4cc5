package dev.buzon.job;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.BufferedOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** Writes bad records as JSON Lines: line, reason, the record. File and folder are made with the first of them. */
public final class BadRecords implements Closeable {

    private static final int REASON_LENGTH = 300;
    private static final int QUOTE_LENGTH = 40;

    private final Path file;
    private final ResultBound bound;
    private final Reasons reasons = new Reasons();
    private JsonGenerator generator;
    private long count;
    private long firstLine;
    private String firstReason;

    public BadRecords(Path file) {
        this(file, null);
    }

    /** @param bound of the file that the records are of; null leaves that to the commit */
    public BadRecords(Path file, ResultBound bound) {
        this.file = file;
        this.bound = bound;
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
            makeFolder(file.getParent());
            generator = new JsonFactory()
                    .createGenerator(bound == null ? open(file) : bound.open(file))
                    .setRootValueSeparator(null);
        }
        String shown = Printable.of(reason, REASON_LENGTH);
        generator.writeStartObject();
        generator.writeNumberField("line", line);
        generator.writeStringField("reason", shown);
        generator.writeStringField("record", record);
        generator.writeEndObject();
        generator.writeRaw('\n');
        reasons.add(shown);
        if (count++ == 0) {
            firstLine = line;
            firstReason = shown;
        }
    }

    private static OutputStream open(Path file) throws IOException {
        return Files.newOutputStream(
                file,
                StandardOpenOption.CREATE,
                StandardOpenOption.TRUNCATE_EXISTING,
                StandardOpenOption.WRITE,
                LinkOption.NOFOLLOW_LINKS);
    }

    /** Not the one around it, which is not there where nothing is mounted. */
    private static void makeFolder(Path folder) throws IOException {
        try {
            Files.createDirectory(folder);
        } catch (FileAlreadyExistsException e) {
            // Of another part of the file.
            if (!Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)) {
                throw e;
            }
        }
    }

    /**
     * Appends the bad records of a part of a file to those of the parts before it.
     *
     * @param part as it was written here, with the part's own numbers of lines
     * @param linesBefore how many lines the parts before it have
     * @param target may be missing
     */
    public static void append(Path part, long linesBefore, Path target) throws IOException {
        byte[] buffer = new byte[1 << 16];
        long line = 0;
        boolean inLine = true;
        try (InputStream in = Files.newInputStream(part);
                OutputStream out = new BufferedOutputStream(
                        Files.newOutputStream(target, StandardOpenOption.CREATE, StandardOpenOption.APPEND))) {
            for (int read = in.read(buffer); read > 0; read = in.read(buffer)) {
                int from = 0;
                for (int i = 0; i < read; i++) {
                    byte b = buffer[i];
                    if (inLine && b >= '0' && b <= '9') {
                        line = 10 * line + b - '0';
                    } else if (inLine && b == ',') {
                        out.write(("{\"line\":" + (linesBefore + line)).getBytes(StandardCharsets.UTF_8));
                        from = i;
                        inLine = false;
                    } else if (b == '\n') {
                        out.write(buffer, from, i + 1 - from);
                        line = 0;
                        inLine = true;
                    }
                }
                if (!inLine) {
                    out.write(buffer, from, read - from);
                }
            }
        }
    }

    /**
     * What there is to say of bad records.
     *
     * @param reasons null if there are none, which is less to send from a task than an empty one
     * @param firstLine of the first of them, the first of the file is 1; 0 if there are none
     * @param firstReason null if there are none
     */
    public record Summary(long count, Reasons reasons, long firstLine, String firstReason) implements Serializable {

        public static final Summary NONE = new Summary(0, null, 0, null);

        /** Line and reason of the first of them. */
        public String first() {
            return "line " + firstLine + ": " + firstReason;
        }

        /**
         * Joins it with that of the part of the file that follows.
         *
         * @param linesBefore how many lines the file has before that part
         */
        public Summary join(Summary next, long linesBefore) {
            if (next.count == 0) {
                return this;
            }
            if (count == 0) {
                return new Summary(next.count, next.reasons, linesBefore + next.firstLine, next.firstReason);
            }
            reasons.add(next.reasons);
            return new Summary(count + next.count, reasons, firstLine, firstReason);
        }
    }

    public Summary summary() {
        return count == 0 ? Summary.NONE : new Summary(count, reasons, firstLine, firstReason);
    }

    @Override
    public void close() throws IOException {
        if (generator != null) {
            generator.close();
        }
    }
}
