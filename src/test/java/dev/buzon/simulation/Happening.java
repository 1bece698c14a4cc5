package dev.buzon.simulation;

import java.util.Locale;
import java.util.Random;

/**
 * Something that happens in the midst of what the daemons do.
 *
 * @param after so many acts since the one before it
 * @param act the only kind of acts that counts; null if all do
 * @param seed of what it chooses
 */
record Happening(What what, int after, Act act, long seed) {

    Random random() {
        return new Random(seed);
    }

    /** As {@link #parse} reads it. */
    @Override
    public String toString() {
        return what + " " + after + " " + (act == null ? "ANY" : act) + " " + seed;
    }

    static Happening parse(String line) {
        String[] words = line.strip().toUpperCase(Locale.ROOT).split(" +");
        return new Happening(
                What.valueOf(words[0]),
                Integer.parseInt(words[1]),
                words[2].equals("ANY") ? null : Act.valueOf(words[2]),
                Long.parseLong(words[3]));
    }
}
