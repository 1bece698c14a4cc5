package dev.buzon.delivery;

import dev.buzon.home.Home;
import dev.buzon.home.RouteSettings;
import dev.buzon.home.Settings;
import dev.buzon.home.Time;
import dev.buzon.intake.FileIdentity;
import dev.buzon.intake.PickupPolicy;
import dev.buzon.intake.SeenFile;
import dev.buzon.intake.SettledFiles;
import dev.buzon.intake.StrayListener;
import dev.buzon.intake.Strays;
import dev.buzon.ledger.Ledger;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** All that has a part in the deliveries of a home, put together. Thread-safe. */
public final class Deliveries implements PickupPolicy, StrayListener {

    final Ledger ledger;
    final Listeners listeners = new Listeners();
    final Surroundings surroundings;
    final Parallel parallel;
    final FreeNames names = new FreeNames();
    final FileRetries retries;
    final Staging staging;
    final Publishing publishing;
    final ForcedSources forced;
    final Committing committing;
    final Archiving archiving;
    final Duplicates duplicates;
    final Recovery recovery;
    private final Sources sources;
    final LeftSources left;
    private final SettledFiles settled;
    private final Strays strays;
    private final Housekeeping housekeeping;
    private final Replay replay;
    final Snapshots snapshots;
    private final RouteSteps steps;
    private final SnapshotSteps snapshotSteps;

    /** The home's folders are there. */
    public Deliveries(Settings settings, Ledger ledger) throws IOException {
        this(settings, ledger, Surroundings.ofProcess());
    }

    Deliveries(Settings settings, Ledger ledger, Surroundings surroundings) throws IOException {
        Home home = settings.home();
        Time time = surroundings.time();
        this.ledger = ledger;
        this.surroundings = surroundings;
        parallel = surroundings.parallel();
        retries = new FileRetries(settings, time);
        staging = new Staging(home, settings.routes().values());
        publishing = new Publishing(settings, ledger, staging, names);
        sources = new Sources(settings, ledger, names);
        forced = new ForcedSources(ledger, sources.aside());
        left = new LeftSources(settings, ledger, sources.archives());
        committing = new Committing(home, ledger, staging, forced, parallel);
        archiving = new Archiving(home, ledger, sources, left);
        duplicates = new Duplicates(settings, ledger, sources, left, time);
        snapshots = new Snapshots(settings, ledger, time);
        recovery = new Recovery(settings, ledger, publishing, sources, duplicates, left, snapshots, listeners, time);
        settled = new SettledFiles(settings.routes().values(), this, home.instanceFolder(), time);
        strays = new Strays(settings.routes().values(), this, home.instanceFolder(), time);
        housekeeping = new Housekeeping(settings, ledger, left, sources, time);
        replay = new Replay(settings, ledger, sources.aside(), time);
        snapshotSteps = new SnapshotSteps(snapshots);
        steps = new RouteSteps(settings, new Lifecycle(this, settled, strays));
    }

    public void addListener(DeliveryListener listener) {
        listeners.add(listener);
    }

    /** What the routes call. */
    public RouteSteps steps() {
        return steps;
    }

    public Recovery recovery() {
        return recovery;
    }

    /** What cleans up behind these deliveries. */
    public Housekeeping housekeeping() {
        return housekeeping;
    }

    /** What the route calls that publishes the tables of jobs. */
    public SnapshotSteps snapshotSteps() {
        return snapshotSteps;
    }

    /** What has files handled anew. */
    public Replay replay() {
        return replay;
    }

    /** The tables that jobs keep. */
    public Snapshots snapshots() {
        return snapshots;
    }

    /** What chooses the files that are delivered. */
    public SettledFiles settled() {
        return settled;
    }

    /** What looks after all else in the inboxes. */
    public Strays strays() {
        return strays;
    }

    @Override
    public List<SeenFile> unhandled(String route, List<SeenFile> files) throws IOException {
        return left.leaveOut(route, files);
    }

    @Override
    public boolean isDue(Path file, FileIdentity identity) {
        return retries.isDue(file, identity);
    }

    @Override
    public boolean isAlone(Path file) {
        return retries.isAlone(file);
    }

    @Override
    public void leftAlone(String route, String name, String kind) {
        listeners.leftAlone(route, name, kind);
    }

    @Override
    public void renamed(String route, String name) {
        listeners.renamed(route, name);
    }

    @Override
    public void leftAside(RouteSettings route) {
        sources.aside().mayBeIn(route);
    }
}
