package dev.buzon.jmx;

import dev.buzon.monitor.Health;
import dev.buzon.monitor.HealthState;
import javax.management.MBeanNotificationInfo;
import javax.management.Notification;
import javax.management.ObjectName;

/** Tells its listeners when the service goes down, is degraded, and when it is up again. Thread-safe. */
final class HealthBean extends Emitter implements HealthMBean {

    static final String DOWN = "dev.buzon.health.down";
    static final String DEGRADED = "dev.buzon.health.degraded";
    static final String UP = "dev.buzon.health.up";

    private final Health health;

    HealthBean(ObjectName name, Health health) {
        super(
                name,
                new MBeanNotificationInfo(
                        new String[] {DOWN, DEGRADED, UP},
                        Notification.class.getName(),
                        "The service went down, is degraded, or is up again"));
        this.health = health;
        health.addListener(this::changed);
    }

    private void changed(HealthState now) {
        emit(now.down() ? DOWN : now.degraded() ? DEGRADED : UP, String.join("\n", now.reasons()), now.state());
    }

    @Override
    public String getState() {
        return health.state().state();
    }

    @Override
    public String[] getReasons() {
        return health.state().reasons().toArray(String[]::new);
    }
}
