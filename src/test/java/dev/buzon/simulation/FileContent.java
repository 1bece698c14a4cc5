package dev.buzon.simulation;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Random;

/** What is in a file, as its readers see it and as the disk has it. */
final class FileContent {

    private static final byte[] EMPTY = {};

    private byte[] bytes = EMPTY;
    private int size;
    /** What the disk has; may be the same array, of which the first bytes are then not to be changed. */
    private byte[] forced = EMPTY;

    private int forcedSize;
    /** Whether a force is to bring anything to the disk. */
    private boolean isDirty;
    /** The bytes that a force failed to bring to the disk, and the kernel takes for written; null if there are none. */
    private BitSet lost;

    int size() {
        return size;
    }

    boolean isLost() {
        return lost != null;
    }

    /** @return how many bytes were read, -1 at the end */
    int read(ByteBuffer target, long position) {
        if (position >= size) {
            return target.hasRemaining() ? -1 : 0;
        }
        int count = (int) Math.min(target.remaining(), size - position);
        target.put(bytes, (int) position, count);
        return count;
    }

    /** Writes the next bytes of a buffer. What lies between the end and the position becomes zeros. */
    void write(ByteBuffer source, long position, int count) {
        if (count == 0) {
            return;
        }
        int from = Math.toIntExact(position);
        int to = Math.addExact(from, count);
        own(Math.min(from, size), Math.max(size, to));
        if (from > size) {
            Arrays.fill(bytes, size, from, (byte) 0);
            forget(size, from);
        }
        source.get(bytes, from, count);
        size = Math.max(size, to);
        forget(from, to);
        isDirty = true;
    }

    void truncate(long length) {
        if (length < size) {
            forget((int) length, size);
            size = (int) length;
            isDirty = true;
        }
    }

    /** Makes the array large enough, and its own from a byte on. */
    private void own(int from, int length) {
        if (bytes.length < length) {
            byte[] larger = new byte[Math.max(length, bytes.length + (bytes.length >> 1))];
            System.arraycopy(bytes, 0, larger, 0, size);
            bytes = larger;
        } else if (bytes == forced && from < forcedSize) {
            bytes = bytes.clone();
        }
    }

    /** What is written anew, or cut off, can be forced again. */
    private void forget(int from, int to) {
        if (lost != null) {
            lost.clear(from, to);
            if (lost.isEmpty()) {
                lost = null;
            }
        }
    }

    /** Brings to the disk what the kernel doesn't take for written. */
    void force() {
        if (isDirty) {
            byte[] onDisk = lost == null ? bytes : merged();
            forcedSize = lost == null ? size : mergedSize();
            forced = onDisk;
            isDirty = false;
        }
    }

    /** The disk fails: what was not forced is not on it, and no later force brings it there. */
    void forceInVain() {
        if (!isDirty) {
            return;
        }
        BitSet differing = new BitSet(size);
        for (int i = 0; i < size; i++) {
            if (i >= forcedSize || bytes[i] != forced[i]) {
                differing.set(i);
            }
        }
        lost = differing.isEmpty() ? null : differing;
        isDirty = size < forcedSize;
    }

    /** What is not lost, and in place of the rest what the disk has there. */
    private byte[] merged() {
        byte[] merged = Arrays.copyOf(bytes, size);
        for (int i = lost.nextSetBit(0); i >= 0; i = lost.nextSetBit(i + 1)) {
            merged[i] = i < forcedSize ? forced[i] : 0;
        }
        return merged;
    }

    private int mergedSize() {
        return Math.min(size, Math.max(forcedSize, lost.previousClearBit(size - 1) + 1));
    }

    /**
     * Forgets what is lost on the disk.
     *
     * @param keepsLength whether the kernel remembers how long the file was: zeros are read then
     */
    void evict(boolean keepsLength) {
        if (lost != null) {
            byte[] merged = merged();
            size = keepsLength ? size : mergedSize();
            bytes = merged;
            lost = null;
        }
    }

    /**
     * Keeps what the disk has after the power was cut.
     *
     * @return in a few words what was lost; null if that is nothing
     */
    String cutPower(Random choice) {
        if (bytes == forced && size == forcedSize) {
            return null;
        }
        byte[] seen = bytes;
        int seenSize = size;
        boolean endsInZeros = settle(choice);
        int same = Arrays.mismatch(seen, 0, seenSize, bytes, 0, size);
        if (same < 0) {
            return null;
        }
        String words =
                endsInZeros ? same + " of " + seenSize + " bytes, then zeros" : size + " of " + seenSize + " bytes";
        return same < size && !endsInZeros ? words + " as they were forced" : words;
    }

    private boolean settle(Random choice) {
        if (!isDirty) {
            set(forced, forcedSize);
            return false;
        }
        if (lost != null) {
            evict(false);
        }
        int same = Arrays.mismatch(forced, 0, forcedSize, bytes, 0, size);
        // What was forced and not written anew stays.
        int kept = same < 0 ? size : same + choice.nextInt(size - same + 1);
        switch (choice.nextInt(4)) {
            case 0 -> set(forced, forcedSize);
            case 1 -> set(bytes, size);
            case 2 -> set(bytes, kept);
            default -> {
                byte[] zeros = Arrays.copyOf(bytes, size);
                Arrays.fill(zeros, kept, size, (byte) 0);
                set(zeros, size);
                return true;
            }
        }
        return false;
    }

    private void set(byte[] content, int length) {
        bytes = content;
        size = length;
        forced = content;
        forcedSize = length;
        lost = null;
        isDirty = false;
    }
}
