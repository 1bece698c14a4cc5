package dev.buzon.delivery;

/** How long each step of the life of a file, or of several, took. Used by one thread at a time. */
public final class StepTimes {

    private final long[] nanos = new long[Step.values().length];
    private long since = System.nanoTime();

    /** A step ends now that began where the one before it ended. */
    void end(Step step) {
        long now = System.nanoTime();
        nanos[step.ordinal()] += now - since;
        since = now;
    }

    /** Adds what another file took. */
    public void add(StepTimes other) {
        for (int i = 0; i < nanos.length; i++) {
            nanos[i] += other.nanos[i];
        }
    }

    /** @return 0 for a step that the file had not */
    public long nanos(Step step) {
        return nanos[step.ordinal()];
    }

    /** Of all steps. */
    public long nanos() {
        long sum = 0;
        for (long step : nanos) {
            sum += step;
        }
        return sum;
    }
}
