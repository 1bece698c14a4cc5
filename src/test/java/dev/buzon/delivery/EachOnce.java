package dev.buzon.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import dev.buzon.intake.ContentKey;
import dev.buzon.ledger.FileState;
import dev.buzon.ledger.HistoryQuery;
import dev.buzon.ledger.LedgerEntry;
import dev.buzon.ledger.Totals;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/** What is expected of a home in which nothing is on its way: by its folders, its ledger and its totals. */
final class EachOnce {

    private final BatchHome home;
    private final Path around;

    /** @param around what holds the home, and nothing else */
    EachOnce(BatchHome home, Path around) {
        this.home = home;
        this.around = around;
    }

    /**
     * Everything has come to its end: of each of these contents there is one result or one reason, one row, and one
     * archived source or rejected one; of the others, as many duplicates; and nothing is anywhere else.
     */
    void expect(String... contents) throws IOException, SQLException {
        List<String> expected = new ArrayList<>();
        List<String> sources = new ArrayList<>();
        for (String content : contents) {
            List<String> lines = content.lines().toList();
            if (lines.get(0).startsWith("unreadable")) {
                continue;
            }
            sources.add(content);
            List<String> good =
                    lines.stream().filter(line -> !line.startsWith("bad")).toList();
            if (!good.isEmpty()) {
                expected.add(BatchHome.resultOf(good));
            }
        }
        assertThat(contents(home.route().outbox())).as("results").containsExactlyInAnyOrderElementsOf(expected);
        assertThat(contents(home.route().archive())).as("archived").containsExactlyInAnyOrderElementsOf(sources);
        List<String> rejected = contents(home.route().rejected());
        for (String content : contents) {
            List<String> bad =
                    content.lines().filter(line -> line.startsWith("bad")).toList();
            if (!sources.contains(content)) {
                assertThat(rejected).as("rejected sources").containsOnlyOnce(content);
                assertThat(rejected)
                        .as("reasons")
                        .filteredOn(text -> text.contains("reason=" + content.strip()))
                        .hasSize(1);
            } else if (!bad.isEmpty()) {
                assertThat(rejected)
                        .as("bad records")
                        .filteredOn(text -> text.contains("\"record\":\"" + bad.get(0) + "\""))
                        .hasSize(1);
            }
        }
        for (Path duplicate : BatchHome.files(home.route().duplicates())) {
            assertThat(contents).contains(Files.readString(duplicate));
        }
        assertThat(home.inbox()).as("inbox").isEmpty();
        expectNothingElsewhere();
        expectLedgerAgrees(contents.length, sources.size());
    }

    private static List<String> contents(Path folder) throws IOException {
        List<String> contents = new ArrayList<>();
        for (Path file : BatchHome.files(folder)) {
            contents.add(Files.readString(file));
        }
        return contents;
    }

    private void expectNothingElsewhere() throws IOException {
        assertThat(home.staged()).as("staging").isEmpty();
        assertThat(BatchHome.names(around.toRealPath()).size())
                .as("files")
                .isEqualTo(home.inbox().size()
                        + home.outbox().size()
                        + home.archived().size()
                        + home.duplicates().size()
                        + home.rejected().size());
        try (Stream<Path> hidden = Files.walk(home.route().inbox())) {
            assertThat(hidden.map(path -> path.getFileName().toString()))
                    .as("hidden in the inbox")
                    .noneMatch(name -> name.startsWith("."));
        }
    }

    private void expectLedgerAgrees(int files, int handled) throws IOException, SQLException {
        List<LedgerEntry> rows = home.ledger().history(HistoryQuery.latest(10_000));
        List<LedgerEntry> own =
                rows.stream().filter(row -> row.state() != FileState.DUPLICATE).toList();
        assertThat(own).as("rows").hasSize(files);
        assertThat(own).extracting(LedgerEntry::state).as("states").isSubsetOf(FileState.ARCHIVED, FileState.REJECTED);
        assertThat(own.stream().map(LedgerEntry::number).sorted())
                .as("numbers")
                .containsExactlyElementsOf(
                        Stream.iterate(1L, number -> number + 1).limit(files).toList());
        for (LedgerEntry row : rows) {
            assertThat(ContentKey.of(home.path(row.archived()))).isEqualTo(row.key());
            for (String place : Arrays.asList(row.output(), row.rejectedOutput())) {
                if (place != null) {
                    assertThat(home.path(place)).isRegularFile();
                    assertThat(home.path(place).getFileName().toString())
                            .contains(row.key().substring(0, 8));
                }
            }
        }
        assertThat(rows.stream()
                        .flatMap(row -> Stream.of(row.output(), row.rejectedOutput(), row.archived()))
                        .filter(place -> place != null))
                .as("places")
                .doesNotHaveDuplicates();
        Totals totals = home.totals();
        assertThat(totals.handled()).as("handled").isEqualTo(handled);
        assertThat(totals.rejectedFiles()).as("rejected").isEqualTo(files - handled);
        assertThat(totals.duplicates()).as("duplicates").isEqualTo(rows.size() - files);
        assertThat(home.duplicates()).hasSize(rows.size() - files);
    }
}
