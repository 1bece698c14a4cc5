package dev.buzon.simulation;

import dev.buzon.database.SimulatedLeases;

/** Renews a lease when a test says so. */
final class RenewalByHand implements SimulatedLeases.Timer {

    private Runnable renewal = () -> {};

    @Override
    public void every(long nanos, Runnable task) {
        renewal = task;
    }

    @Override
    public void end() {
        renewal = () -> {};
    }

    void renew() {
        renewal.run();
    }
}
