package dev.buzon.delivery;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.atomic.AtomicReference;

/** Another program that has the ledger from a step of a route on. Named in a route of a test. */
public final class LedgerLocker {

    private static final AtomicReference<Lock> NEXT = new AtomicReference<>();

    /** Holds the ledger from the next call of {@link LedgerLocker#lock} until it is closed. */
    static final class Lock implements AutoCloseable {
        private final Connection connection;

        private Lock(Connection connection) {
            this.connection = connection;
        }

        @Override
        public void close() throws SQLException {
            connection.close();
        }
    }

    static Lock next(Path ledger) throws SQLException {
        Lock lock = new Lock(DriverManager.getConnection("jdbc:sqlite:" + ledger));
        NEXT.set(lock);
        return lock;
    }

    public void lock() throws SQLException {
        Lock lock = NEXT.getAndSet(null);
        if (lock != null) {
            try (Statement statement = lock.connection.createStatement()) {
                statement.execute("BEGIN IMMEDIATE");
            }
        }
    }
}
