package dev.buzon.delivery;

import dev.buzon.home.CleanSource;
import dev.buzon.home.Home;
import dev.buzon.ledger.FileState;
import dev.buzon.ledger.Ledger;
import dev.buzon.ledger.LedgerEntry;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** Brings the sources of committed files to where {@code clean-source} says, and writes that down. Thread-safe. */
final class Archiving {

    private final Home home;
    private final Ledger ledger;
    private final Sources sources;
    private final LeftSources left;

    Archiving(Home home, Ledger ledger, Sources sources, LeftSources left) {
        this.home = home;
        this.ledger = ledger;
        this.sources = sources;
        this.left = left;
    }

    static FileState arrived(LedgerEntry entry) {
        return entry.error() == null ? FileState.ARCHIVED : FileState.REJECTED;
    }

    /**
     * Archives, deletes or leaves the sources of a batch's committed files.
     *
     * @return the rows of those that have come to their end now
     */
    Map<Delivery, LedgerEntry> finish(List<Delivery> deliveries) throws IOException, SQLException {
        Map<Delivery, LedgerEntry> finished = new HashMap<>();
        List<Delivery> stay = new ArrayList<>();
        List<Delivery> toDelete = new ArrayList<>();
        List<Delivery> touched = new ArrayList<>();
        Map<Path, List<Delivery>> toArchive = new HashMap<>();
        for (Delivery delivery : deliveries) {
            LedgerEntry entry = delivery.entry();
            if (delivery.isTouched()) {
                if (delivery.isThere()) {
                    touched.add(delivery);
                }
            } else if (!delivery.isThere()) {
                if (entry.state() == FileState.COMMITTED) {
                    finished.put(delivery, gone(delivery));
                }
            } else if (entry.archived() != null) {
                Path folder = home.resolve(entry.archived()).getParent();
                toArchive.computeIfAbsent(folder, same -> new ArrayList<>()).add(delivery);
            } else if (delivery.route().cleanSource() == CleanSource.DELETE) {
                toDelete.add(delivery);
            } else {
                stay.add(delivery);
            }
        }
        for (Map.Entry<Path, List<Delivery>> group : toArchive.entrySet()) {
            archive(group.getKey(), group.getValue(), finished);
        }
        delete(toDelete, finished);
        ledger.note(finished.values());
        leave(stay, finished);
        if (!touched.isEmpty()) {
            // They were handled long ago.
            left.add(touched, List.of());
        }
        return finished;
    }

    /** What is in its place, if anything is, is a file of its own. */
    private LedgerEntry gone(Delivery delivery) throws IOException, SQLException {
        if (sources.isInInbox(delivery.route(), delivery.name(), delivery.key())) {
            throw new IOException(delivery.source() + " was missing for a moment.");
        }
        if (Sources.isGone(delivery.source())) {
            sources.removeDoneFile(delivery.route(), delivery.source());
        }
        // A daemon that stood still while this one took over may have archived it after all.
        Optional<Path> archived = sources.archives().of(delivery.route(), delivery.entry());
        Archives.forceMove(delivery.route(), archived);
        return archived.isPresent() ? end(delivery, archived.get()) : end(delivery, FileState.GONE, null);
    }

    private LedgerEntry end(Delivery delivery, Path archived) {
        return end(delivery, arrived(delivery.entry()), home.relative(archived));
    }

    private void archive(Path folder, List<Delivery> deliveries, Map<Delivery, LedgerEntry> finished)
            throws IOException, SQLException {
        List<Optional<Path>> archived = sources.archive(deliveries.get(0).route(), Sources.moves(deliveries), folder);
        for (int i = 0; i < deliveries.size(); i++) {
            Delivery delivery = deliveries.get(i);
            finished.put(
                    delivery,
                    archived.get(i).isPresent() ? end(delivery, archived.get(i).get()) : gone(delivery));
        }
    }

    private void delete(List<Delivery> deliveries, Map<Delivery, LedgerEntry> finished)
            throws IOException, SQLException {
        if (!deliveries.isEmpty()) {
            sources.delete(deliveries.get(0).route(), Sources.identities(deliveries));
            deliveries.forEach(delivery -> finished.put(delivery, end(delivery, FileState.DELETED, null)));
        }
    }

    private void leave(List<Delivery> deliveries, Map<Delivery, LedgerEntry> finished)
            throws IOException, SQLException {
        if (!deliveries.isEmpty()) {
            Map<Delivery, LedgerEntry> stayed = deliveries.stream()
                    .collect(Collectors.toMap(delivery -> delivery, delivery -> {
                        boolean good = delivery.entry().error() == null;
                        return end(delivery, good ? FileState.LEFT : FileState.REJECTED, null);
                    }));
            left.add(deliveries, stayed.values());
            finished.putAll(stayed);
        }
    }

    private static LedgerEntry end(Delivery delivery, FileState state, String archived) {
        return delivery.entry()
                .finished(
                        state,
                        archived,
                        delivery.batch().time().now(),
                        delivery.times().millis());
    }
}
