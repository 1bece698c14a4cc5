package dev.buzon.delivery;

import dev.buzon.intake.FileIdentity;
import java.nio.file.Path;
import java.security.SecureRandom;

/**
 * Remembers files in 16 bytes each, up to a number; more are not taken in. That one is taken for another happens once in
 * ten million million times, and can't be brought about from outside. Not thread-safe.
 */
final class Fingerprints {

    private static final int FIRST_SLOTS = 1 << 10;

    private final long seed = new SecureRandom().nextLong();
    private final int most;
    /** A power of two, half of them empty at least: an empty one is 0. */
    private long[] slots = new long[FIRST_SLOTS];

    private int size;

    /** @param most how many files are remembered */
    Fingerprints(int most) {
        this.most = most;
    }

    void add(Path path, FileIdentity identity) {
        if (size == most) {
            return;
        }
        if (2 * (size + 1) > slots.length) {
            long[] old = slots;
            slots = new long[2 * old.length];
            for (long fingerprint : old) {
                if (fingerprint != 0) {
                    slots[slot(fingerprint)] = fingerprint;
                }
            }
        }
        long fingerprint = fingerprint(path, identity);
        int slot = slot(fingerprint);
        size += slots[slot] == 0 ? 1 : 0;
        slots[slot] = fingerprint;
    }

    boolean contains(Path path, FileIdentity identity) {
        long fingerprint = fingerprint(path, identity);
        return slots[slot(fingerprint)] == fingerprint;
    }

    void clear() {
        slots = new long[FIRST_SLOTS];
        size = 0;
    }

    int size() {
        return size;
    }

    /** Where a fingerprint is, or belongs. */
    private int slot(long fingerprint) {
        int slot = (int) fingerprint & (slots.length - 1);
        while (slots[slot] != 0 && slots[slot] != fingerprint) {
            slot = (slot + 1) & (slots.length - 1);
        }
        return slot;
    }

    private long fingerprint(Path path, FileIdentity identity) {
        long hash = seed;
        String text = path.toString();
        for (int i = 0; i < text.length(); i++) {
            // FNV-1a
            hash = (hash ^ text.charAt(i)) * 0x100000001B3L;
        }
        hash = mixed(hash ^ identity.inode());
        hash = mixed(hash ^ identity.size());
        hash = mixed(hash ^ identity.changed().toInstant().getEpochSecond());
        hash = mixed(hash ^ identity.changed().toInstant().getNano());
        return hash == 0 ? 1 : hash;
    }

    /** Each bit of the result depends on each bit of the value: the last step of MurmurHash3. */
    private static long mixed(long value) {
        long mixed = (value ^ value >>> 33) * 0xFF51AFD7ED558CCDL;
        mixed = (mixed ^ mixed >>> 33) * 0xC4CEB9FE1A85EC53L;
        return mixed ^ mixed >>> 33;
    }
}
