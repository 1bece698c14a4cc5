package dev.buzon.daemon;

import dev.buzon.home.DaemonThreads;
import dev.buzon.home.Home;
import dev.buzon.home.HomeLock;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Looks each second whether the home's lock file is still the one that this daemon holds. Thread-safe. */
final class LockWatch implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(LockWatch.class);

    private final HomeLock lock;
    private final Home home;
    private final ScheduledExecutorService clock =
            Executors.newSingleThreadScheduledExecutor(DaemonThreads.named("lock-watch"));

    private volatile List<String> problems = List.of();
    private String trouble;

    LockWatch(HomeLock lock, Home home) {
        this.lock = lock;
        this.home = home;
        clock.scheduleWithFixedDelay(this::look, 1, 1, TimeUnit.SECONDS);
    }

    /** What is wrong with the lock; empty while all is well. */
    List<String> problems() {
        return problems;
    }

    private void look() {
        try {
            boolean inPlace = lock.isInPlace();
            lock.keepRecord();
            trouble = null;
            if (!inPlace && problems.isEmpty()) {
                problems =
                        List.of("The lock file " + home.lock() + " was removed or replaced: it keeps no second daemon"
                                + " out any more. Stop Buzón, and start it again.");
                LOG.error(problems.get(0));
            }
        } catch (IOException | RuntimeException e) {
            // It would be the last look.
            if (!e.toString().equals(trouble)) {
                trouble = e.toString();
                LOG.warn("Whether the lock file {} is in its place can't be told: {}", home.lock(), trouble);
            }
        }
    }

    @Override
    public void close() {
        clock.shutdown();
        try {
            // The record goes with the lock, and must not be written again after that.
            clock.awaitTermination(1, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
