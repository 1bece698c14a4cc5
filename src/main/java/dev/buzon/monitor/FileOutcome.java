package dev.buzon.monitor;

/** How the way of a file through its route ended. */
public enum FileOutcome {
    HANDLED,
    DUPLICATE,
    REJECTED,
    /** What an earlier run, or a step that failed, had left on its way has come to its end. */
    FINISHED
}
