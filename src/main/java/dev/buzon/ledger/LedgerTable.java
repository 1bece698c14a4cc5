package dev.buzon.ledger;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.BatchUpdateException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;

/**
 * A table of a ledger, whatever is in it. A million rows are never in memory.
 *
 * @param name in lower case, as PostgreSQL has it
 */
record LedgerTable(String name, List<String> columns) {

    private static final int ROWS_AT_ONCE = 1_000;

    /**
     * What a table holds, in whatever order: equal to that of another database where the rows are the same.
     *
     * @param digest of all rows
     */
    record Content(long rows, long digest) {}

    /** All, in the order of their names. */
    static List<LedgerTable> in(Connection connection) throws SQLException {
        List<String> names = new ArrayList<>();
        try (ResultSet tables =
                connection.getMetaData().getTables(null, connection.getSchema(), "%", new String[] {"TABLE"})) {
            while (tables.next()) {
                names.add(tables.getString("TABLE_NAME").toLowerCase(Locale.ROOT));
            }
        }
        Collections.sort(names);
        List<LedgerTable> tables = new ArrayList<>();
        for (String name : names) {
            tables.add(new LedgerTable(name, columns(connection, name)));
        }
        return tables;
    }

    private static List<String> columns(Connection connection, String table) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet none = statement.executeQuery("SELECT * FROM " + table + " WHERE FALSE")) {
            ResultSetMetaData columns = none.getMetaData();
            List<String> names = new ArrayList<>();
            for (int i = 1; i <= columns.getColumnCount(); i++) {
                names.add(columns.getColumnName(i));
            }
            return names;
        }
    }

    boolean isEmptyIn(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet first = statement.executeQuery("SELECT 1 FROM " + name + " LIMIT 1")) {
            return !first.next();
        }
    }

    Content contentIn(Connection connection) throws SQLException {
        MessageDigest sha256 = sha256();
        long rows = 0;
        long digest = 0;
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(select())) {
            while (row.next()) {
                for (int i = 1; i <= columns.size(); i++) {
                    Object value = value(row, i);
                    String text = value instanceof byte[] bytes ? Arrays.toString(bytes) : String.valueOf(value);
                    // No text has a NUL: each value ends where it ends.
                    sha256.update(((value == null ? "" : "=") + text + '\0').getBytes(StandardCharsets.UTF_8));
                }
                rows++;
                digest += ByteBuffer.wrap(sha256.digest()).getLong();
            }
        }
        return new Content(rows, digest);
    }

    void copy(Connection from, Connection to) throws SQLException {
        String insert = "INSERT INTO " + name + " (" + String.join(", ", columns) + ") VALUES ("
                + String.join(", ", Collections.nCopies(columns.size(), "?")) + ")";
        try (Statement statement = from.createStatement();
                ResultSet row = statement.executeQuery(select());
                PreparedStatement batch = to.prepareStatement(insert)) {
            int waiting = 0;
            while (row.next()) {
                for (int i = 1; i <= columns.size(); i++) {
                    batch.setObject(i, value(row, i));
                }
                batch.addBatch();
                if (++waiting == ROWS_AT_ONCE) {
                    batch.executeBatch();
                    waiting = 0;
                }
            }
            batch.executeBatch();
        } catch (BatchUpdateException e) {
            // Its own message is all of the rows.
            throw e.getNextException() == null ? e : e.getNextException();
        }
    }

    private String select() {
        return "SELECT " + String.join(", ", columns) + " FROM " + name;
    }

    /** As every kind of database takes it, and gives it back. */
    private static Object value(ResultSet row, int column) throws SQLException {
        Object value = row.getObject(column);
        if (value instanceof Integer number) {
            return number.longValue();
        }
        return value instanceof String text ? FileRows.withoutNul(text) : value;
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java has it.", e);
        }
    }
}
