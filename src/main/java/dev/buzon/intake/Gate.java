package dev.buzon.intake;

import java.nio.file.Path;

/** Has a say in which settled files are taken. Called by any thread. */
public interface Gate {

    /** Whether a file was handled and stays where it is. */
    boolean isHandled(Path file, FileIdentity identity);

    /** Not so while a file waits for a retry. */
    boolean isDue(Path file);
}
