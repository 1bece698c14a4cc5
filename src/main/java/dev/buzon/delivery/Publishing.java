package dev.buzon.delivery;

import dev.buzon.home.Home;
import dev.buzon.home.OpenFolder;
import dev.buzon.home.RouteSettings;
import dev.buzon.home.Settings;
import dev.buzon.home.SettingsException;
import dev.buzon.ledger.FileState;
import dev.buzon.ledger.Ledger;
import dev.buzon.ledger.LedgerEntry;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Brings what is staged and committed to where it is published, and throws away what is not committed. Thread-safe. */
final class Publishing {

    private static final Logger LOG = LoggerFactory.getLogger(Publishing.class);

    private final Settings settings;
    private final Home home;
    private final Ledger ledger;
    private final Staging staging;
    private final FreeNames names;

    Publishing(Settings settings, Ledger ledger, Staging staging, FreeNames names) {
        this.settings = settings;
        this.home = settings.home();
        this.ledger = ledger;
        this.staging = staging;
        this.names = names;
    }

    /**
     * Throws away what a crash left staged, if the ledger is a file that this daemon alone may use: it is done without
     * any room on the disk, which may be full of that.
     */
    static void makeRoom(Settings settings) {
        try {
            Optional<Ledger> readable = Ledger.openWithoutRoom(settings);
            if (readable.isPresent()) {
                try (Ledger ledger = readable.get()) {
                    Staging staging =
                            new Staging(settings.home(), settings.routes().values());
                    new Publishing(settings, ledger, staging, new FreeNames()).discardUpTo(0);
                }
            }
        } catch (SettingsException | SQLException | IOException e) {
            // What needed the room says what is wrong.
            LOG.debug("No room was made", e);
        }
    }

    /** Throws away what a try has staged, and not published. */
    void discard(Batch batch) throws IOException {
        staging.clear(batch.staging());
        staging.clear(batch.rejectedStaging());
    }

    /**
     * Publishes what the rows of a batch's files name, each with one rename.
     *
     * @param entries of this batch, just committed
     * @return the rows, with the names under which they were published
     */
    List<LedgerEntry> publish(Batch batch, List<LedgerEntry> entries) throws IOException, SQLException {
        List<Path> folders = new ArrayList<>();
        if (entries.stream().anyMatch(entry -> entry.output() != null)) {
            folders.add(batch.staging());
        }
        if (entries.stream().anyMatch(entry -> entry.rejectedOutput() != null)) {
            folders.add(batch.rejectedStaging());
        }
        List<LedgerEntry> published = publish(entries, folders);
        discard(batch);
        return published;
    }

    /**
     * Publishes what the row of a file names, wherever it is staged. Nothing if that was done before.
     *
     * @return the row, with the names under which it was published
     */
    LedgerEntry publish(RouteSettings route, LedgerEntry entry) throws IOException, SQLException {
        List<Path> folders = new ArrayList<>();
        for (Path folder : staging.of(route)) {
            if (staging.in(folder).stream().anyMatch(staged -> isOf(entry, staged))) {
                folders.add(folder);
            }
        }
        LedgerEntry published = publish(List.of(entry), folders).get(0);
        for (Path folder : folders) {
            clearIfEmpty(route, folder.getFileName());
        }
        return published;
    }

    /** Removes the folders of a batch, of which none is under way, if nothing waits in them any more. */
    private void clearIfEmpty(RouteSettings route, Path batch) throws IOException {
        List<Path> folders = List.of(
                route.outboxStaging().resolve(batch), route.rejectedStaging().resolve(batch));
        for (Path folder : folders) {
            if (!staging.in(folder).isEmpty()) {
                return;
            }
        }
        for (Path folder : folders) {
            staging.clear(folder);
        }
    }

    private static boolean isOf(LedgerEntry entry, Staging.Staged staged) {
        return staged.key().equals(entry.key()) && staged.lease() == entry.lease();
    }

    private List<LedgerEntry> publish(List<LedgerEntry> entries, Collection<Path> folders)
            throws IOException, SQLException {
        Map<String, LedgerEntry> byKey = new HashMap<>();
        entries.forEach(entry -> byKey.put(entry.key(), entry));
        for (Path folder : folders) {
            publishFrom(folder, byKey);
        }
        return entries.stream().map(entry -> byKey.get(entry.key())).toList();
    }

    /** @param byKey the rows, which are replaced where a file can't have its planned place */
    private void publishFrom(Path folder, Map<String, LedgerEntry> byKey) throws IOException, SQLException {
        boolean rejected = isOfRejected(folder);
        try (OpenFolder all = staging.open(folder.getParent());
                OpenFolder batch = all.open(folder.getFileName().toString())) {
            Map<Path, List<Staging.Staged>> byOutbox = new HashMap<>();
            for (Staging.Staged staged : Staging.in(batch)) {
                LedgerEntry entry = byKey.get(staged.key());
                String planned = entry == null ? null : planned(entry, rejected);
                if (planned != null) {
                    Path outbox = home.resolve(planned).getParent();
                    byOutbox.computeIfAbsent(outbox, same -> new ArrayList<>()).add(staged);
                }
            }
            for (Map.Entry<Path, List<Staging.Staged>> target : byOutbox.entrySet()) {
                try (OpenFolder outbox = OpenFolder.at(target.getKey())) {
                    try {
                        for (Staging.Staged staged : target.getValue()) {
                            ledger.expectHeld();
                            byKey.put(staged.key(), move(batch, staged, outbox, byKey.get(staged.key()), rejected));
                        }
                    } finally {
                        outbox.force();
                    }
                }
            }
            batch.force();
        }
    }

    private static String planned(LedgerEntry entry, boolean rejected) {
        return rejected ? entry.rejectedOutput() : entry.output();
    }

    private boolean isOfRejected(Path folder) {
        return settings.routes().values().stream()
                .anyMatch(route -> folder.startsWith(route.rejected().resolve(RouteSettings.STAGING)));
    }

    /** @return the row, with the place that the file has now */
    private LedgerEntry move(
            OpenFolder batch, Staging.Staged staged, OpenFolder outbox, LedgerEntry entry, boolean rejected)
            throws IOException, SQLException {
        synchronized (names) {
            Path planned = home.resolve(planned(entry, rejected));
            String name = planned.getFileName().toString();
            LedgerEntry now = entry;
            if (outbox.find(name).isPresent()) {
                // Somebody has put a file there since it was planned.
                name = SafeName.of(entry.source(), entry.key()).freeIn(outbox, staged.extension());
                String place = home.relative(planned.resolveSibling(name));
                now = rejected
                        ? entry.published(entry.output(), place)
                        : entry.published(place, entry.rejectedOutput());
            }
            if (now != entry || ledger.isInDoubt()) {
                // Before the rename: a crash after it leaves nothing that says where the file is. An earlier try of
                // this
                // may still come to its end.
                ledger.update(List.of(now));
            }
            batch.move(staged.name(), outbox, name);
            return now;
        }
    }

    /**
     * After a crash: throws away what was not committed, then publishes what was.
     *
     * @param lease the number of the lease that this is under: what is staged under a later one is a daemon's at work
     */
    void recover(long lease) throws IOException, SQLException {
        // On a disk that is full only the first is possible, and makes room for the rest.
        discardUpTo(lease);
        for (RouteSettings route : settings.routes().values()) {
            for (Path folder : staging.of(route)) {
                recover(folder, staged -> committed(route, staged));
            }
            for (Path folder : staging.ofAnyRoute(route)) {
                recover(folder, this::committedByAny);
            }
        }
    }

    private interface Rows {
        Optional<LedgerEntry> of(Staging.Staged staged) throws SQLException;
    }

    private void recover(Path folder, Rows rows) throws IOException, SQLException {
        Map<String, LedgerEntry> committed = new HashMap<>();
        for (Staging.Staged staged : staging.in(folder)) {
            rows.of(staged).ifPresent(entry -> committed.put(staged.key(), entry));
        }
        if (!committed.isEmpty()) {
            publish(List.copyOf(committed.values()), List.of(folder));
            staging.clear(folder);
        }
    }

    private void discardUpTo(long lease) throws IOException, SQLException {
        Set<String> unfinished = ledger.unfinished().stream()
                .map(entry -> Staging.name(entry.key(), entry.lease()))
                .collect(Collectors.toSet());
        for (RouteSettings route : settings.routes().values()) {
            ForcedSources.discardCopies(route);
            discard(route, staging.all(route), lease);
            for (Path folder : staging.ofAnyRoute(route)) {
                // Of a route that is not there now, perhaps.
                if (!unfinished.contains(folder.getFileName().toString())) {
                    discard(folder, this::committedByAny);
                }
            }
        }
    }

    /** Throws away what was staged under the number of a lease, or an earlier one, and not committed. */
    void discard(long lease) throws IOException, SQLException {
        for (RouteSettings route : settings.routes().values()) {
            discard(route, lease);
        }
    }

    /**
     * The same of one route, of which no batch is under way: a daemon that stood still may have staged something after
     * another had taken over.
     */
    void discard(RouteSettings route, long lease) throws IOException, SQLException {
        discard(route, staging.of(route), lease);
    }

    private void discard(RouteSettings route, List<Path> folders, long lease) throws IOException, SQLException {
        for (Path folder : folders) {
            if (lease == 0 || Staging.leaseOf(folder) <= lease) {
                discard(folder, staged -> committed(route, staged));
            }
        }
    }

    /** Throws away the files of a folder that are not committed, and the folder if that leaves none. */
    private void discard(Path folder, Rows rows) throws IOException, SQLException {
        List<Staging.Staged> uncommitted = new ArrayList<>();
        boolean needed = false;
        for (Staging.Staged staged : staging.in(folder)) {
            if (rows.of(staged).isPresent()) {
                needed = true;
            } else {
                uncommitted.add(staged);
            }
        }
        if (!needed) {
            staging.clear(folder);
        } else if (!uncommitted.isEmpty()) {
            try (OpenFolder all = staging.open(folder.getParent());
                    OpenFolder batch = all.open(folder.getFileName().toString())) {
                for (Staging.Staged staged : uncommitted) {
                    batch.clear(staged.name());
                }
            }
        }
    }

    /** Whatever its state: the rename that published it may be lost, the row is not. */
    private Optional<LedgerEntry> committed(RouteSettings route, Staging.Staged staged) throws SQLException {
        return ledger.find(route.id(), staged.key())
                .filter(entry -> entry.state() != FileState.REPLAYED && isOf(entry, staged));
    }

    private Optional<LedgerEntry> committedByAny(Staging.Staged staged) throws SQLException {
        for (RouteSettings route : settings.routes().values()) {
            Optional<LedgerEntry> committed = committed(route, staged);
            if (committed.isPresent()) {
                return committed;
            }
        }
        return Optional.empty();
    }
}
