package dev.buzon.simulation;

/** A promise of the service that a history breaks. */
final class Violation extends AssertionError {

    private static final long serialVersionUID = 1L;

    Violation(String what) {
        super(what);
    }
}
