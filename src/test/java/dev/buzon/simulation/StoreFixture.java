package dev.buzon.simulation;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.buzon.job.LedgerChange;
import dev.buzon.ledger.FileState;
import dev.buzon.ledger.Ledger;
import dev.buzon.ledger.LedgerEntry;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** A store with a ledger without files, and processes whose calls fail when a test wants it. */
abstract class StoreFixture {

    static final Instant THEN = Instant.ofEpochMilli(1_000);
    static final int TRIES = 40;

    SimulatedStore store;

    @BeforeEach
    void open() throws Exception {
        store = new SimulatedStore();
        store.reset(LedgerImages.current());
    }

    @AfterEach
    void close() throws Exception {
        store.close();
    }

    /** Fails the next act of a kind. */
    static final class OneFault implements Calls {

        final List<String> asked = new ArrayList<>();
        private Act act;
        private Fault fault;
        private Runnable meanwhile;

        void next(Act nextAct, Fault nextFault) {
            act = nextAct;
            fault = nextFault;
        }

        /** Something is done by another, or to the process itself, before an act. */
        void before(Act nextAct, Runnable nextMeanwhile) {
            next(nextAct, Fault.NONE);
            meanwhile = nextMeanwhile;
        }

        @Override
        public Fault before(Act asks, String on) {
            asked.add(asks + " " + on);
            if (asks != act) {
                return Fault.NONE;
            }
            act = null;
            if (meanwhile != null) {
                Runnable now = meanwhile;
                meanwhile = null;
                now.run();
            }
            return fault;
        }

        @Override
        public String user() {
            return "buzon";
        }
    }

    /** The first choices of generators whose seeds are small are all the same. */
    static Random random(int seed) {
        return new Random(seed * 0x9E3779B97F4A7C15L);
    }

    final OneFault calls = new OneFault();

    Ledger file() throws Exception {
        return Ledger.openAtStart(SimulatedDatabase.file(store, calls));
    }

    Ledger server() throws Exception {
        return Ledger.openAtStart(SimulatedDatabase.server(store, calls));
    }

    static LedgerEntry entry(String route, String key, FileState state) {
        return new LedgerEntry(
                route,
                key,
                key + ".json",
                1,
                new LedgerEntry.Counts(1, 1, 0),
                LedgerEntry.Places.NONE,
                state,
                "UTF-8",
                null,
                new LedgerEntry.Span(THEN, THEN, 0),
                0,
                0);
    }

    static LedgerEntry commit(Ledger ledger, String route, String key) throws Exception {
        return ledger.commit(
                        List.of(new Ledger.Commit(entry(route, key, FileState.COMMITTED), LedgerChange.NONE, false)))
                .get(0);
    }

    static LedgerEntry commit(Ledger ledger, String key) throws Exception {
        return commit(ledger, "invoices", key);
    }

    /** A commit that fails, and may come to its end later. */
    void commitLate(Ledger ledger, String key) {
        calls.next(Act.COMMIT, Fault.LATE);
        assertThatThrownBy(() -> commit(ledger, key)).isInstanceOf(SQLException.class);
    }

    static LedgerEntry archived(LedgerEntry entry) {
        return entry.finished(FileState.ARCHIVED, "archive/" + entry.source(), THEN);
    }

    /** What is stored: keys with their states. */
    Set<String> stored() throws SQLException {
        Set<String> stored = new TreeSet<>();
        try (Statement statement = store.look().createStatement();
                ResultSet rows = statement.executeQuery("SELECT key, state FROM file")) {
            while (rows.next()) {
                stored.add(rows.getString(1) + " " + rows.getString(2));
            }
        }
        return stored;
    }

    static String dumpOf(String told, String before, String after) {
        return told.startsWith("1 of 1") ? before : after;
    }

    String dump() throws SQLException {
        StringBuilder dump = new StringBuilder();
        for (String table : List.of("file", "duplicate", "total", "left_source", "ledger", "job", "highest_bizum")) {
            try (PreparedStatement select = store.look().prepareStatement("SELECT rowid, * FROM " + table);
                    ResultSet rows = select.executeQuery()) {
                while (rows.next()) {
                    dump.append(table);
                    for (int i = 1; i <= rows.getMetaData().getColumnCount(); i++) {
                        dump.append(' ').append(rows.getString(i));
                    }
                    dump.append('\n');
                }
            }
        }
        return dump.toString();
    }

    static void commitUnchecked(Ledger ledger, String key) {
        try {
            commit(ledger, key);
        } catch (RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }
}
