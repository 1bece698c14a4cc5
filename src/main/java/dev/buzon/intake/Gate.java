package dev.buzon.intake;

import java.nio.file.Path;

/** Has a say in which settled files are taken, and hears of what never is. Called by any thread. */
@FunctionalInterface
public interface Gate {

    /** Not those that were handled and stay, nor those that wait for a retry. */
    boolean admits(Path file, FileIdentity identity);

    /** Something in an inbox is no file to be taken; said once. */
    default void leftAlone(String route, String name, String reason) {}

    /** A file whose name is no text was given one that is. */
    default void renamed(String route, String name) {}
}
