package dev.buzon.monitor;

import dev.buzon.delivery.Failure;
import dev.buzon.home.DaemonThreads;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.apache.camel.CamelContext;
import org.apache.camel.health.HealthCheck;
import org.apache.camel.health.HealthCheckHelper;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether the service can do its work, as Camel's health checks say. Asked for whenever somebody wants to know, and each
 * second for those who want to be told. Thread-safe.
 */
public final class Health implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Health.class);

    private final List<Consumer<HealthState>> listeners = new CopyOnWriteArrayList<>();
    private final ScheduledExecutorService clock =
            Executors.newSingleThreadScheduledExecutor(DaemonThreads.named("health"));

    private final Supplier<List<String>> degraded;
    private volatile CamelContext context;
    private String lastTold = HealthState.UP;

    /** @param degraded says what waits for somebody, while the service can work */
    Health(Supplier<List<String>> degraded) {
        this.degraded = degraded;
    }

    /**
     * Camel's checks are complete, and its routes are started.
     *
     * @param eachSecond is called by the thread that tells the listeners
     */
    void watch(CamelContext started, Runnable eachSecond) {
        context = started;
        clock.scheduleWithFixedDelay(() -> tell(eachSecond), 0, 1, TimeUnit.SECONDS);
    }

    /** @param listener is told each time that the state changes */
    public void addListener(Consumer<HealthState> listener) {
        listeners.add(listener);
    }

    /** As it is now. */
    public HealthState state() {
        if (context == null) {
            return HealthState.of(List.of("Buzón is starting."), List.of());
        }
        List<String> reasons = new ArrayList<>();
        for (HealthCheck.Result result : HealthCheckHelper.invoke(context)) {
            if (result.getState() == HealthCheck.State.DOWN) {
                String message = result.getMessage().orElseGet(() -> result.getError()
                        .map(Failure::reason)
                        .orElse(result.getCheck().getId()));
                reasons.addAll(message.lines().toList());
            }
        }
        return HealthState.of(reasons, degraded.get());
    }

    private void tell(Runnable eachSecond) {
        try {
            eachSecond.run();
            HealthState now = state();
            if (!now.state().equals(lastTold)) {
                lastTold = now.state();
                listeners.forEach(listener -> listener.accept(now));
            }
        } catch (Throwable e) {
            // It would be the last look.
            LOG.warn("Whether all is well can't be told", e);
        }
    }

    @Override
    public void close() {
        clock.shutdownNow();
    }
}
