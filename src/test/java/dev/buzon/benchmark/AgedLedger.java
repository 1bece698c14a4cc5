package dev.buzon.benchmark;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Locale;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** A ledger as years of work leave it: as many people as files that were handled. */
final class AgedLedger {

    /** 1 January 2025. */
    private static final long LONG_AGO = 1_735_689_600_000L;

    private AgedLedger() {}

    /** Puts it in the place of a new ledger, whose daemon has stopped. It is made once for each schema. */
    static void replace(Path ledger, int rows, Data data) throws Exception {
        String schema = Integer.toHexString(schema(ledger).hashCode());
        Path aged = data.kept("ledger-" + rows + "-" + schema + ".db", to -> {
            Files.copy(ledger, to);
            fill(to, rows);
        });
        Files.delete(ledger);
        Files.copy(aged, ledger);
    }

    private static String schema(Path ledger) throws SQLException {
        try (Connection connection = open(ledger);
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("SELECT group_concat(sql) FROM sqlite_master")) {
            rows.next();
            return rows.getString(1);
        }
    }

    private static void fill(Path ledger, int rows) throws SQLException, IOException {
        Random random = new Random(rows);
        try (Connection connection = open(ledger);
                Statement statement = connection.createStatement()) {
            statement.execute("PRAGMA cache_size = -400000");
            connection.setAutoCommit(false);
            try (PreparedStatement file = connection.prepareStatement("INSERT INTO file (route, key, source, bytes,"
                            + " records, results, rejected, archived, state, started_at, finished_at, millis)"
                            + " VALUES ('bizums', ?, ?, 90, 3, 1, 0, ?, 'ARCHIVED', ?, ?, 5)");
                    PreparedStatement person = connection.prepareStatement(
                            "INSERT INTO highest_bizum (route, person, cents, concept) VALUES ('bizums', ?, ?, ?)")) {
                for (int i = 0; i < rows; i++) {
                    String key = key(random);
                    String source = "Bizum-" + i + ".csv";
                    file.setString(1, key);
                    file.setString(2, source);
                    file.setString(3, "archive/bizums/2025-01-01/Bizum-" + i + "-" + key.substring(0, 8) + ".csv");
                    file.setLong(4, LONG_AGO + i * 20L);
                    file.setLong(5, LONG_AGO + i * 20L + 5);
                    file.executeUpdate();
                    person.setString(1, Person.name(i).toLowerCase(Locale.ROOT));
                    person.setLong(2, 100 + random.nextInt(90_000));
                    person.setString(3, "Cena " + i);
                    person.executeUpdate();
                }
            }
            connection.commit();
        }
    }

    /** 64 hexadecimal digits. */
    private static String key(Random random) {
        return IntStream.range(0, 4)
                .mapToObj(i -> "%016x".formatted(random.nextLong()))
                .collect(Collectors.joining());
    }

    private static Connection open(Path ledger) throws SQLException {
        return DriverManager.getConnection("jdbc:sqlite:" + ledger);
    }
}
