package dev.buzon.simulation;

import dev.buzon.home.Disk;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The folders of the simulated home, and those around it, as people see them. */
final class Folders {

    /** Of a file that was about to be given its name back, and how many names it had before. */
    private static final Pattern MARKED = Pattern.compile("\\.buzon-aside-[^-]*=([0-9]+)-.*");

    private final SimulatedDisk disk;
    private final Setup setup;
    /** Folders that are gone for a while, and what they are called meanwhile. */
    private final Map<Path, Path> gone = new HashMap<>();

    private int moves;

    Folders(SimulatedDisk disk, Setup setup) {
        this.disk = disk;
        this.setup = setup;
    }

    Path home() {
        return disk.path("/home");
    }

    Path inbox(String route) {
        return disk.path("/home/inbox/" + route);
    }

    Path outbox(String route) {
        return disk.path("/home/outbox/" + route);
    }

    Path archive(String route) {
        return disk.path("/home/archive/" + (setup.oneArchive() ? "all" : route));
    }

    Path duplicates(String route) {
        return disk.path("/home/archive/duplicates/" + (setup.oneArchive() ? "all" : route));
    }

    Path rejected(String route) {
        return disk.path("/home/archive/rejected/" + route);
    }

    /** Where a consumer puts what it takes. */
    Path consumed() {
        return disk.path("/consumed");
    }

    /** What links lead to, and what nobody may touch. */
    Path secret() {
        return disk.path("/outside/secret");
    }

    String routeOf(Path inInbox) {
        return inInbox.getParent().getFileName().toString();
    }

    void vanish(Path folder) {
        Path away = disk.path("/home/away" + ++moves);
        if (Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS) && gone.putIfAbsent(folder, away) == null) {
            move(folder, away);
        }
    }

    void comeBack(Path folder) {
        Path away = gone.remove(folder);
        if (away != null) {
            if (Files.exists(folder, LinkOption.NOFOLLOW_LINKS)) {
                throw new Violation("made anew while it was gone: " + folder);
            }
            move(away, folder);
        }
    }

    /** Where a folder is now: somewhere else while it is gone. */
    Path now(Path folder) {
        return gone.getOrDefault(folder, folder);
    }

    /** Whether the first daemon has yet to make the inboxes. */
    boolean areToBeMade() {
        return gone.isEmpty() && !Setup.ROUTES.stream().map(this::inbox).allMatch(this::isThere);
    }

    void allComeBack() {
        List.copyOf(gone.keySet()).forEach(this::comeBack);
    }

    private static void move(Path from, Path to) {
        try {
            Files.move(from, to);
            Disk.force(from.getParent());
            Disk.force(to.getParent());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    boolean isThere(Path folder) {
        return Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS);
    }

    /** The regular files in a folder that are not hidden, nor called unfinished; none if it is gone. */
    List<Path> visible(Path folder) {
        List<Path> files = new ArrayList<>();
        if (isThere(folder)) {
            try (Stream<Path> all = Files.list(folder)) {
                all.filter(file -> Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)
                                && !file.getFileName().toString().startsWith(".")
                                && !file.getFileName().toString().endsWith(".tmp"))
                        .forEach(files::add);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return files;
    }

    /** Sources on their way out of an inbox. */
    List<Path> aside(Path folder) {
        if (!isThere(folder)) {
            return List.of();
        }
        try (Stream<Path> all = Files.list(folder)) {
            return all.filter(file -> Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)
                            && file.getFileName().toString().startsWith(".buzon-aside-"))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The same of the folders in it: of the days of an archive, and of that itself. */
    List<Path> visibleBelow(Path folder) {
        List<Path> files = visible(folder);
        if (isThere(folder)) {
            try (Stream<Path> all = Files.list(folder)) {
                all.filter(inner -> inner.getFileName().toString().matches("[0-9]{4}-.*"))
                        .forEach(inner -> files.addAll(visible(inner)));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return files;
    }

    String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    void delete(Path file) {
        try {
            Files.delete(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Among the rejected are other files, too. */
    static boolean isSource(Path file) {
        String name = file.getFileName().toString();
        return !name.endsWith(".records.jsonl") && !name.endsWith(".error.json");
    }

    private static boolean hasItsNameBack(Path aside) {
        Matcher marked = MARKED.matcher(aside.getFileName().toString());
        try {
            return marked.matches()
                    && (int) Files.getAttribute(aside, "unix:nlink", LinkOption.NOFOLLOW_LINKS)
                            > Integer.parseInt(marked.group(1));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** How many files have that content, whole, wherever its route may have put them: hidden in its inbox, too. */
    int copiesOf(Content content) {
        int copies = 0;
        for (Path file : aside(inbox(content.route))) {
            if (read(file).equals(content.text) && !hasItsNameBack(file)) {
                copies++;
            }
        }
        for (Path folder : List.of(
                inbox(content.route), archive(content.route), duplicates(content.route), rejected(content.route))) {
            for (Path file : visibleBelow(folder)) {
                if (isSource(file) && read(file).equals(content.text)) {
                    copies++;
                }
            }
        }
        return copies;
    }
}
