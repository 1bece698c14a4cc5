package dev.buzon.job;

import java.util.List;

/**
 * The tables that a job keeps in the ledger. A class that implements it is named in {@code
 * META-INF/services/dev.buzon.job.JobTables}, as {@link java.util.ServiceLoader} has it; the service makes the tables, and
 * moves them with the ledger.
 */
public interface JobTables {

    /** The name under which the ledger writes down of which version the tables are. */
    String job();

    /**
     * The scripts that make the tables, in the SQL that SQLite and PostgreSQL have in common: the first makes those of
     * version 1, and each other makes them of its version out of the one before. They run once each, in one transaction.
     * A statement ends with a {@code ;}, which stands nowhere else in a script. The name of a table is none of the
     * ledger's own ones: {@code file}, {@code duplicate}, {@code left_source}, {@code total}, {@code ledger}, {@code
     * lease} and {@code job}.
     */
    List<String> scripts();
}
