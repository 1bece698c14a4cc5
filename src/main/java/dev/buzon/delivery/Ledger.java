package dev.buzon.delivery;

import dev.buzon.database.Database;
import dev.buzon.database.Lease;
import dev.buzon.home.SettingsException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
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

    private static final String COLUMNS = "route, key, source, bytes, records, results, rejected, output,"
            + " rejected_output, archived, state, error, started_at, finished_at, millis, charset, batch, lease";

    private static final String INSERT =
            "INSERT INTO file (" + COLUMNS + ") VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";

    private static final String ADD_TO_TOTAL = "INSERT INTO total (route, handled, duplicates, rejected_files, bytes,"
            + " records, results, rejected_records, last_success) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"
            + " ON CONFLICT (route) DO UPDATE SET handled = total.handled + excluded.handled,"
            + " duplicates = total.duplicates + excluded.duplicates,"
            + " rejected_files = total.rejected_files + excluded.rejected_files,"
            + " bytes = total.bytes + excluded.bytes, records = total.records + excluded.records,"
            + " results = total.results + excluded.results,"
            + " rejected_records = total.rejected_records + excluded.rejected_records,"
            + " last_success = COALESCE(excluded.last_success, total.last_success)"
            + " RETURNING handled + rejected_files";

    /** Of the index that has these alone. */
    private static final String WITH_REJECTED = "(rejected > 0 OR error IS NOT NULL)";

    private static final String DELETE_REPLAYED = "DELETE FROM file WHERE route = ? AND key = ? AND state = 'REPLAYED'";

    private static final String UPDATE = "UPDATE file SET output = ?, rejected_output = ?,"
            + " archived = ?, state = ?, finished_at = ?, millis = ? WHERE route = ? AND key = ?";

    /** Of the schema: there is a script for each, which makes it of the one before. */
    private static final int VERSION = 4;

    private final Database database;
    private Connection connection;
    private boolean closed;
    private volatile Lease lease = Lease.UNSHARED;
    /** By their SQL: preparing one takes longer than running it. */
    private final Map<String, PreparedStatement> prepared = new HashMap<>();

    private Ledger(Database database) {
        this.database = database;
    }

    /**
     * The ledger of a database, which is made where it is missing.
     *
     * @throws SettingsException where it can't be opened
     */
    public static Ledger open(Database database) throws SQLException, IOException {
        Ledger ledger = new Ledger(database);
        try {
            ledger.migrate();
        } catch (SQLException e) {
            ledger.close();
            throw new SettingsException(List.of("The ledger " + database + " can't be opened: " + e.getMessage()));
        } catch (IOException | RuntimeException e) {
            ledger.close();
            throw e;
        }
        return ledger;
    }

    private void migrate() throws SQLException, IOException {
        if (version() == VERSION) {
            return;
        }
        inTransaction(Database.Mode.ALONE, c -> {
            int found = version();
            if (found > VERSION) {
                throw new SettingsException(List.of("The ledger was written by a newer Buzón: its version is " + found
                        + ", and " + VERSION + " is the newest that is known here."));
            }
            for (int version = found + 1; version <= VERSION; version++) {
                try (InputStream script = Ledger.class.getResourceAsStream("ledger-" + version + ".sql")) {
                    String sql = new String(script.readAllBytes(), StandardCharsets.UTF_8);
                    for (String statement : database.adapted(sql).split(";\\s*")) {
                        Database.execute(c, statement);
                    }
                }
            }
            Database.execute(c, "UPDATE ledger SET version = " + VERSION);
            return null;
        });
    }

    /** Of the schema as it is: 0 where it is empty, or as it was before versions were written down. */
    private int version() throws SQLException {
        Connection c = connection();
        try (ResultSet table = c.getMetaData().getTables(null, c.getSchema(), "ledger", null)) {
            if (!table.next()) {
                return 0;
            }
        }
        try (Statement statement = c.createStatement();
                ResultSet row = statement.executeQuery("SELECT version FROM ledger")) {
            row.next();
            return row.getInt(1);
        }
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
        } catch (SQLException | IOException | RuntimeException e) {
            forgetPrepared();
            try {
                database.rollback(c);
            } catch (SQLException suppressed) {
                e.addSuppressed(suppressed);
            }
            throw e;
        }
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
    }

    /**
     * The point of no return: the file's row and the job's own change, together.
     *
     * @param countChange whether the results are the rows that the change touches
     * @return the entry as it is in the ledger, with its results and its batch
     */
    LedgerEntry commit(LedgerEntry entry, LedgerChange change, boolean countChange) throws SQLException, IOException {
        return inTransaction(c -> {
            long changed = change.apply(c);
            LedgerEntry counted = entry.committed(0, countChange ? changed : entry.results());
            LedgerEntry committed = counted.committed(addToTotal(entry.route(), Totals.of(counted)), counted.results());
            insert(committed);
            return committed;
        });
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
        PreparedStatement insert = prepared(INSERT);
        insert.setString(1, entry.route());
        insert.setString(2, entry.key());
        insert.setString(3, entry.source());
        insert.setLong(4, entry.bytes());
        insert.setLong(5, entry.records());
        insert.setLong(6, entry.results());
        insert.setLong(7, entry.rejected());
        insert.setString(8, entry.output());
        insert.setString(9, entry.rejectedOutput());
        insert.setString(10, entry.archived());
        insert.setString(11, entry.state().name());
        insert.setString(12, withoutNul(entry.error()));
        insert.setLong(13, entry.startedAt().toEpochMilli());
        insert.setLong(14, entry.finishedAt().toEpochMilli());
        insert.setLong(15, entry.millis());
        insert.setString(16, entry.charset());
        insert.setLong(17, entry.batch());
        insert.setLong(18, entry.lease());
        insert.executeUpdate();
    }

    /** PostgreSQL has no such character, and bad input may. */
    static String withoutNul(String text) {
        return text == null ? null : text.replace('\0', '\uFFFD');
    }

    /** @return how many files the route has committed then */
    private long addToTotal(String route, Totals more) throws SQLException {
        PreparedStatement add = prepared(ADD_TO_TOTAL);
        add.setString(1, route);
        add.setLong(2, more.handled());
        add.setLong(3, more.duplicates());
        add.setLong(4, more.rejectedFiles());
        add.setLong(5, more.bytes());
        add.setLong(6, more.records());
        add.setLong(7, more.results());
        add.setLong(8, more.rejectedRecords());
        add.setObject(9, more.lastSuccess() == null ? null : more.lastSuccess().toEpochMilli());
        try (ResultSet row = add.executeQuery()) {
            row.next();
            return row.getLong(1);
        }
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

    /** What became of files. */
    public List<LedgerEntry> history(HistoryQuery asked) throws SQLException {
        String files =
                "SELECT " + COLUMNS + " FROM file WHERE " + (asked.rejected() ? WITH_REJECTED : "TRUE") + asked.where();
        String duplicates = " UNION ALL SELECT route, key, source, bytes, 0, 0, 0, NULL, NULL, archived,"
                + " 'DUPLICATE', NULL, started_at, finished_at, finished_at - started_at, NULL, 0, 0 FROM duplicate"
                + " WHERE TRUE" + asked.where();
        List<Object> parameters = new ArrayList<>(asked.parameters());
        if (!asked.rejected()) {
            parameters.addAll(asked.parameters());
        }
        parameters.add(asked.limit());
        return query(
                files + (asked.rejected() ? "" : duplicates) + " ORDER BY started_at DESC LIMIT ?",
                parameters.toArray());
    }

    /** What a route has done, of all time. */
    public synchronized Totals totals(String route) throws SQLException {
        connection();
        PreparedStatement select = prepared("SELECT * FROM total WHERE route = ?");
        select.setString(1, route);
        try (ResultSet row = select.executeQuery()) {
            return row.next() ? Totals.of(row) : Totals.NONE;
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

    /** Writes that a source had a content which was known. */
    void addDuplicate(String route, String key, String source, long bytes, String archived, Instant startedAt)
            throws SQLException, IOException {
        inTransaction(c -> {
            try (PreparedStatement insert = c.prepareStatement("INSERT INTO duplicate (route, key, source, bytes,"
                    + " archived, started_at, finished_at) VALUES (?, ?, ?, ?, ?, ?, ?)")) {
                insert.setString(1, route);
                insert.setString(2, key);
                insert.setString(3, source);
                insert.setLong(4, bytes);
                insert.setString(5, archived);
                insert.setLong(6, startedAt.toEpochMilli());
                insert.setLong(7, Instant.now().toEpochMilli());
                insert.executeUpdate();
            }
            return addToTotal(route, Totals.DUPLICATE);
        });
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
        return query("SELECT " + COLUMNS + " FROM file " + where, parameters);
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
                    entries.add(new LedgerEntry(
                            rows.getString("route"),
                            rows.getString("key"),
                            rows.getString("source"),
                            rows.getLong("bytes"),
                            rows.getLong("records"),
                            rows.getLong("results"),
                            rows.getLong("rejected"),
                            rows.getString("output"),
                            rows.getString("rejected_output"),
                            rows.getString("archived"),
                            FileState.valueOf(rows.getString("state")),
                            rows.getString("charset"),
                            rows.getString("error"),
                            Instant.ofEpochMilli(rows.getLong("started_at")),
                            Instant.ofEpochMilli(rows.getLong("finished_at")),
                            rows.getLong("millis"),
                            rows.getLong("batch"),
                            rows.getLong("lease")));
                }
                return entries;
            }
        } catch (SQLException e) {
            forgetPrepared();
            throw e;
        }
    }
}
