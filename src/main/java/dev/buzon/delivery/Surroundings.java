package dev.buzon.delivery;

import dev.buzon.home.Time;
import java.util.UUID;
import java.util.function.Supplier;

/**
 * What deliveries take from the world beside its disk and its ledger. Thread-safe.
 *
 * @param names gives another one at each call, which nobody has had before
 */
record Surroundings(Time time, Parallel parallel, Supplier<String> names) {

    /** Those of a process. */
    static Surroundings ofProcess() {
        return new Surroundings(
                Time.SYSTEM, Parallel.onThreads(), () -> UUID.randomUUID().toString());
    }
}
