package dev.buzon.intake;

import dev.buzon.home.RouteSettings;
import java.io.IOException;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;

/**
 * Tells by its change time that a file has been as it is for the quiet period: by the clock that set it, as far as that
 * clock can be believed. Used by one thread at a time.
 */
final class ChangeTimes {

    private static final long FRESH_NANOS = Duration.ofSeconds(1).toNanos();
    private static final long LONGEST_SLACK_NANOS = Duration.ofSeconds(1).toNanos();
    /** Clocks run apart by far less than a thousandth. */
    private static final long DRIFT = 1_000;
    /** What is left out by file systems that keep whole seconds, or every second one. */
    private static final Duration COARSE = Duration.ofSeconds(2);

    private final RouteSettings route;
    private final Clocks clocks;
    /** The inbox's clock at the last look that told it, which began and ended then by ours; null before the first. */
    private Instant inboxTime;

    private long begin;
    private long end;
    /** When the last look ended, which may have told nothing. */
    private long looked;

    private boolean fresh;
    private boolean told;
    private boolean distrusted;
    private long distrustedUntil;

    ChangeTimes(RouteSettings route, Clocks clocks) {
        this.route = route;
        this.clocks = clocks;
    }

    /** Has the inbox's clock looked at again before it is used. */
    void expire() {
        fresh = false;
    }

    /** False if it can't be told: the change time lies ahead of its own clock, or that clock has jumped. */
    boolean isQuietSince(FileTime changed) {
        if (!fresh || clocks.nanos() - looked > FRESH_NANOS) {
            look();
        }
        long now = clocks.nanos();
        distrusted &= now - distrustedUntil < 0;
        if (!told || distrusted) {
            return false;
        }
        Instant change = changed.toInstant();
        Duration age = Duration.between(change, inboxTime).plusNanos(now - end);
        return (change.getNano() == 0 ? age.minus(COARSE) : age).compareTo(route.quietPeriod()) >= 0;
    }

    private void look() {
        long lookBegin = clocks.nanos();
        Instant time = null;
        try {
            time = clocks.ofInbox(route);
        } catch (IOException e) {
            // Settled is then what has been seen for long enough.
        }
        looked = clocks.nanos();
        fresh = true;
        told = time != null;
        if (!told) {
            return;
        }
        if (inboxTime != null && hasJumped(Duration.between(inboxTime, time).toNanos(), lookBegin)) {
            // By then, what was changed before the jump is quiet; and what is changed after it has the new time.
            distrusted = true;
            distrustedUntil = looked + route.quietPeriod().toNanos();
        }
        inboxTime = time;
        begin = lookBegin;
        end = looked;
    }

    /** @param passed by the inbox's clock, since the last look that told it */
    private boolean hasJumped(long passed, long lookBegin) {
        long atLeast = lookBegin - end;
        long atMost = looked - begin;
        long slack = Math.min(LONGEST_SLACK_NANOS, route.quietPeriod().toNanos() / 2) + atMost / DRIFT;
        return passed < atLeast - slack || passed > atMost + slack;
    }
}
