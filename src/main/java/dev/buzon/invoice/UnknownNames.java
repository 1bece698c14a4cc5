package dev.buzon.invoice;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.HashSet;
import java.util.Set;

/** The names of fields that no invoice has, at any depth of one record. Bounded, whatever the input. */
final class UnknownNames {

    private static final int MOST = 10_000;

    private Set<String> names = new HashSet<>();

    void clear() {
        if (!names.isEmpty()) {
            names = new HashSet<>();
        }
    }

    /** Goes to the end of a value that no invoice has. */
    void skip(JsonParser parser, String name) throws IOException, BadInvoiceException {
        add(name);
        int depth = 0;
        JsonToken token = parser.currentToken();
        do {
            if (token == JsonToken.FIELD_NAME) {
                add(parser.currentName());
            } else if (token.isStructStart()) {
                depth++;
            } else if (token.isStructEnd()) {
                depth--;
            }
            token = depth == 0 ? null : parser.nextToken();
        } while (token != null);
    }

    private void add(String name) throws BadInvoiceException {
        if (names.add(name) && names.size() > MOST) {
            throw new BadInvoiceException("more than " + MOST + " names of fields that no invoice has");
        }
    }
}
