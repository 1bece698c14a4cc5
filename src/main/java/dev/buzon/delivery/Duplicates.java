package dev.buzon.delivery;

import dev.buzon.home.CleanSource;
import dev.buzon.home.Home;
import dev.buzon.home.RouteSettings;
import dev.buzon.home.Settings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.LocalDate;
import java.util.Optional;

/**
 * Puts away sources whose content was known when they came. The ledger has a row of each before it is moved, so that a
 * crash leaves none that nobody knows of.
 */
final class Duplicates {

    private final Settings settings;
    private final Home home;
    private final DuplicateRows rows;
    private final Sources sources;
    private final LeftSources left;
    /** Whether there may be rows of sources that have gone where they belong. */
    private volatile boolean unwritten;

    Duplicates(Settings settings, Ledger ledger, Sources sources, LeftSources left) {
        this.settings = settings;
        this.home = settings.home();
        this.rows = new DuplicateRows(ledger);
        this.sources = sources;
        this.left = left;
    }

    /** @return where its source went, as a person would write it; null where it stays, was deleted, or is gone */
    String putAway(Delivery delivery) throws IOException, SQLException {
        RouteSettings route = delivery.route();
        Path folder = route.duplicates().resolve(LocalDate.now().toString());
        SafeName name = delivery.safeName();
        String planned = route.cleanSource() == CleanSource.ARCHIVE
                ? home.relative(name.freeIn(folder, name.extension()))
                : null;
        long sequence = rows.begin(
                route.route(),
                delivery.getKey(),
                delivery.name(),
                delivery.identity().size(),
                planned,
                delivery.startedAt());
        boolean written = false;
        try {
            Optional<Path> archived = Optional.empty();
            switch (route.cleanSource()) {
                case ARCHIVE -> archived = sources.archive(route, delivery.source(), delivery.identity(), folder, name);
                case DELETE -> sources.delete(route, delivery.source(), delivery.identity());
                case OFF -> left.add(delivery, delivery.first());
            }
            String where = archived.map(home::relative).orElse(null);
            written = end(sequence, where, delivery.times().millis());
            return where;
        } finally {
            if (!written) {
                unwritten = true;
            }
        }
    }

    private boolean end(long sequence, String where, long millis) {
        try {
            rows.end(sequence, where, millis);
            return true;
        } catch (IOException | SQLException e) {
            // Its source is where it belongs, and its row is there: what is missing is written later.
            return false;
        }
    }

    /** Writes what the ledger could not take, if it can now. */
    void catchUp() throws IOException, SQLException {
        if (unwritten) {
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
                    : sources.archivedAt(home.resolve(moving.planned()), moving.source(), moving.key());
            Path source = route.inbox().resolve(moving.source());
            if (archived.isEmpty() && Files.exists(source, LinkOption.NOFOLLOW_LINKS)) {
                // The next look at the inbox goes on with it.
                waiting = true;
                continue;
            }
            if (Files.notExists(source, LinkOption.NOFOLLOW_LINKS)) {
                sources.removeDoneFile(route, source);
            }
            rows.end(moving.sequence(), archived.map(home::relative).orElse(null), 0);
        }
        unwritten = waiting;
    }
}
