package dev.buzon.delivery;

import dev.buzon.home.RouteSettings;
import dev.buzon.home.Settings;
import dev.buzon.intake.FileIdentity;
import dev.buzon.intake.SeenFile;
import dev.buzon.ledger.FileState;
import dev.buzon.ledger.Ledger;
import dev.buzon.ledger.LedgerEntry;
import dev.buzon.ledger.LeftSource;
import dev.buzon.ledger.LeftSourceRows;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The sources that were handled and stay in their inboxes. There may be millions: all of them are in the ledger, and
 * some in memory. Thread-safe.
 */
final class LeftSources {

    /** 16 MB of them. */
    private static final int REMEMBERED_AT_MOST = 1 << 20;

    private static final int PAGE = 500;

    private final Settings settings;
    private final Ledger ledger;
    private final Archives archives;
    private final LeftSourceRows rows;
    /** The routes that may have left sources. */
    private final Set<String> routes;

    /** Of left sources as they are, so that a look at an inbox need not ask the ledger for each. */
    private final Fingerprints remembered = new Fingerprints(REMEMBERED_AT_MOST);

    LeftSources(Settings settings, Ledger ledger, Archives archives) {
        this.settings = settings;
        this.ledger = ledger;
        this.archives = archives;
        this.rows = new LeftSourceRows(ledger, settings.home());
        this.routes = new HashSet<>(settings.routes().keySet());
    }

    /** Before any route starts: what another daemon has left or cleaned meanwhile counts from now on. */
    void load() throws SQLException, IOException {
        Set<String> found = rows.routes();
        synchronized (this) {
            remembered.clear();
            // A route may have been renamed, its inbox may not.
            routes.addAll(settings.routes().keySet());
            if (settings.routes().keySet().containsAll(found)) {
                routes.retainAll(found);
            }
        }
    }

    /** Leaves out those that were handled and are as they were then. */
    List<SeenFile> leaveOut(String route, List<SeenFile> files) throws IOException {
        List<SeenFile> unknown = unremembered(route, files);
        if (unknown.isEmpty() || !mayHaveAny(route)) {
            return unknown;
        }
        Map<Path, FileIdentity> left = new HashMap<>();
        try {
            rows.at(unknown.stream().map(SeenFile::path).toList())
                    .forEach(source -> left.put(source.path(), source.identity()));
        } catch (SQLException e) {
            throw new IOException("The ledger doesn't say which files were handled: " + e.getMessage(), e);
        }
        List<SeenFile> others = new ArrayList<>();
        for (SeenFile file : unknown) {
            if (file.identity().equals(left.get(file.path()))) {
                remember(file);
            } else {
                others.add(file);
            }
        }
        return others;
    }

    /** Whether a source with a content was left at a path: if it has another identity now, it was only touched. */
    boolean has(String route, Path path, String key) throws IOException, SQLException {
        return mayHaveAny(route)
                && rows.at(List.of(path)).stream()
                        .anyMatch(source -> source.key().equals(key));
    }

    /** What is done with a left source. */
    @FunctionalInterface
    interface Action {
        void on(LeftSource source) throws IOException, SQLException;
    }

    /** One after another, which may be removed meanwhile. */
    void forEach(Action action) throws IOException, SQLException {
        String after = "";
        List<LeftSource> page;
        do {
            String last = after;
            page = rows.page(last, PAGE);
            for (LeftSource source : page) {
                action.on(source);
                after = source.path().toString();
            }
        } while (page.size() == PAGE);
        forget();
    }

    /** Makes room: what is still there is remembered anew. */
    private synchronized void forget() {
        remembered.clear();
    }

    /** @param finished the files among them whose lives end with that; of the others the ledger knows all there is */
    void add(List<Delivery> deliveries, Collection<LedgerEntry> finished) throws SQLException, IOException {
        List<LeftSource> added = deliveries.stream()
                .map(delivery ->
                        new LeftSource(delivery.source(), delivery.route().id(), delivery.key(), delivery.identity()))
                .toList();
        List<LedgerEntry> ended = new ArrayList<>(finished);
        for (LeftSource replaced : replacedBy(added)) {
            gone(replaced).ifPresent(ended::add);
        }
        synchronized (this) {
            // If the answer of the ledger is lost, it may have any nonetheless.
            added.forEach(source -> routes.add(source.route()));
        }
        ledger.leave(added, ended);
        synchronized (this) {
            added.forEach(source -> remembered.add(source.path(), source.identity()));
        }
    }

    /** Those that had the places of others before. */
    private List<LeftSource> replacedBy(List<LeftSource> added) throws SQLException, IOException {
        Map<Path, String> keys = new HashMap<>();
        for (LeftSource source : added) {
            if (mayHaveAny(source.route())) {
                keys.put(source.path(), source.key());
            }
        }
        return rows.at(keys.keySet()).stream()
                .filter(source -> !source.key().equals(keys.get(source.path())))
                .toList();
    }

    /** The row of the file that made the content of a left source known, if that was this one. */
    Optional<LedgerEntry> first(LeftSource source) throws SQLException {
        String name = source.path().getFileName().toString();
        return ledger.find(source.route(), source.key())
                .filter(entry -> entry.source().equals(name) && stays(entry));
    }

    /** Once it is cleaned, one that comes again under its name is a duplicate. */
    private static boolean stays(LedgerEntry entry) {
        return entry.state() == FileState.LEFT || entry.state() == FileState.REJECTED && entry.archived() == null;
    }

    /**
     * What becomes of that row where the source is not in its place any more: somebody took it away, or put another there,
     * which is a file of its own; or an earlier try to clean it archived it, and the ledger could not take that.
     */
    Optional<LedgerEntry> gone(LeftSource source) throws IOException, SQLException {
        RouteSettings route = settings.routes().get(source.route());
        Optional<LedgerEntry> first = first(source);
        if (route == null || first.isEmpty()) {
            return Optional.empty();
        }
        Optional<Path> archived = archives.since(route.archive(), first.get());
        Archives.forceMove(route, archived);
        return Optional.of(cleaned(first.get(), FileState.GONE, archived));
    }

    /**
     * The row of a file whose source left its inbox after all.
     *
     * @param unarchived what it is if it was not archived
     */
    LedgerEntry cleaned(LedgerEntry entry, FileState unarchived, Optional<Path> archived) {
        FileState state = archived.isPresent() ? FileState.ARCHIVED : unarchived;
        if (entry.error() != null) {
            // A file of which nothing could be read is rejected, wherever it goes.
            state = FileState.REJECTED;
        }
        return entry.finished(state, archived.map(settings.home()::relative).orElse(null), entry.finishedAt());
    }

    /** @param entry where the source was the one that made its content known: what became of it */
    void remove(LeftSource source, Optional<LedgerEntry> entry) throws SQLException, IOException {
        ledger.clean(source, entry);
    }

    private synchronized void remember(SeenFile file) {
        remembered.add(file.path(), file.identity());
    }

    private synchronized boolean mayHaveAny(String route) {
        return routes.contains(route);
    }

    private synchronized List<SeenFile> unremembered(String route, List<SeenFile> files) {
        return !mayHaveAny(route)
                ? List.copyOf(files)
                : files.stream()
                        .filter(file -> !remembered.contains(file.path(), file.identity()))
                        .toList();
    }
}
