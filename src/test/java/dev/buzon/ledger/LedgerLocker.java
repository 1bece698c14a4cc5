package dev.buzon.ledger;

import dev.buzon.database.Database;
import dev.buzon.database.PostgresDatabase;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.concurrent.atomic.AtomicReference;

/** Another program that has the ledger from a step of a route on. Named in a route of a test. */
public final class LedgerLocker {

    private static final AtomicReference<Lock> NEXT = new AtomicReference<>();

    /** Holds the ledger from the next call of {@link LedgerLocker#lock} until it is closed. */
    public static final class Lock implements AutoCloseable {
        private final Database database;
        private final Connection connection;

        private Lock(Database database, Connection connection) {
            this.database = database;
            this.connection = connection;
        }

        @Override
        public void close() throws SQLException {
            connection.close();
        }
    }

    public static Lock next(Database database) throws SQLException {
        Lock lock = new Lock(database, database.connect());
        NEXT.set(lock);
        return lock;
    }

    /** Holds the ledger now. */
    public static Lock hold(Database database) throws SQLException {
        Lock lock = next(database);
        new LedgerLocker().lock();
        return lock;
    }

    public void lock() throws SQLException {
        Lock lock = NEXT.getAndSet(null);
        if (lock != null) {
            if (lock.database instanceof PostgresDatabase) {
                Database.execute(lock.connection, "SET idle_in_transaction_session_timeout = 0");
            }
            lock.database.begin(lock.connection, Database.Mode.ALONE);
        }
    }
}
