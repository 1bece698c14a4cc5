package dev.buzon.intake;

import dev.buzon.home.RouteSettings;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Map;
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

    public SettledFiles(Collection<RouteSettings> routes, Gate gate) {
        this.routesByInbox =
                routes.stream().collect(Collectors.toMap(route -> route.inbox().toString(), Function.identity()));
        this.gate = gate;
    }

    @Override
    public boolean accept(GenericFile<File> candidate) {
        RouteSettings route = routesByInbox.get(candidate.getFile().getParent());
        if (route == null) {
            throw new IllegalArgumentException(
                    "No route has the inbox " + candidate.getFile().getParent() + ".");
        }
        try {
            return accept(route, candidate.getFile().toPath());
        } catch (InvalidPathException | IOException e) {
            // Gone, or not to be looked at: not there to be taken. The next look tells more; see Strays, too.
            return false;
        }
    }

    private boolean accept(RouteSettings route, Path file) throws IOException {
        String name = file.getFileName().toString();
        if (!isFinal(name) || route.isDoneFile(name) || !route.filePattern().matches(file.getFileName())) {
            return false;
        }
        Map<String, Object> attributes =
                Files.readAttributes(file, "unix:isRegularFile," + FileIdentity.ATTRIBUTES, LinkOption.NOFOLLOW_LINKS);
        FileIdentity identity = FileIdentity.of(attributes);
        return (Boolean) attributes.get("isRegularFile")
                && isSettled(file, identity, route.quietPeriod())
                && isDone(route, file)
                && gate.admits(file, identity);
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

    private record Sighting(FileIdentity identity, long nanos) {}
}
