package dev.buzon.delivery;

import dev.buzon.database.Database;
import java.io.IOException;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** The rows of the ledger that tell of sources whose content was known when they came. Thread-safe. */
final class DuplicateRows {

    private static final String AGAIN = "UPDATE duplicate SET archived = ? WHERE route = ? AND key = ? AND source = ?"
            + " AND moving = 1 RETURNING sequence";
    private static final String INSERT = "INSERT INTO duplicate (sequence, route, key, source, bytes, archived,"
            + " started_at, finished_at, moving) VALUES (" + FileRows.NEXT_IN_SEQUENCE + ", ?, ?, ?, ?, ?, ?, ?, 1)"
            + " RETURNING sequence";

    private final Ledger ledger;

    DuplicateRows(Ledger ledger) {
        this.ledger = ledger;
    }

    /**
     * A duplicate that is on its way.
     *
     * @param sequence its number in the ledger
     * @param planned where its source is to go; null where it stays or is deleted
     */
    record Moving(long sequence, String route, String key, String source, String planned) {}

    /**
     * Writes that a source has a content which is known, before anything is done with it. One that is written already,
     * since an earlier try of the same source did not come to its end, is not written or counted again.
     *
     * @param planned where the source is to go; null where it stays or is deleted
     * @return its number in the ledger
     */
    long begin(String route, String key, String source, long bytes, String planned, Instant startedAt)
            throws SQLException, IOException {
        return ledger.inTransaction(c -> {
            try (PreparedStatement again = c.prepareStatement(AGAIN)) {
                again.setString(1, planned);
                again.setString(2, route);
                again.setString(3, key);
                again.setString(4, source);
                try (ResultSet row = again.executeQuery()) {
                    if (row.next()) {
                        return row.getLong(1);
                    }
                }
            }
            ledger.addToTotal(route, Totals.DUPLICATE);
            try (PreparedStatement insert = c.prepareStatement(INSERT)) {
                insert.setString(1, route);
                insert.setString(2, key);
                insert.setString(3, source);
                insert.setLong(4, bytes);
                insert.setString(5, planned);
                insert.setLong(6, startedAt.toEpochMilli());
                insert.setLong(7, Instant.now().toEpochMilli());
                try (ResultSet row = insert.executeQuery()) {
                    row.next();
                    return row.getLong(1);
                }
            }
        });
    }

    /**
     * Writes where the source of a duplicate is, for which no write is forced: what is lost with the power, the next
     * start finds out anew.
     *
     * @param archived null where it stays, was deleted, or is gone
     * @param millis that it took
     */
    void end(long sequence, String archived, long millis) throws SQLException, IOException {
        ledger.inTransaction(Database.Mode.UNFORCED, c -> {
            try (PreparedStatement update = c.prepareStatement("UPDATE duplicate SET archived = ?, finished_at = ?,"
                    + " millis = ?, moving = 0 WHERE sequence = ? AND moving = 1")) {
                update.setString(1, archived);
                update.setLong(2, Instant.now().toEpochMilli());
                update.setLong(3, millis);
                update.setLong(4, sequence);
                return update.executeUpdate();
            }
        });
    }

    /** Those that a crash, or a step that failed, left on their way. */
    List<Moving> moving() throws SQLException, IOException {
        return ledger.read(c -> {
            List<Moving> moving = new ArrayList<>();
            try (Statement statement = c.createStatement();
                    ResultSet rows = statement.executeQuery(
                            "SELECT sequence, route, key, source, archived FROM duplicate WHERE moving = 1")) {
                while (rows.next()) {
                    moving.add(new Moving(
                            rows.getLong(1),
                            rows.getString(2),
                            rows.getString(3),
                            rows.getString(4),
                            rows.getString(5)));
                }
            }
            return moving;
        });
    }
}
