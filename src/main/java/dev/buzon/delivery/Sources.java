package dev.buzon.delivery;

import dev.buzon.home.Disk;
import dev.buzon.home.Home;
import dev.buzon.home.RouteSettings;
import dev.buzon.intake.ContentKey;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Optional;

/** Sources on their way out of an inbox, their done files with them. */
final class Sources {

    private Sources() {}

    /**
     * Moves a source into a folder under the first name that is free.
     *
     * @param folder made where it is missing, but not what it lies in
     * @return where it is now
     */
    static Path archive(RouteSettings route, Path source, Path folder, SafeName name) throws IOException {
        Disk.makeFolder(folder);
        Path target = name.freeIn(folder, name.extension());
        Disk.move(source, target);
        removeDoneFile(route, source);
        return target;
    }

    static void delete(RouteSettings route, Path source) throws IOException {
        Disk.delete(source);
        removeDoneFile(route, source);
    }

    /** One that stayed would call the next file of this name complete. */
    static void removeDoneFile(RouteSettings route, Path source) throws IOException {
        Optional<Path> doneFile = route.doneFileOf(source);
        if (doneFile.isPresent() && Files.exists(doneFile.get(), LinkOption.NOFOLLOW_LINKS)) {
            Disk.delete(doneFile.get());
        }
    }

    /** Where a source was archived by a run that could not write it down; empty where it was not. */
    static Optional<Path> archived(Home home, LedgerEntry entry) throws IOException {
        if (entry.archived() == null) {
            return Optional.empty();
        }
        Path folder = home.resolve(entry.archived()).getParent();
        SafeName name = SafeName.of(entry.source(), entry.key());
        Path candidate = name.numbered(folder, name.extension(), 1);
        for (int number = 2; Files.isRegularFile(candidate, LinkOption.NOFOLLOW_LINKS); number++) {
            if (ContentKey.of(candidate).equals(entry.key())) {
                return Optional.of(candidate);
            }
            candidate = name.numbered(folder, name.extension(), number);
        }
        return Optional.empty();
    }
}
