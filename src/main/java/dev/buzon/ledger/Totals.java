package dev.buzon.ledger;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;

/**
 * What a route has done.
 *
 * @param handled files whose records went out, replayed ones anew
 * @param duplicates files whose content was known
 * @param rejectedFiles files of which nothing could be read
 * @param bytes of the files handled and rejected
 * @param records good ones
 * @param results what came of them
 * @param rejectedRecords bad ones of handled files
 * @param lastSuccess when a file was handled last; null before the first
 */
public record Totals(
        long handled,
        long duplicates,
        long rejectedFiles,
        long bytes,
        long records,
        long results,
        long rejectedRecords,
        Instant lastSuccess) {

    public static final Totals NONE = new Totals(0, 0, 0, 0, 0, 0, 0, null);
    public static final Totals DUPLICATE = new Totals(0, 1, 0, 0, 0, 0, 0, null);

    /** Of one file that was handled, or rejected as a whole. */
    public static Totals of(LedgerEntry entry) {
        boolean good = entry.error() == null;
        return new Totals(
                good ? 1 : 0,
                0,
                good ? 0 : 1,
                entry.bytes(),
                entry.records(),
                entry.results(),
                entry.badRecords(),
                good ? entry.finishedAt() : null);
    }

    /** Of the current row of the ledger's table of totals. */
    static Totals of(ResultSet row) throws SQLException {
        long lastSuccess = row.getLong("last_success");
        return new Totals(
                row.getLong("handled"),
                row.getLong("duplicates"),
                row.getLong("rejected_files"),
                row.getLong("bytes"),
                row.getLong("records"),
                row.getLong("results"),
                row.getLong("rejected_records"),
                lastSuccess == 0 ? null : Instant.ofEpochMilli(lastSuccess));
    }

    public Totals plus(Totals more) {
        return new Totals(
                handled + more.handled,
                duplicates + more.duplicates,
                rejectedFiles + more.rejectedFiles,
                bytes + more.bytes,
                records + more.records,
                results + more.results,
                rejectedRecords + more.rejectedRecords,
                more.lastSuccess == null ? lastSuccess : more.lastSuccess);
    }
}
