package dev.buzon.home;

import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;

/** Which time it is, and how it passes. Thread-safe. */
public interface Time {

    /** The machine's. */
    Time SYSTEM = new Time() {
        @Override
        public Instant now() {
            return Instant.now();
        }

        @Override
        public long nanos() {
            return System.nanoTime();
        }
    };

    /** The time of day, which may be set at any moment. */
    Instant now();

    /** By a clock that nobody sets, as {@link System#nanoTime}: only differences mean something. */
    long nanos();

    /** The day, where this machine is. */
    default LocalDate today() {
        return LocalDate.ofInstant(now(), ZoneId.systemDefault());
    }
}
