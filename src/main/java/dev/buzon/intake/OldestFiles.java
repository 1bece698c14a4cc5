package dev.buzon.intake;

import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.PriorityQueue;

/** The oldest of the files that are added to it, and of those of one time the first by name. Used by one thread. */
final class OldestFiles {

    private final int most;
    private final PriorityQueue<SeenFile> youngestFirst = new PriorityQueue<>(Comparator.comparing(SeenFile::modified)
            .thenComparing(SeenFile::name)
            .reversed());

    OldestFiles(int most) {
        this.most = most;
    }

    void add(SeenFile file) {
        youngestFirst.add(file);
        if (youngestFirst.size() > most) {
            youngestFirst.remove();
        }
    }

    /** In no order. */
    Collection<SeenFile> all() {
        return Collections.unmodifiableCollection(youngestFirst);
    }
}
