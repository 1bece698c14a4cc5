package dev.buzon.monitor;

import java.io.IOException;
import java.sql.SQLException;

/**
 * A look at something that may be large: repeated when it is asked for, yet so that it takes no more than a tenth of the
 * time. Thread-safe.
 */
final class Rested<T> {

    /** How many times as long as a look took the next one waits. */
    private static final int REST = 9;

    private final Look<T> look;
    private T last;
    private long restUntil = System.nanoTime();

    Rested(Look<T> look) {
        this.look = look;
    }

    @FunctionalInterface
    interface Look<T> {
        T look() throws IOException, SQLException;
    }

    /** What the last look saw; null where that could not look. */
    synchronized T get() {
        long begin = System.nanoTime();
        if (begin - restUntil >= 0) {
            try {
                last = look.look();
            } catch (IOException | SQLException e) {
                // Why it could not is for the health to say.
                last = null;
            }
            long end = System.nanoTime();
            restUntil = end + REST * (end - begin);
        }
        return last;
    }
}
