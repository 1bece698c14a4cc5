package dev.buzon.bizum;

import dev.buzon.delivery.Ledger;
import dev.buzon.delivery.Snapshot;
import dev.buzon.delivery.Tally;
import dev.buzon.home.RouteSettings;
import dev.buzon.home.Settings;
import java.io.IOException;
import java.io.InputStream;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.apache.camel.Exchange;
import org.apache.camel.Header;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The table of each person's highest bizum: its steps from the ledger to the outbox and the log. */
public final class HighestBizumsTable {

    private static final Logger LOG = LoggerFactory.getLogger(HighestBizumsTable.class);
    private static final String FILE = "highest-bizums.csv";
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

    /** @return rows of Nombre, Cantidad and Concepto, highest first, then by name */
    public List<List<String>> rows() throws SQLException, IOException {
        return ledger.inTransaction(connection -> {
            List<List<String>> rows = new ArrayList<>();
            try (Statement statement = connection.createStatement();
                    ResultSet people = statement.executeQuery(
                            "SELECT person, cents, concept FROM highest_bizum ORDER BY cents DESC, person")) {
                while (people.next()) {
                    rows.add(List.of(
                            people.getString("person"),
                            Amount.format(people.getLong("cents")),
                            people.getString("concept")));
                }
            }
            return rows;
        });
    }

    /** The rows as they are to stand in the file: where that is set, so that a spreadsheet finds no formula in them. */
    public List<List<String>> cells(@Header("BuzonRows") List<List<String>> rows) {
        return Boolean.parseBoolean(settings.get("buzon.bizums.escape-formulas"))
                ? rows.stream()
                        .map(row -> row.stream()
                                .map(HighestBizumsTable::withoutFormula)
                                .toList())
                        .toList()
                : rows;
    }

    /** Puts the table into the outbox; the exchange goes no further where it is there already, or has no rows yet. */
    public void publish(Exchange exchange, @Header("BuzonRows") List<List<String>> rows) throws IOException {
        RouteSettings route = settings.route("bizums");
        try (InputStream csv = exchange.getMessage().getBody(InputStream.class)) {
            if (rows.isEmpty() || !Snapshot.replace(route, FILE, csv)) {
                exchange.setRouteStop(true);
            }
        }
    }

    /** Puts the table into the log, a line each person. */
    public void log(@Header("BuzonRows") List<List<String>> rows) {
        LOG.info(
                "bizums: the highest of {} → {}",
                new Tally(rows.size(), "person", "people"),
                settings.home().relative(settings.route("bizums").outbox().resolve(FILE)));
        int shown = Math.min(rows.size(), ROWS_IN_LOG);
        List<Object[]> lines = rows.stream()
                .limit(shown)
                .map(row -> row.stream().map(HighestBizumsTable::forLog).toArray())
                .toList();
        int width = lines.stream()
                .mapToInt(line -> line[0].toString().length())
                .max()
                .orElse(0);
        for (Object[] line : lines) {
            LOG.info("bizums: {}", String.format("%-" + width + "s %12s  %s", line));
        }
        if (rows.size() > shown) {
            LOG.info("bizums: … and {} more", rows.size() - shown);
        }
    }

    private static String withoutFormula(String cell) {
        return !cell.isEmpty() && BEGINS_A_FORMULA.indexOf(cell.charAt(0)) >= 0 ? "'" + cell : cell;
    }

    private static String forLog(String cell) {
        return cell.length() > LENGTH_IN_LOG ? cell.substring(0, LENGTH_IN_LOG) + "…" : cell;
    }
}
