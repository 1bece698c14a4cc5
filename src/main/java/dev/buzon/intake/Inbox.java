package dev.buzon.intake;

import dev.buzon.home.RouteSettings;
import java.util.Collection;
import java.util.Map;
import java.util.stream.Collectors;

/** What is known of the inbox of a route from one look at it to the next. Thread-safe. */
final class Inbox {

    /** How many times as long as a look took the next one waits: an inbox may keep a million files. */
    private static final int REST = 4;

    private final RouteSettings route;
    private final Clocks clocks;
    private final Sightings sightings;
    /** By name: the files that the poll is to take; null where it takes all. */
    private volatile Map<String, FileIdentity> chosen;

    private volatile long lookBegan;
    private volatile long restUntil;

    Inbox(RouteSettings route, Clocks clocks) {
        this.route = route;
        this.clocks = clocks;
        this.sightings = new Sightings(route, clocks);
        this.restUntil = clocks.nanos();
    }

    RouteSettings route() {
        return route;
    }

    /** Whether the last look took so long that it is too early for the next one. */
    boolean rests() {
        return clocks.nanos() - restUntil < 0;
    }

    void beginLook() {
        lookBegan = clocks.nanos();
        chosen = null;
        sightings.beginListing();
    }

    /** @param files that the poll is to take */
    void endLook(Collection<SeenFile> files) {
        chosen = files.stream().collect(Collectors.toUnmodifiableMap(SeenFile::name, SeenFile::identity));
        long now = clocks.nanos();
        // While more files wait than a poll takes, there is no time to rest.
        restUntil = files.size() == route.maxFilesPerPoll() ? now : now + REST * (now - lookBegan);
    }

    boolean hasChosen() {
        return chosen != null;
    }

    boolean isChosen(String name) {
        Map<String, FileIdentity> files = chosen;
        return files != null && files.containsKey(name);
    }

    boolean isSettled(String name, FileIdentity identity) {
        return sightings.isSettled(name, identity);
    }

    /** Whether a file is still the one that was chosen; without a choice, whether it is settled. */
    boolean isSettledStill(String name, FileIdentity identity) {
        Map<String, FileIdentity> files = chosen;
        return files == null ? isSettled(name, identity) : identity.equals(files.get(name));
    }
}
