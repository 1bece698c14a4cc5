package dev.buzon.monitor;

import dev.buzon.home.DaemonThreads;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/**
 * A look at something that may not answer, such as a disk or a server. A thread of its own takes it; whoever asks waits
 * for a moment at most, and is told what was seen last. Thread-safe.
 */
final class Look<T> {

    /** How long somebody who asks waits. */
    private static final long PATIENCE_NANOS = Duration.ofMillis(300).toNanos();
    /** How long a look may take before what it looks at counts as silent. */
    private static final long SILENCE_NANOS = Duration.ofSeconds(2).toNanos();

    /** Each look has one of them at most. */
    private static final ExecutorService THREADS = Executors.newCachedThreadPool(DaemonThreads.named("look"));

    private final int rest;
    private final Question<T> question;
    /** How many looks have begun, how many have ended, and how many have been asked for. */
    private long begun;

    private long ended;
    private long wanted;
    private long beganNanos;
    private Instant beganAt;
    private long restUntil = System.nanoTime();
    private T seen;
    private Exception failure;
    private Instant silentSince;

    private Look(int rest, Question<T> question) {
        this.rest = rest;
        this.question = question;
    }

    /** A look that is taken whenever somebody asks. */
    static <T> Look<T> at(Question<T> question) {
        return new Look<>(0, question);
    }

    /** A look at something that may be large: it takes no more than a tenth of the time. */
    static <T> Look<T> pausing(Question<T> question) {
        return new Look<>(9, question);
    }

    @FunctionalInterface
    interface Question<T> {
        T ask() throws IOException, SQLException;
    }

    /**
     * What is known.
     *
     * @param value what the last look saw; null if it failed, or if none has come to its end
     * @param failure why the last look could not look; null if it could
     * @param silentSince since when there is no answer, though somebody asks; null while there are answers
     */
    record Seen<T>(T value, Exception failure, Instant silentSince) {}

    /** Has a look begin from now on, without waiting for it. */
    synchronized void begin() {
        wanted = begun + 1;
        beginWanted();
    }

    /** What a look sees that begins from now on; what the last one saw, if that takes too long. */
    synchronized Seen<T> get() {
        long asked = System.nanoTime();
        begin();
        long mine = wanted;
        while (ended < mine && isUnderWay()) {
            long now = System.nanoTime();
            // Nobody waits for one that others have waited for in vain.
            long left = PATIENCE_NANOS - Math.max(now - asked, now - beganNanos);
            if (left <= 0) {
                break;
            }
            try {
                TimeUnit.NANOSECONDS.timedWait(this, left);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                break;
            }
        }
        if (silentSince == null && isUnderWay() && isLate()) {
            silentSince = beganAt;
        }
        return new Seen<>(seen, failure, silentSince);
    }

    private boolean isUnderWay() {
        return ended < begun;
    }

    private boolean isLate() {
        return System.nanoTime() - beganNanos >= SILENCE_NANOS;
    }

    private void beginWanted() {
        if (!isUnderWay() && begun < wanted && System.nanoTime() - restUntil >= 0) {
            begun++;
            beganNanos = System.nanoTime();
            beganAt = Instant.now();
            THREADS.execute(this::look);
        }
    }

    private void look() {
        T value = null;
        Exception reason = null;
        try {
            value = question.ask();
        } catch (IOException | SQLException | RuntimeException e) {
            reason = e;
        }
        ended(value, reason);
    }

    private synchronized void ended(T value, Exception reason) {
        if (reason == null || !isLate()) {
            seen = value;
            failure = reason;
            silentSince = null;
        } else if (silentSince == null) {
            // It gave up waiting. What was seen before is still the last that is known.
            silentSince = beganAt;
        }
        long now = System.nanoTime();
        restUntil = now + rest * (now - beganNanos);
        ended = begun;
        beginWanted();
        notifyAll();
    }
}
