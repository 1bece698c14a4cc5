package dev.buzon.invoice;

import java.util.Arrays;
import org.apache.commons.codec.digest.DigestUtils;

/** The number of the invoice before, as the bytes of its UTF-8; and that of the first. Of long ones it is their hash. */
final class LastNumber {

    /** In bytes. Both are kept of each part of a file, however many there are. */
    private static final int LONGEST = 1_000;

    private byte[] bytes = new byte[64];
    private int length = -1;
    private byte[] first;

    /** Whether it is that of the slice; the slice is the last from now on. */
    boolean is(byte[] of, int from, int to) {
        if (to - from > LONGEST) {
            byte[] hash = DigestUtils.getSha256Digest().digest(Arrays.copyOfRange(of, from, to));
            return is(hash, 0, hash.length);
        }
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
