package dev.buzon.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import dev.buzon.database.Database;
import dev.buzon.database.SqliteDatabase;
import dev.buzon.job.LedgerChange;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the ledger takes of several files at once: all of it or nothing, and each file with a row of its own. */
class BatchRowsTest {

    @TempDir
    private Path folder;

    private Database database;
    private Ledger ledger;

    @BeforeEach
    void open() throws Exception {
        database = new SqliteDatabase(folder.resolve("ledger.db"));
        ledger = Ledger.openAtStart(database);
    }

    @AfterEach
    void close() throws Exception {
        ledger.close();
    }

    private static Ledger.Commit commit(String source, String key) {
        return commit(source, key, LedgerChange.NONE);
    }

    private static Ledger.Commit commit(String source, String key, LedgerChange change) {
        return new Ledger.Commit(LedgerTest.entry(source, key, FileState.COMMITTED), change, false);
    }

    private static LedgerEntry of(String route, String source, String error) {
        Instant now = Instant.now();
        return new LedgerEntry(
                route,
                "key of " + source,
                source,
                10,
                new LedgerEntry.Counts(3, 2, 1),
                LedgerEntry.Places.NONE,
                FileState.COMMITTED,
                null,
                error,
                new LedgerEntry.Span(now, now, 0),
                0,
                0);
    }

    private Totals totals(String route) throws Exception {
        try (LedgerReader reader = new LedgerReader(database)) {
            return reader.look().totals(route);
        }
    }

    private List<String> sources() throws Exception {
        return ledger.history(HistoryQuery.latest(100)).stream()
                .map(LedgerEntry::source)
                .toList();
    }

    @Test
    void eachOfSeveralHasARowInTheirOrder() throws Exception {
        List<LedgerEntry> committed = ledger.commit(List.of(commit("a", "k1"), commit("b", "k2"), commit("c", "k3")));

        assertThat(committed).extracting(LedgerEntry::number).containsExactly(1L, 2L, 3L);
        assertThat(sources()).containsExactly("c", "b", "a");
        for (LedgerEntry entry : committed) {
            assertThat(ledger.find("invoices", entry.key()).orElseThrow())
                    .usingRecursiveComparison()
                    .ignoringFields("span")
                    .isEqualTo(entry);
        }
    }

    @Test
    void theResultsOfAChangeAreThoseOfItsFile() throws Exception {
        List<LedgerEntry> committed = ledger.commit(List.of(
                new Ledger.Commit(LedgerTest.entry("a", "k1", FileState.COMMITTED), connection -> 5, true),
                new Ledger.Commit(LedgerTest.entry("b", "k2", FileState.COMMITTED), connection -> 7, false)));

        assertThat(committed).extracting(LedgerEntry::results).containsExactly(5L, 1L);
        assertThat(totals("invoices").results()).isEqualTo(6);
    }

    @Test
    void numbersAndTotalsGoOnFromBatchToBatchAndRouteByRoute() throws Exception {
        ledger.commit(List.of(
                new Ledger.Commit(of("invoices", "a", null), LedgerChange.NONE, false),
                new Ledger.Commit(of("invoices", "b", "no"), LedgerChange.NONE, false)));
        ledger.commit(List.of(new Ledger.Commit(of("bizums", "c", null), LedgerChange.NONE, false)));

        List<LedgerEntry> committed = ledger.commit(List.of(
                new Ledger.Commit(of("invoices", "d", null), LedgerChange.NONE, false),
                new Ledger.Commit(of("invoices", "e", null), LedgerChange.NONE, false)));

        assertThat(committed).extracting(LedgerEntry::number).containsExactly(3L, 4L);
        assertThat(totals("invoices")).satisfies(totals -> {
            assertThat(totals.handled()).isEqualTo(3);
            assertThat(totals.rejectedFiles()).isEqualTo(1);
            assertThat(totals.bytes()).isEqualTo(40);
            assertThat(totals.records()).isEqualTo(12);
            assertThat(totals.results()).isEqualTo(8);
            assertThat(totals.rejectedRecords()).isEqualTo(4);
            assertThat(totals.lastSuccess())
                    .isEqualTo(
                            Instant.ofEpochMilli(committed.get(1).finishedAt().toEpochMilli()));
        });
        assertThat(totals("bizums").handled()).isEqualTo(1);
        assertThat(sources()).containsExactly("e", "d", "c", "b", "a");
    }

    @Test
    void aContentThatIsKnownAlreadyMakesAllOfThemFail() throws Exception {
        ledger.commit(List.of(commit("known", "k2")));

        assertThatThrownBy(() -> ledger.commit(List.of(
                        commit("a", "k1", connection -> {
                            Database.execute(
                                    connection, "INSERT INTO highest_bizum VALUES ('bizums', 'ana', 2500, 'cena')");
                            return 1;
                        }),
                        commit("b", "k2"),
                        commit("c", "k3"))))
                .isInstanceOf(SQLException.class)
                .hasMessage("The ledger knows the content of b already: k2");

        assertThat(sources()).containsExactly("known");
        assertThat(totals("invoices").handled()).isEqualTo(1);
        LedgerTable highest = new LedgerTable("highest_bizum", List.of("person"));
        assertThat(ledger.<Boolean>read(highest::isEmptyIn)).isTrue();
        assertThat(ledger.commit(List.of(commit("a", "k1"), commit("c", "k3"))))
                .extracting(LedgerEntry::number)
                .containsExactly(2L, 3L);
    }

    @Test
    void oneContentTwiceMakesAllOfThemFail() throws Exception {
        assertThatThrownBy(() -> ledger.commit(List.of(commit("a", "k1"), commit("b", "k1"))))
                .hasMessageContaining("knows the content of b");

        assertThat(sources()).isEmpty();
    }

    @Test
    void rowsOfReplayedFilesGiveWayAmongNewOnes() throws Exception {
        List<LedgerEntry> first = ledger.commit(List.of(commit("a", "k1"), commit("b", "k2")));
        ledger.update(List.of(first.get(0).replayed()));
        assertThat(ledger.findKnown("invoices", List.of("k1", "k2"))).containsOnlyKeys("k2");

        List<LedgerEntry> again = ledger.commit(List.of(commit("c", "k3"), commit("a again", "k1")));

        assertThat(again).extracting(LedgerEntry::number).containsExactly(3L, 4L);
        assertThat(sources()).containsExactly("a again", "c", "b");
        assertThat(ledger.findKnown("invoices", List.of("k1", "k2", "k3")))
                .hasSize(3)
                .hasEntrySatisfying("k1", row -> assertThat(row.source()).isEqualTo("a again"));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3, 4, 5, 511, 512, 513, 1_024, 1_200})
    void ofManyKeysThoseThatAreKnownAreFound(int count) throws Exception {
        List<Ledger.Commit> commits = IntStream.range(0, 1_200)
                .filter(i -> i % 3 != 0)
                .mapToObj(i -> commit("source " + i, "k" + i))
                .toList();
        ledger.commit(commits);

        Map<String, LedgerEntry> known = ledger.findKnown(
                "invoices", IntStream.range(0, count).mapToObj(i -> "k" + i).toList());

        assertThat(known.keySet())
                .containsExactlyInAnyOrderElementsOf(IntStream.range(0, count)
                        .filter(i -> i % 3 != 0)
                        .mapToObj(i -> "k" + i)
                        .toList());
        assertThat(known).allSatisfy((key, row) -> assertThat(row.key()).isEqualTo(key));
    }

    @Test
    void aKeyThatWasAddedByHandIsKnownToEachRouteUnlessItHasARowOfItsOwn() throws Exception {
        new LedgerIdempotentRepository(ledger).add("k1");
        new LedgerIdempotentRepository(ledger).add("k2");
        ledger.commit(List.of(commit("a", "k2"), commit("b", "k3")));

        Map<String, LedgerEntry> known = ledger.findKnown("invoices", List.of("k1", "k2", "k3", "k4"));

        assertThat(known).containsOnlyKeys("k1", "k2", "k3");
        assertThat(known.get("k1").state()).isEqualTo(FileState.ADDED);
        assertThat(known.get("k2").source()).isEqualTo("a");
        assertThat(ledger.findKnown("bizums", List.of("k1", "k2", "k3"))).containsOnlyKeys("k1", "k2");
    }

    private static DuplicateRows.Duplicate duplicate(String source, String planned) {
        return new DuplicateRows.Duplicate("invoices", "k1", source, 1, planned, Instant.now());
    }

    @Test
    void eachOfSeveralDuplicatesHasARowAndThoseThatAreTriedAgainTheirOwn() throws Exception {
        ledger.commit(List.of(commit("a", "k1")));
        DuplicateRows duplicates = new DuplicateRows(ledger);
        List<Long> first = duplicates.begin(List.of(duplicate("b", "x/b"), duplicate("c", "x/c")));

        List<Long> again =
                duplicates.begin(List.of(duplicate("c", "x/c-2"), duplicate("d", "x/d"), duplicate("b", "x/b-2")));

        assertThat(again.get(0)).isEqualTo(first.get(1));
        assertThat(again.get(2)).isEqualTo(first.get(0));
        assertThat(again).doesNotHaveDuplicates();
        assertThat(totals("invoices").duplicates()).isEqualTo(3);
        assertThat(duplicates.moving())
                .extracting(DuplicateRows.Moving::sequence, DuplicateRows.Moving::source, DuplicateRows.Moving::planned)
                .containsExactlyInAnyOrder(
                        tuple(again.get(0), "c", "x/c-2"),
                        tuple(again.get(1), "d", "x/d"),
                        tuple(again.get(2), "b", "x/b-2"));
        assertThat(sources()).containsExactly("d", "c", "b", "a");
    }

    @Test
    void theEndsOfSeveralDuplicatesAreWrittenTogether() throws Exception {
        DuplicateRows duplicates = new DuplicateRows(ledger);
        List<Long> rows = duplicates.begin(List.of(duplicate("b", "x/b"), duplicate("c", null), duplicate("d", "x/d")));

        duplicates.end(List.of(
                new DuplicateRows.Moved(rows.get(0), "x/b-2", Instant.now(), 5),
                new DuplicateRows.Moved(rows.get(1), null, Instant.now(), 6)));

        assertThat(duplicates.moving()).extracting(DuplicateRows.Moving::source).containsExactly("d");
        assertThat(ledger.history(HistoryQuery.latest(9)))
                .extracting(LedgerEntry::source, LedgerEntry::archived, LedgerEntry::millis)
                .containsExactly(tuple("d", "x/d", 0L), tuple("c", null, 6L), tuple("b", "x/b-2", 5L));
    }

    @Test
    void ifOneOfSeveralDuplicatesCannotBeWrittenNoneIs() throws Exception {
        DuplicateRows duplicates = new DuplicateRows(ledger);
        List<DuplicateRows.Duplicate> some = new ArrayList<>(List.of(duplicate("b", "x/b")));
        some.add(new DuplicateRows.Duplicate("invoices", null, "no key", 1, null, Instant.now()));

        assertThatThrownBy(() -> duplicates.begin(some)).isInstanceOf(SQLException.class);

        assertThat(duplicates.moving()).isEmpty();
        assertThat(totals("invoices").duplicates()).isZero();
    }

    @Test
    void ofSeveralEndsAllAreWrittenOrNone() throws Exception {
        List<LedgerEntry> rows = ledger.commit(List.of(commit("a", "k1"), commit("b", "k2")));
        ledger.inTransaction(connection -> {
            Database.execute(
                    connection,
                    "CREATE TRIGGER no BEFORE UPDATE ON file WHEN NEW.key = 'k2' BEGIN SELECT RAISE(ABORT, 'no'); END");
            return null;
        });

        assertThatThrownBy(() -> ledger.note(rows.stream()
                        .map(row -> row.finished(FileState.ARCHIVED, "x", Instant.now()))
                        .toList()))
                .isInstanceOf(SQLException.class);

        assertThat(ledger.unfinished()).hasSize(2);
    }
}
