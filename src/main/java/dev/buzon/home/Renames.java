package dev.buzon.home;

import java.io.IOException;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** The renames on which a file's life rests, tried: they work only within a file system. */
final class Renames {

    private static final String PROBE = ".buzon-probe";

    private Renames() {}

    /** @return a line for each that can never work */
    static List<String> thatFail(RouteSettings route) {
        List<String> problems = new ArrayList<>();
        tryOut(route.outboxStaging(), route.outbox(), problems);
        tryOut(route.rejectedStaging(), route.rejected(), problems);
        Set<Path> ends = new LinkedHashSet<>();
        if (route.cleanSource() != CleanSource.DELETE) {
            // With clean-source=off it is the housekeeping that moves them.
            ends.addAll(List.of(route.archive(), route.duplicates()));
        }
        if (route.cleanSource() != CleanSource.OFF) {
            ends.add(route.rejected());
        }
        ends.forEach(end -> tryOut(route.inbox(), end, problems));
        return problems;
    }

    private static void tryOut(Path from, Path to, List<String> problems) {
        Path source = from.resolve(PROBE);
        Path target = to.resolve(PROBE);
        try {
            Files.deleteIfExists(source);
            Files.createFile(source);
            try {
                Files.move(source, target, StandardCopyOption.ATOMIC_MOVE);
                Files.delete(target);
            } finally {
                Files.deleteIfExists(source);
            }
        } catch (AtomicMoveNotSupportedException e) {
            problems.add("The folders " + from + " and " + to + " must share a file system: a file is moved from one"
                    + " to the other with a rename.");
        } catch (IOException e) {
            // A full disk, say: no reason not to start, and each file meets it and waits.
        }
    }
}
