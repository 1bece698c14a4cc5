package dev.buzon.intake;

/** Has looks at what may be large wait in proportion to what they took. Used by one thread at a time. */
final class Pause {

    private final Clocks clocks;
    private long began;
    private long ended;

    Pause(Clocks clocks) {
        this.clocks = clocks;
        this.began = clocks.nanos();
        this.ended = began;
    }

    void lookBegins() {
        began = clocks.nanos();
        ended = began;
    }

    void lookEnds() {
        ended = clocks.nanos();
    }

    /** Whether the last look ended less than so many times ago as it took. */
    boolean goesOn(int times) {
        return clocks.nanos() - ended < times * (ended - began);
    }
}
