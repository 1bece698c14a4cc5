/** The service in one process: what is started, in which order, and how it stops. */
package dev.buzon.daemon;
