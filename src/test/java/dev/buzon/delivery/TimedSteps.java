package dev.buzon.delivery;

/** Step times for tests of other packages. */
public final class TimedSteps {

    private TimedSteps() {}

    /** Of a file that was computed, in no time. */
    public static StepTimes computed() {
        StepTimes times = new StepTimes();
        times.end(Step.COMPUTE);
        return times;
    }
}
