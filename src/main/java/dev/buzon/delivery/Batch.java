package dev.buzon.delivery;

import dev.buzon.home.RouteSettings;
import dev.buzon.home.Time;
import dev.buzon.ledger.LedgerEntry;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * Files of one route that go together: one Spark job, one transaction, one forced write of each folder. What becomes of
 * one is its own. Used by one thread at a time.
 */
final class Batch {

    private final RouteSettings route;
    private final long lease;
    private final Time time;
    private final Instant startedAt;
    private final StepTimes times;
    /** In its staging folders: each try of a batch has folders of its own. */
    private final String name;

    private final List<Delivery> deliveries = new ArrayList<>();
    /** The rows that its commit may have written, though it seems to have failed. */
    private final List<LedgerEntry> perhapsCommitted = new ArrayList<>();

    private boolean staged;
    /** Whether what is staged may be thrown away: it is of this try, and no commit may need it. */
    private boolean disposable;

    /** @param lease the number of the lease that this is under */
    Batch(RouteSettings route, long lease, Surroundings surroundings) {
        this.route = route;
        this.lease = lease;
        this.time = surroundings.time();
        this.startedAt = time.now();
        this.times = new StepTimes(time);
        this.name = Staging.name(surroundings.names().get(), lease);
    }

    RouteSettings route() {
        return route;
    }

    long lease() {
        return lease;
    }

    Instant startedAt() {
        return startedAt;
    }

    Time time() {
        return time;
    }

    StepTimes times() {
        return times;
    }

    /** The folder in which a job stages results. */
    Path staging() {
        return route.outboxStaging().resolve(name);
    }

    /** The folder in which bad records and reasons are staged; there once there are some. */
    Path rejectedStaging() {
        return route.rejectedStaging().resolve(name);
    }

    List<Delivery> deliveries() {
        return deliveries;
    }

    void add(Delivery delivery) {
        deliveries.add(delivery);
        times.shareAmong(deliveries.size());
    }

    /** Lets files go that are for a later batch. */
    void remove(List<Delivery> others) {
        deliveries.removeAll(others);
        times.shareAmong(Math.max(1, deliveries.size()));
    }

    /** The files that its job has to handle. */
    List<Delivery> newOnes() {
        return deliveries.stream().filter(Delivery::isNew).toList();
    }

    List<LedgerEntry> perhapsCommitted() {
        return perhapsCommitted;
    }

    /** Whether it has staging folders. */
    boolean isStaged() {
        return staged;
    }

    boolean isDisposable() {
        return disposable;
    }

    /** Said as soon as it gets staging folders, and of its commit. */
    void setDisposable(boolean disposable) {
        this.staged = true;
        this.disposable = disposable;
    }
}
