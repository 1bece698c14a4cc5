/** The service over JMX: its MBeans, who can reach them, and a client. */
package dev.buzon.jmx;
