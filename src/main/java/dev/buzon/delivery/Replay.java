package dev.buzon.delivery;

import dev.buzon.home.Home;
import dev.buzon.home.OpenFolder;
import dev.buzon.home.RouteSettings;
import dev.buzon.home.Settings;
import dev.buzon.home.Time;
import dev.buzon.intake.ContentKey;
import dev.buzon.intake.FileIdentity;
import dev.buzon.job.Printable;
import dev.buzon.ledger.FileState;
import dev.buzon.ledger.HistoryQuery;
import dev.buzon.ledger.Ledger;
import dev.buzon.ledger.LedgerEntry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.sql.SQLException;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Takes a handled file back to its inbox, to be handled anew, whether a daemon runs or not. Its content is unknown from
 * the moment that this is in the ledger; a crash right after it costs no more than to ask again.
 */
public final class Replay {

    private static final int CANDIDATES_SHOWN = 20;

    private final Settings settings;
    private final Ledger ledger;
    private final Aside aside;
    private final Time time;

    /** For who has no deliveries of its own. */
    public Replay(Settings settings, Ledger ledger) {
        this(settings, ledger, Time.SYSTEM);
    }

    Replay(Settings settings, Ledger ledger, Time time) {
        this(settings, ledger, new Sources(settings, ledger, new FreeNames()).aside(), time);
    }

    Replay(Settings settings, Ledger ledger, Aside aside, Time time) {
        this.settings = settings;
        this.ledger = ledger;
        this.aside = aside;
        this.time = time;
    }

    /**
     * A file that is to be handled anew.
     *
     * @param now where it is
     * @param source its name when it was dropped
     * @param byDuplicate whether it was named by a duplicate of it
     */
    public record Replayed(Path now, String source, boolean byDuplicate) {}

    /**
     * @param ofRoute null for whichever has it
     * @param name of the source, of a duplicate of it, or eight or more of the first digits of its key
     * @throws IllegalStateException where it is not to be had, or more than one is of that name, with the reason
     */
    public Replayed replay(String ofRoute, String name) throws IOException, SQLException {
        List<LedgerEntry> found = ledger.files(HistoryQuery.named(name, CANDIDATES_SHOWN), ofRoute);
        boolean byDuplicate = found.isEmpty();
        if (byDuplicate) {
            found = ledger.filesThatCameAgainAs(HistoryQuery.named(name, CANDIDATES_SHOWN), ofRoute);
        }
        if (found.isEmpty()) {
            throw new IllegalStateException("The ledger knows no file " + Printable.of(name) + ".");
        }
        if (found.size() > 1) {
            String candidates = found.stream()
                    .map(entry -> entry.key() + "  " + entry.route() + ": " + Printable.of(entry.source()) + "\n")
                    .collect(Collectors.joining());
            throw new IllegalStateException(
                    candidates + "These are of that name. Name one by the first digits of its key.");
        }
        return new Replayed(replay(found.get(0)), found.get(0).source(), byDuplicate);
    }

    private Path replay(LedgerEntry entry) throws IOException, SQLException {
        RouteSettings route = settings.route(entry.route());
        Path inInbox = route.inbox().resolve(entry.source());
        if (entry.state() == FileState.COMMITTED) {
            throw new IllegalStateException(Printable.of(entry.source()) + " is on its way just now.");
        }
        if (entry.state() == FileState.LEFT && FileIdentity.of(inInbox).isPresent()) {
            ledger.update(List.of(entry.replayed()));
            try (OpenFolder inbox = OpenFolder.at(route.inbox())) {
                // What the daemon knows as left is the file as it was.
                inbox.view(entry.source()).setTimes(FileTime.from(time.now()), null, null);
            }
            return inInbox;
        }
        Home home = settings.home();
        Path archived = entry.archived() == null ? null : home.resolve(entry.archived());
        if (archived == null || !Files.isRegularFile(archived, LinkOption.NOFOLLOW_LINKS)) {
            throw new IllegalStateException("The source of " + Printable.of(entry.source()) + " is not in the archive"
                    + (archived == null ? "." : ": " + Printable.of(entry.archived()) + " is missing."));
        }
        if (!ContentKey.of(archived).equals(entry.key())) {
            // Somebody put it there once the source was away: by an earlier replay, perhaps.
            throw new IllegalStateException("The source of " + Printable.of(entry.source()) + " is not in the archive: "
                    + Printable.of(entry.archived()) + " has another content.");
        }
        ledger.update(List.of(entry.replayed()));
        Path target;
        try (OpenFolder archive = Archives.open(route, archived.getParent());
                OpenFolder inbox = OpenFolder.at(route.inbox())) {
            target = inInbox.resolveSibling(
                    aside.bringIn(archive, archived.getFileName().toString(), inbox, entry.source(), entry.key()));
        }
        if (entry.error() != null && entry.rejectedOutput() != null) {
            // It says why a file is rejected that no longer is.
            Files.deleteIfExists(home.resolve(entry.rejectedOutput()));
        }
        return target;
    }
}
