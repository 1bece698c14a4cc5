package dev.buzon.intake;

import java.nio.file.Path;

/** Has a say in which settled files are taken: not those that were handled and stay, nor those that wait for a retry. */
@FunctionalInterface
public interface Gate {

    boolean admits(Path file, FileIdentity identity);
}
