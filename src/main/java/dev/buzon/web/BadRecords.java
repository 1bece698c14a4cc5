package dev.buzon.web;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A look into a file that {@link dev.buzon.delivery.RejectedRecords} wrote. */
final class BadRecords {

    private static final int SHOWN = 5;
    private static final int LENGTH = 200;

    private BadRecords() {}

    /** @param record cut after 200 characters */
    record Extract(long line, String reason, String record) {}

    /** @return the first of them; none where the file was taken away, or is none of ours any more */
    static List<Extract> first(Path file) {
        List<Extract> extracts = new ArrayList<>();
        if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
            return extracts;
        }
        // By its tokens: a record may be as long as the memory.
        try (JsonParser parser = new JsonFactory().createParser(file.toFile())) {
            while (extracts.size() < SHOWN && parser.nextToken() == JsonToken.START_OBJECT) {
                extracts.add(read(parser));
            }
        } catch (IOException e) {
            // What could be read is shown.
        }
        return extracts;
    }

    private static Extract read(JsonParser parser) throws IOException {
        long line = 0;
        String reason = "";
        String record = "";
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String field = parser.currentName();
            parser.nextToken();
            switch (field) {
                case "line" -> line = parser.getLongValue();
                case "reason" -> reason = parser.getText();
                default -> record = cut(parser);
            }
        }
        return new Extract(line, reason, record);
    }

    private static String cut(JsonParser parser) throws IOException {
        int length = parser.getTextLength();
        return new String(parser.getTextCharacters(), parser.getTextOffset(), Math.min(length, LENGTH))
                + (length > LENGTH ? "…" : "");
    }
}
