package dev.buzon.delivery;

import java.util.Locale;

/** The steps of a file's life whose durations are told, in their order. */
public enum Step {
    /** Its identity and the key of its content are taken. */
    KEY,
    /** The ledger is asked whether the content is known, and what became of it then. */
    KNOWN,
    /** The staging is made empty. */
    STAGE,
    /** The job runs. */
    COMPUTE,
    /** What is staged is forced to disk, and the ledger's transaction with it. */
    COMMIT,
    /** What is staged appears in the outbox and among the rejected. */
    PUBLISH,
    /** The source goes where it belongs, and that is written down. */
    ARCHIVE;

    /** Its name for people and metrics, such as compute. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
