package dev.buzon.bizum;

import dev.buzon.delivery.Ledger;
import dev.buzon.delivery.ResultTable;
import dev.buzon.delivery.Snapshot;
import dev.buzon.delivery.Tally;
import dev.buzon.home.RouteSettings;
import dev.buzon.home.Settings;
import java.io.IOException;
import java.io.InputStream;
import java.io.PushbackInputStream;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.camel.Exchange;
import org.apache.camel.RuntimeCamelException;
import org.apache.camel.support.SynchronizationAdapter;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The table of each person's highest bizum: its steps from the ledger to the outbox and the log. */
public final class HighestBizumsTable implements ResultTable {

    private static final Logger LOG = LoggerFactory.getLogger(HighestBizumsTable.class);
    private static final String FILE = "highest-bizums.csv";
    private static final List<String> COLUMNS = List.of("Nombre", "Cantidad", "Concepto");
    private static final int ROWS_IN_LOG = 50;
    /** In characters, of a name or a concept. */
    private static final int LENGTH_IN_LOG = 60;

    private static final String BEGINS_A_FORMULA = "=+-@\t\r";

    private final Ledger ledger;
    private final Settings settings;

    public HighestBizumsTable(Ledger ledger, Settings settings) {
        this.ledger = ledger;
        this.settings = settings;
    }

    /**
     * The rows as they are to stand in the file: Nombre, Cantidad and Concepto, highest first, then by name. They are
     * read as they are asked for: there may be more of them than fit the memory. Each is a map, since camel-csv looks
     * through all type converters for a row of any other type, which takes longer than all the rest.
     */
    public Iterator<Map<String, String>> rows(Exchange exchange) throws SQLException {
        Connection reader = ledger.reader();
        exchange.getExchangeExtension().addOnCompletion(new SynchronizationAdapter() {
            @Override
            public void onDone(Exchange done) {
                close(reader);
            }
        });
        ResultSet people = select(reader);
        boolean escape = Boolean.parseBoolean(settings.get("buzon.bizums.escape-formulas"));
        return new Iterator<>() {
            private List<String> next = read(people);

            @Override
            public boolean hasNext() {
                return next != null;
            }

            @Override
            public Map<String, String> next() {
                Map<String, String> row = new LinkedHashMap<>();
                for (int i = 0; i < COLUMNS.size(); i++) {
                    row.put(COLUMNS.get(i), escape ? withoutFormula(next.get(i)) : next.get(i));
                }
                next = read(people);
                return row;
            }
        };
    }

    /** Puts the table into the outbox; the exchange goes no further where it is there already, or has no rows yet. */
    public void publish(Exchange exchange) throws IOException {
        RouteSettings route = settings.route("bizums");
        try (PushbackInputStream csv =
                new PushbackInputStream(exchange.getMessage().getBody(InputStream.class))) {
            int first = csv.read();
            if (first < 0) {
                exchange.setRouteStop(true);
                return;
            }
            csv.unread(first);
            if (!Snapshot.replace(ledger, route, FILE, csv)) {
                exchange.setRouteStop(true);
            }
        }
    }

    /** Puts the table into the log, a line each person. */
    public void log() throws SQLException {
        Content table = show(ROWS_IN_LOG);
        LOG.info(
                "bizums: the highest of {} → {}",
                new Tally(table.count(), "person", "people"),
                settings.home().relative(settings.route("bizums").outbox().resolve(FILE)));
        List<Object[]> lines = table.rows().stream()
                .map(row -> row.stream().map(HighestBizumsTable::forLog).toArray())
                .toList();
        int width = lines.stream()
                .mapToInt(line -> line[0].toString().length())
                .max()
                .orElse(0);
        for (Object[] line : lines) {
            LOG.info("bizums: {}", String.format("%-" + width + "s %12s  %s", line));
        }
        if (table.count() > lines.size()) {
            LOG.info("bizums: … and {} more", table.count() - lines.size());
        }
    }

    @Override
    public Content show(int limit) throws SQLException {
        try (Connection reader = ledger.reader();
                Statement statement = reader.createStatement()) {
            long people;
            try (ResultSet count = statement.executeQuery("SELECT count(*) FROM highest_bizum")) {
                count.next();
                people = count.getLong(1);
            }
            List<List<String>> rows = new ArrayList<>();
            ResultSet highest = select(reader);
            for (List<String> row = read(highest); row != null && rows.size() < limit; row = read(highest)) {
                rows.add(row);
            }
            return new Content("Highest bizums", "bizums", COLUMNS, rows, people);
        }
    }

    private static ResultSet select(Connection reader) throws SQLException {
        Statement statement = reader.createStatement();
        statement.closeOnCompletion();
        return statement.executeQuery("SELECT person, cents, concept FROM highest_bizum ORDER BY cents DESC, person");
    }

    /** @return the next row; null at the end */
    private static List<String> read(ResultSet people) {
        try {
            return people.next()
                    ? List.of(
                            people.getString("person"),
                            Amount.format(people.getLong("cents")),
                            people.getString("concept"))
                    : null;
        } catch (SQLException e) {
            throw new RuntimeCamelException("The ledger doesn't answer: " + e.getMessage(), e);
        }
    }

    private static void close(Connection reader) {
        try {
            reader.close();
        } catch (SQLException e) {
            throw new RuntimeCamelException("The ledger doesn't answer: " + e.getMessage(), e);
        }
    }

    private static String withoutFormula(String cell) {
        return !cell.isEmpty() && BEGINS_A_FORMULA.indexOf(cell.charAt(0)) >= 0 ? "'" + cell : cell;
    }

    private static String forLog(String cell) {
        return cell.length() > LENGTH_IN_LOG ? cell.substring(0, LENGTH_IN_LOG) + "…" : cell;
    }
}
