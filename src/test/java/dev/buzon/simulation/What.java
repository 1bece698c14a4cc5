package dev.buzon.simulation;

/** What can happen to the service. */
enum What {
    /** A sender drops a new file: under a name for unfinished files first, or in pieces. */
    DROP,
    /** A sender sends a content again that it has sent before. */
    RESEND,
    /** A sender has another look at a file in an inbox: writes it anew, replaces it, renames it, takes it back, and such. */
    MEDDLE,
    /** A file that is nobody's stands where the service would put one. */
    OCCUPY,
    /** A consumer takes all results that it sees. */
    CONSUME,
    /** The disk fails, once or for a while. */
    DISK_FAULT,
    /** The database fails once. */
    DATABASE_FAULT,
    /** The disk shows what it has of files that it failed to force. */
    EVICT,
    /** A folder is gone for a while. */
    VANISH,
    /** A daemon is killed, and started again. */
    KILL,
    /** Everything is without power, and is started again. */
    POWER_CUT,
    /** A daemon stands still for a while, with all of its threads. */
    STALL,
    /** One thread of a daemon stands still for a while. */
    STALL_THREAD,
    /** A daemon is stopped as an operator stops it, and started again. */
    STOP,
    /** The clock of the day or that of the disk is set. */
    SET_CLOCK,
    /** A person has a file handled anew. */
    REPLAY,
    /** The housekeeping runs. */
    CLEAN
}
