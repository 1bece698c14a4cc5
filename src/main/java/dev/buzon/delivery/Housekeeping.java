package dev.buzon.delivery;

import dev.buzon.home.CleanSource;
import dev.buzon.home.FileFailure;
import dev.buzon.home.ForeignFolderException;
import dev.buzon.home.Home;
import dev.buzon.home.OpenFolder;
import dev.buzon.home.RouteSettings;
import dev.buzon.home.Settings;
import dev.buzon.home.Time;
import dev.buzon.intake.FileIdentity;
import dev.buzon.ledger.FileState;
import dev.buzon.ledger.Ledger;
import dev.buzon.ledger.LedgerEntry;
import dev.buzon.ledger.LeftSource;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Cleans up behind the routes, while they go on. */
public final class Housekeeping {

    private static final Logger LOG = LoggerFactory.getLogger(Housekeeping.class);

    private final Settings settings;
    private final Home home;
    private final Ledger ledger;
    private final LeftSources left;
    private final Sources sources;
    private final Time time;

    Housekeeping(Settings settings, Ledger ledger, LeftSources left, Sources sources, Time time) {
        this.settings = settings;
        this.home = settings.home();
        this.ledger = ledger;
        this.left = left;
        this.sources = sources;
        this.time = time;
    }

    /**
     * Cleans handled files out of the inboxes that keep them.
     *
     * @throws IOException if some could not be cleaned: they wait for the next time
     */
    public void cleanInboxes() throws IOException, SQLException {
        AtomicInteger failed = new AtomicInteger();
        AtomicReference<IOException> first = new AtomicReference<>();
        left.forEach(source -> {
            RouteSettings route = settings.routes().get(source.route());
            if (route != null) {
                try {
                    clean(source, route);
                } catch (IOException e) {
                    ledger.expectHeld();
                    failed.incrementAndGet();
                    first.compareAndSet(null, e);
                }
            }
        });
        if (failed.get() > 0) {
            throw new IOException(
                    "So many handled files can't be cleaned out of their inboxes: " + failed + ". The first: "
                            + FileFailure.inWords(first.get()),
                    first.get());
        }
    }

    private void clean(LeftSource source, RouteSettings route) throws IOException, SQLException {
        sources.aside().bringBackIfAny(route);
        Optional<FileIdentity> now = FileIdentity.of(source.path());
        boolean isThere = now.equals(Optional.of(source.identity())) || sources.has(source.path(), source.key());
        if (!isThere) {
            left.remove(source, left.gone(source));
            return;
        }
        if (now.isEmpty()) {
            throw new IOException(source.path() + " was missing for a moment.");
        }
        Optional<LedgerEntry> first = left.first(source);
        FileState unarchived = FileState.GONE;
        Optional<Path> archived = Optional.empty();
        if (cleanSource() == CleanSource.DELETE) {
            sources.delete(route, Map.of(source.path(), now.get()));
            unarchived = FileState.DELETED;
        } else {
            Path folder = first.isPresent() ? route.archive() : route.duplicates();
            archived = sources.archive(
                            route,
                            List.of(new Sources.Move(source.path(), now.get(), source.key())),
                            folder.resolve(time.today().toString()))
                    .get(0);
        }
        FileState state = unarchived;
        Optional<Path> place = archived;
        left.remove(source, first.map(entry -> left.cleaned(entry, state, place)));
    }

    /** Removes what was archived more than so many days ago, where that is asked for. */
    public void expireArchives() throws IOException {
        int days = Integer.parseInt(settings.get("buzon.housekeeping.keep-archive-days"));
        if (days == 0) {
            return;
        }
        String oldest = time.today().minusDays(days).toString();
        for (RouteSettings route : settings.routes().values()) {
            for (Path archive : List.of(route.archive(), route.duplicates())) {
                try (OpenFolder all = OpenFolder.at(archive)) {
                    for (String day : all.names()) {
                        if (Archives.isDay(day) && day.compareTo(oldest) < 0) {
                            expire(all, day);
                        }
                    }
                }
            }
        }
    }

    /** Removes the files that were archived on a day, and nothing below a folder that the service did not make. */
    private static void expire(OpenFolder days, String day) throws IOException {
        boolean foreign = false;
        try (OpenFolder folder = days.open(day)) {
            for (String name : folder.names()) {
                if (folder.attributes(name).isDirectory()) {
                    foreign = true;
                    LOG.warn(
                            "{} is a folder among archived files, which Buzón did not make: move it elsewhere.",
                            folder.path().resolve(name));
                } else {
                    folder.delete(name, false);
                }
            }
        } catch (ForeignFolderException e) {
            foreign = true;
            LOG.warn("Nothing is removed of what was archived on {}: {}", day, e.getMessage());
        }
        if (!foreign) {
            days.delete(day, true);
        }
    }

    private CleanSource cleanSource() {
        return CleanSource.valueOf(
                settings.get("buzon.housekeeping.clean-source").toUpperCase(Locale.ROOT));
    }
}
