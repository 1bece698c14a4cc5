package dev.buzon.simulation;

import java.time.Duration;
import java.util.function.Supplier;

/** What happened, a line each, for a person who looks for the cause. */
final class History {

    private final SimulatedTime time;
    private final StringBuilder lines;

    /** @param told whether somebody reads it: it takes more time than all the rest */
    History(SimulatedTime time, boolean told) {
        this.time = time;
        this.lines = told ? new StringBuilder() : null;
    }

    void say(Supplier<String> what) {
        if (lines != null) {
            Duration at = Duration.ofNanos(time.nanos());
            lines.append("%6d.%04d  ".formatted(at.toSeconds(), at.toNanosPart() / 100_000))
                    .append(what.get())
                    .append('\n');
        }
    }

    boolean isTold() {
        return lines != null;
    }

    @Override
    public String toString() {
        return lines == null ? "" : lines.toString();
    }
}
