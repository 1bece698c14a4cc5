package dev.buzon.monitor;

/**
 * The metrics of one route, as JMX shows them: Camel's, and the last file of ours.
 *
 * @param state Camel's: Started, Stopped, Suspended
 * @param lastFile null before the first file, and for a route that takes none
 */
public record RouteStatus(
        String route,
        String state,
        long exchangesCompleted,
        long exchangesFailed,
        long inFlight,
        long meanMillis,
        long lastMillis,
        long maxMillis,
        String lastFile) {}
