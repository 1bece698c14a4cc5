package dev.buzon.invoice;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.OutputStream;
import java.util.Arrays;
import java.util.List;

/** Writes the line items of a {@link PlainInvoice} as {@link ItemWriter} does, but copies the bytes that came. */
final class PlainItemWriter {

    /** When so many bytes are there, they are written. */
    private static final int FULL = 1 << 16;
    /** More than all names of a line item are long. */
    private static final int NAMES = 1 << 10;

    /** What is written before each value. */
    private static final byte[][] BEFORE_VALUE = new byte[PlainFields.ITEM_SLOT + PlainFields.ITEM_SLOTS][];

    static {
        setBeforeValues(0, InvoiceSchema.OUT_INVOICE);
        setBeforeValues(PlainFields.ADDRESS_SLOT, InvoiceSchema.OUT_ADDRESS);
        setBeforeValues(PlainFields.ITEM_SLOT, InvoiceSchema.OUT_ITEM);
        BEFORE_VALUE[0][0] = '{';
    }

    private byte[] bytes;
    private int[] values;

    private byte[] prefix = new byte[1 << 10];
    private byte[] lines = new byte[2 * FULL];

    /**
     * @param bytes where the invoice lies
     * @param length of the invoice
     * @param values from and to of each slot
     */
    void write(OutputStream out, byte[] bytes, int length, int[] values, int items) throws IOException {
        this.bytes = bytes;
        this.values = values;
        prefix = withRoom(prefix, length);
        int prefixLength = append(prefix, 0, 0, PlainFields.COUNT_SLOT, 0);
        int size = 0;
        for (int item = 0; item < items; item++) {
            lines = withRoom(lines, size + prefixLength + length);
            System.arraycopy(prefix, 0, lines, size, prefixLength);
            size = append(
                    lines,
                    size + prefixLength,
                    PlainFields.ITEM_SLOT,
                    PlainFields.ITEM_SLOT + PlainFields.ITEM_SLOTS,
                    item * PlainFields.ITEM_SLOTS);
            lines[size++] = '}';
            lines[size++] = '\n';
            if (size > FULL) {
                out.write(lines, 0, size);
                size = 0;
            }
        }
        out.write(lines, 0, size);
    }

    /**
     * @param shift to the slots where the values are
     * @return the new size of the target
     */
    private int append(byte[] target, int size, int slot, int end, int shift) {
        int i = slot;
        while (i < end) {
            int from = values[2 * (i + shift)];
            if (from != PlainFields.ABSENT) {
                int to = values[2 * (i + shift) + 1];
                int name = BEFORE_VALUE[i].length;
                System.arraycopy(BEFORE_VALUE[i], 0, target, size, name);
                // Those that came as they are written, with nothing but their names between, are copied at once.
                while (i + 1 < end && values[2 * (i + 1 + shift)] - to == BEFORE_VALUE[i + 1].length) {
                    i++;
                    to = values[2 * (i + shift) + 1];
                }
                System.arraycopy(bytes, from, target, size + name, to - from);
                size += name + to - from;
            }
            i++;
        }
        return size;
    }

    /** Room for names too. */
    private static byte[] withRoom(byte[] array, int values) {
        int needed = values + NAMES;
        return needed <= array.length ? array : Arrays.copyOf(array, Math.max(needed, 2 * array.length));
    }

    private static void setBeforeValues(int slot, List<String> names) {
        for (int i = 0; i < names.size(); i++) {
            BEFORE_VALUE[slot + i] = (",\"" + names.get(i) + "\":").getBytes(UTF_8);
        }
    }
}
