package dev.buzon.delivery;

import dev.buzon.database.Database;
import dev.buzon.database.Lease;
import dev.buzon.home.SettingsException;
import java.io.IOException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.EnumMap;
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

    /** Of the index that has these alone. */
    private static final String WITH_REJECTED = "(rejected > 0 OR error IS NOT NULL)";

    private static final String DELETE_REPLAYED = "DELETE FROM file WHERE route = ? AND key = ? AND state = 'REPLAYED'";

    private static final String UPDATE = "UPDATE file SET output = ?, rejected_output = ?,"
            + " archived = ?, state = ?, finished_at = ?, millis = ? WHERE route = ? AND key = ?";

    private final Database database;
    private Connection connection;
    private boolean closed;
    private volatile boolean current;
    private volatile Lease lease = Lease.UNSHARED;
    /** Whether a commit that failed may come to its end after all. */
    private volatile boolean unsettled;
    /** By their SQL: preparing one takes longer than running it. */
    private final Map<String, PreparedStatement> prepared = new HashMap<>();

    private Ledger(Database database) {
        this.database = database;
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
        if (!database.exists()) {
            return Optional.empty();
        }
        Ledger ledger = opened(database, opening -> {
            int found = opening.version();
            if (found > 0) {
                LedgerSchema.expectCurrent(database, found);
            }
        });
        if (ledger.version() > 0) {
            return Optional.of(ledger);
        }
        ledger.close();
        return Optional.empty();
    }

    /**
     * For who holds the home's lock: the ledger is made if it is missing, and becomes one of this program's version. If
     * daemons share it, that is left to {@link #migrate}, by the one that holds their lease.
     *
     * @throws SettingsException if it can't be opened, or is of a newer version
     */
    public static Ledger openAtStart(Database database) throws SQLException, IOException {
        return opened(database, opening -> {
            LedgerSchema.expectNoNewer(database, opening.version());
            if (!LedgerSchema.isShared(opening.connection())) {
                opening.migrate();
            }
        });
    }

    private interface Opening {
        void with(Ledger ledger) throws SQLException, IOException;
    }

    private static Ledger opened(Database database, Opening opening) throws SQLException, IOException {
        Ledger ledger = new Ledger(database);
        try {
            opening.with(ledger);
        } catch (SQLException e) {
            ledger.close();
            throw new SettingsException(List.of("The ledger " + database + " can't be opened: " + e.getMessage()));
        } catch (IOException | RuntimeException e) {
            ledger.close();
            throw e;
        }
        return ledger;
    }

    /**
     * Makes it a ledger of this program's version. Only for who holds the home's lock and the lease: no other daemon
     * works on it.
     *
     * @throws SettingsException if it is of a newer version
     */
    void migrate() throws SQLException, IOException {
        if (version() != LedgerSchema.VERSION) {
            inTransaction(Database.Mode.ALONE, c -> {
                LedgerSchema.migrate(c, database);
                return null;
            });
        }
    }

    /** Of the schema, as it is now. */
    private synchronized int version() throws SQLException {
        int version = LedgerSchema.versionIn(connection());
        current = version == LedgerSchema.VERSION;
        return version;
    }

    /**
     * Whether it is of this program's version: not so while the daemon stands by that will migrate it.
     *
     * @throws SettingsException if it is of a newer version
     */
    boolean isCurrent() throws SQLException {
        LedgerSchema.expectNoNewer(database, version());
        return current;
    }

    /** As it was left, or a new one where it was lost; asked for at the beginning of each work. */
    private Connection connection() throws SQLException {
        if (closed) {
            throw new SQLException("The ledger is closed.");
        }
        if (connection == null || connection.isClosed()) {
            prepared.clear();
            connection = database.connect();
        }
        return connection;
    }

    /** From now on nothing is written where this lease is not held. */
    public void workUnder(Lease held) {
        lease = held;
    }

    /** Under which number of the lease it is written to. */
    long leaseNumber() {
        return lease.number();
    }

    /**
     * To be called before anything is moved or removed that all daemons see.
     *
     * @throws IOException where another daemon may work by now
     */
    void expectHeld() throws IOException {
        lease.expectHeld();
    }

    /** A connection of its own for a long read, which holds nobody up. It can't write, and its caller closes it. */
    public Connection reader() throws SQLException {
        return database.reader();
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

    synchronized <T> T inTransaction(Database.Mode mode, Work<T> work) throws SQLException, IOException {
        Connection c = connection();
        try {
            database.begin(c, mode);
            lease.fence(c);
            T result = work.on(c);
            database.commit(c);
            return result;
        } catch (Throwable e) {
            // An Error of a job's change, too: what it left open would be a part of the next transaction.
            forgetPrepared();
            try {
                database.rollback(c);
            } catch (Throwable suppressed) {
                // The connection is closed then.
                e.addSuppressed(suppressed);
                connection = null;
            }
            throw e;
        }
    }

    /** Whether each commit that failed has left nothing that could come back; otherwise {@link #settle} is needed. */
    boolean isSettled() {
        return !unsettled;
    }

    /**
     * Makes sure that what the ledger says now is what it will say from now on: a commit whose forced write failed may
     * lie in the log of SQLite, from where the next start would bring it back, and one whose connection was lost may
     * come to its end on the server. A write that succeeds, while no other is under way, takes its place.
     */
    void settle() throws SQLException, IOException {
        inTransaction(Database.Mode.ALONE, c -> {
            Database.execute(c, "UPDATE ledger SET settled = settled + 1");
            return null;
        });
        unsettled = false;
    }

    /**
     * The point of no return: the file's row and the job's own change, together.
     *
     * @param countChange whether the results are the rows that the change touches
     * @return the entry as it is in the ledger, with its results and its batch
     */
    LedgerEntry commit(LedgerEntry entry, LedgerChange change, boolean countChange) throws SQLException, IOException {
        try {
            return inTransaction(c -> {
                long changed = change.apply(c);
                LedgerEntry counted = entry.committed(0, countChange ? changed : entry.results());
                LedgerEntry committed =
                        counted.committed(addToTotal(entry.route(), Totals.of(counted)), counted.results());
                insert(committed);
                return committed;
            });
        } catch (SQLException e) {
            unsettled |= !database.isUndone(e);
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
        PreparedStatement delete = prepared(DELETE_REPLAYED);
        delete.setString(1, entry.route());
        delete.setString(2, entry.key());
        delete.executeUpdate();
        PreparedStatement insert = prepared(FileRows.INSERT);
        FileRows.bind(insert, entry);
        insert.executeUpdate();
    }

    /** PostgreSQL has no such character, and bad input may. */
    static String withoutNul(String text) {
        return text == null ? null : text.replace('\0', '\uFFFD');
    }

    /**
     * Counts what a route did, in a transaction of the caller's.
     *
     * @return how many files the route has committed then
     */
    long addToTotal(String route, Totals more) throws SQLException {
        return TotalRows.add(prepared(TotalRows.ADD), route, more);
    }

    /** Writes how far a committed file has come. */
    void update(LedgerEntry entry) throws SQLException, IOException {
        inTransaction(c -> {
            updateRow(entry);
            return null;
        });
    }

    /**
     * Writes the end of a committed file's life, for which no write is forced: what is lost with the power, the next
     * start finds out anew from where the source is, which has been forced before.
     */
    void note(LedgerEntry entry) throws SQLException, IOException {
        inTransaction(Database.Mode.UNFORCED, c -> {
            updateRow(entry);
            return null;
        });
    }

    /** Writes that a file's source stays where it is, and as what it is known there. */
    void leave(LedgerEntry entry, LeftSource source) throws SQLException, IOException {
        inTransaction(c -> {
            updateRow(entry);
            LeftSourceRows.put(c, source);
            return null;
        });
    }

    /** Forgets a left source; the entry, where there is one, says what became of it. */
    void clean(LeftSource source, Optional<LedgerEntry> entry) throws SQLException, IOException {
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

    /** The file that makes this content known to a route. */
    Optional<LedgerEntry> findKnown(String route, String key) throws SQLException {
        return select(
                        "WHERE route IN (?, '" + ANY_ROUTE
                                + "') AND key = ? AND state <> 'REPLAYED' ORDER BY route DESC",
                        route,
                        key)
                .stream()
                .findFirst();
    }

    /** What became of files and duplicates, the last first. */
    public List<LedgerEntry> history(HistoryQuery asked) throws SQLException {
        if (!current && !isCurrent()) {
            throw new SQLException("The ledger is of an older version until this daemon works.");
        }
        String files = "SELECT " + FileRows.COLUMNS + ", sequence FROM file WHERE "
                + (asked.rejected() ? WITH_REJECTED : "TRUE") + asked.where();
        String duplicates = " UNION ALL SELECT route, key, source, bytes, 0, 0, 0, NULL, NULL, archived,"
                + " 'DUPLICATE', NULL, started_at, finished_at, millis, NULL, 0, 0, sequence FROM duplicate"
                + " WHERE TRUE" + asked.where();
        List<Object> parameters = new ArrayList<>(asked.parameters());
        if (!asked.rejected()) {
            parameters.addAll(asked.parameters());
        }
        parameters.add(asked.limit());
        // The index of the sequence is for those who ask for the last rows alone: others have one of their own.
        return query(
                "SELECT * FROM (" + files + (asked.rejected() ? "" : duplicates) + ") AS asked ORDER BY sequence"
                        + (asked.where().isEmpty() ? "" : " + 0") + " DESC LIMIT ?",
                parameters.toArray());
    }

    /**
     * Files without their duplicates.
     *
     * @param route null for all
     */
    List<LedgerEntry> files(HistoryQuery asked, String route) throws SQLException {
        return filesIn(asked, route, "TRUE" + asked.where());
    }

    /** Files that have a duplicate which is asked for. */
    List<LedgerEntry> filesThatCameAgainAs(HistoryQuery asked, String route) throws SQLException {
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

    /** What a route has done, of all time. */
    public synchronized Totals totals(String route) throws SQLException {
        connection();
        try {
            return TotalRows.read(prepared(TotalRows.SELECT), route);
        } catch (SQLException e) {
            forgetPrepared();
            throw e;
        }
    }

    /** How many files there are in each state. Reads all rows, without holding anybody up. */
    public Map<FileState, Long> rows() throws SQLException {
        Map<FileState, Long> rows = new EnumMap<>(FileState.class);
        try (Connection reader = reader();
                Statement statement = reader.createStatement();
                ResultSet counts = statement.executeQuery("SELECT state, COUNT(*) FROM file GROUP BY state"
                        + " UNION ALL SELECT 'DUPLICATE', COUNT(*) FROM duplicate")) {
            while (counts.next()) {
                rows.put(FileState.valueOf(counts.getString(1)), counts.getLong(2));
            }
        }
        return rows;
    }

    /** Files that a crash, or a step that failed, left on their way. */
    List<LedgerEntry> unfinished() throws SQLException {
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
    synchronized <T> T read(Work<T> work) throws SQLException, IOException {
        return work.on(connection());
    }

    @Override
    public synchronized void close() throws SQLException {
        closed = true;
        if (connection != null) {
            forgetPrepared();
            connection.close();
        }
    }

    private void updateRow(LedgerEntry entry) throws SQLException {
        PreparedStatement update = prepared(UPDATE);
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

    private PreparedStatement prepared(String sql) throws SQLException {
        PreparedStatement statement = prepared.get(sql);
        if (statement == null) {
            statement = connection.prepareStatement(sql);
            prepared.put(sql, statement);
        }
        return statement;
    }

    /** One that failed may be closed, or hold a lock. */
    private void forgetPrepared() {
        for (PreparedStatement statement : prepared.values()) {
            try {
                statement.close();
            } catch (SQLException e) {
                // It is not used any more.
            }
        }
        prepared.clear();
    }

    private List<LedgerEntry> select(String where, Object... parameters) throws SQLException {
        return query("SELECT " + FileRows.COLUMNS + " FROM file " + where, parameters);
    }

    private synchronized List<LedgerEntry> query(String sql, Object... parameters) throws SQLException {
        connection();
        try {
            PreparedStatement query = prepared(sql);
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
        } catch (SQLException e) {
            forgetPrepared();
            throw e;
        }
    }

    /** Where it is. */
    @Override
    public String toString() {
        return database.toString();
    }
}
