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
    /** All of its threads stand still until then. */
    long stalledUntil;
    /** For how long the thread that acts next is to stand still, in nanoseconds. */
    long stall;
    /** Whether all of its threads are to stand still with it. */
    boolean stallsWhole;

    DaemonProcess(String name) {
        this.name = name;
    }

    @Override
    public String toString() {
        return "daemon " + name;
    }
}
