/** What a person sees of the service: the log, MBeans, the status. */
package dev.buzon.monitor;
