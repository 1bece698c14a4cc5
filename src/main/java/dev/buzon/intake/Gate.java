package dev.buzon.intake;

import java.nio.file.Path;

/** Has a say in which settled files are taken. Called by any thread. */
@FunctionalInterface
public interface Gate {

    /** Not those that were handled and stay, nor those that wait for a retry. */
    boolean admits(Path file, FileIdentity identity);
}
