package dev.buzon.intake;

import dev.buzon.home.RouteSettings;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
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
 * period of their route. Camel's own read locks either wait for each file or open what may be no file at all.
 *
 * <p>What counts is the inode's change time: the kernel sets it at each write, truncation and rename, and no sender can
 * set it back, as {@code cp -p} does with the modification time. Thread-safe.
 */
public final class SettledFiles implements GenericFileFilter<File> {

    private static final Set<String> UNFINISHED = Set.of(".tmp", ".part", ".filepart", ".crdownload", "~");

    private final Map<Path, RouteSettings> routesByInbox;
    private final Gate gate;
    /** For files whose change time lies ahead of our clock: since when they have been seen as they are. */
    private final Map<Path, Sighting> ahead = new ConcurrentHashMap<>();

    public SettledFiles(Collection<RouteSettings> routes, Gate gate) {
        this.routesByInbox = routes.stream().collect(Collectors.toMap(RouteSettings::inbox, Function.identity()));
        this.gate = gate;
    }

    @Override
    public boolean accept(GenericFile<File> candidate) {
        Path file = candidate.getFile().toPath();
        RouteSettings route = routesByInbox.get(file.getParent());
        if (route == null) {
            throw new IllegalArgumentException("No route has the inbox " + file.getParent() + ".");
        }
        String name = file.getFileName().toString();
        if (name.startsWith(".")
                || UNFINISHED.stream().anyMatch(name::endsWith)
                || !route.filePattern().matches(file.getFileName())) {
            return false;
        }
        try {
            Map<String, Object> attributes = Files.readAttributes(
                    file, "unix:isRegularFile,ino,size,lastModifiedTime,ctime", LinkOption.NOFOLLOW_LINKS);
            FileIdentity identity =
                    new FileIdentity((Long) attributes.get("ino"), (Long) attributes.get("size"), (FileTime)
                            attributes.get("lastModifiedTime"));
            return (Boolean) attributes.get("isRegularFile")
                    && isSettled(file, identity, (FileTime) attributes.get("ctime"), route.quietPeriod())
                    && gate.admits(file, identity);
        } catch (IOException e) {
            // Gone, or not to be looked at: not there to be taken. The next look tells more.
            return false;
        }
    }

    private boolean isSettled(Path file, FileIdentity identity, FileTime changed, Duration quietPeriod) {
        Duration age = Duration.between(changed.toInstant(), Instant.now());
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
