/**
 * The exactly-once heart: the life of a file from the inbox to the archive, its ledger, and the recovery after a
 * crash. {@link dev.buzon.delivery.DeliveryService} has a method for each step of it.
 */
package dev.buzon.delivery;
