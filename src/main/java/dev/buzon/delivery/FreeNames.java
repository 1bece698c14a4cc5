package dev.buzon.delivery;

/**
 * Held from the look for a free name until it is taken: routes may put files into one folder. Other processes are kept
 * away by the lock of the home, or by the lease.
 */
final class FreeNames {}
