package dev.buzon.delivery;

import dev.buzon.home.BackOff;
import dev.buzon.home.OpenFolder;
import dev.buzon.home.RouteSettings;
import dev.buzon.home.Settings;
import dev.buzon.job.Snapshot;
import dev.buzon.ledger.Ledger;
import java.io.IOException;
import java.io.InputStream;
import java.io.PushbackInputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.camel.Exchange;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.RuntimeCamelException;
import org.apache.camel.support.SynchronizationAdapter;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The tables that jobs keep in the ledger, on their way to the outbox, the log and the page. Each is written once a poll
 * of its route is over that has changed it, whatever became of the poll's last file; and once after the start, for what a
 * crash may have left undone. Thread-safe.
 */
public final class Snapshots {

    private static final Logger LOG = LoggerFactory.getLogger(Snapshots.class);

    /** Where {@code routes/snapshot.camel.yaml} begins. */
    private static final String ENDPOINT = "direct:snapshot";
    /** The exchange's property that names the route whose table it is. */
    private static final String ROUTE = "BuzonRoute";

    /** How many times as long as it took a table waits: that of a million people takes seconds. */
    private static final int PAUSE = 9;

    private static final int ROWS_IN_LOG = 50;
    /** In characters. */
    private static final int LENGTH_IN_LOG = 60;

    private final Settings settings;
    private final Ledger ledger;
    private final Map<String, Snapshot> byRoute = new ConcurrentHashMap<>();
    private final Set<String> changed = ConcurrentHashMap.newKeySet();
    private final Map<String, Long> pauseUntil = new ConcurrentHashMap<>();
    private final BackOff<String> backOff;

    Snapshots(Settings settings, Ledger ledger) {
        this.settings = settings;
        this.ledger = ledger;
        this.backOff = new BackOff<>(settings);
    }

    /** Before its route starts. */
    public void add(String route, Snapshot snapshot) {
        byRoute.put(route, snapshot);
        changed.add(route);
    }

    void setChanged(String route) {
        changed.add(route);
    }

    /** Writes the table of a route, if it has changed and it is time: called when a poll of the route is over. */
    void afterPoll(String route, ProducerTemplate template) {
        if (!byRoute.containsKey(route) || !backOff.isDue(route) || isPausing(route) || !changed.remove(route)) {
            return;
        }
        long begin = System.nanoTime();
        Exception failure = template.send(ENDPOINT, exchange -> exchange.setProperty(ROUTE, route))
                .getException();
        if (failure == null) {
            pauseUntil.put(route, System.nanoTime() + PAUSE * (System.nanoTime() - begin));
            backOff.succeeded(route);
            return;
        }
        changed.add(route);
        LOG.warn(
                "{}: the table can't be written, tried again in {} s: {}",
                route,
                backOff.failed(route).toSeconds(),
                Failure.reason(failure),
                Failure.isBug(failure) ? Failure.root(failure) : null);
    }

    private boolean isPausing(String route) {
        Long until = pauseUntil.get(route);
        return until != null && System.nanoTime() - until < 0;
    }

    /**
     * The rows as they are to stand in the file. Each is a map, since camel-csv looks through all type converters for a
     * row of any other type, which takes longer than all the rest.
     */
    public Iterator<Map<String, String>> rows(Exchange exchange) throws SQLException {
        String route = exchange.getProperty(ROUTE, String.class);
        Snapshot snapshot = byRoute.get(route);
        Connection reader = ledger.reader();
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
        String route = exchange.getProperty(ROUTE, String.class);
        try (PushbackInputStream content =
                new PushbackInputStream(exchange.getMessage().getBody(InputStream.class))) {
            int first = content.read();
            if (first >= 0) {
                content.unread(first);
            }
            if (first < 0 || !replace(settings.route(route), byRoute.get(route).fileName(), content)) {
                exchange.setRouteStop(true);
            }
        }
    }

    /**
     * Replaces a file of the outbox as a whole, if its content changed.
     *
     * @return whether it changed
     */
    private boolean replace(RouteSettings route, String name, InputStream content) throws IOException {
        Path target = route.outbox().resolve(name);
        String staged = Staging.name(name, ledger.leaseNumber());
        try (OpenFolder outbox = OpenFolder.at(route.outbox());
                OpenFolder all = outbox.open(RouteSettings.STAGING);
                OpenFolder staging = all.open(route.id())) {
            staging.clear(staged);
            try (FileChannel file = staging.create(staged)) {
                content.transferTo(Channels.newOutputStream(file));
                if (Files.exists(target) && Files.mismatch(staging.path().resolve(staged), target) < 0) {
                    return false;
                }
                file.force(true);
                ledger.expectHeld();
                staging.move(staged, outbox, name);
                outbox.force();
                staging.force();
                return true;
            } finally {
                staging.clear(staged);
            }
        }
    }

    /** Puts the table into the log, a line for each row. */
    public void log(Exchange exchange) throws SQLException {
        String route = exchange.getProperty(ROUTE, String.class);
        Snapshot snapshot = byRoute.get(route);
        Table table = show(route, ROWS_IN_LOG);
        LOG.info(
                "{}: {} → {}",
                route,
                snapshot.describe(table.count),
                settings.home().relative(settings.route(route).outbox().resolve(snapshot.fileName())));
        List<List<String>> lines = table.rows.stream()
                .map(row -> row.stream().map(Snapshots::forLog).toList())
                .toList();
        int width = lines.stream().mapToInt(line -> line.get(0).length()).max().orElse(0);
        for (List<String> line : lines) {
            StringBuilder text = new StringBuilder(String.format("%-" + width + "s", line.get(0)));
            for (int i = 1; i < line.size(); i++) {
                text.append(String.format(i < line.size() - 1 ? " %12s" : "  %s", line.get(i)));
            }
            LOG.info("{}: {}", route, text);
        }
        if (table.count > lines.size()) {
            LOG.info("{}: … and {} more", route, table.count - lines.size());
        }
    }

    private static String forLog(String cell) {
        return cell.length() > LENGTH_IN_LOG ? cell.substring(0, LENGTH_IN_LOG) + "…" : cell;
    }

    /**
     * What is shown of a table.
     *
     * @param route whose table it is
     * @param rows the first ones
     * @param count of all rows there are
     */
    public record Table(String title, String route, List<String> columns, List<List<String>> rows, long count) {}

    /**
     * All tables, by route.
     *
     * @param limit how many rows of each at most
     */
    public List<Table> show(int limit) throws SQLException {
        List<Table> tables = new ArrayList<>();
        for (String route : new TreeMap<>(byRoute).keySet()) {
            tables.add(show(route, limit));
        }
        return tables;
    }

    private Table show(String route, int limit) throws SQLException {
        Snapshot snapshot = byRoute.get(route);
        try (Connection reader = ledger.reader()) {
            long count = snapshot.count(reader, route);
            List<List<String>> rows = new ArrayList<>();
            Iterator<List<String>> all = snapshot.rows(reader, route);
            while (rows.size() < limit && all.hasNext()) {
                rows.add(all.next());
            }
            return new Table(snapshot.title(), route, snapshot.columns(), rows, count);
        }
    }
}
