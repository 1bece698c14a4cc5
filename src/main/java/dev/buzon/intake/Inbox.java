package dev.buzon.intake;

import dev.buzon.home.RouteSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.attribute.FileTime;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** What is known of the inbox of a route from one look at it to the next. Thread-safe. */
final class Inbox {

    /** How many times as long as a look took the next one waits: an inbox may keep a million files. */
    private static final int PAUSE = 2;
    /** The same if nothing waited and nothing has come: only a file that was written over can be new. */
    private static final int PAUSE_WITHOUT_CHANGE = 20;

    private final RouteSettings route;
    private final Sightings sightings;
    private final Pause pause;
    /** By name: the files that the poll is to take; null where it takes all. */
    private Map<String, FileIdentity> chosen;
    /** When a file came or went last, as the last look began; null if it isn't known. */
    private FileTime entriesChanged;

    private boolean empty;

    Inbox(RouteSettings route, Clocks clocks) {
        this.route = route;
        this.sightings = new Sightings(route, clocks);
        this.pause = new Pause(clocks);
    }

    RouteSettings route() {
        return route;
    }

    /** Whether it is too early for the next look, for what the last one took. */
    synchronized boolean isPausing() {
        return pause.goesOn(PAUSE) || empty && pause.goesOn(PAUSE_WITHOUT_CHANGE) && hasSameEntries();
    }

    synchronized void beginLook() {
        pause.lookBegins();
        chosen = null;
        empty = false;
        entriesChanged = entriesChanged();
        sightings.beginListing();
    }

    /**
     * @param files that the poll is to take
     * @param allHandled whether none is to be taken later
     */
    synchronized void endLook(Collection<SeenFile> files, boolean allHandled) {
        chosen = files.stream().collect(Collectors.toUnmodifiableMap(SeenFile::name, SeenFile::identity));
        empty = allHandled;
        if (files.size() < route.maxFilesPerPoll()) {
            // While more files wait than a poll takes, there is no time to pause.
            pause.lookEnds();
        }
    }

    /** The names of the files that the poll is to take; empty where it takes all. */
    synchronized Optional<Collection<String>> chosen() {
        return Optional.ofNullable(chosen).map(Map::keySet);
    }

    boolean isSettled(String name, FileIdentity identity) {
        return sightings.isSettled(name, identity);
    }

    /** Whether a file is still the one that was chosen; without a choice, whether it is settled. */
    synchronized boolean isSettledStill(String name, FileIdentity identity) {
        return chosen == null ? isSettled(name, identity) : identity.equals(chosen.get(name));
    }

    private boolean hasSameEntries() {
        return entriesChanged != null && entriesChanged.equals(entriesChanged());
    }

    private FileTime entriesChanged() {
        try {
            return Files.getLastModifiedTime(route.inbox());
        } catch (IOException e) {
            return null;
        }
    }
}
