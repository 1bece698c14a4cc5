package dev.buzon.delivery;

import dev.buzon.home.Disk;
import dev.buzon.home.OpenFolder;
import dev.buzon.home.RouteSettings;
import dev.buzon.home.Settings;
import dev.buzon.intake.ContentKey;
import dev.buzon.intake.FileIdentity;
import dev.buzon.intake.NoRegularFileException;
import dev.buzon.ledger.Ledger;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;

/** Sources on their way out of an inbox, their done files with them. */
final class Sources {

    private final Archives archives;
    private final Aside aside;
    private final Ledger ledger;
    private final FreeNames names;
    /** Files that wait in their inboxes and have the contents that they had: a large one is not read each second. */
    private final Map<Path, Waiting> waiting = new ConcurrentHashMap<>();

    Sources(Settings settings, Ledger ledger, FreeNames names) {
        archives = new Archives(settings);
        aside = new Aside(settings.home(), ledger, names, archives);
        this.ledger = ledger;
        this.names = names;
    }

    Archives archives() {
        return archives;
    }

    Aside aside() {
        return aside;
    }

    /** A file as it was when its content had that key. */
    private record Waiting(FileIdentity identity, String key) {}

    /**
     * A source that is to be moved.
     *
     * @param identity as it was when its content was read: another that took its place is left in the inbox
     * @param key of its content
     */
    record Move(Path source, FileIdentity identity, String key) {

        String name() {
            return source.getFileName().toString();
        }
    }

    static List<Move> moves(List<Delivery> deliveries) {
        return deliveries.stream()
                .map(delivery -> new Move(delivery.source(), delivery.identity(), delivery.key()))
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
    List<Optional<Path>> archive(RouteSettings route, List<Move> moves, Path folder) throws IOException, SQLException {
        archives.makeFolder(folder);
        List<Optional<Path>> archived = new ArrayList<>();
        try (OpenFolder archive = Archives.open(route, folder);
                OpenFolder inbox = OpenFolder.at(moves.get(0).source.getParent())) {
            try {
                for (Move move : moves) {
                    ledger.expectHeld();
                    archived.add(move(route, move, inbox, archive));
                }
            } finally {
                force(route, moves, archived, inbox, archive);
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
    private void force(
            RouteSettings route, List<Move> moves, List<Optional<Path>> archived, OpenFolder inbox, OpenFolder archive)
            throws IOException {
        try {
            archive.force();
            inbox.force();
        } catch (IOException e) {
            // Another daemon that works by now has found them there.
            ledger.expectHeld();
            synchronized (names) {
                for (int i = 0; i < archived.size(); i++) {
                    if (archived.get(i).isPresent()) {
                        String name = moves.get(i).name();
                        archive.move(archived.get(i).get().getFileName().toString(), inbox, aside.nameOf(name));
                        aside.giveBack(route, inbox, name, e);
                    }
                }
            }
            throw e;
        }
    }

    private Optional<Path> move(RouteSettings route, Move move, OpenFolder inbox, OpenFolder archive)
            throws IOException, SQLException {
        String name = move.name();
        synchronized (names) {
            if (!aside.take(route, inbox, name, move.identity)) {
                return Optional.empty();
            }
            try {
                SafeName safe = SafeName.of(name, move.key);
                String free = safe.freeIn(archive, safe.extension());
                inbox.move(aside.nameOf(name), archive, free);
                return Optional.of(archive.path().resolve(free));
            } catch (IOException e) {
                aside.giveBack(route, inbox, name, e);
                throw e;
            }
        }
    }

    /** Removes sources of one inbox, but not others that took their place, and forces the inbox once. */
    void delete(RouteSettings route, Map<Path, FileIdentity> sources) throws IOException, SQLException {
        try (OpenFolder inbox = OpenFolder.at(route.inbox())) {
            try {
                for (Map.Entry<Path, FileIdentity> source : sources.entrySet()) {
                    ledger.expectHeld();
                    delete(route, inbox, source.getKey(), source.getValue());
                }
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

    private void delete(RouteSettings route, OpenFolder inbox, Path source, FileIdentity identity)
            throws IOException, SQLException {
        String name = source.getFileName().toString();
        synchronized (names) {
            if (!aside.take(route, inbox, name, identity)) {
                return;
            }
            try {
                inbox.delete(aside.nameOf(name), false);
            } catch (IOException e) {
                aside.giveBack(route, inbox, name, e);
                throw e;
            }
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
    boolean isInInbox(RouteSettings route, String name, String key) throws IOException, SQLException {
        aside.bringBackIfAny(route);
        Path source = route.inbox().resolve(name);
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

    /** One that stayed would call the next file of this name complete. */
    void removeDoneFile(RouteSettings route, Path source) throws IOException {
        Optional<Path> doneFile = route.doneFileOf(source);
        if (doneFile.isPresent() && Disk.exists(doneFile.get())) {
            Disk.delete(doneFile.get());
        }
    }
}
