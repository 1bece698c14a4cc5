package dev.buzon.benchmark;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.sqlite.SQLiteConfig;

/** A row of the ledger: what became of a file. */
record Handled(String source, String state, long results, Instant startedAt, Instant finishedAt, long millis) {

    /**
     * Those of a route since a moment, in the order in which they were finished.
     *
     * @throws IOException where they are not as many as expected, or one is not archived
     */
    static List<Handled> read(Path ledger, String route, Instant since, int expected) throws SQLException, IOException {
        SQLiteConfig config = new SQLiteConfig();
        config.setReadOnly(true);
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + ledger, config.toProperties())) {
            return read(connection, route, since, expected);
        }
    }

    static List<Handled> read(Connection ledger, String route, Instant since, int expected)
            throws SQLException, IOException {
        List<Handled> handled = new ArrayList<>();
        try (PreparedStatement query = ledger.prepareStatement("SELECT source, state, results, started_at,"
                + " finished_at, millis FROM file WHERE route = ? AND started_at >= ? ORDER BY finished_at")) {
            query.setString(1, route);
            query.setLong(2, since.toEpochMilli());
            try (ResultSet rows = query.executeQuery()) {
                while (rows.next()) {
                    handled.add(new Handled(
                            rows.getString(1),
                            rows.getString(2),
                            rows.getLong(3),
                            Instant.ofEpochMilli(rows.getLong(4)),
                            Instant.ofEpochMilli(rows.getLong(5)),
                            rows.getLong(6)));
                }
            }
        }
        long archived =
                handled.stream().filter(file -> file.state.equals("ARCHIVED")).count();
        if (handled.size() != expected || archived != expected) {
            throw new IOException("Of " + expected + " files the ledger has " + handled.size() + ", " + archived
                    + " of them archived.");
        }
        return handled;
    }

    /**
     * What each file costs, in milliseconds, after the first so many. The files of a job share the time from the end of
     * the job before it to its own end. Files that end at the same moment belong to one job: no job counts in part.
     */
    static List<Double> costs(List<Handled> handled, int warmUp, int filesPerJob) {
        List<Double> costs = new ArrayList<>();
        int last = handled.size() - 1;
        for (int from = lastWith(warmUp - 1, handled); from < last; ) {
            int to = lastWith(Math.min(from + filesPerJob, last), handled);
            costs.addAll(Collections.nCopies(to - from, millis(handled, from, to)));
            from = to;
        }
        return costs;
    }

    /** The last file that ended at the same moment. */
    private static int lastWith(int index, List<Handled> handled) {
        int last = index;
        while (last + 1 < handled.size() && handled.get(last + 1).finishedAt.equals(handled.get(index).finishedAt)) {
            last++;
        }
        return last;
    }

    /** From the end of one to that of another, in milliseconds a file. */
    static double millis(List<Handled> handled, int from, int to) {
        Duration between = Duration.between(handled.get(from).finishedAt, handled.get(to).finishedAt);
        return (double) between.toMillis() / (to - from);
    }
}
