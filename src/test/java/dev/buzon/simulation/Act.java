package dev.buzon.simulation;

/** What a process does to the world, as far as it can fail or be cut short there. */
public enum Act {
    /** Reads the names in a folder, or opens a folder. */
    LIST,
    /** Reads attributes. */
    LOOK,
    /** Opens a file that is there. */
    OPEN,
    READ,
    /** Makes a file. */
    CREATE,
    WRITE,
    /** Forces a file to disk. */
    FORCE,
    /** Forces the entries of a folder to disk. */
    FORCE_FOLDER,
    MOVE,
    DELETE,
    MAKE_FOLDER,
    /** Sets attributes. */
    SET,
    /** Opens a connection to the database. */
    CONNECT,
    /** Reads rows, outside of a transaction. */
    SELECT,
    BEGIN,
    /** A statement of a transaction. */
    STATEMENT,
    COMMIT,
    /** A commit that may be lost with the power. */
    COMMIT_UNFORCED
}
