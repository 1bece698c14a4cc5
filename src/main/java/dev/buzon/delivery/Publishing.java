package dev.buzon.delivery;

import dev.buzon.database.Database;
import dev.buzon.home.Home;
import dev.buzon.home.RouteSettings;
import dev.buzon.home.Settings;
import dev.buzon.home.SettingsException;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Brings what is staged and committed to where it is published, and throws away what is not committed. Thread-safe. */
final class Publishing {

    private static final Logger LOG = LoggerFactory.getLogger(Publishing.class);

    private final Settings settings;
    private final Home home;
    private final Ledger ledger;
    private final Staging staging;

    Publishing(Settings settings, Ledger ledger, Staging staging) {
        this.settings = settings;
        this.home = settings.home();
        this.ledger = ledger;
        this.staging = staging;
    }

    /**
     * Throws away what a crash left staged, if the ledger is a file that this daemon alone may use: it is done without
     * any room on the disk, which may be full of that.
     */
    static void makeRoom(Settings settings) {
        try {
            Database database = Database.of(settings);
            Optional<Database> readable = database.exists() ? database.withoutRoom() : Optional.empty();
            if (readable.isPresent()) {
                try (Ledger ledger = Ledger.open(readable.get())) {
                    Staging staging =
                            new Staging(settings.home(), settings.routes().values());
                    new Publishing(settings, ledger, staging).discard();
                }
            }
        } catch (SettingsException | SQLException | IOException e) {
            // What needed the room says what is wrong.
            LOG.debug("No room was made", e);
        }
    }

    /** Commits a file. What it staged is needed from then on, unless the commit surely failed. */
    LedgerEntry commit(Delivery delivery, LedgerEntry entry, LedgerChange change, boolean countChange)
            throws SQLException, IOException {
        delivery.setDisposable(false);
        try {
            return ledger.commit(entry, change, countChange);
        } catch (SQLException | IOException | RuntimeException e) {
            delivery.setDisposable(ledger.isSettled());
            throw e;
        }
    }

    /** Throws away what a try that failed has staged, which may be what fills the disk. */
    void discard(Delivery delivery) {
        if (delivery.isDisposable()) {
            delivery.setDisposable(false);
            for (Path staged : List.of(delivery.staging(), delivery.rejectedStaging())) {
                try {
                    if (staging.holds(staged)) {
                        staging.clear(staged);
                    }
                } catch (IOException e) {
                    // The next try says so, if it is not mended by then.
                }
            }
        }
    }

    /**
     * Publishes what a file's row names, each with one rename. Nothing where that was done before.
     *
     * @return the row, with the names under which it was published
     */
    LedgerEntry publish(RouteSettings route, LedgerEntry entry) throws IOException, SQLException {
        return publish(entry, route.outboxStaging(), route.rejectedStaging());
    }

    private LedgerEntry publish(LedgerEntry entry, Path outboxStaging, Path rejectedStaging)
            throws IOException, SQLException {
        String output = publish(entry, outboxStaging, entry.output());
        String rejectedOutput = publish(entry, rejectedStaging, entry.rejectedOutput());
        LedgerEntry published = entry.published(output, rejectedOutput);
        if (!published.equals(entry)) {
            ledger.update(published);
        }
        return published;
    }

    private String publish(LedgerEntry entry, Path folder, String planned) throws IOException {
        return staging.publish(
                        folder.resolve(Staging.name(entry.key(), entry.lease())),
                        planned == null ? null : home.resolve(planned),
                        SafeName.of(entry.source(), entry.key()),
                        ledger)
                .map(home::relative)
                .orElse(planned);
    }

    /** After a crash: throws away what was not committed, then publishes what was. */
    void recover() throws IOException, SQLException {
        // On a disk that is full only the first is possible, and makes room for the rest.
        discard();
        for (RouteSettings route : settings.routes().values()) {
            for (Path staged : staging.stagedBy(route)) {
                Optional<LedgerEntry> entry = committed(route, staged);
                if (entry.isPresent()) {
                    publish(route, entry.get());
                }
            }
            for (Path staged : staging.stagedForAny(route)) {
                Optional<LedgerEntry> entry = committedByAny(staged);
                if (entry.isPresent()) {
                    publish(
                            entry.get(),
                            route.outboxStaging().getParent(),
                            route.rejectedStaging().getParent());
                }
            }
        }
    }

    private void discard() throws IOException, SQLException {
        Set<String> unfinished = new HashSet<>();
        for (LedgerEntry entry : ledger.unfinished()) {
            unfinished.add(Staging.name(entry.key(), entry.lease()));
        }
        for (RouteSettings route : settings.routes().values()) {
            ForcedSources.discardCopies(route);
            for (Path staged : staging.stagedBy(route)) {
                if (committed(route, staged).isEmpty()) {
                    staging.clear(staged);
                }
            }
            for (Path staged : staging.stagedForAny(route)) {
                // Of a route that is not there now, perhaps.
                if (!unfinished.contains(staged.getFileName().toString())
                        && committedByAny(staged).isEmpty()) {
                    staging.clear(staged);
                }
            }
        }
    }

    /** Throws away what was staged under the number of a lease and not committed. */
    void discard(long lease) throws IOException, SQLException {
        for (RouteSettings route : settings.routes().values()) {
            for (Path staged : staging.stagedBy(route)) {
                if (Staging.isOf(lease, staged) && committed(route, staged).isEmpty()) {
                    staging.clear(staged);
                }
            }
        }
    }

    /** Whatever its state: the rename that published it may be lost, the row is not. */
    private Optional<LedgerEntry> committed(RouteSettings route, Path staged) throws SQLException {
        String name = staged.getFileName().toString();
        return ledger.find(route.route(), Staging.key(name))
                .filter(entry -> entry.state() != FileState.REPLAYED)
                .filter(entry -> Staging.name(entry.key(), entry.lease()).equals(name));
    }

    private Optional<LedgerEntry> committedByAny(Path staged) throws SQLException {
        for (RouteSettings route : settings.routes().values()) {
            Optional<LedgerEntry> committed = committed(route, staged);
            if (committed.isPresent()) {
                return committed;
            }
        }
        return Optional.empty();
    }
}
