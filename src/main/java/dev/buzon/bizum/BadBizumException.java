package dev.buzon.bizum;

/** One bizum can't be read; the message says why. */
final class BadBizumException extends Exception {

    private static final long serialVersionUID = 1L;

    BadBizumException(String reason) {
        super(reason, null, false, false);
    }
}
