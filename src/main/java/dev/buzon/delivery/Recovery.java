package dev.buzon.delivery;

import dev.buzon.home.CleanSource;
import dev.buzon.home.Home;
import dev.buzon.home.RouteSettings;
import dev.buzon.home.Settings;
import dev.buzon.home.Time;
import dev.buzon.ledger.FileState;
import dev.buzon.ledger.Ledger;
import dev.buzon.ledger.LedgerEntry;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Brings to its end what a crash, or a step that failed, left on its way: it goes by the rows of the ledger and by what is
 * on the disk. All that it asks of a batch that failed is what may be staged of it. Thread-safe.
 */
public final class Recovery {

    private final Settings settings;
    private final Home home;
    private final Ledger ledger;
    private final Publishing publishing;
    private final Sources sources;
    private final Duplicates duplicates;
    private final LeftSources left;
    private final Snapshots snapshots;
    private final DeliveryListener listener;
    private final Time time;
    /** Committed files that are not at their end, by route and key, but those that a batch has in hand. */
    private final Map<String, LedgerEntry> unfinished = new ConcurrentHashMap<>();
    /** Tries that have failed, of which something may be staged. */
    private final Set<Batch> failed = ConcurrentHashMap.newKeySet();
    /** Under which number of the lease this works, or has worked until it was lost. */
    private volatile long lease;

    Recovery(
            Settings settings,
            Ledger ledger,
            Publishing publishing,
            Sources sources,
            Duplicates duplicates,
            LeftSources left,
            Snapshots snapshots,
            DeliveryListener listener,
            Time time) {
        this.settings = settings;
        this.home = settings.home();
        this.ledger = ledger;
        this.publishing = publishing;
        this.sources = sources;
        this.duplicates = duplicates;
        this.left = left;
        this.snapshots = snapshots;
        this.listener = listener;
        this.time = time;
        this.lease = ledger.leaseNumber();
    }

    /** Before a start, under the lock of the home: frees what a crash left staged on a disk that is full. */
    public static void makeRoom(Settings settings) {
        Publishing.makeRoom(settings);
    }

    /** Rolls committed files forward and throws away what was not committed. Before any route starts. */
    public void recover() throws IOException, SQLException {
        lease = ledger.leaseNumber();
        publishing.recover(lease);
        for (RouteSettings route : settings.routes().values()) {
            sources.aside().bringBack(route);
        }
        List<LedgerEntry> finished = new ArrayList<>();
        for (LedgerEntry entry : ledger.unfinished()) {
            LedgerEntry now = bringForward(entry);
            if (now.state() != FileState.COMMITTED) {
                finished.add(now);
            } else {
                leaveUnfinished(now);
            }
        }
        end(finished);
        duplicates.recover();
        left.load();
    }

    /**
     * After the last route has stopped: if another daemon works by now, throws away what was staged here and not
     * committed. That one does not look for it.
     */
    public void discard() {
        if (ledger.leaseNumber() == lease) {
            return;
        }
        try {
            publishing.discard(lease);
        } catch (IOException | SQLException e) {
            // The next one to take over throws it away.
        }
    }

    /**
     * Has a committed file brought to its end by and by, as no batch goes on with it for now: perhaps the ledger could not
     * be written to, or no look at the inbox comes upon the file any more.
     */
    void leaveUnfinished(LedgerEntry entry) {
        unfinished.put(entry.route() + "/" + entry.key(), entry);
    }

    /** Throws away what a try that failed has staged, which may be what fills the disk; later, if a commit needs it. */
    void failed(Batch batch) {
        batch.perhapsCommitted().forEach(this::leaveUnfinished);
        if (batch.isStaged()) {
            failed.add(batch);
        }
        if (batch.isDisposable()) {
            discard(batch);
        }
    }

    private void discard(Batch batch) {
        try {
            publishing.discard(batch);
            failed.remove(batch);
        } catch (IOException e) {
            // The next call of catchUp does it.
        }
    }

    /** Until a committed file is at its end, what was staged with it may be needed. */
    private void discardIfNotNeeded(Batch batch) throws IOException, SQLException {
        List<String> keys = batch.deliveries().stream().map(Delivery::key).toList();
        if (ledger.findKnown(batch.route().id(), keys).values().stream()
                .noneMatch(entry -> entry.state() == FileState.COMMITTED)) {
            discard(batch);
        }
    }

    /** Brings to their ends the files that no look at an inbox comes upon any more, if that is possible now. */
    public void catchUp() {
        try {
            if (!(unfinished.isEmpty() && failed.isEmpty()) && ledger.isInDoubt()) {
                ledger.resolveDoubt();
            }
            sources.aside().bringBackIfAny();
            for (LedgerEntry entry : unfinished.values()) {
                catchUp(entry);
            }
            for (Batch batch : failed) {
                discardIfNotNeeded(batch);
            }
            duplicates.catchUp();
        } catch (IOException | SQLException e) {
            // Said when it failed first. The next call tries again.
        }
    }

    private void catchUp(LedgerEntry entry) throws SQLException {
        try {
            // Its row may have been written since then.
            Optional<LedgerEntry> row =
                    ledger.find(entry.route(), entry.key()).filter(found -> found.state() == FileState.COMMITTED);
            if (row.isEmpty()) {
                takeUp(entry);
            } else if (isOutOfReach(row.get())) {
                rollForward(row.get());
            }
        } catch (IOException e) {
            // The others do not wait for it.
        }
    }

    private boolean isOutOfReach(LedgerEntry entry) throws IOException, SQLException {
        RouteSettings route = settings.routes().get(entry.route());
        return route != null && !sources.isInInbox(route, entry.source(), entry.key());
    }

    /** A batch goes on with a committed file, or it is at its end. */
    void takeUp(LedgerEntry entry) {
        unfinished.remove(entry.route() + "/" + entry.key());
    }

    /**
     * Brings a committed file as far as can be without its next look, and writes that down.
     *
     * @return its row then: still COMMITTED if its source is in the inbox
     */
    LedgerEntry rollForward(LedgerEntry entry) throws IOException, SQLException {
        LedgerEntry now = bringForward(entry);
        if (now.state() != FileState.COMMITTED) {
            end(List.of(now));
            takeUp(now);
        }
        return now;
    }

    private void end(List<LedgerEntry> finished) throws IOException, SQLException {
        ledger.update(finished);
        finished.forEach(listener::finished);
        // Whoever committed them may not have known it.
        finished.forEach(entry -> snapshots.setChanged(entry.route()));
    }

    private LedgerEntry bringForward(LedgerEntry entry) throws IOException, SQLException {
        RouteSettings route = settings.routes().get(entry.route());
        if (route == null) {
            return entry;
        }
        LedgerEntry published = publishing.publish(route, entry);
        Path source = route.inbox().resolve(entry.source());
        Optional<Path> archived = sources.archives().of(route, entry);
        if (archived.isEmpty() && sources.isInInbox(route, entry.source(), entry.key())) {
            return published;
        }
        if (archived.isEmpty()) {
            // In between, a daemon that stood still while this one took over may have archived it.
            archived = sources.archives().of(route, entry);
        }
        FileState state;
        if (archived.isPresent()) {
            state = Archiving.arrived(entry);
        } else {
            boolean isToBeDeleted = entry.archived() == null && route.cleanSource() == CleanSource.DELETE;
            state = isToBeDeleted ? FileState.DELETED : FileState.GONE;
        }
        if (Sources.isGone(source)) {
            sources.removeDoneFile(route, source);
        }
        Archives.forceMove(route, archived);
        return published.finished(state, archived.map(home::relative).orElse(null), time.now());
    }
}
