package dev.buzon.simulation;

import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What the ledger says, read with SQL of its own. */
record Rows(List<File> files, List<Duplicate> duplicates, List<Left> left, Map<String, Total> totals, long lease) {

    /** A row of a file. */
    record File(
            String route,
            String key,
            String source,
            long records,
            long bad,
            String output,
            String rejectedOutput,
            String archived,
            String state,
            String error) {}

    record Duplicate(String route, String key, String source, String archived, boolean moving) {}

    /** @param changed as the file system wrote it then */
    record Left(String path, String route, String key, long inode, String changed) {}

    record Total(long handled, long duplicates, long rejectedFiles) {}

    static Rows read(SimulatedStore store) {
        List<File> files = new ArrayList<>();
        List<Duplicate> duplicates = new ArrayList<>();
        List<Left> left = new ArrayList<>();
        Map<String, Total> totals = new TreeMap<>();
        long[] lease = {0};
        try {
            each(
                    store,
                    "SELECT route, key, source, records, rejected, output, rejected_output, archived, state, error"
                            + " FROM file ORDER BY sequence, key",
                    row -> files.add(new File(
                            row.getString(1),
                            row.getString(2),
                            row.getString(3),
                            row.getLong(4),
                            row.getLong(5),
                            row.getString(6),
                            row.getString(7),
                            row.getString(8),
                            row.getString(9),
                            row.getString(10))));
            each(
                    store,
                    "SELECT route, key, source, archived, moving FROM duplicate ORDER BY sequence",
                    row -> duplicates.add(new Duplicate(
                            row.getString(1),
                            row.getString(2),
                            row.getString(3),
                            row.getString(4),
                            row.getInt(5) == 1)));
            each(
                    store,
                    "SELECT path, route, key, inode, changed_at FROM left_source ORDER BY path",
                    row -> left.add(new Left(
                            row.getString(1), row.getString(2), row.getString(3), row.getLong(4), row.getString(5))));
            each(
                    store,
                    "SELECT route, handled, duplicates, rejected_files FROM total",
                    row -> totals.put(row.getString(1), new Total(row.getLong(2), row.getLong(3), row.getLong(4))));
            each(store, "SELECT number FROM lease", row -> lease[0] = row.getLong(1));
        } catch (SQLException e) {
            // No daemon of this version has made the tables yet.
            return new Rows(List.of(), List.of(), List.of(), Map.of(), 0);
        }
        return new Rows(files, duplicates, left, totals, lease[0]);
    }

    /** The highest bizums as they are to stand in the table. */
    static List<String> highest(SimulatedStore store, String route) throws SQLException {
        List<String> highest = new ArrayList<>();
        each(
                store,
                "SELECT person, cents, concept FROM highest_bizum WHERE route = '" + route + "' ORDER BY person",
                row -> highest.add(row.getString(1) + ";" + row.getLong(2) / 100 + ";" + row.getString(3)));
        return highest;
    }

    private interface Reader {
        void read(ResultSet row) throws SQLException;
    }

    private static void each(SimulatedStore store, String sql, Reader reader) throws SQLException {
        PreparedStatement select = store.physical().prepare(sql);
        try (ResultSet rows = select.executeQuery()) {
            while (rows.next()) {
                reader.read(rows);
            }
        }
        store.physical().giveBack(sql, select);
    }
}
