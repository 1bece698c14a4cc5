package dev.buzon.intake;

import dev.buzon.home.Disk;
import dev.buzon.home.RouteSettings;
import dev.buzon.home.Time;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributeView;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;

/** The machine's clock, and that of a file system as the change time of a file of ours tells it. */
final class SystemClocks implements Clocks {

    /** Long ago: a file system without change times gives it back. */
    private static final FileTime MARK = FileTime.from(Instant.EPOCH);

    private final Path ours;
    private final Time time;

    /** @param ours a folder that nobody else writes to; used if it is on the file system of an inbox */
    SystemClocks(Path ours, Time time) {
        this.ours = ours;
        this.time = time;
    }

    @Override
    public long nanos() {
        return time.nanos();
    }

    @Override
    public Instant ofInbox(RouteSettings route) throws IOException {
        String name = ".buzon-clock-" + route.id();
        if (isOnOneFileSystem(ours, route.inbox())) {
            return touch(ours.resolve(name));
        }
        Path probe = route.inbox().resolve(name);
        try {
            return touch(probe);
        } finally {
            Files.deleteIfExists(probe);
        }
    }

    private static boolean isOnOneFileSystem(Path folder, Path other) throws IOException {
        return Disk.exists(folder)
                && Files.getAttribute(folder, "unix:dev").equals(Files.getAttribute(other, "unix:dev"));
    }

    private static Instant touch(Path probe) throws IOException {
        BasicFileAttributeView view =
                Files.getFileAttributeView(probe, BasicFileAttributeView.class, LinkOption.NOFOLLOW_LINKS);
        try {
            view.setTimes(MARK, MARK, null);
        } catch (NoSuchFileException e) {
            Files.createFile(probe);
            view.setTimes(MARK, MARK, null);
        }
        Instant changed = ((FileTime) Files.getAttribute(probe, "unix:ctime", LinkOption.NOFOLLOW_LINKS)).toInstant();
        if (Duration.between(MARK.toInstant(), changed).compareTo(Duration.ofDays(2)) < 0) {
            throw new IOException("The file system of " + probe + " keeps no change times.");
        }
        return changed;
    }
}
