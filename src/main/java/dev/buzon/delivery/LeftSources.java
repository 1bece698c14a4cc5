package dev.buzon.delivery;

import dev.buzon.home.Home;
import dev.buzon.intake.FileIdentity;
import dev.buzon.intake.SeenFile;
import dev.buzon.ledger.Ledger;
import dev.buzon.ledger.LedgerEntry;
import dev.buzon.ledger.LeftSource;
import dev.buzon.ledger.LeftSourceRows;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
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

    private final Ledger ledger;
    private final LeftSourceRows rows;
    private final Set<String> allRoutes;
    /** The routes that may have left sources. */
    private final Set<String> routes;

    /** Of left sources as they are, so that a look at an inbox need not ask the ledger for each. */
    private final Fingerprints remembered = new Fingerprints(REMEMBERED_AT_MOST);

    /** @param routes all that there are */
    LeftSources(Ledger ledger, Home home, Set<String> routes) {
        this.ledger = ledger;
        this.rows = new LeftSourceRows(ledger, home);
        this.allRoutes = Set.copyOf(routes);
        this.routes = new HashSet<>(routes);
    }

    /** Before any route starts: what another daemon has left or cleaned meanwhile counts from now on. */
    void load() throws SQLException, IOException {
        Set<String> found = rows.routes();
        synchronized (this) {
            remembered.clear();
            // A route may have been renamed, its inbox may not.
            routes.addAll(allRoutes);
            if (allRoutes.containsAll(found)) {
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
        List<Path> paths = unknown.stream().map(SeenFile::path).toList();
        Map<Path, FileIdentity> left;
        try {
            left = rows.identities(paths);
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

    /** Whether what lies at a path was handled and is as it was then. */
    boolean has(Path path) throws IOException, SQLException {
        Optional<FileIdentity> now = FileIdentity.of(path);
        return now.isPresent()
                && now.get().equals(rows.identities(List.of(path)).get(path));
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
        ledger.leave(added, finished);
        synchronized (this) {
            for (LeftSource source : added) {
                routes.add(source.route());
                remembered.add(source.path(), source.identity());
            }
        }
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
