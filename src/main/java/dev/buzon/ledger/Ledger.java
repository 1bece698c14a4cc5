package dev.buzon.ledger;

import dev.buzon.database.Database;
import dev.buzon.database.Lease;
import dev.buzon.home.Settings;
import dev.buzon.home.SettingsException;
import dev.buzon.job.LedgerChange;
import java.io.IOException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What became of every file, and what the jobs keep between files, durable once a method has returned. Thread-safe: one
 * connection, used by one thread at a time.
 */
public final class Ledger implements AutoCloseable {

    /** Stands for every route, in rows of keys that were put in by hand. Comes before all others. */
    static final String ANY_ROUTE = "";

    private static final String UPDATE = "UPDATE file SET output = ?, rejected_output = ?,"
            + " archived = ?, state = ?, finished_at = ?, millis = ? WHERE route = ? AND key = ?";

    private static final String KNOWN = "WHERE route IN (?, '" + ANY_ROUTE + "') AND state <> 'REPLAYED' AND key ";

    /** How many keys are asked for at once; a power of two. */
    private static final int KEYS = 512;

    private final LedgerConnection connection;

    private Ledger(LedgerConnection connection) {
        this.connection = connection;
    }

    /**
     * The ledger of a database, as it is: nothing is made or migrated, since a daemon may work on it.
     *
     * @throws SettingsException if it can't be opened, is missing, or is of another version than this program's
     */
    public static Ledger open(Database database) throws SQLException, IOException {
        return openExisting(database)
                .orElseThrow(() -> new SettingsException(List.of("There is no ledger " + database + ".")));
    }

    /** As {@link #open}; empty if there is none. */
    public static Optional<Ledger> openExisting(Database database) throws SQLException, IOException {
        return LedgerConnection.openExisting(database).map(Ledger::new);
    }

    /**
     * For who holds the home's lock: the ledger is made if it is missing, and becomes one of this program's version. If
     * daemons share it, that is left to {@link #migrate}, by the one that holds their lease.
     *
     * @throws SettingsException if it can't be opened, or is of a newer version
     */
    public static Ledger openAtStart(Database database) throws SQLException, IOException {
        return new Ledger(LedgerConnection.openAtStart(database));
    }

    /** The ledger of a home, to be read if its disk is full; empty if there is none, or others may have it open. */
    public static Optional<Ledger> openWithoutRoom(Settings settings) throws SQLException, IOException {
        return LedgerConnection.openWithoutRoom(Database.of(settings)).map(Ledger::new);
    }

    /**
     * Makes it a ledger of this program's version. Only for who holds the home's lock and the lease: no other daemon
     * works on it.
     *
     * @throws SettingsException if it is of a newer version
     */
    void migrate() throws SQLException, IOException {
        connection.migrate();
    }

    /**
     * Whether it is of this program's version: not so while the daemon stands by that will migrate it.
     *
     * @throws SettingsException if it is of a newer version
     */
    boolean isCurrent() throws SQLException {
        return connection.isCurrent();
    }

    /** From now on nothing is written unless this lease is held. */
    public void workUnder(Lease held) {
        connection.workUnder(held);
    }

    /** Under which number of the lease it is written to. */
    public long leaseNumber() {
        return connection.lease().number();
    }

    /**
     * To be called before anything is moved or removed that all daemons see.
     *
     * @throws IOException if another daemon may work by now
     */
    public void expectHeld() throws IOException {
        connection.lease().expectHeld();
    }

    /** A connection of its own for a long read, which holds nobody up. It can't write, and its caller closes it. */
    public Connection reader() throws SQLException {
        return connection.database().reader();
    }

    /** Work on the connection, in a transaction of its own. */
    @FunctionalInterface
    public interface Work<T> {
        T on(Connection connection) throws SQLException, IOException;
    }

    /** Runs work in one transaction: all of it is durable when this returns, nothing of it when it throws. */
    public <T> T inTransaction(Work<T> work) throws SQLException, IOException {
        return inTransaction(Database.Mode.FORCED, work);
    }

    <T> T inTransaction(Database.Mode mode, Work<T> work) throws SQLException, IOException {
        return connection.inTransaction(mode, work);
    }

    /** Whether a commit that failed may come to its end after all; {@link #resolveDoubt} is needed then. */
    public boolean isInDoubt() {
        return connection.isInDoubt();
    }

    /**
     * Makes sure that what the ledger says now is what it will say from now on: a commit whose forced write failed may
     * lie in the log of SQLite, from where the next start would bring it back, and one whose connection was lost may
     * come to its end on the server. A write that succeeds, while no other is under way, takes its place.
     */
    public void resolveDoubt() throws SQLException, IOException {
        connection.resolveDoubt();
    }

    /**
     * A file that is to be committed.
     *
     * @param change the job's own
     * @param changeIsResult whether the file's results are the rows that the change touches
     */
    public record Commit(LedgerEntry entry, LedgerChange change, boolean changeIsResult) {}

    /**
     * The point of no return: the rows of files of one route and the job's own changes, together.
     *
     * @return the entries as they are in the ledger, with their results and their numbers
     */
    public List<LedgerEntry> commit(List<Commit> commits) throws SQLException, IOException {
        try {
            return inTransaction(c -> {
                List<LedgerEntry> counted = new ArrayList<>();
                Totals totals = Totals.NONE;
                for (Commit commit : commits) {
                    long changed = commit.change.apply(c);
                    LedgerEntry entry =
                            commit.entry.committed(0, commit.changeIsResult ? changed : commit.entry.results());
                    counted.add(entry);
                    totals = totals.plus(Totals.of(entry));
                }
                long number = addToTotal(commits.get(0).entry.route(), totals) - commits.size();
                List<LedgerEntry> committed = new ArrayList<>();
                for (LedgerEntry entry : counted) {
                    LedgerEntry numbered = entry.committed(++number, entry.results());
                    insert(numbered);
                    committed.add(numbered);
                }
                return committed;
            });
        } catch (SQLException e) {
            connection.failed(e);
            throw e;
        }
    }

    /** Writes a key that no file was handled for. */
    void add(LedgerEntry entry) throws SQLException, IOException {
        inTransaction(c -> {
            insert(entry);
            return null;
        });
    }

    private void insert(LedgerEntry entry) throws SQLException {
        PreparedStatement insert = connection.prepared(FileRows.INSERT);
        FileRows.bind(insert, entry);
        if (insert.executeUpdate() == 0) {
            throw new SQLException("The ledger knows the content of " + entry.source() + " already: " + entry.key());
        }
    }

    /**
     * Counts what a route did, in a transaction of the caller's.
     *
     * @return how many files the route has committed then
     */
    long addToTotal(String route, Totals more) throws SQLException {
        return TotalRows.add(connection.prepared(TotalRows.ADD), route, more);
    }

    /** Writes how far committed files have come. */
    public void update(Collection<LedgerEntry> entries) throws SQLException, IOException {
        update(Database.Mode.FORCED, entries);
    }

    /**
     * Writes the end of the lives of committed files, for which no write is forced: what is lost with the power, the
     * next start finds out anew from where the sources are, which have been forced before.
     */
    public void note(Collection<LedgerEntry> entries) throws SQLException, IOException {
        update(Database.Mode.UNFORCED, entries);
    }

    private void update(Database.Mode mode, Collection<LedgerEntry> entries) throws SQLException, IOException {
        if (!entries.isEmpty()) {
            inTransaction(mode, c -> {
                for (LedgerEntry entry : entries) {
                    updateRow(entry);
                }
                return null;
            });
        }
    }

    /**
     * Writes that sources stay where they are, and as what each is known there. No write is forced, as of {@link #note}.
     *
     * @param finished files whose lives end with that
     */
    public void leave(Collection<LeftSource> sources, Collection<LedgerEntry> finished)
            throws SQLException, IOException {
        inTransaction(Database.Mode.UNFORCED, c -> {
            for (LedgerEntry entry : finished) {
                updateRow(entry);
            }
            for (LeftSource source : sources) {
                LeftSourceRows.put(c, source);
            }
            return null;
        });
    }

    /** Forgets a left source; the entry, if there is one, says what became of it. */
    public void clean(LeftSource source, Optional<LedgerEntry> entry) throws SQLException, IOException {
        inTransaction(c -> {
            if (entry.isPresent()) {
                updateRow(entry.get());
            }
            LeftSourceRows.remove(c, source);
            return null;
        });
    }

    public Optional<LedgerEntry> find(String route, String key) throws SQLException {
        return select("WHERE route = ? AND key = ?", route, key).stream().findFirst();
    }

    /** The files that make contents known to a route, by the keys of those that are. */
    public Map<String, LedgerEntry> findKnown(String route, Collection<String> keys) throws SQLException {
        Map<String, LedgerEntry> known = new HashMap<>();
        List<String> all = List.copyOf(keys);
        for (int from = 0; from < all.size(); from += KEYS) {
            List<String> some = all.subList(from, Math.min(all.size(), from + KEYS));
            List<String> parameters = new ArrayList<>(List.of(route));
            parameters.addAll(some);
            // A statement is kept, and takes 100 KB: there are ten of them, not one for each number of keys.
            int places = Integer.highestOneBit(2 * some.size() - 1);
            parameters.addAll(Collections.nCopies(places - some.size(), some.get(0)));
            String each = "IN (" + String.join(", ", Collections.nCopies(places, "?")) + ")";
            for (LedgerEntry entry : select(KNOWN + each + " ORDER BY route", parameters.toArray())) {
                known.put(entry.key(), entry);
            }
        }
        return known;
    }

    /** What became of files and duplicates, the last first. */
    public List<LedgerEntry> history(HistoryQuery asked) throws SQLException {
        if (!connection.wasCurrent() && !isCurrent()) {
            throw new SQLException("The ledger is of an older version until this daemon works.");
        }
        return query(asked.select(), asked.selectParameters());
    }

    /**
     * Files without their duplicates.
     *
     * @param route null for all
     */
    public List<LedgerEntry> files(HistoryQuery asked, String route) throws SQLException {
        return filesIn(asked, route, "TRUE" + asked.where());
    }

    /** Files that have a duplicate which is asked for. */
    public List<LedgerEntry> filesThatCameAgainAs(HistoryQuery asked, String route) throws SQLException {
        return filesIn(
                asked, route, "(route, key) IN (SELECT route, key FROM duplicate WHERE TRUE" + asked.where() + ")");
    }

    private List<LedgerEntry> filesIn(HistoryQuery asked, String route, String where) throws SQLException {
        List<Object> parameters = new ArrayList<>(asked.parameters());
        parameters.add(route == null ? "" : route);
        parameters.add(asked.limit());
        return select(
                "WHERE " + where + " AND COALESCE(NULLIF(?, ''), route) = route ORDER BY sequence + 0 DESC LIMIT ?",
                parameters.toArray());
    }

    /** Files that a crash, or a step that failed, left on their way. */
    public List<LedgerEntry> unfinished() throws SQLException {
        return select("WHERE state = 'COMMITTED'");
    }

    boolean containsKey(String key) throws SQLException {
        return !select("WHERE key = ? AND state <> 'REPLAYED'", key).isEmpty();
    }

    /** @param route null for all */
    int remove(String route, String key) throws SQLException, IOException {
        return inTransaction(c -> {
            try (PreparedStatement delete =
                    c.prepareStatement("DELETE FROM file WHERE key = ? AND route = COALESCE(?, route)")) {
                delete.setString(1, key);
                delete.setString(2, route);
                return delete.executeUpdate();
            }
        });
    }

    /** Reads on the connection, each statement by itself. */
    public <T> T read(Work<T> work) throws SQLException, IOException {
        return connection.read(work);
    }

    @Override
    public void close() throws SQLException {
        connection.close();
    }

    private void updateRow(LedgerEntry entry) throws SQLException {
        PreparedStatement update = connection.prepared(UPDATE);
        update.setString(1, entry.output());
        update.setString(2, entry.rejectedOutput());
        update.setString(3, entry.archived());
        update.setString(4, entry.state().name());
        update.setLong(5, entry.finishedAt().toEpochMilli());
        update.setLong(6, entry.millis());
        update.setString(7, entry.route());
        update.setString(8, entry.key());
        update.executeUpdate();
    }

    private List<LedgerEntry> select(String where, Object... parameters) throws SQLException {
        return query("SELECT " + FileRows.COLUMNS + " FROM file " + where, parameters);
    }

    private List<LedgerEntry> query(String sql, Object... parameters) throws SQLException {
        try {
            return connection.read(c -> {
                PreparedStatement query = connection.prepared(sql);
                for (int i = 0; i < parameters.length; i++) {
                    query.setObject(i + 1, parameters[i]);
                }
                try (ResultSet rows = query.executeQuery()) {
                    List<LedgerEntry> entries = new ArrayList<>();
                    while (rows.next()) {
                        entries.add(FileRows.read(rows));
                    }
                    return entries;
                }
            });
        } catch (IOException e) {
            throw new IllegalStateException("A query opens no file.", e);
        }
    }

    /** Where it is. */
    @Override
    public String toString() {
        return connection.database().toString();
    }
}
