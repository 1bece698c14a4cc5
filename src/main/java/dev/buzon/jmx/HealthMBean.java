package dev.buzon.jmx;

/** Whether the service can do its work: {@code dev.buzon:type=Health}. */
public interface HealthMBean {

    /** UP, DEGRADED or DOWN. */
    String getState();

    /** Why it is not UP, a line each; empty while it is UP. */
    String[] getReasons();
}
