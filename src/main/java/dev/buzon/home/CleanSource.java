package dev.buzon.home;

/** What happens to a source that was handled: the behaviour that Spark calls by this name. */
public enum CleanSource {
    ARCHIVE,
    DELETE,
    OFF
}
