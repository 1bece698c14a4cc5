package dev.buzon.invoice;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import dev.buzon.intake.Utf8;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * One invoice, read into itself anew for each record: what its line items need of it, and they. Numbers are kept as the
 * digits that came.
 */
final class Invoice {

    /** In characters. The parser keeps the names that it has met, beyond a record. */
    private static final int MAX_NAME_LENGTH = 1_000;

    private static final JsonFactory JSON = JsonFactory.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            // A record is UTF-8: one with many NULs is none of UTF-16.
            .disable(JsonFactory.Feature.CHARSET_DETECTION)
            // Those that count are measured below.
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNumberLength(Integer.MAX_VALUE)
                    .maxNameLength(MAX_NAME_LENGTH)
                    .build())
            .build();

    /** Items beyond these are read anew when they are written: of a large invoice there may be millions. */
    private static final int KEPT_ITEMS = 100;

    private final Map<String, String> fields = new HashMap<>();
    private final Map<String, String> address = new HashMap<>();
    /** The first ones, and room for one that is not kept. */
    private final List<Map<String, String>> items = new ArrayList<>();

    private final UnknownNames unknownNames = new UnknownNames();
    private final Set<String> containers = new HashSet<>();
    private int itemCount;
    private int bareItems;
    /** Null where there is none. */
    private OtherCase otherCase;
    /** Whether an object may hold fields in another case, by their own names. */
    private boolean unsettled;

    private byte[] bytes;
    private int length;
    private final String charset;

    /** @param charset what the file is in, for messages: records are UTF-8 */
    Invoice(String charset) {
        this.charset = charset;
    }

    /**
     * Reads a record in place of what was here. It is used as long as the bytes stay as they are.
     *
     * @throws BadInvoiceException where it is malformed or no JSON object, lacks its InvoiceNumber, or a field has the
     *     wrong type
     */
    void read(byte[] bytes, int length) throws BadInvoiceException {
        fields.clear();
        address.clear();
        itemCount = 0;
        bareItems = 0;
        otherCase = null;
        unsettled = false;
        unknownNames.clear();
        containers.clear();
        this.bytes = bytes;
        this.length = length;
        int malformed = Utf8.firstMalformed(bytes, length);
        if (malformed >= 0) {
            throw new BadInvoiceException("no " + charset + " at " + Utf8.place(bytes, malformed));
        }
        try (JsonParser parser = JSON.createParser(bytes, 0, length)) {
            expect(parser.nextToken(), JsonToken.START_OBJECT, "", "an object", parser);
            while (parser.nextToken() != JsonToken.END_OBJECT) {
                String name = parser.currentName();
                parser.nextToken();
                String container = InvoiceSchema.FIELDS.containsKey(name) ? null : OtherCase.usual(name);
                if (InvoiceSchema.ADDRESS.equals(container)) {
                    enter(parser, name, container);
                    readObject(parser, name, InvoiceSchema.ADDRESS_FIELDS, address);
                } else if (InvoiceSchema.ITEMS.equals(container)) {
                    enter(parser, name, container);
                    readItems(parser, name);
                } else {
                    readField(parser, "", name, InvoiceSchema.FIELDS, fields);
                }
            }
            settle("", InvoiceSchema.FIELDS, fields);
            if (parser.nextToken() != null) {
                throw new BadInvoiceException("nothing is expected after the end of the invoice");
            }
        } catch (JsonProcessingException e) {
            throw BadInvoiceException.malformed(bytes, length, e);
        } catch (IOException e) {
            throw new IllegalStateException("Memory can't be read.", e);
        }
        if (!fields.containsKey("InvoiceNumber")) {
            throw new BadInvoiceException("InvoiceNumber: missing");
        }
    }

    /** Whether its number is that of the invoice before; it is remembered for the next. */
    boolean repeats(LastNumber last) {
        byte[] number = fields.get("InvoiceNumber").getBytes(StandardCharsets.UTF_8);
        return last.is(number, 0, number.length);
    }

    int itemCount() {
        return itemCount;
    }

    /** How many items have no field that is known. */
    int bareItems() {
        return bareItems;
    }

    /** Fields that came in another case of letters, up to when the items are written; null if none did. */
    OtherCase otherCase() {
        return otherCase;
    }

    /** Whether the invoice says how many items it has, and it isn't as many. */
    boolean disagrees() {
        String said = fields.get(InvoiceSchema.NUMBER_OF_ITEMS);
        return said != null && disagrees(said, itemCount);
    }

    static boolean disagrees(String said, int items) {
        try {
            return new BigDecimal(said).compareTo(BigDecimal.valueOf(items)) != 0;
        } catch (NumberFormatException e) {
            // An exponent beyond what a number can be here.
            return true;
        }
    }

    /** Writes a line of JSON for each line item. */
    void writeItems(JsonGenerator out) throws IOException {
        if (itemCount > KEPT_ITEMS) {
            readAndWriteItems(out);
            return;
        }
        for (int item = 0; item < itemCount; item++) {
            ItemWriter.write(out, fields, address, items.get(item));
        }
    }

    private void readAndWriteItems(JsonGenerator out) throws IOException {
        try (JsonParser parser = JSON.createParser(bytes, 0, length)) {
            parser.nextToken();
            while (parser.nextToken() != JsonToken.END_OBJECT) {
                String name = parser.currentName();
                parser.nextToken();
                if (InvoiceSchema.ITEMS.equals(OtherCase.usual(name))
                        && parser.currentToken() == JsonToken.START_ARRAY) {
                    while (parser.nextToken() != JsonToken.END_ARRAY) {
                        Map<String, String> item = roomFor(KEPT_ITEMS);
                        readObject(parser, name, InvoiceSchema.ITEM_FIELDS, item);
                        ItemWriter.write(out, fields, address, item);
                    }
                } else {
                    parser.skipChildren();
                }
            }
        } catch (BadInvoiceException e) {
            throw new IllegalStateException("It has been read before.", e);
        }
    }

    private void readItems(JsonParser parser, String name) throws IOException, BadInvoiceException {
        if (parser.currentToken() == JsonToken.VALUE_NULL) {
            return;
        }
        expect(parser.currentToken(), JsonToken.START_ARRAY, name, "an array", parser);
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            String path = name + "[" + itemCount + "]";
            expect(parser.currentToken(), JsonToken.START_OBJECT, path, "an object", parser);
            Map<String, String> item = roomFor(itemCount);
            readObject(parser, path, InvoiceSchema.ITEM_FIELDS, item);
            itemCount++;
            bareItems += item.isEmpty() ? 1 : 0;
        }
    }

    private Map<String, String> roomFor(int item) {
        int room = Math.min(item, KEPT_ITEMS);
        if (room == items.size()) {
            items.add(new HashMap<>());
        }
        Map<String, String> fieldsOfItem = items.get(room);
        fieldsOfItem.clear();
        return fieldsOfItem;
    }

    private void readObject(JsonParser parser, String path, Map<String, FieldType> types, Map<String, String> values)
            throws IOException, BadInvoiceException {
        if (parser.currentToken() == JsonToken.VALUE_NULL) {
            return;
        }
        expect(parser.currentToken(), JsonToken.START_OBJECT, path, "an object", parser);
        String within = path + ".";
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            String name = parser.currentName();
            parser.nextToken();
            readField(parser, within, name, types, values);
        }
        settle(within, types, values);
    }

    private void readField(
            JsonParser parser, String path, String name, Map<String, FieldType> types, Map<String, String> values)
            throws IOException, BadInvoiceException {
        FieldType type = types.get(name);
        JsonToken token = parser.currentToken();
        if (type == null && OtherCase.usual(name) != null) {
            type = types.get(OtherCase.usual(name));
            unsettled |= type != null;
        }
        if (type == null) {
            unknownNames.skip(parser, name);
        } else if (token != JsonToken.VALUE_NULL) {
            if (type == FieldType.STRING ? token != JsonToken.VALUE_STRING : !token.isNumeric()) {
                throw BadInvoiceException.unexpected(path + name, type.toString(), parser);
            }
            if (type == FieldType.NUMBER && parser.getTextLength() > InvoiceSchema.MAX_NUMBER_LENGTH) {
                throw new BadInvoiceException(path + name + ": a number of " + parser.getTextLength() + " digits, "
                        + InvoiceSchema.MAX_NUMBER_LENGTH + " at most");
            }
            String value = parser.getText();
            if (type == FieldType.STRING
                    && value.codePoints().anyMatch(c -> Character.getType(c) == Character.SURROGATE)) {
                throw new BadInvoiceException(path + name + ": half a surrogate pair, which is no character");
            }
            values.put(name, value);
        }
    }

    /** A null counts for nothing. */
    private void enter(JsonParser parser, String name, String container) throws BadInvoiceException {
        if (parser.currentToken() == JsonToken.VALUE_NULL) {
            return;
        }
        if (!containers.add(container)) {
            throw twice(container);
        }
        if (!name.equals(container)) {
            note(name);
        }
    }

    /** Takes fields in another case of letters for those that are meant, unless these are there too. */
    private void settle(String path, Map<String, FieldType> types, Map<String, String> values)
            throws BadInvoiceException {
        if (!unsettled) {
            return;
        }
        Map<String, String> taken = new HashMap<>();
        for (String name : Set.copyOf(values.keySet())) {
            if (!types.containsKey(name)) {
                String usual = OtherCase.usual(name);
                String value = values.remove(name);
                note(name);
                if (!values.containsKey(usual) && taken.put(usual, value) != null) {
                    throw twice(path + usual);
                }
            }
        }
        values.putAll(taken);
    }

    private void note(String name) {
        if (otherCase == null) {
            otherCase = new OtherCase();
        }
        otherCase.add(name);
    }

    private static BadInvoiceException twice(String name) {
        return new BadInvoiceException(name + ": there more than once, in other cases of letters");
    }

    private static void expect(JsonToken token, JsonToken wanted, String path, String wantedName, JsonParser parser)
            throws IOException, BadInvoiceException {
        if (token != wanted) {
            throw BadInvoiceException.unexpected(path, wantedName, parser);
        }
    }
}
