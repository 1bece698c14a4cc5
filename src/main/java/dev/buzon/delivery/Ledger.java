package dev.buzon.delivery;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.sqlite.SQLiteConfig;

/**
 * What became of every file, and what the jobs keep between files, durable once a method has returned. Thread-safe: one
 * connection, used by one thread at a time.
 */
public final class Ledger implements AutoCloseable {

    /** Stands for every route, in rows of keys that were put in by hand. */
    static final String ANY_ROUTE = "";

    private static final int BUSY_MILLIS = 2_000;

    private final Connection connection;

    private Ledger(Connection connection) {
        this.connection = connection;
    }

    /** A ledger in a file of SQLite, which is made where it is missing. */
    public static Ledger open(Path file) throws SQLException {
        SQLiteConfig config = new SQLiteConfig();
        config.setJournalMode(SQLiteConfig.JournalMode.WAL);
        // With NORMAL the last commits may be lost with the power.
        config.setSynchronous(SQLiteConfig.SynchronousMode.FULL);
        config.setTransactionMode(SQLiteConfig.TransactionMode.IMMEDIATE);
        config.setBusyTimeout(BUSY_MILLIS);
        return open("jdbc:sqlite:" + file, config);
    }

    private static Ledger open(String url, SQLiteConfig config) throws SQLException {
        Connection connection = DriverManager.getConnection(url, config.toProperties());
        try (InputStream schema = Ledger.class.getResourceAsStream("ledger.sql");
                Statement statement = connection.createStatement()) {
            for (String sql : new String(schema.readAllBytes(), StandardCharsets.UTF_8).split(";\\s*")) {
                statement.executeUpdate(sql);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (SQLException e) {
            connection.close();
            throw e;
        }
        return new Ledger(connection);
    }

    /** Work on the connection, in a transaction of its own. */
    @FunctionalInterface
    public interface Work<T> {
        T on(Connection connection) throws SQLException, IOException;
    }

    /** Runs work in one transaction: all of it is durable when this returns, nothing of it when it throws. */
    public synchronized <T> T inTransaction(Work<T> work) throws SQLException, IOException {
        connection.setAutoCommit(false);
        try {
            T result = work.on(connection);
            connection.commit();
            return result;
        } catch (SQLException | IOException | RuntimeException e) {
            try {
                connection.rollback();
            } catch (SQLException suppressed) {
                e.addSuppressed(suppressed);
            }
            throw e;
        } finally {
            connection.setAutoCommit(true);
        }
    }

    /**
     * The point of no return: the file's row and the job's own change, together.
     *
     * @return how many rows the job's change touched
     */
    long commit(LedgerEntry entry, LedgerChange change, boolean countChange) throws SQLException, IOException {
        return inTransaction(c -> {
            long changed = change.apply(c);
            try (PreparedStatement insert = c.prepareStatement("INSERT INTO file (route, key, source, bytes, records,"
                    + " results, rejected, output, rejected_output, archived, state, error, started_at, finished_at,"
                    + " millis) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)")) {
                insert.setString(1, entry.route());
                insert.setString(2, entry.key());
                insert.setString(3, entry.source());
                insert.setLong(4, entry.bytes());
                insert.setLong(5, entry.records());
                insert.setLong(6, countChange ? changed : entry.results());
                insert.setLong(7, entry.rejected());
                insert.setString(8, entry.output());
                insert.setString(9, entry.rejectedOutput());
                insert.setString(10, entry.archived());
                insert.setString(11, entry.state().name());
                insert.setString(12, entry.error());
                insert.setLong(13, entry.startedAt().toEpochMilli());
                insert.setLong(14, entry.finishedAt().toEpochMilli());
                insert.setLong(15, entry.millis());
                insert.executeUpdate();
            }
            return changed;
        });
    }

    /** Writes how far a committed file has come. */
    void update(LedgerEntry entry) throws SQLException, IOException {
        inTransaction(c -> {
            updateRow(c, entry);
            return null;
        });
    }

    /** Writes that a file's source stays where it is, and as what it is known there. */
    void leave(LedgerEntry entry, LeftSource source) throws SQLException, IOException {
        inTransaction(c -> {
            updateRow(c, entry);
            try (PreparedStatement upsert =
                    c.prepareStatement("INSERT INTO left_source (path, route, key, inode, bytes,"
                            + " modified_at) VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (path) DO UPDATE SET key = excluded.key,"
                            + " inode = excluded.inode, bytes = excluded.bytes, modified_at = excluded.modified_at")) {
                upsert.setString(1, source.path().toString());
                upsert.setString(2, source.route());
                upsert.setString(3, source.key());
                upsert.setLong(4, source.identity().inode());
                upsert.setLong(5, source.identity().size());
                upsert.setString(6, source.identity().modified().toString());
                upsert.executeUpdate();
            }
            return null;
        });
    }

    /** Forgets a left source; the entry, where there is one, says what became of it. */
    void clean(LeftSource source, Optional<LedgerEntry> entry) throws SQLException, IOException {
        inTransaction(c -> {
            if (entry.isPresent()) {
                updateRow(c, entry.get());
            }
            try (PreparedStatement delete = c.prepareStatement("DELETE FROM left_source WHERE path = ?")) {
                delete.setString(1, source.path().toString());
                delete.executeUpdate();
            }
            return null;
        });
    }

    public Optional<LedgerEntry> find(String route, String key) throws SQLException {
        return select("WHERE route = ? AND key = ?", route, key).stream().findFirst();
    }

    /** The file that makes this content known to a route. */
    Optional<LedgerEntry> findForRoute(String route, String key) throws SQLException {
        Optional<LedgerEntry> own = find(route, key);
        return own.isPresent() ? own : find(ANY_ROUTE, key);
    }

    /** Files that a crash, or a step that failed, left on their way. */
    List<LedgerEntry> unfinished() throws SQLException {
        return select("WHERE state = 'COMMITTED'");
    }

    boolean containsKey(String key) throws SQLException {
        return !select("WHERE key = ?", key).isEmpty();
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

    synchronized List<LeftSource> leftSources() throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("SELECT * FROM left_source")) {
            List<LeftSource> sources = new ArrayList<>();
            while (rows.next()) {
                sources.add(new LeftSource(
                        Path.of(rows.getString("path")),
                        rows.getString("route"),
                        rows.getString("key"),
                        new dev.buzon.intake.FileIdentity(
                                rows.getLong("inode"),
                                rows.getLong("bytes"),
                                FileTime.from(Instant.parse(rows.getString("modified_at"))))));
            }
            return sources;
        }
    }

    @Override
    public synchronized void close() throws SQLException {
        connection.close();
    }

    private static void updateRow(Connection c, LedgerEntry entry) throws SQLException {
        try (PreparedStatement update = c.prepareStatement("UPDATE file SET output = ?, rejected_output = ?,"
                + " archived = ?, state = ?, finished_at = ?, millis = ? WHERE route = ? AND key = ?")) {
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
    }

    private synchronized List<LedgerEntry> select(String where, String... parameters) throws SQLException {
        try (PreparedStatement query = connection.prepareStatement("SELECT * FROM file " + where)) {
            for (int i = 0; i < parameters.length; i++) {
                query.setString(i + 1, parameters[i]);
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
                            rows.getString("error"),
                            Instant.ofEpochMilli(rows.getLong("started_at")),
                            Instant.ofEpochMilli(rows.getLong("finished_at")),
                            rows.getLong("millis")));
                }
                return entries;
            }
        }
    }
}
