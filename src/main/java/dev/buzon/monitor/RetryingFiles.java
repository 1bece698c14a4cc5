package dev.buzon.monitor;

import dev.buzon.delivery.Delivery;
import dev.buzon.delivery.DeliveryListener;
import dev.buzon.delivery.Failure;
import dev.buzon.delivery.LedgerEntry;
import dev.buzon.delivery.Outcome;
import dev.buzon.home.FileFailure;
import dev.buzon.home.RouteSettings;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;

/** The files of a route that wait because the world was wrong. Thread-safe. */
final class RetryingFiles implements DeliveryListener {

    private final RouteSettings route;
    private final Map<String, RetryingFile> byName = new ConcurrentSkipListMap<>();

    RetryingFiles(RouteSettings route) {
        this.route = route;
    }

    List<RetryingFile> all() {
        return List.copyOf(byName.values());
    }

    /** Looks into the inbox: a file that its sender took away, or put a link or a pipe in place of, waits no more. */
    void forgetTaken() {
        byName.keySet().removeIf(name -> {
            Path file = route.inbox().resolve(name);
            return Files.notExists(file, LinkOption.NOFOLLOW_LINKS)
                    || Files.exists(file, LinkOption.NOFOLLOW_LINKS)
                            && !Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS);
        });
    }

    @Override
    public void retrying(String ofRoute, String name, Throwable cause, Duration wait) {
        Instant now = Instant.now();
        Path source = route.inbox().resolve(name);
        Trouble trouble = FileFailure.isOfFile(Failure.root(cause), source) ? Trouble.FILE : Trouble.WORLD;
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
    public void handled(Delivery delivery, LedgerEntry entry, Outcome outcome) {
        byName.remove(entry.source());
    }

    @Override
    public void finished(LedgerEntry entry) {
        byName.remove(entry.source());
    }

    @Override
    public void duplicate(Delivery delivery, LedgerEntry first, String archived) {
        byName.remove(delivery.name());
    }

    @Override
    public void rejected(Delivery delivery, LedgerEntry entry) {
        byName.remove(entry.source());
    }

    @Override
    public void changed(String ofRoute, String name) {
        byName.remove(name);
    }
}
