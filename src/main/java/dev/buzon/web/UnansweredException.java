package dev.buzon.web;

/** What has to be asked for an answer doesn't give one. */
final class UnansweredException extends Exception {

    private static final long serialVersionUID = 1L;

    /** @param message for who asked */
    UnansweredException(String message) {
        super(message);
    }
}
