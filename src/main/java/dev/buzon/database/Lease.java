package dev.buzon.database;

import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;

/**
 * Says which of the daemons that share a ledger works: the one that holds the lease. Whoever takes it gives it the next
 * number, and what is under an older one fails from then on. Thread-safe.
 */
public interface Lease extends AutoCloseable {

    /** That of a ledger which is nobody else's: always held, under the number 0. */
    Lease UNSHARED = new Lease() {
        @Override
        public boolean take() {
            return true;
        }

        @Override
        public boolean isHeld() {
            return true;
        }

        @Override
        public long number() {
            return 0;
        }

        @Override
        public String holder() {
            return null;
        }

        @Override
        public void fence(Connection connection) {}

        @Override
        public void expectHeld() {}

        @Override
        public void close() {}
    };

    /**
     * Takes it where it is free.
     *
     * @return whether it is held now
     */
    boolean take() throws SQLException;

    /** Whether it was taken, and not lost since, as far as is known here. */
    boolean isHeld();

    /** @return negative where it is not held */
    long number();

    /** Who holds it, when that was looked at last; null where that can't be told. */
    String holder();

    /**
     * Makes sure, in a transaction that writes, that it is held until the transaction is over.
     *
     * @throws SQLException where it is not
     */
    void fence(Connection connection) throws SQLException;

    /**
     * For what no transaction fences.
     *
     * @throws IOException where another may hold it by now
     */
    void expectHeld() throws IOException;

    /** Gives it back. */
    @Override
    void close();
}
