/** Spark inside the daemon: on this machine, or on a cluster that may be lost and come back. */
package dev.buzon.engine;
