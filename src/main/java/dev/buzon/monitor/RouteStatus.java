package dev.buzon.monitor;

import dev.buzon.ledger.Totals;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * A route that takes files, at a glance.
 *
 * @param state Camel's: Started, Suspended, Stopped
 * @param backlog what waits in its inbox; null where that can't be looked at
 * @param sinceStart of this process
 * @param allTime of the ledger; null where that can't be read
 * @param rejectedByReason since the start
 * @param lastSuccess when a file was handled last; null before the first
 * @param meanMillis that a file took, since the start; null before the first
 * @param last file that came to its end since the start; null before the first
 */
public record RouteStatus(
        String route,
        String state,
        Waiting backlog,
        List<RetryingFile> retrying,
        Totals sinceStart,
        Totals allTime,
        Map<String, Long> rejectedByReason,
        Instant lastSuccess,
        Double meanMillis,
        FileProgress last) {

    /** @param oldestSeconds how long the one that waits longest has been there; null where none waits */
    public record Waiting(long files, long bytes, Double oldestSeconds) {}
}
