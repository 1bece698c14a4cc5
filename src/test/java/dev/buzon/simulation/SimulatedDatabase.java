package dev.buzon.simulation;

import dev.buzon.database.Database;
import dev.buzon.database.Lease;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Optional;
import java.util.function.Supplier;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;

/**
 * What one process sees of a simulated store: a file of its own, or a server that others share. Each call may fail, and
 * others act before it is done.
 */
public final class SimulatedDatabase implements Database {

    private static final int BYTES = 4_096;

    private final SimulatedStore store;
    private final Calls calls;
    private final boolean onServer;

    private SimulatedDatabase(SimulatedStore store, Calls calls, boolean onServer) {
        this.store = store;
        this.calls = calls;
        this.onServer = onServer;
    }

    /** Behaves as a file of SQLite. */
    public static SimulatedDatabase file(SimulatedStore store, Calls calls) {
        return new SimulatedDatabase(store, calls, false);
    }

    /** Behaves as a server of PostgreSQL. */
    public static SimulatedDatabase server(SimulatedStore store, Calls calls) {
        return new SimulatedDatabase(store, calls, true);
    }

    /**
     * This process alone has ended: its sessions end, what it left open is rolled back, and those of others go on. For a
     * server, which several processes use; see {@link SimulatedStore#processEnded}.
     */
    public void ended() throws SQLException {
        store.endSessions(this);
    }

    SimulatedStore store() {
        return store;
    }

    Calls calls() {
        return calls;
    }

    boolean onServer() {
        return onServer;
    }

    @Override
    public boolean exists() {
        if (onServer) {
            return true;
        }
        try (PreparedStatement tables = store.look().prepareStatement("SELECT 1 FROM sqlite_master LIMIT 1");
                ResultSet row = tables.executeQuery()) {
            return row.next();
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public Connection connect() throws SQLException {
        return session(false);
    }

    @Override
    public Connection reader() throws SQLException {
        return session(true);
    }

    private Connection session(boolean reader) throws SQLException {
        Fault fault = calls.before(Act.CONNECT, toString());
        if (fault != Fault.NONE) {
            throw failure(fault);
        }
        return new Session(this, reader).connection();
    }

    private static Session session(Connection connection) {
        return (Session) Proxy.getInvocationHandler(connection);
    }

    @Override
    public void begin(Connection connection, Mode mode) throws SQLException {
        session(connection).begin(mode);
    }

    @Override
    public void commit(Connection connection) throws SQLException {
        session(connection).commit();
    }

    @Override
    public boolean isUndone(SQLException failure) {
        return !onServer
                && (failure.getErrorCode() == SQLiteErrorCode.SQLITE_FULL.code
                        || failure.getErrorCode() == SQLiteErrorCode.SQLITE_BUSY.code);
    }

    @Override
    public Optional<Database> withoutRoom() {
        return Optional.empty();
    }

    @Override
    public void rollback(Connection connection) throws SQLException {
        try {
            session(connection).rollback();
        } catch (Throwable e) {
            connection.close();
            throw e;
        }
    }

    /** SQLite compares texts by their code points. */
    @Override
    public String adapted(String script) {
        return script;
    }

    @Override
    public long size(Connection connection) {
        return BYTES;
    }

    @Override
    public void check() {}

    @Override
    public Lease lease(Supplier<String> me, Runnable lost) {
        if (onServer) {
            throw new UnsupportedOperationException("There is no lease on the simulated server.");
        }
        return Lease.UNSHARED;
    }

    /** What this kind of database says about a fault. */
    SQLException failure(Fault fault) {
        if (onServer) {
            return new SQLException(fault.message(), "08006");
        }
        SQLiteErrorCode code =
                switch (fault) {
                    case REFUSED -> SQLiteErrorCode.SQLITE_BUSY;
                    case NO_SPACE -> SQLiteErrorCode.SQLITE_FULL;
                    default -> SQLiteErrorCode.SQLITE_IOERR;
                };
        return new SQLiteException("[" + code.name() + "] " + fault.message(), code);
    }

    @Override
    public String toString() {
        return onServer ? "the simulated server" : "the simulated file";
    }
}
