package dev.buzon.job;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BadRecordsTest {

    private static final String EMOJI = "\uD83D\uDE00";

    @TempDir
    private Path folder;

    @Test
    void eachRecordIsALineOfJsonWhateverItAndItsReasonHold() throws Exception {
        Path file = folder.resolve("records.jsonl");
        String anything = "\u0000\n\r\t\"\\\u001b\u0085\u2028\uFEFF\uFFFD" + EMOJI;

        try (BadRecords bad = new BadRecords(file)) {
            bad.add(7, "found " + anything + "\uD83D", anything);
            bad.add(8, EMOJI.repeat(1_000_000), "");
            assertThat(bad.summary().first())
                    .isEqualTo("line 7: found \\u0000\\u000A\\u000D\\u0009\"\\\\u001B\\u0085\\u2028\\uFEFF\uFFFD"
                            + EMOJI + "\\uD83D");
            assertThat(bad.summary().count()).isEqualTo(2);
        }

        List<String> lines = Files.readAllLines(file);
        assertThat(lines).hasSize(2);
        JsonNode first = new ObjectMapper().readTree(lines.get(0));
        JsonNode second = new ObjectMapper().readTree(lines.get(1));
        assertThat(first.get("line").asLong()).isEqualTo(7);
        assertThat(first.get("record").asText()).isEqualTo(anything);
        assertThat(second.get("reason").asText()).isEqualTo(EMOJI.repeat(300) + "\u2026");
    }

    @Test
    void aQuoteIsBoundedAndOnOneLine() {
        assertThat(BadRecords.quote("a\nb")).isEqualTo("\"a\\u000Ab\"");
        assertThat(BadRecords.quote(EMOJI.repeat(41))).isEqualTo("\"" + EMOJI.repeat(40) + "\u2026\"");
    }
}
