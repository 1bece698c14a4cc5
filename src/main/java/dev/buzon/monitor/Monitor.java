package dev.buzon.monitor;

import dev.buzon.database.Lease;
import dev.buzon.delivery.Delivery;
import dev.buzon.delivery.DeliveryListener;
import dev.buzon.delivery.Step;
import dev.buzon.home.RouteSettings;
import dev.buzon.home.Settings;
import dev.buzon.intake.Backlog;
import dev.buzon.intake.FileIdentity;
import dev.buzon.intake.SettledFiles;
import dev.buzon.job.Outcome;
import dev.buzon.ledger.FileState;
import dev.buzon.ledger.LedgerEntry;
import dev.buzon.ledger.LedgerReader;
import dev.buzon.ledger.Totals;
import dev.buzon.monitor.RouteStatus.Waiting;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.apache.camel.CamelContext;

/**
 * What is known of the service while it runs: one source for MBeans, page and metrics, so that they agree. Made before
 * Camel's context, and shows it from {@link #watch} on. Thread-safe.
 */
public final class Monitor implements DeliveryListener, AutoCloseable {

    private final Instant startedAt = Instant.now();
    private final Settings settings;
    private final Lease lease;
    private final SettledFiles settled;
    private final Health health;
    private final HealthChecks checks;
    private final LedgerReader reader;
    private final Look<LedgerReader.Glance> glance;
    private final Look<Map<String, Long>> rows;
    private final WorkInHand inHand;
    private final Map<String, RouteProgress> progress = new TreeMap<>();
    private final Map<String, RetryingFiles> retrying = new TreeMap<>();
    private final Map<String, Look<Backlog>> backlogs = new TreeMap<>();
    private volatile CamelContext context;

    /** @param reader is closed with this */
    public Monitor(Settings settings, LedgerReader reader, Lease lease, SettledFiles settled) {
        this.settings = settings;
        this.reader = reader;
        this.lease = lease;
        this.settled = settled;
        for (RouteSettings route : settings.routes().values()) {
            progress.put(route.id(), new RouteProgress());
            retrying.put(route.id(), new RetryingFiles(route));
            backlogs.put(route.id(), Look.pausing(() -> settled.backlog(route)));
        }
        glance = Look.at(reader::look);
        rows = Look.pausing(() -> byName(reader.rows()));
        inHand = new WorkInHand(settings.duration("buzon.health.longest-step"), settled::looks);
        checks = new HealthChecks(settings, lease, retrying, inHand, glance);
        health = new Health(checks::degraded);
    }

    private static Map<String, Long> byName(Map<FileState, Long> rows) {
        Map<String, Long> byName = new TreeMap<>();
        rows.forEach((state, count) -> byName.put(state.name(), count));
        return byName;
    }

    /** Before the routes start: gives Camel the health checks. */
    public void prepare(CamelContext camel, Supplier<List<String>> spark, Supplier<List<String>> lock) {
        checks.register(camel, spark, lock);
        camel.addRoutePolicyFactory(inHand);
    }

    /** Once the routes have started. */
    public void watch(CamelContext started) {
        context = started;
        health.watch(started, inHand::tell);
    }

    public Health health() {
        return health;
    }

    public Role role() {
        return lease.isHeld() ? Role.WORKS : Role.STANDBY;
    }

    /** The names of the routes that take files. */
    public Set<String> routes() {
        return progress.keySet();
    }

    /** Has what takes a moment begin now, for what is asked for next: so not one moment comes after the other. */
    void begin() {
        checks.begin();
        rows.begin();
        backlogs.values().forEach(Look::begin);
    }

    public ServiceStatus status() {
        begin();
        return new ServiceStatus(
                Monitor.class.getPackage().getImplementationVersion(),
                settings.home().folder().toString(),
                ProcessHandle.current().pid(),
                startedAt,
                Instant.now(),
                role(),
                lease.holder(),
                health.state(),
                routes().stream().map(this::status).toList(),
                ledger());
    }

    /** @throws IllegalArgumentException where no route of this name takes files */
    public RouteStatus status(String route) {
        return new RouteStatus(
                route,
                state(route),
                backlog(route),
                retrying(route),
                sinceStart(route),
                allTime(route),
                rejectedByReason(route),
                lastSuccess(route),
                meanMillis(route),
                last(route));
    }

    /** The last files of a route that came to their end since the start, the newest first, 100 at most. */
    public List<FileProgress> recent(String route) {
        return progress(route).recent();
    }

    /**
     * What a route did over the last minutes or hours.
     *
     * @param window 15m, 3h or 24h
     * @throws IllegalArgumentException for another window, or no such route
     */
    public PlotSeries plot(String route, String window) {
        return progress(route)
                .plot(PlotWindow.of(window)
                        .orElseThrow(() -> new IllegalArgumentException("15m, 3h or 24h is expected.")));
    }

    /** Null where it can't be read; what was read last, while it doesn't answer. */
    public LedgerStatus ledger() {
        LedgerReader.Glance seen = glance.get().value();
        Map<String, Long> counted = rows.get().value();
        return seen == null || counted == null ? null : new LedgerStatus(seen.bytes(), counted);
    }

    /** Since when the ledger does not answer; empty while it does. */
    public Optional<Instant> ledgerSilentSince() {
        return Optional.ofNullable(glance.get().silentSince());
    }

    /** Null where the inbox can't be looked at. */
    public Waiting backlog(String route) {
        Backlog seen = backlogs.get(route).get().value();
        return seen == null
                ? null
                : new Waiting(
                        seen.files(),
                        seen.bytes(),
                        seen.oldest() == null
                                ? null
                                : Math.max(
                                        0,
                                        Duration.between(seen.oldest(), Instant.now())
                                                        .toMillis()
                                                / 1e3));
    }

    /** The files of a name that wait in the inboxes. */
    public List<WaitingFile> waiting(String name) {
        List<WaitingFile> found = new ArrayList<>();
        for (RouteSettings route : settings.routes().values()) {
            waiting(route, name)
                    .ifPresent(file -> found.add(new WaitingFile(
                            route.id(),
                            name,
                            file.size(),
                            file.changed().toInstant(),
                            retrying(route.id()).stream()
                                    .filter(retried -> retried.file().equals(name))
                                    .findFirst()
                                    .orElse(null))));
        }
        return found;
    }

    private Optional<FileIdentity> waiting(RouteSettings route, String name) {
        try {
            return settled.waiting(route, name);
        } catch (IOException e) {
            // Why the ledger can't be read is for the health to say.
            return Optional.empty();
        }
    }

    /** Camel's, such as Started. */
    public String state(String route) {
        return context == null
                ? "Starting"
                : String.valueOf(context.getRouteController().getRouteStatus(route));
    }

    /** The files of a route that wait because the world was wrong. */
    public List<RetryingFile> retrying(String route) {
        return retrying.get(route).all();
    }

    public Totals sinceStart(String route) {
        return progress(route).sinceStart();
    }

    /** Null where the ledger can't be read; what was read last, while it doesn't answer. */
    public Totals allTime(String route) {
        LedgerReader.Glance seen = glance.get().value();
        return seen == null ? null : seen.totals(route);
    }

    /** Since the start: files rejected as a whole, and bad records of others. */
    public Map<String, Long> rejectedByReason(String route) {
        return progress(route).rejectedByReason();
    }

    /** When a file was handled last, before the start perhaps; null where none is known. */
    public Instant lastSuccess(String route) {
        Instant sinceStart = sinceStart(route).lastSuccess();
        Totals allTime = sinceStart == null ? allTime(route) : null;
        return allTime == null ? sinceStart : allTime.lastSuccess();
    }

    /** That a file took, since the start; null before the first. */
    public Double meanMillis(String route) {
        return progress(route).meanMillis();
    }

    /** The last file that came to its end since the start; null before the first. */
    public FileProgress last(String route) {
        return progress(route).last();
    }

    long timedFiles(String route) {
        return progress(route).timedFiles();
    }

    double seconds(String route, Step step) {
        return progress(route).nanos(step) / 1e9;
    }

    private RouteProgress progress(String route) {
        return Optional.ofNullable(progress.get(route))
                .orElseThrow(() -> new IllegalArgumentException("No route " + route + " takes files."));
    }

    @Override
    public void keyed(Delivery delivery) {
        inHand.keyed(delivery);
    }

    @Override
    public void handled(Delivery delivery, LedgerEntry entry, Outcome.Handled outcome) {
        tell(entry.route(), listener -> listener.handled(delivery, entry, outcome));
    }

    @Override
    public void finished(LedgerEntry entry) {
        tell(entry.route(), listener -> listener.finished(entry));
    }

    @Override
    public void duplicate(Delivery delivery, LedgerEntry first, String archived) {
        tell(delivery.route().id(), listener -> listener.duplicate(delivery, first, archived));
    }

    @Override
    public void rejected(Delivery delivery, LedgerEntry entry) {
        tell(entry.route(), listener -> listener.rejected(delivery, entry));
    }

    @Override
    public void changed(String route, String name) {
        tell(route, listener -> listener.changed(route, name));
    }

    @Override
    public void retrying(String route, String name, Throwable cause, Duration wait) {
        tell(route, listener -> listener.retrying(route, name, cause, wait));
    }

    private void tell(String route, Consumer<DeliveryListener> event) {
        event.accept(retrying.get(route));
        event.accept(progress.get(route));
    }

    @Override
    public void close() {
        health.close();
        reader.close();
    }
}
