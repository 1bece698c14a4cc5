package dev.buzon.delivery;

import dev.buzon.home.BackOff;
import dev.buzon.home.OpenFolder;
import dev.buzon.home.RouteSettings;
import dev.buzon.home.Settings;
import dev.buzon.home.Time;
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
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The tables that jobs keep in the ledger, on their way to the outbox, the log and the page. Each is written once a poll
 * of its route is over that has changed it, whatever became of the poll's last file; and once after the start, for what a
 * crash may have left undone. Thread-safe.
 */
public final class Snapshots {

    private static final Logger LOG = LoggerFactory.getLogger(Snapshots.class);

    /** How many times as long as it took a table waits: that of a million people takes seconds. */
    private static final int PAUSE = 9;

    private static final int ROWS_IN_LOG = 50;
    /** In characters. */
    private static final int LENGTH_IN_LOG = 60;

    private final Settings settings;
    private final Ledger ledger;
    private final Time time;
    private final Map<String, Snapshot> byRoute = new ConcurrentHashMap<>();
    private final Set<String> changed = ConcurrentHashMap.newKeySet();
    private final Map<String, Long> pauseUntil = new ConcurrentHashMap<>();
    private final BackOff<String> backOff;

    Snapshots(Settings settings, Ledger ledger, Time time) {
        this.settings = settings;
        this.ledger = ledger;
        this.time = time;
        this.backOff = new BackOff<>(settings, time);
    }

    /** Before its route starts. */
    public void add(String route, Snapshot snapshot) {
        byRoute.put(route, snapshot);
        changed.add(route);
    }

    void setChanged(String route) {
        changed.add(route);
    }

    /** Brings the table of a route to where it is to be. */
    @FunctionalInterface
    interface Writing {
        void write(String route) throws Exception;
    }

    /** Writes the table of a route, if it has changed and it is time: called when a poll of the route is over. */
    void afterPoll(String route, Writing writing) {
        if (!byRoute.containsKey(route) || !backOff.isDue(route) || isPausing(route) || !changed.remove(route)) {
            return;
        }
        long begin = time.nanos();
        try {
            writing.write(route);
            pauseUntil.put(route, time.nanos() + PAUSE * (time.nanos() - begin));
            backOff.succeeded(route);
        } catch (Exception e) {
            changed.add(route);
            LOG.warn(
                    "{}: the table can't be written, tried again in {} s: {}",
                    route,
                    backOff.failed(route).toSeconds(),
                    Failure.reason(e),
                    Failure.isBug(e) ? Failure.root(e) : null);
        }
    }

    private boolean isPausing(String route) {
        Long until = pauseUntil.get(route);
        return until != null && time.nanos() - until < 0;
    }

    /** The table of a route. */
    Snapshot of(String route) {
        return byRoute.get(route);
    }

    /** See {@link Ledger#reader}. */
    Connection reader() throws SQLException {
        return ledger.reader();
    }

    /**
     * Puts the table of a route into its outbox, if its content changed.
     *
     * @param content the whole file
     * @return whether it changed; a table without rows has not
     */
    boolean publish(String route, InputStream content) throws IOException {
        PushbackInputStream rest = new PushbackInputStream(content);
        int first = rest.read();
        if (first < 0) {
            return false;
        }
        rest.unread(first);
        return replace(settings.route(route), byRoute.get(route).fileName(), rest);
    }

    /** Replaces a file of the outbox as a whole, if its content changed. */
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

    /** Puts the table of a route into the log, a line for each row. */
    void log(String route) throws SQLException {
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
