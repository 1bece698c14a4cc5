package dev.buzon.intake;

/** A file is no text, or in another encoding than its route reads; the message says what it is, and what the cure is. */
public final class UnfitFileException extends Exception {

    private static final long serialVersionUID = 1L;

    UnfitFileException(String reason) {
        super(reason);
    }
}
