package dev.buzon.intake;

import java.io.File;

/**
 * A look at an inbox.
 *
 * @param beganNanos when it began, by {@link System#nanoTime}
 * @param bytes of the folder itself, which grows with what is in it
 */
public record InboxLook(long beganNanos, long bytes) {

    InboxLook of(File folder) {
        return new InboxLook(beganNanos, folder.length());
    }
}
