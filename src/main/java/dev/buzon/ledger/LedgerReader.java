package dev.buzon.ledger;

import dev.buzon.database.Database;
import java.io.IOException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Looks at the ledger over a connection of its own: it waits for no transaction, and none waits for it. Used by one
 * thread at a time, but for {@link #close}.
 */
public final class LedgerReader implements AutoCloseable {

    private final Database database;
    /** Held while the connection is used. */
    private final ReentrantLock use = new ReentrantLock();

    private Connection connection;
    private volatile boolean closed;

    /** @param database of a ledger that has been opened */
    public LedgerReader(Database database) {
        this.database = database;
    }

    /**
     * What one look sees.
     *
     * @param totals of all time, by route; a route that has done nothing is not among them
     * @param bytes on disk
     */
    public record Glance(Map<String, Totals> totals, long bytes) {

        /** Of a route, of all time. */
        public Totals totals(String route) {
            return totals.getOrDefault(route, Totals.NONE);
        }
    }

    /**
     * @throws SQLException if it can't be read
     * @throws IOException if its file is gone
     */
    public Glance look() throws SQLException, IOException {
        use.lock();
        try {
            database.check();
            Map<String, Totals> totals = new HashMap<>();
            try (Statement statement = connection().createStatement();
                    ResultSet rows = statement.executeQuery("SELECT * FROM total")) {
                while (rows.next()) {
                    totals.put(rows.getString("route"), Totals.of(rows));
                }
            }
            long bytes = database.size(connection);
            if (!connection.getAutoCommit()) {
                // The next look is to see what comes after this one.
                connection.rollback();
            }
            return new Glance(totals, bytes);
        } catch (SQLException | IOException | RuntimeException e) {
            disconnect();
            throw e;
        } finally {
            use.unlock();
            if (closed) {
                close();
            }
        }
    }

    /** How many files there are in each state. Reads all rows, over a connection of its own. */
    public Map<FileState, Long> rows() throws SQLException {
        Map<FileState, Long> rows = new EnumMap<>(FileState.class);
        try (Connection reader = database.reader();
                Statement statement = reader.createStatement();
                ResultSet counts = statement.executeQuery("SELECT state, COUNT(*) FROM file GROUP BY state"
                        + " UNION ALL SELECT 'DUPLICATE', COUNT(*) FROM duplicate")) {
            while (counts.next()) {
                rows.put(FileState.valueOf(counts.getString(1)), counts.getLong(2));
            }
        }
        return rows;
    }

    private Connection connection() throws SQLException {
        if (closed) {
            throw new SQLException("The ledger is closed.");
        }
        if (connection == null) {
            connection = database.reader();
        }
        return connection;
    }

    private void disconnect() {
        Connection lost = connection;
        connection = null;
        try {
            if (lost != null) {
                lost.close();
            }
        } catch (SQLException e) {
            // It is not used any more.
        }
    }

    /** Waits for no look that is under way: that one closes the connection when it comes to its end. */
    @Override
    public void close() {
        closed = true;
        if (use.tryLock()) {
            try {
                disconnect();
            } finally {
                use.unlock();
            }
        }
    }
}
