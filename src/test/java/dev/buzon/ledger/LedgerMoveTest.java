package dev.buzon.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.buzon.Postgres;
import dev.buzon.database.Database;
import dev.buzon.database.PostgresDatabase;
import dev.buzon.database.SqliteDatabase;
import dev.buzon.home.Home;
import dev.buzon.intake.FileIdentity;
import dev.buzon.job.LedgerChange;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LedgerMoveTest {

    /** More than go to the server at once. */
    private static final int PEOPLE = 2_500;

    @TempDir
    private Path folder;

    private Ledger from;
    private Ledger to;

    @BeforeEach
    void open() throws Exception {
        from = Ledger.openAtStart(new SqliteDatabase(folder.resolve("ledger.db")));
        to = Ledger.openAtStart(
                new PostgresDatabase(Postgres.shared().newDatabase(), Postgres.USER, Postgres.PASSWORD));
    }

    @AfterEach
    void close() throws Exception {
        from.close();
        to.close();
    }

    /** Files in each state, a duplicate, a left source, a reason as ledgers of before have it, and people. */
    private void fill() throws Exception {
        for (FileState state : FileState.values()) {
            if (state != FileState.DUPLICATE) {
                LedgerTest.commit(
                        from, LedgerTest.entry(state + " ñ.json", "key of " + state, state), LedgerChange.NONE);
            }
        }
        DuplicateRows duplicates = new DuplicateRows(from);
        long sequence = duplicates
                .begin(List.of(new DuplicateRows.Duplicate(
                        "invoices", "key of ARCHIVED", "again.json", 1, "archive/duplicates/x", Instant.now())))
                .get(0);
        duplicates.end(List.of(new DuplicateRows.Moved(sequence, "archive/duplicates/x", Instant.now(), 7)));
        from.leave(
                List.of(new LeftSource(
                        folder.resolve("left.json"),
                        "invoices",
                        "key of LEFT",
                        new FileIdentity(7, 1, FileTime.from(Instant.parse("2026-11-24T08:30:00.123456789Z"))))),
                List.of());
        from.inTransaction(connection -> {
            for (int i = 0; i < PEOPLE; i++) {
                Database.execute(
                        connection,
                        "INSERT INTO highest_bizum VALUES ('" + (i % 2 == 0 ? "bizums" : "errores") + "', 'josé 😀 "
                                + i / 2 + "', " + (i * 4_000_000_000L) + ", 'c''" + i + "')");
            }
            Database.execute(connection, "UPDATE file SET error = 'a' || char(0) || 'b' WHERE key = 'key of GONE'");
            return null;
        });
    }

    private static Map<String, Long> counts(Ledger ledger) throws Exception {
        return ledger.inTransaction(connection -> {
            Map<String, Long> counts = new TreeMap<>();
            for (String table : List.of("file", "duplicate", "left_source", "highest_bizum", "total")) {
                try (Statement statement = connection.createStatement();
                        ResultSet row = statement.executeQuery("SELECT COUNT(*) FROM " + table)) {
                    row.next();
                    counts.put(table, row.getLong(1));
                }
            }
            return counts;
        });
    }

    @Test
    void everythingIsThereAsItWas() throws Exception {
        fill();

        LedgerMove.Moved moved = LedgerMove.move(from, to);

        assertThat(moved.before()).isFalse();
        assertThat(moved.rows()).isEqualTo(counts(from)).isEqualTo(counts(to)).containsEntry("highest_bizum", 2_500L);
        for (LedgerEntry entry : from.history(HistoryQuery.latest(99))) {
            if (entry.state() != FileState.DUPLICATE && entry.error() == null) {
                assertThat(to.find("invoices", entry.key())).contains(entry);
                assertThat(to.findKnown("invoices", List.of(entry.key())))
                        .isEqualTo(from.findKnown("invoices", List.of(entry.key())));
            }
        }
        assertThat(to.history(HistoryQuery.latest(99)))
                .hasSameSizeAs(from.history(HistoryQuery.latest(99)))
                .anyMatch(entry ->
                        entry.state() == FileState.DUPLICATE && entry.source().equals("again.json"));
        assertThat(to.find("invoices", "key of GONE").orElseThrow().error()).isEqualTo("a\uFFFDb");
        assertThat(leftSources(to)).isEqualTo(leftSources(from)).hasSize(1);
        assertThat(totals(to)).isEqualTo(totals(from));
        assertThat(totals(to).duplicates()).isEqualTo(1);
        assertThat(states(to)).isEqualTo(states(from));
        assertThat(people(to)).isEqualTo(people(from)).hasSize(PEOPLE);
    }

    private static Map<String, String> people(Ledger ledger) throws Exception {
        Map<String, String> people = new TreeMap<>();
        try (Connection connection = ledger.reader();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT route, person, cents, concept FROM highest_bizum")) {
            while (row.next()) {
                people.put(row.getString(1) + " " + row.getString(2), row.getLong(3) + " " + row.getString(4));
            }
        }
        return people;
    }

    @Test
    void whatAnEarlierMoveBroughtIsFoundToBeThere() throws Exception {
        fill();
        LedgerMove.move(from, to);

        LedgerMove.Moved again = LedgerMove.move(from, to);

        assertThat(again.before()).isTrue();
        assertThat(again.rows()).isEqualTo(counts(to));
    }

    @Test
    void aLedgerWithOtherRowsIsLeftAlone() throws Exception {
        fill();
        LedgerTest.commit(to, LedgerTest.entry("other.json", "k", FileState.ARCHIVED), LedgerChange.NONE);
        Map<String, Long> before = counts(to);

        assertThatThrownBy(() -> LedgerMove.move(from, to))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("has to be an empty one");

        assertThat(counts(to)).isEqualTo(before);
    }

    @Test
    void aLedgerThatHasChangedSinceItWasMovedIsNotTakenForThatOne() throws Exception {
        fill();
        LedgerMove.move(from, to);
        from.inTransaction(connection -> {
            Database.execute(connection, "UPDATE highest_bizum SET cents = cents + 1 WHERE person = 'josé 😀 7'");
            return null;
        });

        assertThatThrownBy(() -> LedgerMove.move(from, to)).isInstanceOf(IllegalStateException.class);
    }

    /** A database that changes what it is given, as a trigger of somebody's may. */
    @Test
    void whatWasWrittenIsComparedWithWhatWasRead() throws Exception {
        fill();
        onEachPersonOfServer("IF NEW.cents = 4000000000 THEN NEW.cents = 4000000001; END IF; RETURN NEW;");

        assertThatThrownBy(() -> LedgerMove.move(from, to))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("What was written to the table highest_bizum is not what was read.");

        assertThat(counts(to).values()).containsOnly(0L);
    }

    private void onEachPersonOfServer(String statements) throws Exception {
        to.inTransaction(connection -> {
            Database.execute(
                    connection,
                    "CREATE FUNCTION each() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN " + statements + " END $$");
            Database.execute(
                    connection,
                    "CREATE TRIGGER each BEFORE INSERT ON highest_bizum FOR EACH ROW EXECUTE FUNCTION each()");
            return null;
        });
    }

    /** The driver would quote the thousand rows that it was to write. */
    @Test
    void aRefusalOfTheServersIsQuotedAlone() throws Exception {
        fill();
        onEachPersonOfServer("RAISE 'no room';");

        assertThatThrownBy(() -> LedgerMove.move(from, to))
                .isInstanceOf(SQLException.class)
                .hasMessageContaining("no room")
                .hasMessageNotContaining("josé");

        assertThat(counts(to).values()).containsOnly(0L);
    }

    @Test
    void theTableOfAJobIsCopiedWhereItIsThereAndNamedWhereItIsNot() throws Exception {
        fill();
        from.inTransaction(connection -> {
            Database.execute(connection, "CREATE TABLE Orders_Seen (name TEXT, share REAL, seal BLOB)");
            Database.execute(connection, "INSERT INTO Orders_Seen VALUES ('a', 0.1, x'00ff'), (NULL, NULL, NULL)");
            return null;
        });

        assertThatThrownBy(() -> LedgerMove.move(from, to))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("make orders_seen in the other database first");
        assertThat(counts(to).values()).containsOnly(0L);

        to.inTransaction(connection -> {
            Database.execute(connection, "CREATE TABLE orders_seen (name TEXT, share DOUBLE PRECISION, seal BYTEA)");
            return null;
        });
        assertThat(LedgerMove.move(from, to).rows()).containsEntry("orders_seen", 2L);
        assertThat(LedgerMove.move(from, to).before()).isTrue();
    }

    private static Totals totals(Ledger ledger) throws Exception {
        return ledger.read(connection -> {
            try (PreparedStatement select =
                            connection.prepareStatement("SELECT * FROM total WHERE route = 'invoices'");
                    ResultSet row = select.executeQuery()) {
                row.next();
                return Totals.of(row);
            }
        });
    }

    private static Map<String, Long> states(Ledger ledger) throws Exception {
        return ledger.read(connection -> {
            Map<String, Long> states = new TreeMap<>();
            try (Statement statement = connection.createStatement();
                    ResultSet row = statement.executeQuery("SELECT state, COUNT(*) FROM file GROUP BY state")) {
                while (row.next()) {
                    states.put(row.getString(1), row.getLong(2));
                }
            }
            return states;
        });
    }

    private static List<LeftSource> leftSources(Ledger ledger) throws Exception {
        return new LeftSourceRows(ledger, new Home(Path.of("/"))).page("", 10);
    }
}
