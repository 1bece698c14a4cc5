package dev.buzon.monitor;

import java.util.List;

/** Whether the service can do its work. */
public interface HealthMXBean {

    /** UP or DOWN. */
    String getState();

    /** Why it is DOWN, a line each; empty while it is UP. */
    List<String> getReasons();
}
