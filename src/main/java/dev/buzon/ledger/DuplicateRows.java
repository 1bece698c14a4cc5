package dev.buzon.ledger;

import dev.buzon.database.Database;
import java.io.IOException;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The rows of the ledger that tell of sources whose content was known when they came. Thread-safe. */
public final class DuplicateRows {

    private static final String AGAIN = "UPDATE duplicate SET archived = ? WHERE route = ? AND key = ? AND source = ?"
            + " AND moving = 1 RETURNING sequence";
    private static final String INSERT = "INSERT INTO duplicate (sequence, route, key, source, bytes, archived,"
            + " started_at, finished_at, moving) VALUES (" + FileRows.NEXT_IN_SEQUENCE + ", ?, ?, ?, ?, ?, ?, ?, 1)"
            + " RETURNING sequence";

    private static final String END = "UPDATE duplicate SET archived = ?, finished_at = ?, millis = ?, moving = 0"
            + " WHERE sequence = ? AND moving = 1";

    private final Ledger ledger;

    public DuplicateRows(Ledger ledger) {
        this.ledger = ledger;
    }

    /**
     * A source whose content is known.
     *
     * @param planned where it is to go; null if it stays or is deleted
     */
    public record Duplicate(String route, String key, String source, long bytes, String planned, Instant startedAt) {}

    /**
     * A duplicate that is on its way.
     *
     * @param sequence its number in the ledger
     * @param planned where its source is to go; null if it stays or is deleted
     */
    public record Moving(long sequence, String route, String key, String source, String planned) {

        public boolean isOf(String route, String key, String source) {
            return this.route.equals(route) && this.key.equals(key) && this.source.equals(source);
        }
    }

    /**
     * A duplicate whose source is where it belongs.
     *
     * @param sequence its number in the ledger
     * @param archived null if it stays, was deleted, or is gone
     * @param millis that it took
     */
    public record Moved(long sequence, String archived, Instant finishedAt, long millis) {}

    /**
     * Writes that sources have contents which are known, before anything is done with them. One that is written already,
     * since an earlier try of the same source did not come to its end, is not written or counted again.
     *
     * @return their numbers in the ledger, in the same order
     */
    public List<Long> begin(List<Duplicate> duplicates) throws SQLException, IOException {
        return ledger.inTransaction(c -> {
            List<Long> sequences = new ArrayList<>();
            try (PreparedStatement again = c.prepareStatement(AGAIN);
                    PreparedStatement insert = c.prepareStatement(INSERT)) {
                // All are looked for before there are rows of any: of those that move, each is looked at.
                List<Optional<Long>> before = new ArrayList<>();
                for (Duplicate duplicate : duplicates) {
                    before.add(again(again, duplicate));
                }
                for (int i = 0; i < duplicates.size(); i++) {
                    if (before.get(i).isEmpty()) {
                        ledger.addToTotal(duplicates.get(i).route, Totals.DUPLICATE);
                        sequences.add(insert(insert, duplicates.get(i)));
                    } else {
                        sequences.add(before.get(i).get());
                    }
                }
            }
            return sequences;
        });
    }

    private static Optional<Long> again(PreparedStatement again, Duplicate duplicate) throws SQLException {
        again.setString(1, duplicate.planned);
        again.setString(2, duplicate.route);
        again.setString(3, duplicate.key);
        again.setString(4, duplicate.source);
        try (ResultSet row = again.executeQuery()) {
            return row.next() ? Optional.of(row.getLong(1)) : Optional.empty();
        }
    }

    private static long insert(PreparedStatement insert, Duplicate duplicate) throws SQLException {
        insert.setString(1, duplicate.route);
        insert.setString(2, duplicate.key);
        insert.setString(3, duplicate.source);
        insert.setLong(4, duplicate.bytes);
        insert.setString(5, duplicate.planned);
        insert.setLong(6, duplicate.startedAt.toEpochMilli());
        insert.setLong(7, duplicate.startedAt.toEpochMilli());
        try (ResultSet row = insert.executeQuery()) {
            row.next();
            return row.getLong(1);
        }
    }

    /**
     * Writes where the sources of duplicates are, for which no write is forced: what is lost with the power, the next
     * start finds out anew.
     */
    public void end(List<Moved> duplicates) throws SQLException, IOException {
        ledger.inTransaction(Database.Mode.UNFORCED, c -> {
            try (PreparedStatement end = c.prepareStatement(END)) {
                for (Moved moved : duplicates) {
                    end.setString(1, moved.archived);
                    end.setLong(2, moved.finishedAt.toEpochMilli());
                    end.setLong(3, moved.millis);
                    end.setLong(4, moved.sequence);
                    end.executeUpdate();
                }
                return null;
            }
        });
    }

    /** Those that a crash, or a step that failed, left on their way. */
    public List<Moving> moving() throws SQLException, IOException {
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
