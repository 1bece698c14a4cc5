package dev.buzon.monitor;

/** What one of the daemons of a home does: one works, the others wait until it doesn't. */
public enum Role {
    WORKS,
    STANDBY
}
