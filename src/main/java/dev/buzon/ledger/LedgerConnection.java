package dev.buzon.ledger;

import dev.buzon.database.Database;
import dev.buzon.database.Lease;
import dev.buzon.home.SettingsException;
import java.io.IOException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The one connection by which a ledger is written: its transactions, its statements, and the version of its schema. It
 * is made anew if it was lost. Thread-safe: it is used by one thread at a time.
 */
final class LedgerConnection {

    private final Database database;
    private Connection connection;
    private boolean closed;
    private volatile boolean current;
    private volatile Lease lease = Lease.UNSHARED;
    /** Whether a commit that failed may come to its end after all. */
    private volatile boolean inDoubt;
    /** By their SQL: preparing one takes longer than running it. */
    private final Map<String, PreparedStatement> prepared = new HashMap<>();

    private LedgerConnection(Database database) {
        this.database = database;
    }

    /** See {@link Ledger#openExisting}. */
    static Optional<LedgerConnection> openExisting(Database database) throws SQLException, IOException {
        if (!database.exists()) {
            return Optional.empty();
        }
        LedgerConnection ledger = opened(database, opening -> {
            if (opening.version() > 0) {
                opening.read(c -> {
                    LedgerSchema.expectCurrent(database, c);
                    return null;
                });
            }
        });
        if (ledger.version() > 0) {
            return Optional.of(ledger);
        }
        ledger.close();
        return Optional.empty();
    }

    /** See {@link Ledger#openWithoutRoom}. */
    static Optional<LedgerConnection> openWithoutRoom(Database database) throws SQLException, IOException {
        Optional<Database> readable = database.exists() ? database.withoutRoom() : Optional.empty();
        return readable.isPresent() ? openExisting(readable.get()) : Optional.empty();
    }

    /** See {@link Ledger#openAtStart}. */
    static LedgerConnection openAtStart(Database database) throws SQLException, IOException {
        return opened(database, opening -> {
            opening.isCurrent();
            if (!opening.read(LedgerSchema::isShared)) {
                opening.migrate();
            }
        });
    }

    private interface Opening {
        void with(LedgerConnection ledger) throws SQLException, IOException;
    }

    private static LedgerConnection opened(Database database, Opening opening) throws SQLException, IOException {
        LedgerConnection ledger = new LedgerConnection(database);
        try {
            opening.with(ledger);
            return ledger;
        } catch (SQLException e) {
            ledger.close();
            throw new SettingsException(List.of("The ledger " + database + " can't be opened: " + e.getMessage()));
        } catch (IOException | RuntimeException e) {
            ledger.close();
            throw e;
        }
    }

    Database database() {
        return database;
    }

    void workUnder(Lease held) {
        lease = held;
    }

    Lease lease() {
        return lease;
    }

    /** Of the schema, as it is now. */
    synchronized int version() throws SQLException {
        int version = LedgerSchema.versionIn(connection());
        current = version == LedgerSchema.VERSION && LedgerSchema.isCurrent(connection());
        return version;
    }

    /**
     * Whether the ledger is of this program's version: not so while the daemon stands by that will migrate it.
     *
     * @throws SettingsException if it is of a newer version
     */
    synchronized boolean isCurrent() throws SQLException {
        version();
        LedgerSchema.expectNoNewer(database, connection);
        return current;
    }

    /** As {@link #isCurrent}, when it was looked at last. */
    boolean wasCurrent() {
        return current;
    }

    /** @throws SettingsException if it is of a newer version */
    void migrate() throws SQLException, IOException {
        version();
        if (!current) {
            inTransaction(Database.Mode.ALONE, c -> {
                LedgerSchema.migrate(c, database);
                return null;
            });
        }
    }

    /** As it was left, or a new one if it was lost; asked for at the beginning of each work. */
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

    synchronized <T> T inTransaction(Database.Mode mode, Ledger.Work<T> work) throws SQLException, IOException {
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

    /** Reads on the connection, each statement by itself. */
    synchronized <T> T read(Ledger.Work<T> work) throws SQLException, IOException {
        try {
            return work.on(connection());
        } catch (SQLException e) {
            forgetPrepared();
            throw e;
        }
    }

    boolean isInDoubt() {
        return inDoubt;
    }

    /** A commit has failed. */
    void failed(SQLException failure) {
        inDoubt |= !database.isUndone(failure);
    }

    /** See {@link Ledger#resolveDoubt}. */
    synchronized void resolveDoubt() throws SQLException, IOException {
        inTransaction(Database.Mode.ALONE, c -> {
            Database.execute(c, "UPDATE ledger SET settled = settled + 1");
            return null;
        });
        inDoubt = false;
    }

    /** Only within a transaction or a read. */
    PreparedStatement prepared(String sql) throws SQLException {
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

    synchronized void close() throws SQLException {
        closed = true;
        if (connection != null) {
            forgetPrepared();
            connection.close();
        }
    }
}
