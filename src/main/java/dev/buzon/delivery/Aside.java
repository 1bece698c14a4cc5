package dev.buzon.delivery;

import dev.buzon.home.CleanSource;
import dev.buzon.home.Disk;
import dev.buzon.home.Home;
import dev.buzon.home.OpenFolder;
import dev.buzon.home.RouteSettings;
import dev.buzon.intake.ContentKey;
import dev.buzon.intake.FileIdentity;
import dev.buzon.intake.NoRegularFileException;
import dev.buzon.intake.Strays;
import dev.buzon.ledger.DuplicateRows;
import dev.buzon.ledger.FileState;
import dev.buzon.ledger.Ledger;
import dev.buzon.ledger.LedgerEntry;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Sources that have a hidden name in their inbox, on their way out of it or back into it: no look takes them, and nobody
 * can put something else in their place.
 */
final class Aside {

    private final Home home;
    private final Ledger ledger;
    private final DuplicateRows duplicates;
    private final FreeNames free;
    private final Archives archives;
    /** Routes in whose inboxes some may have been left. */
    private final Set<RouteSettings> unsure = ConcurrentHashMap.newKeySet();

    Aside(Home home, Ledger ledger, FreeNames free, Archives archives) {
        this.home = home;
        this.ledger = ledger;
        this.duplicates = new DuplicateRows(ledger);
        this.free = free;
        this.archives = archives;
    }

    /** A daemon that stood still until another had taken over does not come upon what that one takes aside. */
    String nameOf(String source) {
        return new HiddenName(Long.toString(ledger.leaseNumber()), source).toString();
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
            isSame = isSame(inbox.path().resolve(nameOf(source)), identity);
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

    private static boolean isSame(Path hidden, FileIdentity identity) throws IOException {
        if (Sources.isSameFile(hidden, identity)) {
            return true;
        }
        if (!Disk.exists(hidden)) {
            throw new IOException(hidden.getParent() + " was missing for a moment.");
        }
        return Sources.isSameFile(hidden, identity);
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
            isBack = giveName(inbox, marked(inbox, nameOf(source)), source);
        } catch (IOException e) {
            failure.addSuppressed(e);
        }
        if (!isBack) {
            unsure.add(route);
        }
    }

    /** Gives a file its name in an inbox, or another much like it where a sender has taken that. */
    private String giveBack(OpenFolder inbox, String hidden, String source) throws IOException {
        String marked = marked(inbox, hidden);
        int number = 1;
        while (!giveName(inbox, marked, numbered(source, number))) {
            number++;
        }
        return numbered(source, number);
    }

    private static String numbered(String source, int number) {
        int dot = source.lastIndexOf('.') > 0 ? source.lastIndexOf('.') : source.length();
        return number == 1 ? source : source.substring(0, dot) + "-" + number + source.substring(dot);
    }

    /**
     * @param marked the hidden name
     * @return whether the name was free
     */
    private boolean giveName(OpenFolder inbox, String marked, String name) throws IOException {
        // If the power took the move to the hidden name, but not this, the file would be in two places.
        inbox.force();
        boolean isFree = inbox.link(Path.of(marked), name);
        if (isFree) {
            inbox.unlink(Path.of(marked));
        }
        return isFree;
    }

    /**
     * Has a hidden name say how many names its file has before it is given another: a crash in between leaves both, and
     * a sender may then rename that one, or a batch archive it.
     *
     * @return the hidden name from then on
     */
    private static String marked(OpenFolder inbox, String hidden) throws IOException {
        HiddenName name = HiddenName.of(hidden).orElseThrow();
        String marked =
                new HiddenName(name.owner(), Disk.names(inbox.path().resolve(hidden)), name.source()).toString();
        if (inbox.find(marked).isPresent()) {
            // It is this one, or that of another file.
            return hidden;
        }
        inbox.move(hidden, inbox, marked);
        return marked;
    }

    /** Removes the hidden names of a source before its place is another file's, of which they would not be known to be. */
    void dropNamesOf(FileIdentity source, OpenFolder inbox) throws IOException {
        synchronized (free) {
            for (String name : inbox.names()) {
                if (name.startsWith(Strays.ASIDE)
                        && Sources.isSameFile(inbox.path().resolve(name), source)) {
                    inbox.unlink(Path.of(name));
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
            String owner = key.substring(0, 8);
            String hidden = new HiddenName(owner, source).toString();
            for (int number = 2; inbox.find(hidden).isPresent(); number++) {
                // An earlier try left it: a rename would replace it.
                hidden = new HiddenName(owner + "." + number, source).toString();
            }
            folder.move(file, inbox, hidden);
            folder.force();
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
                    Optional<HiddenName> hidden = HiddenName.of(name);
                    if (hidden.isPresent()) {
                        ledger.expectHeld();
                        bringBack(route, inbox, hidden.get());
                    }
                }
            }
        }
    }

    private void bringBack(RouteSettings route, OpenFolder inbox, HiddenName name) throws IOException, SQLException {
        Path hidden = inbox.path().resolve(name.toString());
        boolean hasAnother = name.names() > 0 && Disk.names(hidden) > name.names();
        if (hasAnother) {
            inbox.unlink(hidden.getFileName());
            return;
        }
        String marked = marked(inbox, name.toString());
        if (giveName(inbox, marked, name.source())) {
            return;
        }
        if (!goOn(route, inbox, marked, name.source())) {
            giveBack(inbox, marked, name.source());
        }
    }

    private static Optional<String> key(Path hidden) throws IOException {
        try {
            return Optional.of(ContentKey.of(hidden));
        } catch (AccessDeniedException | NoRegularFileException e) {
            return Optional.empty();
        }
    }

    /** Whether the source of a file that was handled has not been put away. */
    private static boolean hasSource(LedgerEntry entry) {
        return entry.state() == FileState.COMMITTED || entry.state() == FileState.LEFT;
    }

    /**
     * Puts a source away that was on its way. What becomes of its row is found out from where it is then.
     *
     * @return false if the ledger knows no such source
     */
    private boolean goOn(RouteSettings route, OpenFolder inbox, String hidden, String source)
            throws IOException, SQLException {
        Optional<String> key = key(inbox.path().resolve(hidden));
        if (key.isEmpty()) {
            return false;
        }
        Optional<LedgerEntry> handled = ledger.find(route.id(), key.get())
                .filter(entry -> entry.source().equals(source) && hasSource(entry));
        Optional<DuplicateRows.Moving> duplicate = duplicates.moving().stream()
                .filter(moving -> moving.isOf(route.id(), key.get(), source))
                .filter(moving -> moving.planned() != null || route.cleanSource() == CleanSource.DELETE)
                .findFirst();
        if (handled.isEmpty() && duplicate.isEmpty()) {
            return false;
        }
        String planned =
                handled.isPresent() ? handled.get().archived() : duplicate.get().planned();
        if (planned == null && route.cleanSource() == CleanSource.DELETE) {
            inbox.delete(hidden, false);
        } else {
            Path folder = planned != null
                    ? home.resolve(planned).getParent()
                    // One that was left is being cleaned.
                    : route.archive().resolve(Archives.day(handled.get()).toString());
            archives.makeFolder(folder);
            SafeName safe = SafeName.of(source, key.get());
            try (OpenFolder archive = Archives.open(route, folder)) {
                inbox.move(hidden, archive, safe.freeIn(archive, safe.extension()));
                archive.force();
            }
        }
        inbox.force();
        return true;
    }
}
