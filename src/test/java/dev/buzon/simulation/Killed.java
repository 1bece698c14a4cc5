package dev.buzon.simulation;

/** Ends a process of the simulated world at once: whatever it tries to clean up on its way has no effect. */
public final class Killed extends Error {

    private static final long serialVersionUID = 1L;

    public Killed() {
        super("killed by the simulation", null, false, false);
    }
}
