package dev.buzon.web;

import java.util.LinkedHashSet;
import java.util.Set;

/** The connections that are open, a bounded number. Used by the thread that reads them. */
final class Connections {

    /** A browser opens six. */
    private static final int MOST = 100;

    /** The oldest first. */
    private final Set<Connection> open = new LinkedHashSet<>();

    /** Closes the oldest that waits for its client, or else the oldest, if there are too many. */
    void add(Connection added) {
        if (open.size() >= MOST) {
            Connection oldest = open.stream()
                    .filter(connection -> !connection.waits())
                    .findFirst()
                    .orElseGet(this::first);
            open.remove(oldest);
            oldest.close();
        }
        open.add(added);
    }

    void remove(Connection closed) {
        open.remove(closed);
    }

    private Connection first() {
        return open.iterator().next();
    }
}
