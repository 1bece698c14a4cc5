package dev.buzon.invoice;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import dev.buzon.intake.Utf8;
import dev.buzon.job.BadRecords;
import java.io.IOException;

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

    /** The record is no JSON. */
    static BadInvoiceException malformed(byte[] bytes, int length, JsonProcessingException e) {
        return fragment("no JSON" + place(bytes, length, e) + ": " + e.getOriginalMessage());
    }

    /** Of the last character that was read. */
    private static String place(byte[] bytes, int length, JsonProcessingException e) {
        if (e.getLocation() == null || e.getLocation().getByteOffset() < 0) {
            return "";
        }
        int index = (int) Math.min(length, e.getLocation().getByteOffset()) - 1;
        while (index > 0 && (bytes[index] & 0xC0) == 0x80) {
            index--;
        }
        return " at " + Utf8.place(bytes, index);
    }

    /**
     * The parser stands on a token of the wrong type.
     *
     * @param path of the field; empty for the invoice itself
     * @param wanted a type, such as "an object"
     */
    static BadInvoiceException unexpected(String path, String wanted, JsonParser parser) throws IOException {
        JsonToken token = parser.currentToken();
        String found;
        if (token == null) {
            found = "nothing";
        } else if (token == JsonToken.START_OBJECT) {
            found = "an object";
        } else if (token == JsonToken.START_ARRAY) {
            found = "an array";
        } else if (token == JsonToken.VALUE_STRING) {
            found = BadRecords.quote(parser.getText());
        } else if (token.isNumeric() && parser.getTextLength() > 40) {
            found = "a number of " + parser.getTextLength() + " digits";
        } else {
            found = parser.getText();
        }
        return new BadInvoiceException((path.isEmpty() ? "" : path + ": ") + "expected " + wanted + ", found " + found);
    }

    boolean isFragment() {
        return fragment;
    }
}
