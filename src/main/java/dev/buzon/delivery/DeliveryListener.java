package dev.buzon.delivery;

import dev.buzon.job.Outcome;
import dev.buzon.ledger.LedgerEntry;
import java.time.Duration;

/** Is told what becomes of files, by the thread that handles them. It must not throw. */
public interface DeliveryListener {

    /** A file was begun, and the key of its content is known. */
    default void keyed(Delivery delivery) {}

    /** A file was handled to the end in this run. */
    default void handled(Delivery delivery, LedgerEntry entry, Outcome.Handled outcome) {}

    /** A file that an earlier run, or a step that failed, had left on its way has come to its end. */
    default void finished(LedgerEntry entry) {}

    /**
     * The same content came again.
     *
     * @param archived where it went; null where it stays or was deleted
     */
    default void duplicate(Delivery delivery, LedgerEntry first, String archived) {}

    /** Nothing of a file could be read. */
    default void rejected(Delivery delivery, LedgerEntry entry) {}

    /** A file changed while it was read; it waits until it is settled again. */
    default void changed(String route, String name) {}

    /** Something in an inbox is no file to be taken; said once. */
    default void leftAlone(String route, String name, String kind) {}

    /** A file that Camel could not name was given this name in its inbox. */
    default void renamed(String route, String name) {}

    /** The world was wrong; the file stays where it is and is tried again. */
    default void retrying(String route, String name, Throwable cause, Duration wait) {}

    /** The world was wrong for files that were handled together; each is tried again by itself. */
    default void separated(String route, int files, Throwable cause) {}
}
