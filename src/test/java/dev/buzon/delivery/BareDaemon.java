package dev.buzon.delivery;

import dev.buzon.database.Database;
import dev.buzon.database.Lease;
import dev.buzon.home.HomeIdentity;
import dev.buzon.home.RouteSettings;
import dev.buzon.home.Settings;
import dev.buzon.home.Time;
import dev.buzon.intake.SettledFiles;
import dev.buzon.job.InputFile;
import dev.buzon.job.Outcome;
import dev.buzon.job.Snapshot;
import dev.buzon.ledger.Ledger;
import dev.buzon.ledger.LedgerHome;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/**
 * The daemon of a home without Camel, Spark, and threads of its own: what its routes and timers do is done when it is asked
 * for. A route's polls are asked for one after another.
 */
public final class BareDaemon {

    private final Settings settings;
    private final Lease lease;
    private final Ledger ledger;
    private final Deliveries deliveries;
    private final Lifecycle lifecycle;
    private final LedgerHome owner;
    private final Jobs jobs;
    private boolean stopped;

    /** What handles the files of a batch, whatever its route. */
    @FunctionalInterface
    public interface Jobs {
        List<Outcome> handle(List<InputFile> files) throws Exception;
    }

    /**
     * What the daemon takes from the world beside its disk.
     *
     * @param names gives another one at each call
     * @param order in which the files of a batch come that several threads would take
     */
    public record World(Database database, Time time, Supplier<String> names, Random order, Jobs jobs) {}

    /** One thread, which takes files in any order. */
    private static final class InAnyOrder extends Parallel {

        private final Random order;

        InAnyOrder(Random order) {
            super(Runnable::run);
            this.order = order;
        }

        @Override
        <T, R> List<R> map(List<T> files, Function<T, R> function) throws IOException {
            List<Integer> places =
                    new ArrayList<>(IntStream.range(0, files.size()).boxed().toList());
            Collections.shuffle(places, order);
            List<R> taken = super.map(places.stream().map(files::get).toList(), function);
            List<R> results = new ArrayList<>(taken);
            for (int i = 0; i < places.size(); i++) {
                results.set(places.get(i), taken.get(i));
            }
            return results;
        }
    }

    /**
     * Starts as a daemon does, up to the question who works.
     *
     * @param tables that jobs keep, by route
     */
    public BareDaemon(Settings settings, World world, Lease lease, Map<String, Snapshot> tables)
            throws IOException, SQLException {
        this.settings = settings;
        this.lease = lease;
        this.jobs = world.jobs;
        settings.home().makePrivateFolders();
        settings.home().prepare(settings);
        ledger = Ledger.openAtStart(world.database);
        ledger.workUnder(lease);
        owner = new LedgerHome(
                ledger, new HomeIdentity("simulated", settings.home().folder(), "here"), true);
        deliveries = new Deliveries(
                settings, ledger, new Surroundings(world.time, new InAnyOrder(world.order), world.names));
        lifecycle = new Lifecycle(deliveries, deliveries.settled(), deliveries.strays());
        tables.forEach(deliveries.snapshots()::add);
    }

    /**
     * Works from now on, if nobody else does.
     *
     * @return whether the routes are to be polled
     */
    public boolean begin() throws IOException, SQLException {
        if (!lease.take()) {
            return false;
        }
        owner.claim();
        deliveries.recovery().recover();
        return true;
    }

    /** One poll of a route, with all of its batches. */
    public void poll(String route) {
        RouteSettings polled = settings.route(route);
        SettledFiles settled = deliveries.settled();
        if (settled.choose(polled.inbox())) {
            Queue<Path> chosen = chosen(polled);
            while (!stopped && !chosen.isEmpty()) {
                List<Path> batch = List.copyOf(settled.nextBatch(polled.inbox(), chosen, path -> path));
                new BatchRun(lifecycle, polled, jobs::handle, batch).toEnd();
            }
        }
        deliveries.snapshots().afterPoll(route, this::writeTable);
    }

    /** None if the look failed: Camel fails in the same way then. */
    private Queue<Path> chosen(RouteSettings route) {
        record Dated(Path file, FileTime modified) {}

        List<Dated> files = new ArrayList<>();
        deliveries.settled().chosen(route.inbox()).ifPresent(names -> names.stream()
                .sorted()
                .map(route.inbox()::resolve)
                .forEach(file -> files.add(new Dated(file, modified(file)))));
        files.sort(Comparator.comparing(Dated::modified).thenComparing(Dated::file));
        Queue<Path> chosen = new ArrayDeque<>();
        files.forEach(file -> chosen.add(file.file));
        return chosen;
    }

    private static FileTime modified(Path file) {
        try {
            return Files.getLastModifiedTime(file);
        } catch (IOException e) {
            return FileTime.from(Instant.EPOCH);
        }
    }

    private void writeTable(String route) throws IOException, SQLException {
        StringBuilder content = new StringBuilder();
        Snapshot table = deliveries.snapshots().of(route);
        try (Connection reader = deliveries.snapshots().reader()) {
            Iterator<List<String>> rows = table.rows(reader, route);
            while (rows.hasNext()) {
                content.append(String.join(";", table.forFile(rows.next()))).append('\n');
            }
        }
        deliveries
                .snapshots()
                .publish(route, new ByteArrayInputStream(content.toString().getBytes(StandardCharsets.UTF_8)));
    }

    /** What the housekeeping does. */
    public void clean() throws IOException, SQLException {
        deliveries.housekeeping().cleanInboxes();
        deliveries.housekeeping().expireArchives();
    }

    /** Writes down what the ledger could not take. */
    public void catchUp() {
        deliveries.recovery().catchUp();
    }

    public void lookForStrays() {
        deliveries.strays().look();
    }

    /** No batch is begun any more. */
    public void prepareStop() {
        stopped = true;
    }

    /** Stops as a daemon does whose routes have stopped. */
    public void stop() throws SQLException {
        try {
            deliveries.recovery().discard();
            lease.close();
        } finally {
            ledger.close();
        }
    }

    /** A command that has a file handled anew, in a process of its own. */
    public static String replay(Settings settings, World world, String route, String name)
            throws IOException, SQLException {
        try (Ledger ledger = Ledger.open(world.database)) {
            return new Replay(settings, ledger, world.time)
                    .replay(route, name)
                    .now()
                    .toString();
        }
    }
}
