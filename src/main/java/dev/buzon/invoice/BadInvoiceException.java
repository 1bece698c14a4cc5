package dev.buzon.invoice;

/** One invoice can't be read; the message says where in it, and why. */
final class BadInvoiceException extends Exception {

    private static final long serialVersionUID = 1L;

    private final boolean fragment;

    private BadInvoiceException(String reason, boolean fragment) {
        super(reason, null, false, false);
        this.fragment = fragment;
    }

    BadInvoiceException(String reason) {
        this(reason, false);
    }

    /** The record may be a part of an invoice, or more than one: the file may have to be cut in another way. */
    static BadInvoiceException fragment(String reason) {
        return new BadInvoiceException(reason, true);
    }

    boolean isFragment() {
        return fragment;
    }
}
