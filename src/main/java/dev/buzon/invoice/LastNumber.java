package dev.buzon.invoice;

import java.util.Arrays;

/** The number of the invoice before, as the bytes of its UTF-8; and that of the first. */
final class LastNumber {

    private byte[] bytes = new byte[64];
    private int length = -1;
    private byte[] first;

    /** Whether it is that of the slice; the slice is the last from now on. */
    boolean is(byte[] of, int from, int to) {
        boolean same = length >= 0 && Arrays.equals(bytes, 0, length, of, from, to);
        if (!same) {
            length = to - from;
            bytes = length <= bytes.length ? bytes : new byte[length];
            System.arraycopy(of, from, bytes, 0, length);
        }
        if (first == null) {
            first = last();
        }
        return same;
    }

    /** Null where there was none. */
    byte[] first() {
        return first;
    }

    /** Null where there was none. */
    byte[] last() {
        return length < 0 ? null : Arrays.copyOf(bytes, length);
    }
}
