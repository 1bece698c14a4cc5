package dev.buzon.monitor;

/** What Buzón knows of a route beside what Camel's own MBean of it shows. */
public interface RouteProgressMXBean {

    /** The name of the last file that came to an end, of whatever kind; null before the first. */
    String getLastFile();

    /** Files handled to the end since the start. */
    long getHandled();

    /** Resends since the start. */
    long getDuplicates();

    /** Files rejected as a whole since the start. */
    long getRejected();
}
