package dev.buzon.ledger;

import dev.buzon.home.Home;
import dev.buzon.intake.FileIdentity;
import java.io.IOException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** The ledger's table of the sources that stay in their inboxes. A million rows are never in memory. */
public final class LeftSourceRows {

    private static final String PUT = "INSERT INTO left_source (path, route, key, inode, bytes, changed_at)"
            + " VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (path) DO UPDATE SET key = excluded.key,"
            + " inode = excluded.inode, bytes = excluded.bytes, changed_at = excluded.changed_at";

    /** How many paths are asked for at once: a batch may have more than a statement takes. */
    private static final int PATHS = 500;

    private final Ledger ledger;
    private final Home home;

    /** @param home in which the sources are, or from which their paths lead */
    public LeftSourceRows(Ledger ledger, Home home) {
        this.ledger = ledger;
        this.home = home;
    }

    static void put(Connection connection, LeftSource source) throws SQLException {
        try (PreparedStatement put = connection.prepareStatement(PUT)) {
            put.setString(1, source.path().toString());
            put.setString(2, source.route());
            put.setString(3, source.key());
            put.setLong(4, source.identity().inode());
            put.setLong(5, source.identity().size());
            put.setString(6, source.identity().changed().toString());
            put.executeUpdate();
        }
    }

    static void remove(Connection connection, LeftSource source) throws SQLException {
        try (PreparedStatement delete = connection.prepareStatement("DELETE FROM left_source WHERE path = ?")) {
            delete.setString(1, source.path().toString());
            delete.executeUpdate();
        }
    }

    /** The routes that have any. Reads all rows. */
    public Set<String> routes() throws SQLException, IOException {
        return ledger.read(LeftSourceRows::routes);
    }

    private static Set<String> routes(Connection connection) throws SQLException {
        Set<String> routes = new HashSet<>();
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT DISTINCT route FROM left_source")) {
            while (row.next()) {
                routes.add(row.getString(1));
            }
        }
        return routes;
    }

    /** Those that are left at these paths. */
    public List<LeftSource> at(Collection<Path> paths) throws SQLException, IOException {
        List<Path> all = List.copyOf(paths);
        List<LeftSource> found = new ArrayList<>();
        for (int from = 0; from < all.size(); from += PATHS) {
            List<Path> some = all.subList(from, Math.min(all.size(), from + PATHS));
            found.addAll(ledger.read(connection -> at(connection, some)));
        }
        return found;
    }

    private List<LeftSource> at(Connection connection, List<Path> paths) throws SQLException {
        String each = String.join(", ", Collections.nCopies(paths.size(), "?"));
        try (PreparedStatement select =
                connection.prepareStatement("SELECT * FROM left_source WHERE path IN (" + each + ")")) {
            for (int i = 0; i < paths.size(); i++) {
                select.setString(i + 1, paths.get(i).toString());
            }
            return sources(select);
        }
    }

    private List<LeftSource> sources(PreparedStatement select) throws SQLException {
        List<LeftSource> sources = new ArrayList<>();
        try (ResultSet row = select.executeQuery()) {
            while (row.next()) {
                sources.add(new LeftSource(
                        home.resolve(row.getString("path")),
                        row.getString("route"),
                        row.getString("key"),
                        identity(row)));
            }
        }
        return sources;
    }

    /**
     * So many at most, in the order of their paths.
     *
     * @param after the path that the last one before had; empty for the first ones
     */
    public List<LeftSource> page(String after, int most) throws SQLException, IOException {
        return ledger.read(connection -> page(connection, after, most));
    }

    private List<LeftSource> page(Connection connection, String after, int most) throws SQLException {
        try (PreparedStatement select =
                connection.prepareStatement("SELECT * FROM left_source WHERE path > ? ORDER BY path LIMIT ?")) {
            select.setString(1, after);
            select.setInt(2, most);
            return sources(select);
        }
    }

    private static FileIdentity identity(ResultSet row) throws SQLException {
        return new FileIdentity(
                row.getLong("inode"), row.getLong("bytes"), FileTime.from(Instant.parse(row.getString("changed_at"))));
    }
}
