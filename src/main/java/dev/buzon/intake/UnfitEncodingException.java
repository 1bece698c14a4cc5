package dev.buzon.intake;

/** A file is in another encoding than its route reads; the message says in which, and what the cure is. */
public final class UnfitEncodingException extends Exception {

    private static final long serialVersionUID = 1L;

    UnfitEncodingException(String reason) {
        super(reason);
    }
}
