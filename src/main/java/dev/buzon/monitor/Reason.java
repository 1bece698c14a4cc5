package dev.buzon.monitor;

import dev.buzon.delivery.Printable;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;

/** Why something failed, for a person: one line, bounded. */
final class Reason {

    private static final int LENGTH = 300;

    private Reason() {}

    static String of(Throwable failure) {
        Throwable root = failure;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        String reason;
        if (root instanceof NoSuchFileException missing) {
            reason = missing.getFile() + " is missing";
        } else if (root instanceof FileSystemException || root.getMessage() == null) {
            reason = root.getMessage() == null ? root.getClass().getName() : root.getMessage();
        } else {
            reason = root.getClass().getSimpleName() + ": " + root.getMessage();
        }
        return Printable.of(reason, LENGTH);
    }
}
