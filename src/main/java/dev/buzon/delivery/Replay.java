package dev.buzon.delivery;

import dev.buzon.home.Disk;
import dev.buzon.home.Home;
import dev.buzon.home.RouteSettings;
import dev.buzon.home.Settings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.sql.SQLException;
import java.time.Instant;

/**
 * Takes a handled file back to its inbox, to be handled anew, whether a daemon runs or not. Its content is unknown from
 * the moment that this is in the ledger; a crash right after it costs no more than to ask again.
 */
public final class Replay {

    private final Settings settings;
    private final Ledger ledger;

    public Replay(Settings settings, Ledger ledger) {
        this.settings = settings;
        this.ledger = ledger;
    }

    /**
     * @return where the source is now
     * @throws IllegalStateException where it is not to be had, with the reason
     */
    public Path replay(LedgerEntry entry) throws IOException, SQLException {
        RouteSettings route = settings.route(entry.route());
        Path inInbox = route.inbox().resolve(entry.source());
        if (entry.state() == FileState.COMMITTED) {
            throw new IllegalStateException(entry.source() + " is on its way just now.");
        }
        if (entry.state() == FileState.LEFT && Files.exists(inInbox, LinkOption.NOFOLLOW_LINKS)) {
            ledger.update(entry.replayed());
            // What the daemon knows as left is the file as it was.
            Files.setLastModifiedTime(inInbox, FileTime.from(Instant.now()));
            return inInbox;
        }
        Home home = settings.home();
        Path archived = entry.archived() == null ? null : home.resolve(entry.archived());
        if (archived == null || !Files.isRegularFile(archived, LinkOption.NOFOLLOW_LINKS)) {
            throw new IllegalStateException("The source of " + entry.source() + " is not in the archive"
                    + (archived == null ? "." : ": " + entry.archived() + " is missing."));
        }
        ledger.update(entry.replayed());
        Path target = freeInInbox(route, entry.source());
        Disk.move(archived, target);
        if (entry.error() != null && entry.rejectedOutput() != null) {
            // It says why a file is rejected that no longer is.
            Files.deleteIfExists(home.resolve(entry.rejectedOutput()));
        }
        return target;
    }

    private static Path freeInInbox(RouteSettings route, String source) {
        Path target = route.inbox().resolve(source);
        int dot = source.lastIndexOf('.') > 0 ? source.lastIndexOf('.') : source.length();
        for (int i = 2; Files.exists(target, LinkOption.NOFOLLOW_LINKS); i++) {
            target = route.inbox().resolve(source.substring(0, dot) + "-" + i + source.substring(dot));
        }
        return target;
    }
}
