package dev.buzon.delivery;

import dev.buzon.home.BackOff;
import dev.buzon.home.Settings;
import dev.buzon.home.Time;
import dev.buzon.intake.FileIdentity;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The back-off of files that met an error of the world. It belongs to the file that failed: another one under its name,
 * or the same one after somebody has changed it, begins anew. Thread-safe.
 */
final class FileRetries {

    /** Beyond so many, those that are gone are looked for each time that as many have failed again. */
    private static final int FEW = 100;

    private final BackOff<Path> retries;
    /** What failed; empty if it was gone by then. */
    private final Map<Path, Optional<FileIdentity>> failed = new ConcurrentHashMap<>();
    /** How many were still there when they were looked at last. */
    private volatile int there;

    /** Files that failed with others: each is tried by itself. */
    private final Set<Path> alone = ConcurrentHashMap.newKeySet();

    FileRetries(Settings settings, Time time) {
        retries = new BackOff<>(settings, time);
    }

    /** @return how long the file waits that lies there now */
    Duration failed(Path file) {
        if (failed.size() >= 2 * there + FEW) {
            failed.keySet().removeIf(this::forgetIfGone);
            there = failed.size();
        }
        Optional<FileIdentity> now = identity(file);
        Optional<FileIdentity> last = failed.put(file, now);
        // A try may have taken it aside and brought it back, which changes it.
        if (last == null || last.isEmpty() || now.isEmpty() || !last.get().isSameFile(now.get())) {
            retries.succeeded(file);
        }
        return retries.failed(file);
    }

    boolean isDue(Path file, FileIdentity identity) {
        Optional<FileIdentity> last = failed.get(file);
        return last == null || !last.equals(Optional.of(identity)) || retries.isDue(file);
    }

    /** Has files tried again one by one, since they failed together and one of them may be the cause. */
    void separate(List<Path> files) {
        alone.removeIf(file -> Files.notExists(file, LinkOption.NOFOLLOW_LINKS));
        alone.addAll(files);
    }

    boolean isAlone(Path file) {
        return alone.contains(file);
    }

    void succeeded(Path file) {
        alone.remove(file);
        failed.remove(file);
        retries.succeeded(file);
    }

    private boolean forgetIfGone(Path file) {
        boolean gone = Files.notExists(file, LinkOption.NOFOLLOW_LINKS);
        if (gone) {
            retries.succeeded(file);
        }
        return gone;
    }

    private static Optional<FileIdentity> identity(Path file) {
        try {
            return FileIdentity.of(file);
        } catch (IOException e) {
            // It can't be looked at: whatever is seen there next is tried at once.
            return Optional.empty();
        }
    }
}
