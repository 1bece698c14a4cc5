package dev.buzon.monitor;

import java.util.List;

/**
 * Whether the service can do its work.
 *
 * @param state UP or DOWN
 * @param reasons why it is DOWN, one or more; empty while it is UP
 */
public record HealthState(String state, List<String> reasons) {

    static HealthState of(List<String> reasons) {
        return new HealthState(reasons.isEmpty() ? "UP" : "DOWN", reasons);
    }

    public boolean up() {
        return reasons.isEmpty();
    }
}
