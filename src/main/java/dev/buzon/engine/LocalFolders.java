package dev.buzon.engine;

import dev.buzon.home.Disk;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.apache.spark.SparkContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The folders for temporary files that Spark makes at its start in this process, and never again: a cleaner of temporary
 * files may remove them. Thread-safe.
 */
final class LocalFolders {

    private static final Logger LOG = LoggerFactory.getLogger(Engine.class);

    /** How often all are looked at; those without which no job runs are at each. */
    private static final long LOOK_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final Path temporary;
    private long looked = System.nanoTime();

    /** @param temporary the daemon's own */
    LocalFolders(Path temporary) {
        this.temporary = temporary;
    }

    /**
     * Makes those that are missing.
     *
     * @throws UncheckedIOException if they can't be made
     */
    synchronized void makeMissing(SparkContext context) {
        if (context.isStopped()) {
            return;
        }
        long now = System.nanoTime();
        boolean due = now - looked > LOOK_NANOS;
        try {
            boolean missing = !Files.isDirectory(temporary);
            if (missing) {
                Disk.makePrivateFolder(temporary);
            }
            for (File blocks : context.env().blockManager().diskBlockManager().localDirs()) {
                if (due || missing || !blocks.isDirectory()) {
                    missing |= !blocks.isDirectory();
                    makeBlockFolders(context, blocks.toPath());
                }
            }
            if (missing) {
                LOG.warn("The folders for temporary files in {} were removed: they are made again", temporary);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        looked = due ? now : looked;
    }

    /** Spark remembers which of them it has made. */
    private static void makeBlockFolders(SparkContext context, Path blocks) throws IOException {
        Files.createDirectories(blocks);
        int count = context.conf().getInt("spark.diskStore.subDirectories", 64);
        try {
            for (int i = 0; i < count; i++) {
                Path folder = blocks.resolve("%02x".formatted(i));
                if (!Files.isDirectory(folder)) {
                    Files.createDirectory(folder);
                }
            }
        } catch (IOException e) {
            // On a full disk, say. Most jobs need none of them; one that does says what it lacks.
        }
    }
}
