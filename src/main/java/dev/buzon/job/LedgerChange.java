package dev.buzon.job;

import java.io.IOException;
import java.io.Serializable;
import java.sql.Connection;
import java.sql.SQLException;

/**
 * What a job changes in its own tables of the ledger, in the transaction that commits the file. A task on another machine
 * may make it.
 */
@FunctionalInterface
public interface LedgerChange extends Serializable {

    /** Changes nothing. */
    LedgerChange NONE = new None();

    /** @return how many rows it changed */
    long apply(Connection connection) throws SQLException, IOException;

    /** A record, as a lambda takes long to be sent. */
    record None() implements LedgerChange {

        @Override
        public long apply(Connection connection) {
            return 0;
        }
    }
}
