/**
 * The exactly-once heart: the life of a batch of files from the inbox to the archive, and the recovery after a crash.
 * {@link dev.buzon.delivery.RouteSteps} is what the routes call; begin with {@code Lifecycle}.
 */
package dev.buzon.delivery;
