package dev.buzon.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import dev.buzon.database.Database;
import dev.buzon.database.SqliteDatabase;
import dev.buzon.home.SettingsException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LedgerTest {

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
        return Ledger.open(database());
    }

    static LedgerEntry entry(String source, String key, FileState state) {
        Instant now = Instant.now();
        return new LedgerEntry(
                "invoices", key, source, 1, 1, 1, 0, null, null, null, state, "UTF-8", null, now, now, 0, 0, 0);
    }

    @Test
    void aLedgerOfTheFirstVersionKeepsItsRows() throws Exception {
        try (Connection connection = database().connect();
                InputStream script = Ledger.class.getResourceAsStream("ledger-1.sql")) {
            for (String sql : new String(script.readAllBytes(), StandardCharsets.UTF_8).split(";\\s*")) {
                Database.execute(connection, sql);
            }
            Database.execute(
                    connection,
                    "INSERT INTO file VALUES ('invoices', 'k', 'old.json', 1, 1, 1, 0, NULL, NULL,"
                            + " NULL, 'ARCHIVED', NULL, 1, 2, 1)");
        }

        try (Ledger ledger = open()) {
            ledger.commit(entry("new.json", "k2", FileState.COMMITTED), LedgerChange.NONE, false);
        }

        try (Ledger ledger = open()) {
            assertThat(ledger.history(HistoryQuery.latest(9)))
                    .extracting(LedgerEntry::source, LedgerEntry::charset)
                    .containsExactly(tuple("new.json", "UTF-8"), tuple("old.json", null));
        }
    }

    @Test
    void aLedgerOfANewerProgramIsLeftAlone() throws Exception {
        open().close();
        try (Connection connection = database().connect()) {
            Database.execute(connection, "UPDATE ledger SET version = 99");
        }

        assertThatThrownBy(this::open).isInstanceOf(SettingsException.class).hasMessageContaining("newer");
    }

    @Test
    @SuppressWarnings("try") // The lock is held, not used.
    void whileAnotherHasTheLedgerTheErrorSaysSoAndNothingIsWritten() throws Exception {
        try (Ledger ledger = open()) {
            try (LedgerLocker.Lock lock = LedgerLocker.hold(database())) {
                assertThatThrownBy(() ->
                                ledger.commit(entry("a.json", "k", FileState.COMMITTED), LedgerChange.NONE, false))
                        .isInstanceOf(SQLException.class)
                        .hasMessageContaining(busy());
            }

            assertThat(ledger.find("invoices", "k")).isEmpty();
            ledger.commit(entry("a.json", "k", FileState.COMMITTED), LedgerChange.NONE, false);
            assertThat(ledger.find("invoices", "k")).isPresent();
        }
    }

    @Test
    void aChangeThatFailsTakesTheRowWithIt() throws Exception {
        try (Ledger ledger = open()) {
            assertThatThrownBy(() -> ledger.commit(
                            entry("a.json", "k", FileState.COMMITTED),
                            connection -> {
                                throw new IllegalStateException("no");
                            },
                            false))
                    .hasMessage("no");

            assertThat(ledger.find("invoices", "k")).isEmpty();
        }
    }

    @Test
    void aKeyIsCommittedOnceUnlessItIsReplayed() throws Exception {
        try (Ledger ledger = open()) {
            LedgerEntry first = entry("a.json", "k", FileState.COMMITTED);
            ledger.commit(first, LedgerChange.NONE, false);
            assertThatThrownBy(() -> ledger.commit(first, LedgerChange.NONE, false))
                    .isInstanceOf(SQLException.class);

            ledger.update(first.replayed());
            assertThat(ledger.findKnown("invoices", "k")).isEmpty();
            ledger.commit(entry("b.json", "k", FileState.COMMITTED), LedgerChange.NONE, false);

            assertThat(ledger.history(HistoryQuery.latest(9)))
                    .extracting(LedgerEntry::source)
                    .containsExactly("b.json");
        }
    }

    @Test
    void namesAreFoundByWhatTheyBeginWithAndTheirUpperCaseCounts() throws Exception {
        try (Ledger ledger = open()) {
            for (String name : List.of("a.json", "a b.json", "ab.json", "B.json", "ab\uD83D\uDE00.json", "Ab.json")) {
                ledger.commit(entry(name, "k" + name, FileState.COMMITTED), LedgerChange.NONE, false);
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
            ledger.commit(
                    new LedgerEntry(
                            "invoices",
                            "k",
                            "a.json",
                            1,
                            0,
                            0,
                            0,
                            null,
                            null,
                            null,
                            entry.state(),
                            null,
                            "it says \0 and \u00E9",
                            now,
                            now,
                            0,
                            0,
                            0),
                    LedgerChange.NONE,
                    false);

            assertThat(ledger.find("invoices", "k").orElseThrow().error()).isEqualTo("it says \uFFFD and \u00E9");
        }
    }

    @Test
    void itCountsItsRowsAndItsTotals() throws Exception {
        try (Ledger ledger = open();
                LedgerReader reader = new LedgerReader(database())) {
            assertThat(reader.look().bytes()).isPositive();
            ledger.settle();
            assertThat(ledger.totals("invoices")).isEqualTo(Totals.NONE);
            ledger.commit(entry("a.json", "k", FileState.COMMITTED), LedgerChange.NONE, false);
            ledger.note(ledger.find("invoices", "k").orElseThrow().finished(FileState.ARCHIVED, "x", Instant.now()));
            assertThat(ledger.rows()).isEqualTo(Map.of(FileState.ARCHIVED, 1L, FileState.DUPLICATE, 0L));
            assertThat(ledger.totals("invoices").handled()).isEqualTo(1);
            assertThat(reader.look().totals("invoices")).isEqualTo(ledger.totals("invoices"));
        }
    }
}
