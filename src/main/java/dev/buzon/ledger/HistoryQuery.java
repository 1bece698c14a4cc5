package dev.buzon.ledger;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * Which files of the ledger are asked for; the last first, the duplicates among them.
 *
 * @param name of a source, or eight or more of the first digits of a key; null for every file
 * @param orLonger whether names that begin with it are meant, too
 * @param since files that began then or later; null for any time
 * @param rejected whether only those are meant that were rejected or have bad records
 * @param limit how many at most
 */
public record HistoryQuery(String name, boolean orLonger, Instant since, boolean rejected, int limit) {

    /** Of the index that has these alone. */
    private static final String WITH_REJECTED = "(rejected > 0 OR error IS NOT NULL)";

    private static final String KEY = "[0-9a-f]{8,64}";
    /** No name has it: not a character, and the greatest there is. */
    private static final String GREATEST = "\uDBFF\uDFFF";

    public static HistoryQuery latest(int limit) {
        return new HistoryQuery(null, false, null, false, limit);
    }

    public static HistoryQuery named(String name, int limit) {
        return new HistoryQuery(name, false, null, false, limit);
    }

    /** The rows of files and, unless only rejected ones are asked for, duplicates. */
    String select() {
        String files = "SELECT " + FileRows.COLUMNS + ", sequence FROM file WHERE "
                + (rejected ? WITH_REJECTED : "TRUE") + where();
        String duplicates = rejected
                ? ""
                : " UNION ALL SELECT route, key, source, bytes, 0, 0, 0, NULL, NULL, archived,"
                        + " 'DUPLICATE', NULL, started_at, finished_at, millis, NULL, 0, 0, sequence FROM duplicate"
                        + " WHERE TRUE" + where();
        // The index of the sequence is for those who ask for the last rows alone: others have one of their own.
        return "SELECT * FROM (" + files + duplicates + ") AS asked ORDER BY sequence"
                + (where().isEmpty() ? "" : " + 0") + " DESC LIMIT ?";
    }

    Object[] selectParameters() {
        List<Object> all = new ArrayList<>(parameters());
        if (!rejected) {
            all.addAll(parameters());
        }
        all.add(limit);
        return all.toArray();
    }

    /** A condition on the rows. */
    String where() {
        String where = since == null ? "" : " AND started_at >= ?";
        if (name != null) {
            String source = orLonger ? "source BETWEEN ? AND ?" : "source = ?";
            where += isKey() ? " AND (" + source + " OR key BETWEEN ? AND ?)" : " AND " + source;
        }
        return where;
    }

    /** What the question marks of the condition stand for. */
    List<Object> parameters() {
        List<Object> parameters = new ArrayList<>();
        if (since != null) {
            parameters.add(since.toEpochMilli());
        }
        if (name != null) {
            parameters.add(name);
            if (orLonger) {
                parameters.add(name + GREATEST);
            }
            if (isKey()) {
                parameters.add(name);
                parameters.add(name + GREATEST);
            }
        }
        return parameters;
    }

    private boolean isKey() {
        return name.matches(KEY);
    }
}
