package dev.buzon.ledger;

import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Collections;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The rows of the ledger that tell of files. */
final class FileRows {

    static final String COLUMNS = "route, key, source, bytes, records, results, rejected, output,"
            + " rejected_output, archived, state, error, started_at, finished_at, millis, charset, batch, lease";

    /** Of the next row among files and duplicates: who writes is alone. */
    static final String NEXT_IN_SEQUENCE = "(SELECT COALESCE(MAX(sequence), 0) + 1 FROM"
            + " (SELECT MAX(sequence) AS sequence FROM file UNION ALL SELECT MAX(sequence) FROM duplicate) AS every_row)";

    /** A file that is to be handled anew gives way. */
    static final String INSERT = "INSERT INTO file (" + COLUMNS + ", sequence) VALUES ("
            + String.join(", ", Collections.nCopies(COLUMNS.split(",").length, "?")) + ", " + NEXT_IN_SEQUENCE
            + ") ON CONFLICT (route, key) DO UPDATE SET "
            + Stream.of((COLUMNS + ", sequence").split(", "))
                    .map(column -> column + " = excluded." + column)
                    .collect(Collectors.joining(", "))
            + " WHERE file.state = 'REPLAYED'";

    private FileRows() {}

    /** @param insert of {@link #INSERT} */
    static void bind(PreparedStatement insert, LedgerEntry entry) throws SQLException {
        insert.setString(1, entry.route());
        insert.setString(2, entry.key());
        insert.setString(3, entry.source());
        insert.setLong(4, entry.bytes());
        insert.setLong(5, entry.records());
        insert.setLong(6, entry.results());
        insert.setLong(7, entry.badRecords());
        insert.setString(8, entry.output());
        insert.setString(9, entry.rejectedOutput());
        insert.setString(10, entry.archived());
        insert.setString(11, entry.state().name());
        insert.setString(12, withoutNul(entry.error()));
        insert.setLong(13, entry.startedAt().toEpochMilli());
        insert.setLong(14, entry.finishedAt().toEpochMilli());
        insert.setLong(15, entry.millis());
        insert.setString(16, entry.charset());
        insert.setLong(17, entry.number());
        insert.setLong(18, entry.lease());
    }

    /** @param row which has {@link #COLUMNS} */
    static LedgerEntry read(ResultSet row) throws SQLException {
        return new LedgerEntry(
                row.getString("route"),
                row.getString("key"),
                row.getString("source"),
                row.getLong("bytes"),
                new LedgerEntry.Counts(row.getLong("records"), row.getLong("results"), row.getLong("rejected")),
                new LedgerEntry.Places(
                        row.getString("output"), row.getString("rejected_output"), row.getString("archived")),
                FileState.valueOf(row.getString("state")),
                row.getString("charset"),
                row.getString("error"),
                new LedgerEntry.Span(
                        Instant.ofEpochMilli(row.getLong("started_at")),
                        Instant.ofEpochMilli(row.getLong("finished_at")),
                        row.getLong("millis")),
                row.getLong("batch"),
                row.getLong("lease"));
    }

    /** PostgreSQL has no such character, and bad input may. */
    static String withoutNul(String text) {
        return text == null ? null : text.replace('\0', '\uFFFD');
    }
}
