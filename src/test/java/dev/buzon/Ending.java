package dev.buzon;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;

/**
 * Where a file ended that no other shares its name with.
 *
 * @param output the lines of its result; none where it has none
 * @param badRecords as "line: reason", in their order
 * @param extracts of the bad records
 * @param error why it was rejected whole; null where it wasn't
 * @param archived whether its source is in the archive
 * @param rejected whether its source is among the rejected
 */
public record Ending(
        List<String> output,
        List<String> badRecords,
        List<String> extracts,
        String error,
        boolean archived,
        boolean rejected) {

    private static final ObjectMapper JSON = new ObjectMapper();

    /** Drops a file, and waits until it has left the inbox. */
    public static Ending of(TestHome home, String route, String name, byte[] content) throws IOException {
        home.drop(route, name, content);
        home.awaitEmpty(route);
        String stem = name.substring(0, name.lastIndexOf('.')) + "-";
        String extension = name.substring(name.lastIndexOf('.'));
        List<String> badRecords = new ArrayList<>();
        List<String> extracts = new ArrayList<>();
        for (String line : lines(home, "archive/rejected/" + route, stem, ".records.jsonl")) {
            JsonNode bad = JSON.readTree(line);
            badRecords.add(bad.get("line").asLong() + ": " + bad.get("reason").asText());
            extracts.add(bad.get("record").asText());
        }
        String error = String.join("\n", lines(home, "archive/rejected/" + route, stem, ".error.json"));
        return new Ending(
                lines(home, "outbox/" + route, stem, ".json"),
                badRecords,
                extracts,
                error.isEmpty() ? null : JSON.readTree(error).get("reason").asText(),
                find(home, "archive/" + route + "/" + LocalDate.now(), stem, extension) != null,
                find(home, "archive/rejected/" + route, stem, extension) != null);
    }

    private static List<String> lines(TestHome home, String folder, String stem, String extension) throws IOException {
        Path file = find(home, folder, stem, extension);
        return file == null ? List.of() : Files.readAllLines(file);
    }

    /** The name goes on with the eight digits of the key. */
    private static Path find(TestHome home, String folder, String stem, String extension) throws IOException {
        return home.files(folder).stream()
                .filter(file -> file.startsWith(stem) && file.length() == stem.length() + 8 + extension.length())
                .filter(file -> file.endsWith(extension))
                .map(file -> home.path(folder).resolve(file))
                .findFirst()
                .orElse(null);
    }
}
