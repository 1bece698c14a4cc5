package dev.buzon.delivery;

import dev.buzon.home.CleanSource;
import dev.buzon.home.Home;
import dev.buzon.home.OpenFolder;
import dev.buzon.home.RouteSettings;
import dev.buzon.intake.ContentKey;
import dev.buzon.intake.FileIdentity;
import dev.buzon.intake.NoRegularFileException;
import dev.buzon.intake.Strays;
import dev.buzon.ledger.FileState;
import dev.buzon.ledger.Ledger;
import dev.buzon.ledger.LedgerEntry;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Sources that have a hidden name in their inbox, on their way out of it or back into it: no look takes them, and nobody
 * can put something else in their place.
 */
final class Aside {

    /** A file name has 255 bytes at most. */
    private static final int NAME_BYTES = 220;

    private final Home home;
    private final Ledger ledger;
    private final FreeNames free;
    private final Archives archives;
    /** Routes in whose inboxes some may have been left. */
    private final Set<RouteSettings> unsure = ConcurrentHashMap.newKeySet();
    /** Hidden names of files that have others by now: whatever a sender has made of those. */
    private final Set<Path> linked = ConcurrentHashMap.newKeySet();

    Aside(Home home, Ledger ledger, FreeNames free, Archives archives) {
        this.home = home;
        this.ledger = ledger;
        this.free = free;
        this.archives = archives;
    }

    /** A daemon that stood still until another had taken over does not come upon what that one takes aside. */
    String nameOf(String source) {
        return nameOf(Long.toString(ledger.leaseNumber()), source);
    }

    private static String nameOf(String owner, String source) {
        return Strays.ASIDE + owner + "-" + SafeName.ending(source, NAME_BYTES);
    }

    /**
     * Gives a source its hidden name, once none of an earlier try is left. The caller holds {@link FreeNames}.
     *
     * @return false if it is gone, or another has taken its place, which stays in the inbox
     */
    boolean take(RouteSettings route, OpenFolder inbox, String source, FileIdentity identity)
            throws IOException, SQLException {
        if (inbox.find(nameOf(source)).isPresent()) {
            // A crash left it, and the inbox was not there at the start.
            unsure.add(route);
        }
        bringBackIfAny(route);
        try {
            inbox.move(source, inbox, nameOf(source));
        } catch (NoSuchFileException e) {
            return false;
        }
        boolean isSame;
        try {
            isSame = Sources.isSameFile(inbox.path().resolve(nameOf(source)), identity);
        } catch (IOException e) {
            giveBack(route, inbox, source, e);
            throw e;
        }
        if (!isSame) {
            // If this fails, it is brought back later.
            unsure.add(route);
            giveBack(inbox, nameOf(source), source);
        }
        return isSame;
    }

    /**
     * Gives a source that was taken aside its name back. If that fails, or a sender has taken its name, it stays aside for
     * now.
     *
     * @param failure for which it is given back
     */
    void giveBack(RouteSettings route, OpenFolder inbox, String source, IOException failure) {
        boolean isBack = false;
        try {
            isBack = giveName(inbox, nameOf(source), source);
        } catch (IOException e) {
            failure.addSuppressed(e);
        }
        if (!isBack) {
            unsure.add(route);
        }
    }

    /** Gives a file its name in an inbox, or another much like it where a sender has taken that. */
    private String giveBack(OpenFolder inbox, String hidden, String source) throws IOException {
        int number = 1;
        while (!giveName(inbox, hidden, numbered(source, number))) {
            number++;
        }
        return numbered(source, number);
    }

    private static String numbered(String source, int number) {
        int dot = source.lastIndexOf('.') > 0 ? source.lastIndexOf('.') : source.length();
        return number == 1 ? source : source.substring(0, dot) + "-" + number + source.substring(dot);
    }

    /** @return whether the name was free */
    private boolean giveName(OpenFolder inbox, String hidden, String name) throws IOException {
        boolean isFree = inbox.link(Path.of(hidden), name);
        if (isFree) {
            linked.add(inbox.path().resolve(hidden));
            drop(inbox, hidden);
        }
        return isFree;
    }

    private void drop(OpenFolder inbox, String hidden) throws IOException {
        inbox.unlink(Path.of(hidden));
        linked.remove(inbox.path().resolve(hidden));
    }

    /** Removes the hidden names of a source before its place is another file's, of which they would not be known to be. */
    void dropNamesOf(FileIdentity source, OpenFolder inbox) throws IOException {
        synchronized (free) {
            for (String name : inbox.names()) {
                if (name.startsWith(Strays.ASIDE)
                        && Sources.isSameFile(inbox.path().resolve(name), source)) {
                    drop(inbox, name);
                }
            }
        }
    }

    /**
     * Moves a source back into an inbox from where it was put.
     *
     * @param key of its content
     * @return its name there
     */
    String bringIn(OpenFolder folder, String file, OpenFolder inbox, String source, String key) throws IOException {
        synchronized (free) {
            String hidden = nameOf(key.substring(0, 8), source);
            for (int number = 2; inbox.find(hidden).isPresent(); number++) {
                // An earlier try left it. It may be another name of this very file, and a rename would do nothing.
                hidden = nameOf(key.substring(0, 8) + "." + number, source);
            }
            folder.move(file, inbox, hidden);
            return giveBack(inbox, hidden, source);
        }
    }

    void mayBeIn(RouteSettings route) {
        unsure.add(route);
    }

    /** Brings back what a failure has left in an inbox. */
    void bringBackIfAny(RouteSettings route) throws IOException, SQLException {
        if (unsure.remove(route)) {
            try {
                bringBack(route);
            } catch (IOException | SQLException e) {
                unsure.add(route);
                throw e;
            }
        }
    }

    /** The same in all inboxes. */
    void bringBackIfAny() throws IOException, SQLException {
        for (RouteSettings route : unsure) {
            bringBackIfAny(route);
        }
    }

    /**
     * Gives files their names back that a crash or a failure left on their way: the next look goes on with them. Where
     * another has the name by now, a source that was handled goes on at once.
     */
    void bringBack(RouteSettings route) throws IOException, SQLException {
        try (OpenFolder inbox = OpenFolder.at(route.inbox())) {
            synchronized (free) {
                for (String name : inbox.names()) {
                    if (name.startsWith(Strays.ASIDE)) {
                        ledger.expectHeld();
                        bringBack(route, inbox, name, name.substring(name.indexOf('-', Strays.ASIDE.length()) + 1));
                    }
                }
            }
        }
    }

    private void bringBack(RouteSettings route, OpenFolder inbox, String hidden, String source)
            throws IOException, SQLException {
        Optional<LedgerEntry> row = row(route, inbox.path().resolve(hidden));
        if (linked.contains(inbox.path().resolve(hidden)) || isLinked(inbox, hidden, source, row)) {
            drop(inbox, hidden);
        } else if (giveName(inbox, hidden, source)) {
            return;
        } else if (row.filter(entry -> entry.source().equals(source) && hasSource(entry))
                .isPresent()) {
            goOn(route, inbox, hidden, row.get());
        } else {
            giveBack(inbox, hidden, source);
        }
    }

    /** The row of a source's content. */
    private Optional<LedgerEntry> row(RouteSettings route, Path hidden) throws IOException, SQLException {
        try {
            return ledger.find(route.id(), ContentKey.of(hidden));
        } catch (AccessDeniedException | NoRegularFileException e) {
            return Optional.empty();
        }
    }

    /** Whether the source of a file that was handled has not been put away. */
    private static boolean hasSource(LedgerEntry entry) {
        return entry.state() == FileState.COMMITTED || entry.state() == FileState.LEFT;
    }

    /** Whether a crash came before the hidden name went: under its other one the file may have been archived by now. */
    private boolean isLinked(OpenFolder inbox, String hidden, String source, Optional<LedgerEntry> row)
            throws IOException {
        FileIdentity identity = FileIdentity.of(inbox.path().resolve(hidden)).orElse(null);
        if (identity == null) {
            return false;
        }
        String name = source;
        for (int number = 2; inbox.find(name).isPresent(); number++) {
            if (Sources.isSameFile(inbox.path().resolve(name), identity)) {
                return true;
            }
            name = numbered(source, number);
        }
        // A sender may have given it other names, too.
        String archived = row.filter(entry -> entry.source().equals(source))
                .map(LedgerEntry::archived)
                .orElse(null);
        return archived != null && Sources.isSameFile(home.resolve(archived), identity);
    }

    /** What becomes of its row is found out from where it is then. */
    private void goOn(RouteSettings route, OpenFolder inbox, String hidden, LedgerEntry entry) throws IOException {
        if (entry.archived() == null && route.cleanSource() == CleanSource.DELETE) {
            inbox.delete(hidden, false);
            return;
        }
        String day =
                LocalDate.ofInstant(entry.startedAt(), ZoneId.systemDefault()).toString();
        Path folder = entry.archived() == null
                ? route.archive().resolve(day)
                : home.resolve(entry.archived()).getParent();
        archives.makeFolder(folder);
        SafeName safe = SafeName.of(entry.source(), entry.key());
        try (OpenFolder archive = Archives.open(route, folder)) {
            inbox.move(hidden, archive, safe.freeIn(archive, safe.extension()));
            archive.force();
        }
        inbox.force();
    }
}
