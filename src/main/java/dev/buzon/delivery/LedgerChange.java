package dev.buzon.delivery;

import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;

/** What a job changes in the ledger itself, in the transaction that commits the file. */
@FunctionalInterface
public interface LedgerChange {

    /** Changes nothing. */
    LedgerChange NONE = connection -> 0;

    /** @return how many rows it changed */
    long apply(Connection connection) throws SQLException, IOException;
}
