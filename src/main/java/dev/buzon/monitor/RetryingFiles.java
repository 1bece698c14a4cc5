package dev.buzon.monitor;

import dev.buzon.delivery.Delivery;
import dev.buzon.delivery.DeliveryListener;
import dev.buzon.delivery.Failure;
import dev.buzon.home.FileFailure;
import dev.buzon.home.RouteSettings;
import dev.buzon.job.Outcome;
import dev.buzon.ledger.LedgerEntry;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.LongSupplier;

/** The files of a route that wait because the world was wrong. Thread-safe. */
final class RetryingFiles implements DeliveryListener {

    private final RouteSettings route;
    private final LongSupplier nanoClock;
    private final Map<String, RetryingFile> byName = new ConcurrentSkipListMap<>();
    /** When each failed first, by a clock that nobody sets. */
    private final Map<String, Long> firstFailed = new ConcurrentHashMap<>();

    RetryingFiles(RouteSettings route) {
        this(route, System::nanoTime);
    }

    /** @param nanoClock as {@link System#nanoTime} */
    RetryingFiles(RouteSettings route, LongSupplier nanoClock) {
        this.route = route;
        this.nanoClock = nanoClock;
    }

    /** Those that have failed for longer than that. */
    List<RetryingFile> failingFor(Duration longer) {
        long now = nanoClock.getAsLong();
        return all().stream()
                .filter(file -> now - firstFailed.getOrDefault(file.file(), now) > longer.toNanos())
                .toList();
    }

    List<RetryingFile> all() {
        return List.copyOf(byName.values());
    }

    /** Looks into the inbox: a file that its sender took away, or put a link or a pipe in place of, waits no more. */
    void forgetTaken() {
        byName.keySet().stream().filter(this::waitsNoMore).forEach(this::forget);
    }

    @Override
    public void retrying(String ofRoute, String name, Throwable cause, Duration wait) {
        Instant now = Instant.now();
        Path source = route.inbox().resolve(name);
        Trouble trouble = FileFailure.isOfFile(Failure.root(cause), source) ? Trouble.FILE : Trouble.WORLD;
        firstFailed.putIfAbsent(name, nanoClock.getAsLong());
        byName.compute(
                name,
                (same, before) -> new RetryingFile(
                        name,
                        Failure.reason(cause),
                        before == null ? now : before.since(),
                        before == null ? 1 : before.tries() + 1,
                        now.plus(wait),
                        trouble));
    }

    @Override
    public void handled(Delivery delivery, LedgerEntry entry, Outcome.Handled outcome) {
        forget(entry.source());
    }

    @Override
    public void finished(LedgerEntry entry) {
        forget(entry.source());
    }

    @Override
    public void duplicate(Delivery delivery, LedgerEntry first, String archived) {
        forget(delivery.name());
    }

    @Override
    public void rejected(Delivery delivery, LedgerEntry entry) {
        forget(entry.source());
    }

    @Override
    public void changed(String ofRoute, String name) {
        forget(name);
    }

    private boolean waitsNoMore(String name) {
        Path file = route.inbox().resolve(name);
        return Files.notExists(file, LinkOption.NOFOLLOW_LINKS)
                || Files.exists(file, LinkOption.NOFOLLOW_LINKS)
                        && !Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS);
    }

    private void forget(String name) {
        byName.remove(name);
        firstFailed.remove(name);
    }
}
