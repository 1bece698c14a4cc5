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
    static final int STRING = Invoice.Type.STRING.ordinal();

    static final int NUMBER = Invoice.Type.NUMBER.ordinal();
    static final int ADDRESS = 2;
    static final int ITEMS = 3;
    /** A text, a number, true, false. */
    static final int SCALAR = 4;

    static final int NOT_KEPT = -1;

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

    /** @param slot of the first that is written */
    PlainFields(Map<String, Invoice.Type> types, List<String> written, int slot) {
        types.forEach((name, type) -> add(name, type.ordinal()));
        for (int i = 0; i < written.size(); i++) {
            keep(written.get(i), slot + i);
        }
    }

    void add(String name, int kind) {
        add(quoted(name), kind);
    }

    void keep(String name, int slot) {
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
