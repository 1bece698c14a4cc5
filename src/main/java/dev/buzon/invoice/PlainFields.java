package dev.buzon.invoice;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * The fields of a kind of object, for {@link PlainInvoice}: bytes and indices, nothing to be made or hashed. Names that
 * nobody knows are learned, so that one that comes twice is found.
 */
final class PlainFields {

    /** Kinds of values. */
    static final int STRING = FieldType.STRING.ordinal();

    static final int NUMBER = FieldType.NUMBER.ordinal();
    static final int ADDRESS = 2;
    static final int ITEMS = 3;
    /** A text, a number, true, false. */
    static final int SCALAR = 4;

    /** Slots keep the values that are written, in their order, then NumberOfItems, then the values of each item. */
    static final int ADDRESS_SLOT = InvoiceSchema.OUT_INVOICE.size();

    static final int COUNT_SLOT = ADDRESS_SLOT + InvoiceSchema.OUT_ADDRESS.size();
    static final int ITEM_SLOT = COUNT_SLOT + 1;
    static final int ITEM_SLOTS = InvoiceSchema.OUT_ITEM.size();

    /** The slot of a field whose value is not kept. */
    static final int NOT_KEPT = -1;
    /** What a slot holds if the invoice lacks the field. */
    static final int ABSENT = -1;

    /** As many as a long has bits. */
    private static final int MOST = 64;
    /** The field before the first. */
    static final int NONE = MOST;

    private static final int LONGEST_LEARNED = 100;

    /** In their quotes. */
    final byte[][] names = new byte[MOST][];

    final int[] kinds = new int[MOST];
    /** Where the value is kept. */
    final int[] slots = new int[MOST];
    /** The field that followed when a field came the last time: as nearly always, it follows again. */
    final int[] next = new int[MOST + 1];

    private int size;

    static PlainFields ofInvoices() {
        PlainFields fields = new PlainFields(InvoiceSchema.FIELDS, InvoiceSchema.OUT_INVOICE, 0);
        fields.keep(InvoiceSchema.NUMBER_OF_ITEMS, COUNT_SLOT);
        fields.add(InvoiceSchema.ADDRESS, ADDRESS);
        fields.add(InvoiceSchema.ITEMS, ITEMS);
        return fields;
    }

    static PlainFields ofAddresses() {
        return new PlainFields(InvoiceSchema.ADDRESS_FIELDS, InvoiceSchema.OUT_ADDRESS, ADDRESS_SLOT);
    }

    static PlainFields ofItems() {
        return new PlainFields(InvoiceSchema.ITEM_FIELDS, InvoiceSchema.OUT_ITEM, ITEM_SLOT);
    }

    /** @param slot of the first that is written */
    private PlainFields(Map<String, FieldType> types, List<String> written, int slot) {
        types.forEach((name, type) -> add(name, type.ordinal()));
        for (int i = 0; i < written.size(); i++) {
            keep(written.get(i), slot + i);
        }
    }

    private void add(String name, int kind) {
        add(quoted(name), kind);
    }

    private void keep(String name, int slot) {
        byte[] quoted = quoted(name);
        slots[find(quoted, 0, quoted.length)] = slot;
    }

    /**
     * @return the index of the name; negative where it is a new one that can't be learned, or one that is known in
     *     another case of letters
     */
    int find(byte[] bytes, int from, int to) {
        for (int i = 0; i < size; i++) {
            if (Arrays.equals(names[i], 0, names[i].length, bytes, from, to)) {
                return i;
            }
        }
        boolean learned = size < MOST && to - from <= LONGEST_LEARNED && !isKnownInOtherCase(bytes, from, to);
        return learned ? add(Arrays.copyOfRange(bytes, from, to), SCALAR) : -1;
    }

    private boolean isKnownInOtherCase(byte[] bytes, int from, int to) {
        for (int i = 0; i < size && kinds[i] != SCALAR; i++) {
            if (names[i].length == to - from && isInOtherCase(names[i], bytes, from)) {
                return true;
            }
        }
        return false;
    }

    private static boolean isInOtherCase(byte[] name, byte[] bytes, int from) {
        for (int i = 0; i < name.length; i++) {
            if (name[i] != bytes[from + i] && (!Character.isLetter(name[i]) || (name[i] ^ bytes[from + i]) != 0x20)) {
                return false;
            }
        }
        return true;
    }

    private int add(byte[] quoted, int kind) {
        names[size] = quoted;
        kinds[size] = kind;
        slots[size] = NOT_KEPT;
        return size++;
    }

    private static byte[] quoted(String name) {
        return ("\"" + name + "\"").getBytes(UTF_8);
    }
}
