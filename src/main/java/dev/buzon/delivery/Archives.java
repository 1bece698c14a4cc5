package dev.buzon.delivery;

import dev.buzon.home.CleanSource;
import dev.buzon.home.Disk;
import dev.buzon.home.Home;
import dev.buzon.home.OpenFolder;
import dev.buzon.home.RouteSettings;
import dev.buzon.home.Settings;
import dev.buzon.intake.ContentKey;
import dev.buzon.ledger.LedgerEntry;
import java.io.IOException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributes;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Where sources lie that have been archived, as their folders say, whatever the ledger knows of it. */
final class Archives {

    private final Home home;
    /** Those of all routes that a person sees, and may mount. */
    private final Set<Path> folders = new HashSet<>();
    /** The folders of days that were made, and forced, since this process started. */
    private final Set<Path> made = ConcurrentHashMap.newKeySet();

    Archives(Settings settings) {
        this.home = settings.home();
        settings.routes().values().forEach(route -> folders.addAll(route.folders()));
    }

    /** One of them: one of the route's, which may be a link, or one that the service made in such a folder. */
    static OpenFolder open(RouteSettings route, Path folder) throws IOException {
        if (route.folders().contains(folder)) {
            return OpenFolder.at(folder);
        }
        try (OpenFolder outer = OpenFolder.at(folder.getParent())) {
            return outer.open(folder.getFileName().toString());
        }
    }

    /** Makes one of a day, whose archive is there. */
    void makeFolder(Path folder) throws IOException {
        if (!made.contains(folder) || !Disk.exists(folder)) {
            Disk.makeFolder(folder);
            made.add(folder);
        }
    }

    /** Where a source was archived by a run that could not write it down; empty where it was not. */
    Optional<Path> of(RouteSettings route, LedgerEntry entry) throws IOException {
        if (entry.archived() == null) {
            // One that was left in its inbox may have been cleaned since.
            return route.cleanSource() == CleanSource.OFF ? since(route.archive(), entry) : Optional.empty();
        }
        SafeName name = SafeName.of(entry.source(), entry.key());
        Path folder = home.resolve(entry.archived()).getParent();
        return at(folder.resolve(name.numbered(name.extension(), 1)), entry.source(), entry.key());
    }

    /**
     * Where a source lies that was archived at some time after it was handled; empty if it does not.
     *
     * @param archive with a folder for each day
     */
    Optional<Path> since(Path archive, LedgerEntry entry) throws IOException {
        SafeName safe = SafeName.of(entry.source(), entry.key());
        String handled = day(entry).minusDays(1).toString();
        for (Path day : Disk.list(archive)) {
            String name = day.getFileName().toString();
            if (isDay(name) && name.compareTo(handled) >= 0) {
                Path first = day.resolve(safe.numbered(safe.extension(), 1));
                Optional<Path> found = at(first, entry.source(), entry.key());
                if (found.isPresent()) {
                    return found;
                }
            }
        }
        return Optional.empty();
    }

    /**
     * Has it survive a power cut that a source is gone from its inbox: whoever moved it may have been killed before that
     * was forced, or have failed to.
     *
     * @param archived where it was found
     */
    static void forceMove(RouteSettings route, Optional<Path> archived) throws IOException {
        if (archived.isPresent()) {
            try (OpenFolder archive = open(route, archived.get().getParent())) {
                archive.force();
            }
        }
        try (OpenFolder inbox = OpenFolder.at(route.inbox())) {
            inbox.force();
        }
    }

    /** The one on which a file was handled. */
    static LocalDate day(LedgerEntry entry) {
        return LocalDate.ofInstant(entry.startedAt(), ZoneId.systemDefault());
    }

    /** Whether a folder of an archive holds what was archived on a day. */
    static boolean isDay(String name) {
        return name.matches("[0-9]{4}-[0-9]{2}-[0-9]{2}");
    }

    /**
     * Where a source was archived, if it was.
     *
     * @param planned the first of the names that it may have: those before it were taken
     */
    Optional<Path> at(Path planned, String source, String key) throws IOException {
        Path folder = planned.getParent();
        // While an archive is missing, nothing that is in it is.
        try (OpenFolder outer = OpenFolder.at(folders.contains(folder) ? folder : folder.getParent())) {
            if (outer.path().equals(folder)) {
                return in(outer, planned, SafeName.of(source, key), key);
            }
            String day = folder.getFileName().toString();
            if (outer.find(day).isEmpty()) {
                return Optional.empty();
            }
            try (OpenFolder inner = outer.open(day)) {
                return in(inner, planned, SafeName.of(source, key), key);
            }
        }
    }

    private static Optional<Path> in(OpenFolder folder, Path planned, SafeName name, String key) throws IOException {
        boolean mayBe = false;
        String candidate = name.numbered(name.extension(), 1);
        for (int number = 2; isFile(folder.find(candidate)); number++) {
            Path path = folder.path().resolve(candidate);
            mayBe |= path.equals(planned);
            if (mayBe && ContentKey.of(path).equals(key)) {
                return Optional.of(path);
            }
            candidate = name.numbered(name.extension(), number);
        }
        return Optional.empty();
    }

    private static boolean isFile(Optional<PosixFileAttributes> found) {
        return found.filter(PosixFileAttributes::isRegularFile).isPresent();
    }
}
