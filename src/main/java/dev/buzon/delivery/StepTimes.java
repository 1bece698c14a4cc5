package dev.buzon.delivery;

import dev.buzon.home.Time;
import java.util.concurrent.TimeUnit;

/**
 * How long each step of the life of a file took, or of several. Of files that are handled together, each has its share.
 * Used by one thread at a time, but for {@link #current} and {@link #sinceNanos}.
 */
public final class StepTimes {

    private final long[] nanos = new long[Step.values().length];
    private final Time time;
    private final long begin;
    private volatile long since;
    private int files = 1;
    private volatile Step current = Step.values()[0];

    /** The first step begins now, by the machine's clock. */
    public StepTimes() {
        this(Time.SYSTEM);
    }

    StepTimes(Time time) {
        this.time = time;
        this.begin = time.nanos();
        this.since = begin;
    }

    /** A step ends now that began where the one before it ended; the one after it begins. */
    void end(Step step) {
        end(step, Step.values()[Math.min(step.ordinal() + 1, nanos.length - 1)]);
    }

    /** @param next the step that begins now */
    void end(Step step, Step next) {
        long now = time.nanos();
        nanos[step.ordinal()] += now - since;
        current = next;
        since = now;
    }

    /** The step that has begun and not ended. */
    public Step current() {
        return current;
    }

    /** When it began, by {@link System#nanoTime}. */
    public long sinceNanos() {
        return since;
    }

    /** @param count of files that are handled together */
    void shareAmong(int count) {
        files = count;
    }

    /** Adds what another file took. */
    public void add(StepTimes other) {
        for (int i = 0; i < nanos.length; i++) {
            nanos[i] += other.nanos[i] / other.files;
        }
    }

    /** @return 0 for a step that the file had not */
    public long nanos(Step step) {
        return nanos[step.ordinal()] / files;
    }

    /** From when another file was begun until this one was. */
    public long nanosSinceBeginOf(StepTimes other) {
        return begin - other.begin;
    }

    /** Since the first step began, by a clock that nobody sets. */
    public long millis() {
        return TimeUnit.NANOSECONDS.toMillis(time.nanos() - begin);
    }

    /** Of all steps. */
    public long nanos() {
        long sum = 0;
        for (long step : nanos) {
            sum += step;
        }
        return sum / files;
    }
}
