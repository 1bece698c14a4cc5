package dev.buzon.delivery;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** When files that met an error of the world are tried again: after a wait that doubles each time. Thread-safe. */
final class Retries {

    private final Duration first;
    private final Duration longest;
    private final Map<Path, Retry> waiting = new ConcurrentHashMap<>();

    Retries(Duration first, Duration longest) {
        this.first = first;
        this.longest = longest;
    }

    /** @return how long the file waits */
    Duration failed(Path file) {
        return waiting.compute(file, (path, last) -> {
                    Duration wait = last == null ? first : last.delay.multipliedBy(2);
                    Duration bounded = wait.compareTo(longest) > 0 ? longest : wait;
                    return new Retry(bounded, System.nanoTime() + bounded.toNanos());
                })
                .delay;
    }

    boolean isDue(Path file) {
        Retry retry = waiting.get(file);
        return retry == null || System.nanoTime() - retry.dueNanos >= 0;
    }

    void succeeded(Path file) {
        waiting.remove(file);
    }

    private record Retry(Duration delay, long dueNanos) {}
}
