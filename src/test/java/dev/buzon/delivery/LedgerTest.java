package dev.buzon.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import dev.buzon.home.SettingsException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LedgerTest {

    @TempDir
    private Path folder;

    private Connection connect() throws SQLException {
        return DriverManager.getConnection("jdbc:sqlite:" + folder.resolve("ledger.db"));
    }

    private Ledger open() throws Exception {
        return Ledger.open(folder.resolve("ledger.db"));
    }

    static LedgerEntry entry(String source, String key, FileState state) {
        Instant now = Instant.now();
        return new LedgerEntry(
                "invoices", key, source, 1, 1, 1, 0, null, null, null, state, "UTF-8", null, now, now, 0, 0);
    }

    @Test
    void aLedgerOfTheFirstVersionKeepsItsRows() throws Exception {
        try (Connection connection = connect();
                Statement statement = connection.createStatement();
                InputStream script = Ledger.class.getResourceAsStream("ledger-1.sql")) {
            for (String sql : new String(script.readAllBytes(), StandardCharsets.UTF_8).split(";\\s*")) {
                statement.executeUpdate(sql);
            }
            statement.executeUpdate("INSERT INTO file VALUES ('invoices', 'k', 'old.json', 1, 1, 1, 0, NULL, NULL,"
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
        try (Connection connection = connect();
                Statement statement = connection.createStatement()) {
            statement.executeUpdate("UPDATE ledger SET version = 99");
        }

        assertThatThrownBy(this::open).isInstanceOf(SettingsException.class).hasMessageContaining("newer");
    }

    @Test
    void whileAnotherHasTheLedgerTheErrorSaysSoAndNothingIsWritten() throws Exception {
        try (Ledger ledger = open();
                Connection other = connect();
                Statement statement = other.createStatement()) {
            statement.execute("BEGIN IMMEDIATE");
            assertThatThrownBy(() -> ledger.commit(entry("a.json", "k", FileState.COMMITTED), LedgerChange.NONE, false))
                    .isInstanceOf(SQLException.class)
                    .hasMessageContaining("SQLITE_BUSY");
            statement.execute("ROLLBACK");

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
    void itsFilesAreForTheirOwnerAlone() throws Exception {
        try (Ledger ledger = open()) {
            ledger.commit(entry("a.json", "k", FileState.COMMITTED), LedgerChange.NONE, false);
            for (String file : new String[] {"ledger.db", "ledger.db-wal", "ledger.db-shm"}) {
                assertThat(Files.getPosixFilePermissions(folder.resolve(file)))
                        .isEqualTo(PosixFilePermissions.fromString("rw-------"));
            }
        }
    }
}
