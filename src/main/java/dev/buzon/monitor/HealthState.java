package dev.buzon.monitor;

import java.util.ArrayList;
import java.util.List;

/**
 * Whether the service can do its work.
 *
 * @param state UP; DEGRADED if it works, but a file waits for somebody; DOWN if the service or a route can't work
 * @param reasons why it is not UP, one or more, those for DOWN first
 */
public record HealthState(String state, List<String> reasons) {

    static final String UP = "UP";
    private static final String DEGRADED = "DEGRADED";
    private static final String DOWN = "DOWN";

    /**
     * @param down why the service or a route can't work
     * @param degraded which files wait for somebody, and why
     */
    static HealthState of(List<String> down, List<String> degraded) {
        List<String> reasons = new ArrayList<>(down);
        reasons.addAll(degraded);
        if (!down.isEmpty()) {
            return new HealthState(DOWN, reasons);
        }
        return new HealthState(degraded.isEmpty() ? UP : DEGRADED, reasons);
    }

    public boolean up() {
        return state.equals(UP);
    }

    public boolean degraded() {
        return state.equals(DEGRADED);
    }

    public boolean down() {
        return state.equals(DOWN);
    }
}
