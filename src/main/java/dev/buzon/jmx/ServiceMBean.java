package dev.buzon.jmx;

/** The service as a whole: {@code dev.buzon:type=Service}. */
public interface ServiceMBean {

    /** All of it at a glance, as JSON: {@link dev.buzon.monitor.ServiceStatus}. */
    String getStatus();
}
