package dev.buzon.web;

import com.fasterxml.jackson.databind.JsonNode;
import dev.buzon.monitor.Json;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** A look into a file that {@link dev.buzon.job.BadRecords} wrote. */
final class FirstBadRecords {

    private static final int SHOWN = 5;
    private static final int LENGTH = 200;
    /** In bytes: what is looked at of a file, and of a line of it. A record may be as long as the memory. */
    private static final int LOOK = 1 << 20;

    private static final int LOOK_AT_LINE = 4_000;
    private static final Pattern CUT_ESCAPE = Pattern.compile("(?<!\\\\)((?:\\\\\\\\)*)\\\\(u[0-9A-Fa-f]{0,3})?$");

    private FirstBadRecords() {}

    /** @param record cut after 200 characters */
    record Extract(long line, String reason, String record) {}

    /** @return the first of them; none where the file was taken away, or is none of ours any more */
    static List<Extract> first(Path file) {
        List<Extract> extracts = new ArrayList<>();
        if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
            return extracts;
        }
        try (InputStream in = Files.newInputStream(file, LinkOption.NOFOLLOW_LINKS)) {
            byte[] begin = in.readNBytes(LOOK);
            for (int from = 0; from < begin.length && extracts.size() < SHOWN; ) {
                int end = from;
                while (end < begin.length && begin[end] != '\n') {
                    end++;
                }
                boolean whole = end < begin.length && end - from <= LOOK_AT_LINE;
                int length = Math.min(end - from, LOOK_AT_LINE);
                extracts.add(extract(new String(begin, from, length, StandardCharsets.UTF_8), whole));
                from = end + 1;
            }
        } catch (IOException e) {
            // What could be read is shown.
        }
        return extracts;
    }

    /** @param whole whether the line is not cut; where it is, it is cut within the record, which comes last */
    private static Extract extract(String line, boolean whole) throws IOException {
        String text = whole ? line : CUT_ESCAPE.matcher(line).replaceFirst("$1") + "\"}";
        JsonNode fields = Json.read(text, JsonNode.class);
        String record = fields.path("record").asText();
        boolean isCut = !whole || record.length() > LENGTH;
        return new Extract(
                fields.path("line").asLong(),
                fields.path("reason").asText(),
                isCut ? record.substring(0, Math.min(record.length(), LENGTH)) + "…" : record);
    }
}
