package dev.buzon.delivery;

import dev.buzon.home.CleanSource;
import dev.buzon.home.Home;
import dev.buzon.home.RouteSettings;
import dev.buzon.home.Settings;
import dev.buzon.home.Time;
import dev.buzon.ledger.DuplicateRows;
import dev.buzon.ledger.Ledger;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Puts away sources whose content was known when they came. The ledger has a row of each before it is moved, so that a
 * crash leaves none that nobody knows of.
 */
final class Duplicates {

    private final Settings settings;
    private final Home home;
    private final Ledger ledger;
    private final DuplicateRows rows;
    private final Sources sources;
    private final LeftSources left;
    private final Time time;
    /** Whether there may be rows of sources that have gone where they belong. */
    private volatile boolean unwritten;
    /** Whether the rows of a try that failed may be there, or may still come. */
    private volatile boolean inDoubt;

    Duplicates(Settings settings, Ledger ledger, Sources sources, LeftSources left, Time time) {
        this.settings = settings;
        this.home = settings.home();
        this.ledger = ledger;
        this.rows = new DuplicateRows(ledger);
        this.sources = sources;
        this.left = left;
        this.time = time;
    }

    /**
     * Puts away the sources of files of one batch, whose contents are known.
     *
     * @return where each went, as a person would write it; null if it stays, was deleted, or is gone
     */
    List<String> putAway(List<Delivery> deliveries) throws IOException, SQLException {
        RouteSettings route = deliveries.get(0).route();
        Path folder = route.duplicates().resolve(time.today().toString());
        Set<Path> planned = new HashSet<>();
        List<DuplicateRows.Duplicate> duplicates = new ArrayList<>();
        for (Delivery delivery : deliveries) {
            SafeName name = delivery.safeName();
            duplicates.add(new DuplicateRows.Duplicate(
                    route.id(),
                    delivery.key(),
                    delivery.name(),
                    delivery.identity().size(),
                    route.cleanSource() == CleanSource.ARCHIVE
                            ? home.relative(name.freeIn(folder, name.extension(), planned))
                            : null,
                    delivery.startedAt()));
        }
        boolean written = false;
        try {
            List<Long> sequences = begin(duplicates);
            List<String> places = move(route, deliveries, folder, duplicates);
            written = end(sequences, places, deliveries);
            return places;
        } finally {
            if (!written) {
                unwritten = true;
            }
        }
    }

    private List<Long> begin(List<DuplicateRows.Duplicate> duplicates) throws IOException, SQLException {
        resolveDoubt();
        try {
            return rows.begin(duplicates);
        } catch (IOException | SQLException e) {
            inDoubt = true;
            throw e;
        }
    }

    private void resolveDoubt() throws IOException, SQLException {
        if (inDoubt) {
            inDoubt = false;
            try {
                ledger.resolveDoubt();
            } catch (IOException | SQLException e) {
                inDoubt = true;
                throw e;
            }
        }
    }

    private List<String> move(
            RouteSettings route, List<Delivery> deliveries, Path folder, List<DuplicateRows.Duplicate> planned)
            throws IOException, SQLException {
        List<String> places = new ArrayList<>(Collections.nCopies(deliveries.size(), null));
        switch (route.cleanSource()) {
            case ARCHIVE -> {
                List<Optional<Path>> archived = sources.archive(route, Sources.moves(deliveries), folder);
                for (int i = 0; i < places.size(); i++) {
                    Optional<Path> place = archived.get(i).isPresent() ? archived.get(i) : archived(planned.get(i));
                    places.set(i, place.map(home::relative).orElse(null));
                }
            }
            case DELETE -> sources.delete(route, Sources.identities(deliveries));
            case OFF -> left.add(deliveries, List.of());
        }
        return places;
    }

    /** A daemon that stood still while this one took over may have archived it after all. */
    private Optional<Path> archived(DuplicateRows.Duplicate duplicate) throws IOException {
        return sources.archives().at(home.resolve(duplicate.planned()), duplicate.source(), duplicate.key());
    }

    private boolean end(List<Long> sequences, List<String> places, List<Delivery> deliveries) {
        List<DuplicateRows.Moved> moved = new ArrayList<>();
        for (int i = 0; i < sequences.size(); i++) {
            moved.add(new DuplicateRows.Moved(
                    sequences.get(i),
                    places.get(i),
                    time.now(),
                    deliveries.get(i).times().millis()));
        }
        try {
            rows.end(moved);
            return true;
        } catch (IOException | SQLException e) {
            // Their sources are where they belong, and their rows are there: what is missing is written later.
            return false;
        }
    }

    /** Writes what the ledger could not take, if it can now. */
    void catchUp() throws IOException, SQLException {
        if (unwritten) {
            resolveDoubt();
            recover();
        }
    }

    /** Writes down where those are that a crash, or a step that failed, left on their way. */
    void recover() throws IOException, SQLException {
        boolean waiting = false;
        for (DuplicateRows.Moving moving : rows.moving()) {
            RouteSettings route = settings.routes().get(moving.route());
            if (route == null) {
                continue;
            }
            Optional<Path> archived = moving.planned() == null
                    ? Optional.empty()
                    : sources.archives().at(home.resolve(moving.planned()), moving.source(), moving.key());
            Path source = route.inbox().resolve(moving.source());
            if (archived.isEmpty()
                    && !left.has(moving.route(), source, moving.key())
                    && sources.isInInbox(route, moving.source(), moving.key())) {
                // The next look at the inbox goes on with it.
                waiting = true;
                continue;
            }
            if (Sources.isGone(source)) {
                sources.removeDoneFile(route, source);
            }
            Archives.forceMove(route, archived);
            rows.end(List.of(new DuplicateRows.Moved(
                    moving.sequence(), archived.map(home::relative).orElse(null), time.now(), 0)));
        }
        unwritten = waiting;
    }
}
