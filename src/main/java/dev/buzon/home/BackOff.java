package dev.buzon.home;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * When what met an error of the world is tried again: after a wait that doubles each time, as the settings of
 * {@code buzon.retry} say. Thread-safe.
 *
 * @param <K> what is tried
 */
public final class BackOff<K> {

    private final Duration first;
    private final Duration longest;
    private final Time time;
    private final Map<K, Retry> waiting = new ConcurrentHashMap<>();

    public BackOff(Settings settings) {
        this(settings, Time.SYSTEM);
    }

    public BackOff(Settings settings, Time time) {
        this.time = time;
        this.first = settings.duration("buzon.retry.first");
        this.longest = settings.duration("buzon.retry.longest");
    }

    /** @return how long it waits */
    public Duration failed(K tried) {
        return waiting.compute(tried, (same, last) -> {
                    Duration wait = last == null ? first : last.delay.multipliedBy(2);
                    Duration bounded = wait.compareTo(longest) > 0 ? longest : wait;
                    return new Retry(bounded, time.nanos() + bounded.toNanos());
                })
                .delay;
    }

    public boolean isDue(K tried) {
        Retry retry = waiting.get(tried);
        return retry == null || time.nanos() - retry.dueNanos >= 0;
    }

    public void succeeded(K tried) {
        waiting.remove(tried);
    }

    private record Retry(Duration delay, long dueNanos) {}
}
