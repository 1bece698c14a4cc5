package dev.buzon.delivery;

import dev.buzon.home.Disk;
import dev.buzon.home.Home;
import dev.buzon.home.OpenFolder;
import dev.buzon.home.RouteSettings;
import dev.buzon.intake.ContentKey;
import dev.buzon.intake.FileIdentity;
import dev.buzon.ledger.Ledger;
import dev.buzon.ledger.LedgerEntry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Sources on their way out of an inbox, their done files with them. */
final class Sources {

    private final Home home;
    private final Ledger ledger;
    private final FreeNames names;

    Sources(Home home, Ledger ledger, FreeNames names) {
        this.home = home;
        this.ledger = ledger;
        this.names = names;
    }

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
        Disk.makeFolder(folder);
        List<Optional<Path>> archived = new ArrayList<>();
        try (OpenFolder archive = open(route, folder);
                OpenFolder inbox = OpenFolder.at(moves.get(0).source.getParent())) {
            try {
                for (Move move : moves) {
                    ledger.expectHeld();
                    archived.add(move(route, move, inbox, archive));
                }
            } finally {
                archive.force();
                inbox.force();
            }
        }
        for (int i = 0; i < moves.size(); i++) {
            Path source = moves.get(i).source;
            if (archived.get(i).isPresent() || Files.notExists(source, LinkOption.NOFOLLOW_LINKS)) {
                removeDoneFile(route, source);
            }
        }
        return archived;
    }

    private Optional<Path> move(RouteSettings route, Move move, OpenFolder inbox, OpenFolder archive)
            throws IOException {
        String name = move.source.getFileName().toString();
        synchronized (names) {
            Path target = move.name.freeIn(archive.path(), move.name.extension());
            try {
                inbox.move(name, archive, target.getFileName().toString());
            } catch (NoSuchFileException e) {
                if (inbox.find(name).isPresent()) {
                    throw e;
                }
                return Optional.empty();
            }
            if (isSameFile(target, move.identity)) {
                return Optional.of(target);
            }
            // Whatever becomes of the others, this one is not to be forgotten in the archive.
            Disk.move(target, freeInInbox(route, name));
            return Optional.empty();
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
        Set<Path> inboxes = new HashSet<>();
        try {
            for (Map.Entry<Path, FileIdentity> source : sources.entrySet()) {
                ledger.expectHeld();
                if (isSameFile(source.getKey(), source.getValue())) {
                    inboxes.add(source.getKey().getParent());
                    Files.deleteIfExists(source.getKey());
                }
            }
        } finally {
            for (Path inbox : inboxes) {
                Disk.force(inbox);
            }
        }
        for (Path source : sources.keySet()) {
            if (Files.notExists(source, LinkOption.NOFOLLOW_LINKS)) {
                removeDoneFile(route, source);
            }
        }
    }

    /** Whether a file is the one that was identified, which may have been moved since. */
    static boolean isSameFile(Path file, FileIdentity identity) throws IOException {
        return FileIdentity.of(file).filter(identity::isSameFile).isPresent();
    }

    /** The path in the inbox of a name, or of another much like it where that is taken. */
    static Path freeInInbox(RouteSettings route, String name) {
        Path target = route.inbox().resolve(name);
        int dot = name.lastIndexOf('.') > 0 ? name.lastIndexOf('.') : name.length();
        for (int i = 2; Files.exists(target, LinkOption.NOFOLLOW_LINKS); i++) {
            target = route.inbox().resolve(name.substring(0, dot) + "-" + i + name.substring(dot));
        }
        return target;
    }

    /** One that stayed would call the next file of this name complete. */
    void removeDoneFile(RouteSettings route, Path source) throws IOException {
        Optional<Path> doneFile = route.doneFileOf(source);
        if (doneFile.isPresent() && Files.exists(doneFile.get(), LinkOption.NOFOLLOW_LINKS)) {
            Disk.delete(doneFile.get());
        }
    }

    /** Where a source was archived by a run that could not write it down; empty where it was not. */
    Optional<Path> archived(LedgerEntry entry) throws IOException {
        if (entry.archived() == null) {
            return Optional.empty();
        }
        SafeName name = SafeName.of(entry.source(), entry.key());
        Path folder = home.resolve(entry.archived()).getParent();
        return archivedAt(name.numbered(folder, name.extension(), 1), entry.source(), entry.key());
    }

    /**
     * Where a source was archived, if it was.
     *
     * @param planned the first of the names that it may have: those before it were taken
     */
    Optional<Path> archivedAt(Path planned, String source, String key) throws IOException {
        SafeName name = SafeName.of(source, key);
        Path folder = planned.getParent();
        boolean mayBe = false;
        Path candidate = name.numbered(folder, name.extension(), 1);
        for (int number = 2; Files.isRegularFile(candidate, LinkOption.NOFOLLOW_LINKS); number++) {
            mayBe |= candidate.equals(planned);
            if (mayBe && ContentKey.of(candidate).equals(key)) {
                return Optional.of(candidate);
            }
            candidate = name.numbered(folder, name.extension(), number);
        }
        return Optional.empty();
    }
}
