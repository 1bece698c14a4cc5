package dev.buzon.simulation;

import java.time.Duration;

/**
 * What file systems do differently.
 *
 * @param grain of its times: what is below is cut off; zero keeps each nanosecond
 * @param reusesInodes whether the number that was freed last is given out first
 */
public record DiskHabits(Order order, Duration grain, boolean reusesInodes) {

    /** In which order changes of names reach the disk if nobody forces them. */
    public enum Order {
        /** As they happened, as in the journals of ext4 and xfs. */
        IN_ORDER,
        /** Any, but those of one name as they happened. */
        ANY_ORDER,
        /** Each as it happens, as on a file server. Contents still need to be forced. */
        AT_ONCE
    }
}
