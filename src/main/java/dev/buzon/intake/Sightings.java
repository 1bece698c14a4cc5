package dev.buzon.intake;

import dev.buzon.home.RouteSettings;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/**
 * Since when the files of an inbox have been seen as they are. A file is settled once that is the quiet period ago, by
 * our own clock; or once its change time is, if that can be believed, so that what has lain there at a start need not
 * wait. Memory is bounded. Thread-safe.
 */
final class Sightings {

    /** Files that come when so many are remembered wait until some of those have gone. */
    private static final int MOST = 50_000;

    private static final long LISTED_EACH_NANOS = Duration.ofMinutes(1).toNanos();

    private final RouteSettings route;
    private final Clocks clocks;
    private final ChangeTimes changeTimes;
    /** By name: what was seen in this listing of the inbox, and in the one before it. */
    private Map<String, Sighting> seen = new HashMap<>();

    private Map<String, Sighting> seenBefore = Map.of();
    private long listedAt;

    Sightings(RouteSettings route, Clocks clocks) {
        this.route = route;
        this.clocks = clocks;
        this.changeTimes = new ChangeTimes(route, clocks);
        this.listedAt = clocks.nanos();
    }

    /** A listing of the inbox begins: what was not seen since the last one began is forgotten. */
    synchronized void beginListing() {
        seenBefore = seen;
        seen = new HashMap<>();
        listedAt = clocks.nanos();
        changeTimes.expire();
    }

    /** Whether nothing has touched a file for the quiet period. */
    synchronized boolean isSettled(String name, FileIdentity identity) {
        long quiet = route.quietPeriod().toNanos();
        long now = clocks.nanos();
        if (seen.size() >= MOST && now - listedAt > LISTED_EACH_NANOS) {
            // A route of its user's own, which doesn't say when a listing begins.
            beginListing();
        }
        Sighting first = seen.getOrDefault(name, seenBefore.get(name));
        if (first != null && first.identity.equals(identity)) {
            seen.put(name, first);
        } else {
            first = new Sighting(identity, now);
        }
        boolean settled = now - first.nanos >= quiet || changeTimes.isQuietSince(identity.changed());
        if (!settled && Math.max(seen.size(), seenBefore.size()) < MOST) {
            seen.put(name, first);
        }
        return settled;
    }

    /** How many are remembered. */
    synchronized int size() {
        return seen.size();
    }

    private record Sighting(FileIdentity identity, long nanos) {}
}
