package dev.buzon.monitor;

/** Whose trouble it is that a file is tried again. */
public enum Trouble {
    /** The file's own: it can't be read, and waits for somebody to change that. Other files go on. */
    FILE,
    /** The world's, or a job's. */
    WORLD
}
