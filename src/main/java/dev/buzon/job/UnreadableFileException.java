package dev.buzon.job;

/**
 * The input is wrong, and nothing of it can be read. A job throws it for that alone: every other exception means that
 * the world is wrong, and the file is tried again.
 */
public final class UnreadableFileException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /** @param reason for a person, with the line where there is one */
    public UnreadableFileException(String reason) {
        super(reason);
    }
}
