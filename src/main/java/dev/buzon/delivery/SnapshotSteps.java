package dev.buzon.delivery;

import dev.buzon.job.Snapshot;
import java.io.IOException;
import java.io.InputStream;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.camel.Exchange;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.RuntimeCamelException;
import org.apache.camel.support.SynchronizationAdapter;

/** The steps by which {@code routes/snapshot.camel.yaml} publishes the table of a job. Thread-safe. */
public final class SnapshotSteps {

    /** Where the route begins. */
    private static final String ENDPOINT = "direct:snapshot";
    /** The exchange's property that names the route whose table it is. */
    private static final String ROUTE = "BuzonRoute";

    private final Snapshots snapshots;

    SnapshotSteps(Snapshots snapshots) {
        this.snapshots = snapshots;
    }

    /** Has the table of a route written, if it has changed and it is time. */
    void afterPoll(String route, ProducerTemplate template) {
        snapshots.afterPoll(route, changed -> {
            Exception failure = template.send(ENDPOINT, exchange -> exchange.setProperty(ROUTE, changed))
                    .getException();
            if (failure != null) {
                throw failure;
            }
        });
    }

    /**
     * The rows as they are to stand in the file. Each is a map, since camel-csv looks through all type converters for a
     * row of any other type, which takes longer than all the rest.
     */
    public Iterator<Map<String, String>> rows(Exchange exchange) throws SQLException {
        String route = route(exchange);
        Snapshot snapshot = snapshots.of(route);
        Connection reader = snapshots.reader();
        exchange.getExchangeExtension().addOnCompletion(new SynchronizationAdapter() {
            @Override
            public void onDone(Exchange done) {
                try {
                    reader.close();
                } catch (SQLException e) {
                    throw new RuntimeCamelException("The ledger doesn't answer: " + e.getMessage(), e);
                }
            }
        });
        Iterator<List<String>> rows = snapshot.rows(reader, route);
        return new Iterator<>() {
            @Override
            public boolean hasNext() {
                return rows.hasNext();
            }

            @Override
            public Map<String, String> next() {
                List<String> cells = snapshot.forFile(rows.next());
                Map<String, String> row = new LinkedHashMap<>();
                for (int i = 0; i < cells.size(); i++) {
                    row.put(snapshot.columns().get(i), cells.get(i));
                }
                return row;
            }
        };
    }

    /** Puts the table into the outbox; the exchange goes no further if it is there already, or has no rows yet. */
    public void publish(Exchange exchange) throws IOException {
        try (InputStream content = exchange.getMessage().getBody(InputStream.class)) {
            if (!snapshots.publish(route(exchange), content)) {
                exchange.setRouteStop(true);
            }
        }
    }

    /** Puts the table into the log, a line for each row. */
    public void log(Exchange exchange) throws SQLException {
        snapshots.log(route(exchange));
    }

    private static String route(Exchange exchange) {
        return exchange.getProperty(ROUTE, String.class);
    }
}
