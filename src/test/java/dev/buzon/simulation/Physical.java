package dev.buzon.simulation;

import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import org.sqlite.JDBC;
import org.sqlite.SQLiteConnection;
import org.sqlite.SQLiteUpdateListener;

/** The one connection to SQLite, in memory, which all sessions go through. */
final class Physical implements AutoCloseable {

    /** Where the header of an image says whether a log belongs to it, as no image in memory can have one. */
    private static final int WRITE_VERSION = 18;

    private static final int READ_VERSION = 19;
    private static final byte NO_LOG = 1;

    /** A row of a table, by its number. */
    record Row(String table, long number) {}

    private final SQLiteConnection connection;
    private final PreparedStatement begin;
    private final PreparedStatement commit;
    private final PreparedStatement rollback;
    private final byte[] empty;
    /** Statements that nobody uses now, by their SQL: preparing one takes longer than running it. */
    private final Map<String, Deque<PreparedStatement>> idle = new HashMap<>();

    private final Set<Row> touched = new HashSet<>();
    private final SQLiteUpdateListener watch = (type, database, table, row) -> touched.add(new Row(table, row));
    private boolean watching;

    Physical() throws SQLException {
        connection = JDBC.createConnection("jdbc:sqlite::memory:", new Properties());
        begin = connection.prepareStatement("BEGIN IMMEDIATE");
        commit = connection.prepareStatement("COMMIT");
        rollback = connection.prepareStatement("ROLLBACK");
        try (Statement statement = connection.createStatement()) {
            // Without a first write there is no page, and an image of no page can't be loaded.
            statement.execute("PRAGMA user_version = 1");
            statement.execute("PRAGMA user_version = 0");
        }
        empty = connection.serialize("main");
    }

    SQLiteConnection connection() {
        return connection;
    }

    /** Replaces all that is stored. No transaction is open, and no statement is used any more. */
    void load(byte[] image) throws SQLException {
        // One that is kept could run on the pages of the tables that were there before.
        for (Deque<PreparedStatement> statements : idle.values()) {
            for (PreparedStatement statement : statements) {
                statement.close();
            }
        }
        idle.clear();
        byte[] loaded = image.length == 0 ? empty : image;
        if (loaded[WRITE_VERSION] != NO_LOG || loaded[READ_VERSION] != NO_LOG) {
            loaded = loaded.clone();
            loaded[WRITE_VERSION] = NO_LOG;
            loaded[READ_VERSION] = NO_LOG;
        }
        connection.deserialize("main", loaded);
    }

    byte[] image() throws SQLException {
        return connection.serialize("main");
    }

    PreparedStatement prepare(String sql) throws SQLException {
        Deque<PreparedStatement> statements = idle.get(sql);
        return statements == null || statements.isEmpty() ? connection.prepareStatement(sql) : statements.removeLast();
    }

    /** Takes a statement back whose rows are read. */
    void giveBack(String sql, PreparedStatement statement) throws SQLException {
        statement.clearBatch();
        idle.computeIfAbsent(sql, s -> new ArrayDeque<>()).addLast(statement);
    }

    void begin() throws SQLException {
        begin.execute();
    }

    void commit() throws SQLException {
        commit.execute();
    }

    void rollback() throws SQLException {
        rollback.execute();
    }

    /** How many rows were changed so far. */
    long changed() throws SQLException {
        return connection.getDatabase().total_changes();
    }

    /** From now on, or no longer, the rows are told that are changed. */
    void watch(boolean on) {
        if (on != watching) {
            watching = on;
            if (on) {
                connection.addUpdateListener(watch);
            } else {
                connection.removeUpdateListener(watch);
            }
        }
    }

    /** The rows that were changed since this was asked for last, as far as they were watched. */
    Set<Row> touched() {
        if (touched.isEmpty()) {
            return Set.of();
        }
        Set<Row> rows = Set.copyOf(touched);
        touched.clear();
        return rows;
    }

    /**
     * Does again what was done once, in a transaction of the caller's.
     *
     * @return false if an insert finds a row in its place: the rest is not done
     */
    boolean redo(List<Change> changes) throws SQLException {
        for (Change change : changes) {
            long before = changed();
            redo(change);
            if (change.isInsert() && changed() == before) {
                return false;
            }
        }
        return true;
    }

    private void redo(Change change) throws SQLException {
        PreparedStatement statement = prepare(change.sql());
        try {
            for (int i = 0; i < change.parameters().size(); i++) {
                statement.setObject(i + 1, change.parameters().get(i));
            }
            if (statement.execute()) {
                statement.getResultSet().close();
            }
        } catch (SQLException e) {
            statement.close();
            throw e;
        }
        giveBack(change.sql(), statement);
    }

    @Override
    public void close() throws SQLException {
        connection.close();
    }
}
