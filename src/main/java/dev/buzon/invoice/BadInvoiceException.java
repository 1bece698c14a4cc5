package dev.buzon.invoice;

/** One invoice can't be read; the message says where in it, and why. */
final class BadInvoiceException extends Exception {

    private static final long serialVersionUID = 1L;

    BadInvoiceException(String reason) {
        super(reason, null, false, false);
    }
}
