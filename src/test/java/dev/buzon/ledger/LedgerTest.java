package dev.buzon.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import dev.buzon.database.Database;
import dev.buzon.database.SqliteDatabase;
import dev.buzon.home.Home;
import dev.buzon.home.SettingsException;
import dev.buzon.job.LedgerChange;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

public class LedgerTest {

    @TempDir
    Path folder;

    Database database() throws Exception {
        return new SqliteDatabase(folder.resolve("ledger.db"));
    }

    /** What is said where another has the ledger. */
    String busy() {
        return "SQLITE_BUSY";
    }

    private Ledger open() throws Exception {
        return Ledger.openAtStart(database());
    }

    public static LedgerEntry entry(String source, String key, FileState state) {
        Instant now = Instant.now();
        return new LedgerEntry(
                "invoices",
                key,
                source,
                1,
                new LedgerEntry.Counts(1, 1, 0),
                LedgerEntry.Places.NONE,
                state,
                "UTF-8",
                null,
                new LedgerEntry.Span(now, now, 0),
                0,
                0);
    }

    private static long begin(DuplicateRows duplicates, String planned) throws Exception {
        return duplicates
                .begin(List.of(new DuplicateRows.Duplicate("invoices", "k", "a.json", 1, planned, Instant.now())))
                .get(0);
    }

    public static LedgerEntry commit(Ledger ledger, LedgerEntry entry, LedgerChange change) throws Exception {
        return ledger.commit(List.of(new Ledger.Commit(entry, change, false))).get(0);
    }

    private Totals totals(String route) throws Exception {
        try (LedgerReader reader = new LedgerReader(database())) {
            return reader.look().totals(route);
        }
    }

    @Test
    void aLedgerOfTheFirstVersionKeepsItsRows() throws Exception {
        try (Connection connection = database().connect()) {
            runScripts(database(), connection, 1);
            Database.execute(
                    connection,
                    "INSERT INTO file VALUES ('invoices', 'k', 'old.json', 1, 1, 1, 0, NULL, NULL,"
                            + " NULL, 'ARCHIVED', NULL, 1, 2, 1)");
        }

        try (Ledger ledger = open()) {
            commit(ledger, entry("new.json", "k2", FileState.COMMITTED), LedgerChange.NONE);
        }

        try (Ledger ledger = open()) {
            assertThat(ledger.history(HistoryQuery.latest(9)))
                    .extracting(LedgerEntry::source, LedgerEntry::charset)
                    .containsExactly(tuple("new.json", "UTF-8"), tuple("old.json", null));
        }
    }

    public static void runScripts(Database database, Connection connection, int last) throws Exception {
        for (int version = 1; version <= last; version++) {
            try (InputStream script = Ledger.class.getResourceAsStream("ledger-" + version + ".sql")) {
                String sql = database.adapted(new String(script.readAllBytes(), StandardCharsets.UTF_8));
                for (String statement : sql.split(";\\s*")) {
                    Database.execute(connection, statement);
                }
            }
        }
    }

    /** With a file, a duplicate of it, and a file that was rejected; the clock went back before the last one. */
    private void makeLedgerOfVersion4() throws Exception {
        try (Connection connection = database().connect()) {
            runScripts(database(), connection, 4);
            Database.execute(connection, "UPDATE ledger SET version = 4");
            Database.execute(
                    connection,
                    "INSERT INTO file VALUES"
                            + " ('invoices', 'k1', 'a.json', 1, 1, 1, 0, 'o', NULL, 'x', 'ARCHIVED', NULL, 100, 160, 60,"
                            + " 'UTF-8', 1, 0),"
                            + " ('invoices', 'k2', 'b.json', 1, 0, 0, 0, NULL, 'r', 'y', 'REJECTED', 'no', 300, 301, 1,"
                            + " NULL, 2, 0)");
            Database.execute(
                    connection,
                    "INSERT INTO duplicate VALUES ('invoices', 'k1', 'again.json', 1, 'z', 200, 240),"
                            + " ('invoices', 'k1', 'back.json', 1, NULL, 250, 240)");
            Database.execute(connection, "INSERT INTO total VALUES ('invoices', 1, 2, 1, 2, 1, 1, 0, 160)");
            Database.execute(
                    connection,
                    "INSERT INTO left_source VALUES ('/in/a', 'invoices', 'k1', 7, 1, '2026-11-24T08:30:00Z')");
            Database.execute(connection, "INSERT INTO highest_bizum VALUES ('ana', 2500, 'cena')");
        }
    }

    private int version() throws Exception {
        try (Connection connection = database().connect()) {
            return LedgerSchema.versionIn(connection);
        }
    }

    @Test
    void aLedgerOfTheVersionBeforeKeepsItsRowsInTheOrderOfTheirTimes() throws Exception {
        makeLedgerOfVersion4();

        try (Ledger ledger = open()) {
            assertThat(ledger.history(HistoryQuery.latest(9)))
                    .extracting(LedgerEntry::source, LedgerEntry::state, LedgerEntry::archived, LedgerEntry::millis)
                    .containsExactly(
                            tuple("b.json", FileState.REJECTED, "y", 1L),
                            tuple("back.json", FileState.DUPLICATE, null, 0L),
                            tuple("again.json", FileState.DUPLICATE, "z", 40L),
                            tuple("a.json", FileState.ARCHIVED, "x", 60L));
            assertThat(ledger.history(new HistoryQuery(null, false, null, true, 9)))
                    .extracting(LedgerEntry::source)
                    .containsExactly("b.json");
            assertThat(totals("invoices")).isEqualTo(new Totals(1, 2, 1, 2, 1, 1, 0, Instant.ofEpochMilli(160)));
            List<LeftSource> left = new LeftSourceRows(ledger, new Home(Path.of("/"))).page("", 9);
            assertThat(left).hasSize(1);
            assertThat(ledger.findKnown("invoices", List.of("k1"))).isNotEmpty();
            assertThat(new DuplicateRows(ledger).moving()).isEmpty();

            commit(ledger, entry("c.json", "k3", FileState.COMMITTED), LedgerChange.NONE);
            assertThat(ledger.history(HistoryQuery.latest(1)))
                    .extracting(LedgerEntry::source)
                    .containsExactly("c.json");
        }
    }

    @Test
    void whoReadsALedgerOfTheVersionBeforeSaysSoAndLeavesItAsItIs() throws Exception {
        makeLedgerOfVersion4();

        assertThatThrownBy(() -> Ledger.open(database()))
                .isInstanceOf(SettingsException.class)
                .hasMessageContaining("is of version 4, and this program needs 6: start the service");

        assertThat(version()).isEqualTo(4);
    }

    @Test
    void whoReadsMakesNoLedger() throws Exception {
        assertThat(Ledger.openExisting(database())).isEmpty();
        database().connect().close();
        assertThat(Ledger.openExisting(database())).isEmpty();

        assertThat(version()).isZero();
    }

    @Test
    void aLedgerThatDaemonsShareIsMigratedByTheOneThatWorksAlone() throws Exception {
        makeLedgerOfVersion4();
        try (Connection connection = database().connect()) {
            Database.execute(connection, "UPDATE lease SET number = 3, holder = 'an older program'");
        }

        try (Ledger standby = open()) {
            assertThat(version()).isEqualTo(4);
            assertThatThrownBy(() -> standby.history(HistoryQuery.latest(9)))
                    .isInstanceOf(SQLException.class)
                    .hasMessageContaining("older version");

            standby.migrate();

            assertThat(version()).isEqualTo(6);
            assertThat(standby.history(HistoryQuery.latest(9))).hasSize(4);
        }
    }

    @Test
    void aLedgerOfANewerProgramIsLeftAlone() throws Exception {
        open().close();
        try (Connection connection = database().connect()) {
            Database.execute(connection, "UPDATE ledger SET version = 99");
        }

        assertThatThrownBy(this::open).isInstanceOf(SettingsException.class).hasMessageContaining("newer");
        assertThatThrownBy(() -> Ledger.open(database()))
                .isInstanceOf(SettingsException.class)
                .hasMessageContaining("newer");
    }

    @Test
    @SuppressWarnings("try") // The lock is held, not used.
    void whileAnotherHasTheLedgerTheErrorSaysSoAndNothingIsWritten() throws Exception {
        try (Ledger ledger = open()) {
            try (LedgerLocker.Lock lock = LedgerLocker.hold(database())) {
                assertThatThrownBy(() -> commit(ledger, entry("a.json", "k", FileState.COMMITTED), LedgerChange.NONE))
                        .isInstanceOf(SQLException.class)
                        .hasMessageContaining(busy());
            }

            assertThat(ledger.find("invoices", "k")).isEmpty();
            commit(ledger, entry("a.json", "k", FileState.COMMITTED), LedgerChange.NONE);
            assertThat(ledger.find("invoices", "k")).isPresent();
        }
    }

    @Test
    void aChangeThatFailsTakesTheRowWithIt() throws Exception {
        try (Ledger ledger = open()) {
            assertThatThrownBy(() -> commit(ledger, entry("a.json", "k", FileState.COMMITTED), connection -> {
                        throw new IllegalStateException("no");
                    }))
                    .hasMessage("no");

            assertThat(ledger.find("invoices", "k")).isEmpty();
        }
    }

    /** A class that is missing, or no memory: what the change did until then must not become a part of the next one. */
    @Test
    void anErrorOfAChangeTakesEverythingWithItAndLetsGoOfTheLedger() throws Exception {
        LedgerChange change = connection -> {
            Database.execute(connection, "INSERT INTO highest_bizum VALUES ('bizums', 'ana', 2500, 'cena')");
            return 1;
        };
        try (Ledger ledger = open()) {
            assertThatThrownBy(() -> commit(ledger, entry("a.json", "k", FileState.COMMITTED), connection -> {
                        change.apply(connection);
                        throw new NoClassDefFoundError("Missing");
                    }))
                    .isInstanceOf(NoClassDefFoundError.class);

            assertThat(ledger.find("invoices", "k")).isEmpty();
            LedgerLocker.hold(database()).close();
            commit(ledger, entry("a.json", "k", FileState.COMMITTED), change);
            assertThat(ledger.find("invoices", "k")).isPresent();
            assertThat(totals("invoices").handled()).isEqualTo(1);
        }
    }

    @Test
    void aTransactionThatCannotBeRolledBackIsNotGoneOnWith() throws Exception {
        try (Ledger ledger = open()) {
            assertThatThrownBy(() -> ledger.inTransaction(connection -> {
                        connection.close();
                        throw new StackOverflowError("in the middle");
                    }))
                    .isInstanceOf(StackOverflowError.class);

            commit(ledger, entry("a.json", "k", FileState.COMMITTED), LedgerChange.NONE);
            assertThat(ledger.find("invoices", "k")).isPresent();
        }
    }

    @Test
    void whatWasWrittenLastComesFirstThoughTheClockWasSetBack() throws Exception {
        try (Ledger ledger = open()) {
            Instant now = Instant.now();
            DuplicateRows duplicates = new DuplicateRows(ledger);
            commit(ledger, entry("before.json", "k1", FileState.COMMITTED), LedgerChange.NONE);
            duplicates.begin(List.of(new DuplicateRows.Duplicate("invoices", "k1", "before-again.json", 1, null, now)));
            Instant yesterday = now.minus(Duration.ofDays(1));
            commit(ledger, begun(yesterday, "after.json", "k2"), LedgerChange.NONE);
            duplicates.begin(
                    List.of(new DuplicateRows.Duplicate("invoices", "k2", "after-again.json", 1, null, yesterday)));

            assertThat(ledger.history(HistoryQuery.latest(3)))
                    .extracting(LedgerEntry::source)
                    .containsExactly("after-again.json", "after.json", "before-again.json");
            assertThat(ledger.history(new HistoryQuery("a", true, yesterday, false, 9)))
                    .extracting(LedgerEntry::source)
                    .containsExactly("after-again.json", "after.json");
        }
    }

    /** Its bad records are asked for, too. */
    private static LedgerEntry begun(Instant at, String source, String key) {
        return new LedgerEntry(
                "invoices",
                key,
                source,
                1,
                new LedgerEntry.Counts(1, 1, 1),
                LedgerEntry.Places.NONE,
                FileState.COMMITTED,
                null,
                null,
                new LedgerEntry.Span(at, at, 0),
                0,
                0);
    }

    @Test
    void whatAFileTookIsNotToldByTheClockOnTheWall() {
        Instant tomorrow = Instant.now().plus(Duration.ofDays(1));

        LedgerEntry entry = begun(tomorrow, "a.json", "k").finished(FileState.ARCHIVED, "x", Instant.now(), 7);

        assertThat(entry.millis()).isEqualTo(7);
        assertThat(entry.finished(FileState.GONE, null, Instant.now()).millis()).isEqualTo(7);
    }

    @Test
    void aDuplicateThatIsTriedAgainIsOneRowAndCountedOnce() throws Exception {
        try (Ledger ledger = open()) {
            DuplicateRows duplicates = new DuplicateRows(ledger);
            long first = begin(duplicates, "x");
            long again = begin(duplicates, "y");
            assertThat(again).isEqualTo(first);
            assertThat(duplicates.moving())
                    .containsExactly(new DuplicateRows.Moving(first, "invoices", "k", "a.json", "y"));

            duplicates.end(List.of(new DuplicateRows.Moved(first, "z", Instant.now(), 5)));
            begin(duplicates, "x");

            assertThat(ledger.history(HistoryQuery.latest(9)))
                    .extracting(LedgerEntry::archived, LedgerEntry::millis)
                    .containsExactly(tuple("x", 0L), tuple("z", 5L));
            assertThat(totals("invoices").duplicates()).isEqualTo(2);
        }
    }

    @Test
    void aKeyIsCommittedOnceUnlessItIsReplayed() throws Exception {
        try (Ledger ledger = open()) {
            LedgerEntry first = entry("a.json", "k", FileState.COMMITTED);
            commit(ledger, first, LedgerChange.NONE);
            assertThatThrownBy(() -> commit(ledger, first, LedgerChange.NONE)).isInstanceOf(SQLException.class);

            ledger.update(List.of(first.replayed()));
            assertThat(ledger.findKnown("invoices", List.of("k"))).isEmpty();
            commit(ledger, entry("b.json", "k", FileState.COMMITTED), LedgerChange.NONE);

            assertThat(ledger.history(HistoryQuery.latest(9)))
                    .extracting(LedgerEntry::source)
                    .containsExactly("b.json");
        }
    }

    @Test
    void namesAreFoundByWhatTheyBeginWithAndTheirUpperCaseCounts() throws Exception {
        try (Ledger ledger = open()) {
            for (String name : List.of("a.json", "a b.json", "ab.json", "B.json", "ab\uD83D\uDE00.json", "Ab.json")) {
                commit(ledger, entry(name, "k" + name, FileState.COMMITTED), LedgerChange.NONE);
            }

            assertThat(ledger.history(new HistoryQuery("ab", true, null, false, 9)))
                    .extracting(LedgerEntry::source)
                    .containsExactlyInAnyOrder("ab.json", "ab\uD83D\uDE00.json");
        }
    }

    @Test
    void aReasonThatHoldsAnyCharacterIsKept() throws Exception {
        try (Ledger ledger = open()) {
            LedgerEntry entry = entry("a.json", "k", FileState.COMMITTED);
            Instant now = Instant.now();
            commit(
                    ledger,
                    new LedgerEntry(
                            "invoices",
                            "k",
                            "a.json",
                            1,
                            LedgerEntry.Counts.NONE,
                            LedgerEntry.Places.NONE,
                            entry.state(),
                            null,
                            "it says \0 and \u00E9",
                            new LedgerEntry.Span(now, now, 0),
                            0,
                            0),
                    LedgerChange.NONE);

            assertThat(ledger.find("invoices", "k").orElseThrow().error()).isEqualTo("it says \uFFFD and \u00E9");
        }
    }

    @Test
    void itCountsItsRowsAndItsTotals() throws Exception {
        try (Ledger ledger = open();
                LedgerReader reader = new LedgerReader(database())) {
            assertThat(reader.look().bytes()).isPositive();
            ledger.resolveDoubt();
            assertThat(totals("invoices")).isEqualTo(Totals.NONE);
            commit(ledger, entry("a.json", "k", FileState.COMMITTED), LedgerChange.NONE);
            ledger.note(List.of(
                    ledger.find("invoices", "k").orElseThrow().finished(FileState.ARCHIVED, "x", Instant.now())));
            assertThat(reader.rows()).isEqualTo(Map.of(FileState.ARCHIVED, 1L, FileState.DUPLICATE, 0L));
            assertThat(totals("invoices").handled()).isEqualTo(1);
            assertThat(reader.look().totals("invoices")).isEqualTo(totals("invoices"));
        }
    }
}
