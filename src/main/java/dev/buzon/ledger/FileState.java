package dev.buzon.ledger;

/** How far a file of the ledger has come. */
public enum FileState {
    /** Its results are decided and lie in staging, or in the outbox already; its source is where it was. */
    COMMITTED,
    ARCHIVED,
    DELETED,
    /** Handled, and its source stays in the inbox. */
    LEFT,
    /** Unreadable as a whole; its source is among the rejected. */
    REJECTED,
    /** Handled, and somebody took its source away before it could be archived. */
    GONE,
    /** Taken out of the archive, to be handled anew: its content is not known until it is. */
    REPLAYED,
    /** In the history alone: its content was known when it came. */
    DUPLICATE,
    /** Its key was put into the repository by hand. */
    ADDED
}
