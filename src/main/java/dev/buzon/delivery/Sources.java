package dev.buzon.delivery;

import dev.buzon.home.CleanSource;
import dev.buzon.home.Disk;
import dev.buzon.home.Home;
import dev.buzon.home.OpenFolder;
import dev.buzon.home.RouteSettings;
import dev.buzon.home.Settings;
import dev.buzon.intake.ContentKey;
import dev.buzon.intake.FileIdentity;
import dev.buzon.intake.NoRegularFileException;
import dev.buzon.ledger.FileState;
import dev.buzon.ledger.Ledger;
import dev.buzon.ledger.LedgerEntry;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;

/** Sources on their way out of an inbox, their done files with them. */
final class Sources {

    /** What a source is called in its inbox on its way out of it: hidden, so that no look at the inbox takes it. */
    private static final String ASIDE = ".buzon-aside-";
    /** A file name has 255 bytes at most. */
    private static final int NAME_BYTES = 200;

    private final Home home;
    private final Archives archives;
    private final Ledger ledger;
    private final FreeNames names;
    /** Files that wait in their inboxes and have the contents that they had: a large one is not read each second. */
    private final Map<Path, Waiting> waiting = new ConcurrentHashMap<>();
    /** The folders of days that were made, and forced, since this process started. */
    private final Set<Path> made = ConcurrentHashMap.newKeySet();
    /** Routes in whose inboxes a failure may have left sources aside. */
    private final Set<RouteSettings> unsure = ConcurrentHashMap.newKeySet();

    Sources(Settings settings, Ledger ledger, FreeNames names) {
        this.home = settings.home();
        archives = new Archives(settings);
        this.ledger = ledger;
        this.names = names;
    }

    Archives archives() {
        return archives;
    }

    /** A file as it was when its content had that key. */
    private record Waiting(FileIdentity identity, String key) {}

    /**
     * A source that is to be moved.
     *
     * @param identity as it was when its content was read: another that took its place is left in the inbox
     */
    record Move(Path source, FileIdentity identity, SafeName name) {}

    static List<Move> moves(List<Delivery> deliveries) {
        return deliveries.stream()
                .map(delivery -> new Move(delivery.source(), delivery.identity(), delivery.safeName()))
                .toList();
    }

    static Map<Path, FileIdentity> identities(List<Delivery> deliveries) {
        return deliveries.stream().collect(Collectors.toMap(Delivery::source, Delivery::identity));
    }

    /**
     * Moves sources of one inbox into a folder, each under the first name that is free, and forces both folders once.
     *
     * @param folder made if it is missing, but not what it lies in
     * @return where each is now; empty if it is gone, or another has taken its place
     * @throws IOException if one of them can't be moved; those before it have been, and the others stay
     */
    List<Optional<Path>> archive(RouteSettings route, List<Move> moves, Path folder) throws IOException {
        makeFolder(folder);
        List<Optional<Path>> archived = new ArrayList<>();
        try (OpenFolder archive = open(route, folder);
                OpenFolder inbox = OpenFolder.at(moves.get(0).source.getParent())) {
            try {
                for (Move move : moves) {
                    ledger.expectHeld();
                    archived.add(move(move, inbox, archive));
                }
            } catch (IOException e) {
                unsure.add(route);
                throw e;
            } finally {
                force(moves, archived, inbox, archive);
            }
        }
        for (int i = 0; i < moves.size(); i++) {
            Path source = moves.get(i).source;
            if (archived.get(i).isPresent() || isGone(source)) {
                removeDoneFile(route, source);
            }
        }
        return archived;
    }

    /** What the disk fails to force is moved back: the next try would find it in the archive, and believe. */
    private void force(List<Move> moves, List<Optional<Path>> archived, OpenFolder inbox, OpenFolder archive)
            throws IOException {
        try {
            archive.force();
            inbox.force();
        } catch (IOException e) {
            synchronized (names) {
                for (int i = 0; i < archived.size(); i++) {
                    if (archived.get(i).isPresent()) {
                        String name = moves.get(i).source.getFileName().toString();
                        archive.move(archived.get(i).get().getFileName().toString(), inbox, freeInInbox(inbox, name));
                    }
                }
            }
            throw e;
        }
    }

    private Optional<Path> move(Move move, OpenFolder inbox, OpenFolder archive) throws IOException {
        String name = move.source.getFileName().toString();
        synchronized (names) {
            if (!takeAside(inbox, name, move.identity)) {
                return Optional.empty();
            }
            try {
                String free = move.name.freeIn(archive, move.name.extension());
                inbox.move(aside(name), archive, free);
                return Optional.of(archive.path().resolve(free));
            } catch (IOException e) {
                try {
                    giveBack(inbox, aside(name), name);
                } catch (IOException again) {
                    e.addSuppressed(again);
                }
                throw e;
            }
        }
    }

    /** A folder of sources: one of the route's, which may be a link, or one that the service made in such a folder. */
    static OpenFolder open(RouteSettings route, Path folder) throws IOException {
        if (route.folders().contains(folder)) {
            return OpenFolder.at(folder);
        }
        try (OpenFolder outer = OpenFolder.at(folder.getParent())) {
            return outer.open(folder.getFileName().toString());
        }
    }

    /** Removes sources of one inbox, but not others that took their place, and forces the inbox once. */
    void delete(RouteSettings route, Map<Path, FileIdentity> sources) throws IOException {
        try (OpenFolder inbox = OpenFolder.at(route.inbox())) {
            try {
                for (Map.Entry<Path, FileIdentity> source : sources.entrySet()) {
                    ledger.expectHeld();
                    if (isSameFile(source.getKey(), source.getValue())) {
                        delete(inbox, source.getKey(), source.getValue());
                    }
                }
            } catch (IOException e) {
                unsure.add(route);
                throw e;
            } finally {
                inbox.force();
            }
        }
        for (Path source : sources.keySet()) {
            if (isGone(source)) {
                removeDoneFile(route, source);
            }
        }
    }

    private void delete(OpenFolder inbox, Path source, FileIdentity identity) throws IOException {
        String name = source.getFileName().toString();
        synchronized (names) {
            if (takeAside(inbox, name, identity)) {
                inbox.delete(aside(name), false);
            }
        }
    }

    /** A daemon that stood still until another had taken over does not come upon what that one takes aside. */
    private String aside(String name) {
        return ASIDE + ledger.leaseNumber() + "-" + SafeName.shortened(name, NAME_BYTES);
    }

    /**
     * Gives a source another name: nobody can put something else in its place then.
     *
     * @return false if it is gone, or another has taken its place, which stays in the inbox
     */
    private boolean takeAside(OpenFolder inbox, String name, FileIdentity identity) throws IOException {
        String aside = aside(name);
        if (inbox.find(aside).isPresent()) {
            giveBack(inbox, aside, name);
        }
        try {
            inbox.move(name, inbox, aside);
        } catch (NoSuchFileException e) {
            return false;
        }
        boolean isSame = false;
        try {
            isSame = isSameFile(inbox.path().resolve(aside), identity);
        } finally {
            if (!isSame) {
                giveBack(inbox, aside, name);
            }
        }
        return isSame;
    }

    private static void giveBack(OpenFolder inbox, String aside, String name) throws IOException {
        inbox.move(aside, inbox, freeInInbox(inbox, name));
    }

    /**
     * Gives files their names back that a crash or a failure left on their way: the next look goes on with them. Where
     * another has the name by now, a source that was handled goes on at once.
     */
    void bringBack(RouteSettings route) throws IOException, SQLException {
        try (OpenFolder inbox = OpenFolder.at(route.inbox())) {
            synchronized (names) {
                for (String aside : inbox.names()) {
                    if (aside.startsWith(ASIDE)) {
                        ledger.expectHeld();
                        bringBack(route, inbox, aside, aside.substring(aside.indexOf('-', ASIDE.length()) + 1));
                    }
                }
            }
        }
    }

    /** The same in all inboxes where a failure may have left some. */
    void bringBack() throws IOException, SQLException {
        for (RouteSettings route : unsure) {
            unsure.remove(route);
            try {
                bringBack(route);
            } catch (IOException | SQLException e) {
                unsure.add(route);
                throw e;
            }
        }
    }

    private void bringBack(RouteSettings route, OpenFolder inbox, String aside, String name)
            throws IOException, SQLException {
        if (inbox.find(name).isPresent()) {
            String key = ContentKey.of(inbox.path().resolve(aside));
            Optional<LedgerEntry> row = ledger.find(route.id(), key)
                    .filter(entry -> entry.source().equals(name)
                            && (entry.state() == FileState.COMMITTED || entry.state() == FileState.LEFT));
            if (row.isPresent()) {
                goOn(route, inbox, aside, row.get());
                return;
            }
        }
        giveBack(inbox, aside, name);
    }

    /** What becomes of its row is found out from where it is then. */
    private void goOn(RouteSettings route, OpenFolder inbox, String aside, LedgerEntry entry) throws IOException {
        if (entry.archived() == null && route.cleanSource() == CleanSource.DELETE) {
            inbox.delete(aside, false);
            return;
        }
        String day =
                LocalDate.ofInstant(entry.startedAt(), ZoneId.systemDefault()).toString();
        Path folder = entry.archived() == null
                ? route.archive().resolve(day)
                : home.resolve(entry.archived()).getParent();
        makeFolder(folder);
        SafeName safe = SafeName.of(entry.source(), entry.key());
        try (OpenFolder archive = open(route, folder)) {
            inbox.move(aside, archive, safe.freeIn(archive, safe.extension()));
            archive.force();
        }
        inbox.force();
    }

    private void makeFolder(Path folder) throws IOException {
        if (!made.contains(folder) || !Disk.exists(folder)) {
            Disk.makeFolder(folder);
            made.add(folder);
        }
    }

    /** Whether a file is the one that was identified, which may have been moved since. */
    static boolean isSameFile(Path file, FileIdentity identity) throws IOException {
        return FileIdentity.of(file).filter(identity::isSameFile).isPresent();
    }

    /**
     * Whether nothing is at the place of a source any more.
     *
     * @throws IOException if that can't be told, as it can't while its inbox is missing
     */
    static boolean isGone(Path source) throws IOException {
        if (Disk.exists(source)) {
            return false;
        }
        // It may be that the inbox was missing for that moment.
        try (OpenFolder inbox = OpenFolder.at(source.getParent())) {
            return inbox.find(source.getFileName().toString()).isEmpty();
        }
    }

    /**
     * Whether the source of a file is still in its inbox: the next look there comes upon it. Another file may be in its
     * place by now.
     *
     * @param key of its content
     * @throws IOException if that can't be told
     */
    boolean isInInbox(Path source, String key) throws IOException {
        try {
            return has(source, key);
        } catch (FileSystemException e) {
            if (source.toString().equals(e.getFile()) && !isGone(source)) {
                // It waits for whoever may read it.
                return true;
            }
            throw e;
        }
    }

    /**
     * Whether a file in an inbox has a content.
     *
     * @throws IOException if that can't be told, as it can't of one that can't be read
     */
    boolean has(Path source, String key) throws IOException {
        if (isGone(source)) {
            waiting.remove(source);
            return false;
        }
        Optional<FileIdentity> identity = FileIdentity.of(source);
        if (identity.isEmpty()) {
            return false;
        }
        Waiting now = new Waiting(identity.get(), key);
        if (now.equals(waiting.get(source))) {
            return true;
        }
        try {
            if (!ContentKey.of(source).equals(key)) {
                return false;
            }
        } catch (NoSuchFileException | NoRegularFileException e) {
            return false;
        }
        waiting.put(source, now);
        return true;
    }

    /** A name in an inbox, or another much like it where that is taken. */
    static String freeInInbox(OpenFolder inbox, String name) throws IOException {
        String free = name;
        int dot = name.lastIndexOf('.') > 0 ? name.lastIndexOf('.') : name.length();
        for (int i = 2; inbox.find(free).isPresent(); i++) {
            free = name.substring(0, dot) + "-" + i + name.substring(dot);
        }
        return free;
    }

    /** One that stayed would call the next file of this name complete. */
    void removeDoneFile(RouteSettings route, Path source) throws IOException {
        Optional<Path> doneFile = route.doneFileOf(source);
        if (doneFile.isPresent() && Disk.exists(doneFile.get())) {
            Disk.delete(doneFile.get());
        }
    }
}
