package dev.buzon.simulation;

import dev.buzon.delivery.BareDaemon;

/** A process of a daemon, from its start to its end. */
final class DaemonProcess {

    final String name;
    SimulatedDatabase database;
    BareDaemon daemon;
    boolean dead;
    /** Whether its routes are polled. */
    boolean works;
    /** Whether its housekeeping is at work. */
    boolean cleaning;
    /** Whether it is to stop, once nothing is in hand. */
    boolean stopping;
    /** How many of its threads are in the midst of something. */
    int inHand;
    /** All of its threads stand still until then, and until the one has gone on that began. */
    long stalledUntil;

    boolean standsStill;
    /** For how long the thread that acts next is to stand still, in nanoseconds. */
    long stall;
    /** Whether all of its threads are to stand still with it. */
    boolean stallsWhole;

    DaemonProcess(String name) {
        this.name = name;
    }

    /** For how many nanoseconds all of its threads still stand still; 0 if they don't. */
    long restOfStall(long now) {
        // While a disk hangs, time passes, and nobody goes on.
        return Math.max(stalledUntil - now, standsStill ? 1 : 0);
    }

    @Override
    public String toString() {
        return "daemon " + name;
    }
}
