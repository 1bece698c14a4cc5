package dev.buzon.simulation;

/** How an act goes wrong. */
public enum Fault {
    /** It doesn't. */
    NONE,
    /** The disk fails. */
    IO("Input/output error"),
    NO_SPACE("No space left on device"),
    NO_ACCESS("Permission denied"),
    TOO_MANY_OPEN("Too many open files"),
    /** The database refuses, and nothing is done. */
    REFUSED("refused by the simulation"),
    /** The connection is lost. Of a commit: nothing was done, and nothing will be. */
    CONNECTION_LOST("the connection was lost"),
    /** A commit is done, and the answer is lost together with the connection. */
    ANSWER_LOST("the connection was lost"),
    /** A commit is not done, and its answer is an error; but it may come to its end later. */
    LATE("the connection was lost"),
    /** A commit takes long, and is done. */
    HANG;

    private final String message;

    Fault() {
        this("");
    }

    Fault(String message) {
        this.message = message;
    }

    /** What the system says. */
    public String message() {
        return message;
    }
}
