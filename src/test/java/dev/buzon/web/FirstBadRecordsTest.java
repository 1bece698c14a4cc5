package dev.buzon.web;

import static org.assertj.core.api.Assertions.assertThat;

import dev.buzon.job.BadRecords;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FirstBadRecordsTest {

    @TempDir
    private Path folder;

    private List<FirstBadRecords.Extract> extracts(String... records) throws Exception {
        Path file = folder.resolve("records.jsonl");
        try (BadRecords bad = new BadRecords(file)) {
            for (int i = 0; i < records.length; i++) {
                bad.add(i + 1, "reason " + i, records[i]);
            }
        }
        return FirstBadRecords.first(file);
    }

    @Test
    void showsTheFirstFive() throws Exception {
        assertThat(extracts("a", "b\n\"", "", "ñ", "e", "f"))
                .containsExactly(
                        new FirstBadRecords.Extract(1, "reason 0", "a"),
                        new FirstBadRecords.Extract(2, "reason 1", "b\n\""),
                        new FirstBadRecords.Extract(3, "reason 2", ""),
                        new FirstBadRecords.Extract(4, "reason 3", "ñ"),
                        new FirstBadRecords.Extract(5, "reason 4", "e"));
    }

    /** Wherever the cut falls: within an escape, a character of several bytes, or between two backslashes. */
    @ParameterizedTest
    @ValueSource(strings = {"x", "\\", "\u0001", "\"", "€", "\uD83D\uDE00", "\\u00"})
    void cutsALongOneWhateverItHolds(String part) throws Exception {
        for (int before = 0; before < 8; before++) {
            String record = "-".repeat(before) + part.repeat(5_000);

            List<FirstBadRecords.Extract> extracts = extracts(record, "next");

            assertThat(extracts).hasSize(2);
            assertThat(extracts.get(0).record()).isEqualTo(record.substring(0, 200) + "…");
            assertThat(extracts.get(1).record()).isEqualTo("next");
        }
    }

    @Test
    void looksAtNoMoreThanTheBeginningOfAFile() throws Exception {
        assertThat(extracts("x".repeat(3_000_000), "next")).hasSize(1);
    }

    @Test
    void showsNothingOfAFileThatIsGoneOrIsNoneOfOurs() throws Exception {
        Path other = Files.writeString(folder.resolve("other"), "no JSON\n");

        assertThat(FirstBadRecords.first(other)).isEmpty();
        assertThat(FirstBadRecords.first(folder.resolve("gone"))).isEmpty();
    }
}
