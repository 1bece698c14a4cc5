package dev.buzon.job;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.Iterator;
import java.util.List;

/**
 * A table that a job keeps in the ledger. If the job of a route is one, the table is shown on the page, and it is
 * published as a file of CSV in the route's outbox and in the log, once a poll is over whose files changed it. Called by
 * any thread.
 */
public interface Snapshot {

    /** The name of the file in the outbox; it is always whole, and the newest. */
    String fileName();

    /** What it is called on the page. */
    String title();

    /** What it is called in the log, with so many rows: as in "the highest of 3 people". */
    String describe(long rows);

    /** The names of its columns, which are no part of the file. */
    List<String> columns();

    /** How many rows there are. */
    long count(Connection ledger, String route) throws SQLException;

    /**
     * The rows in their order, with a text for each column. They are read as they are asked for: there may be more of them
     * than fit the memory.
     *
     * @param ledger is open until the last row was read
     */
    Iterator<List<String>> rows(Connection ledger, String route) throws SQLException;

    /** A row as it is to stand in the file. */
    default List<String> forFile(List<String> row) {
        return row;
    }
}
