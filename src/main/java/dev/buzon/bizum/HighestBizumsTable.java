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
        int width = rows.stream()
                .limit(shown)
                .mapToInt(row -> row.get(0).length())
                .max()
                .orElse(0);
        for (List<String> row : rows.subList(0, shown)) {
            LOG.info("bizums: {}", String.format("%-" + width + "s %12s  %s", row.toArray()));
        }
        if (rows.size() > shown) {
            LOG.info("bizums: … and {} more", rows.size() - shown);
        }
    }
}
