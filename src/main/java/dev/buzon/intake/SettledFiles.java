package dev.buzon.intake;

import dev.buzon.home.RouteSettings;
import java.io.File;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.camel.component.file.GenericFile;
import org.apache.camel.component.file.GenericFileFilter;

/**
 * Lets a {@code file:} consumer see regular files only, under a final name, that nothing has touched for the quiet
 * period of their route, and whose done file is there where the route has one. Camel's own read locks either wait for
 * each file or open what may be no file at all. Thread-safe.
 */
public final class SettledFiles implements GenericFileFilter<File> {

    private static final Set<String> UNFINISHED = Set.of(".tmp", ".part", ".filepart", ".crdownload", "~");

    private final Map<String, RouteSettings> routesByInbox;
    private final Gate gate;
    /** For files whose change time lies ahead of our clock: since when they have been seen as they are. */
    private final Map<Path, Sighting> ahead = new ConcurrentHashMap<>();
    /** By inbox: the names of the files that its poll is to take. */
    private final Map<String, Set<String>> chosen = new ConcurrentHashMap<>();

    public SettledFiles(Collection<RouteSettings> routes, Gate gate) {
        this.routesByInbox =
                routes.stream().collect(Collectors.toMap(route -> route.inbox().toString(), Function.identity()));
        this.gate = gate;
    }

    /**
     * Chooses what the poll of an inbox that begins now is to take: the oldest files, as many as its route takes in one
     * poll. Camel makes an exchange of all that a filter lets through, before it sorts and cuts: for a backlog of
     * 100,000 files that takes more memory than there is.
     */
    void choose(File inbox) {
        RouteSettings route = routeOf(inbox);
        chosen.remove(inbox.getPath());
        if (route.maxFilesPerPoll() == 0) {
            return;
        }
        PriorityQueue<Waiting> youngestFirst = new PriorityQueue<>(Comparator.comparing(Waiting::modified)
                .thenComparing(Waiting::name)
                .reversed());
        try (DirectoryStream<Path> files = Files.newDirectoryStream(route.inbox())) {
            for (Path file : files) {
                look(route, file).ifPresent(youngestFirst::add);
                if (youngestFirst.size() > route.maxFilesPerPoll()) {
                    youngestFirst.remove();
                }
            }
        } catch (IOException | DirectoryIteratorException e) {
            // The poll meets the same, and says so.
            return;
        }
        chosen.put(inbox.getPath(), youngestFirst.stream().map(Waiting::name).collect(Collectors.toUnmodifiableSet()));
    }

    /** What is still to be taken of a route's inbox, by a look at all that is in it. */
    public Backlog backlog(RouteSettings route) throws IOException {
        long files = 0;
        long bytes = 0;
        FileTime oldest = null;
        try (DirectoryStream<Path> inbox = Files.newDirectoryStream(route.inbox())) {
            for (Path file : inbox) {
                Optional<FileIdentity> identity = lookAtUnhandled(route, file).map(Waiting::identity);
                if (identity.isPresent()) {
                    FileTime changed = identity.get().changed();
                    files++;
                    bytes += identity.get().size();
                    oldest = oldest == null || changed.compareTo(oldest) < 0 ? changed : oldest;
                }
            }
        } catch (DirectoryIteratorException e) {
            throw e.getCause();
        }
        return new Backlog(files, bytes, oldest == null ? null : oldest.toInstant());
    }

    /**
     * The identity of a file that is still to be taken.
     *
     * @param name of a file in the route's inbox; empty where there is none of that name
     */
    public Optional<FileIdentity> waiting(RouteSettings route, String name) {
        Path file = route.inbox().resolve(name);
        return route.inbox().equals(file.getParent())
                ? lookAtUnhandled(route, file).map(Waiting::identity)
                : Optional.empty();
    }

    /** Of the chosen ones where a choice was made, otherwise as the file is now. */
    @Override
    public boolean accept(GenericFile<File> candidate) {
        File file = candidate.getFile();
        RouteSettings route = routeOf(file.getParentFile());
        Set<String> names = chosen.get(file.getParent());
        return names == null ? look(route, file).isPresent() : names.contains(file.getName());
    }

    private RouteSettings routeOf(File inbox) {
        RouteSettings route = routesByInbox.get(inbox.getPath());
        if (route == null) {
            throw new IllegalArgumentException("No route has the inbox " + inbox + ".");
        }
        return route;
    }

    private Optional<Waiting> look(RouteSettings route, File file) {
        try {
            return look(route, file.toPath());
        } catch (InvalidPathException e) {
            // See Strays.
            return Optional.empty();
        }
    }

    /** @return empty where it is not to be taken */
    private Optional<Waiting> look(RouteSettings route, Path file) {
        return lookAtUnhandled(route, file)
                .filter(waiting -> isSettled(file, waiting.identity, route.quietPeriod())
                        && isDone(route, file)
                        && gate.isDue(file));
    }

    /** @return empty where it never is to be taken as it is now */
    private Optional<Waiting> lookAtUnhandled(RouteSettings route, Path file) {
        String name = file.getFileName().toString();
        if (!isFinal(name) || route.isDoneFile(name) || !route.filePattern().matches(file.getFileName())) {
            return Optional.empty();
        }
        try {
            Map<String, Object> attributes = Files.readAttributes(
                    file, "unix:isRegularFile,lastModifiedTime," + FileIdentity.ATTRIBUTES, LinkOption.NOFOLLOW_LINKS);
            FileIdentity identity = FileIdentity.of(attributes);
            return (Boolean) attributes.get("isRegularFile") && !gate.isHandled(file, identity)
                    ? Optional.of(new Waiting((FileTime) attributes.get("lastModifiedTime"), name, identity))
                    : Optional.empty();
        } catch (IOException e) {
            // Gone, or not to be looked at: not there to be taken. The next look tells more.
            return Optional.empty();
        }
    }

    /** Whether it is no name that senders give to what they are still writing. */
    static boolean isFinal(String name) {
        return !name.startsWith(".") && UNFINISHED.stream().noneMatch(name::endsWith);
    }

    private static boolean isDone(RouteSettings route, Path file) {
        return route.doneFileOf(file)
                .map(done -> Files.isRegularFile(done, LinkOption.NOFOLLOW_LINKS))
                .orElse(true);
    }

    private boolean isSettled(Path file, FileIdentity identity, Duration quietPeriod) {
        Duration age = Duration.between(identity.changed().toInstant(), Instant.now());
        if (!age.isNegative()) {
            ahead.remove(file);
            return age.compareTo(quietPeriod) >= 0;
        }
        Sighting now = new Sighting(identity, System.nanoTime());
        Sighting first = ahead.merge(file, now, (old, fresh) -> old.identity.equals(fresh.identity) ? old : fresh);
        return now.nanos - first.nanos >= quietPeriod.toNanos();
    }

    private record Waiting(FileTime modified, String name, FileIdentity identity) {}

    private record Sighting(FileIdentity identity, long nanos) {}
}
