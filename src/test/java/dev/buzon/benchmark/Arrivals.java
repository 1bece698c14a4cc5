package dev.buzon.benchmark;

import java.io.IOException;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchEvent;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.TimeUnit;

/** Tells when a result appears in an outbox, without looking into it again and again. */
final class Arrivals implements AutoCloseable {

    private final WatchService watch;

    Arrivals(Path outbox) throws IOException {
        watch = outbox.getFileSystem().newWatchService();
        outbox.register(watch, StandardWatchEventKinds.ENTRY_CREATE);
    }

    /** @return when the next result was seen */
    Instant next(Duration limit) throws IOException, InterruptedException {
        long end = System.nanoTime() + limit.toNanos();
        while (true) {
            WatchKey key = watch.poll(end - System.nanoTime(), TimeUnit.NANOSECONDS);
            Instant now = Instant.now();
            if (key == null) {
                throw new IOException("No result came within " + limit.toSeconds() + " s.");
            }
            boolean result = false;
            for (WatchEvent<?> event : key.pollEvents()) {
                result |= !event.context().toString().startsWith(".");
            }
            key.reset();
            if (result) {
                return now;
            }
        }
    }

    @Override
    public void close() throws IOException {
        watch.close();
    }
}
