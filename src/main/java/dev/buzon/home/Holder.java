package dev.buzon.home;

import java.util.Optional;

/**
 * The process that holds a home.
 *
 * @param process empty if it is not proven that it is this home's daemon: then nothing is sent to it, nor attached
 * @param description as in "The home is held by …"
 */
public record Holder(Optional<ProcessHandle> process, String description) {

    static Holder proven(ProcessHandle process) {
        return new Holder(Optional.of(process), "the process " + process.pid());
    }

    static Holder unproven(String description) {
        return new Holder(Optional.empty(), description);
    }
}
