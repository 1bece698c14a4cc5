package dev.buzon.intake;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A look at an inbox.
 *
 * @param beganNanos when it began, by {@link System#nanoTime}
 * @param bytes of the folder itself, which grows with what is in it
 */
public record InboxLook(long beganNanos, long bytes) {

    InboxLook of(Path folder) {
        try {
            return new InboxLook(beganNanos, Files.size(folder));
        } catch (IOException e) {
            // The look itself meets the same.
            return this;
        }
    }
}
