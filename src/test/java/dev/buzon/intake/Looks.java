package dev.buzon.intake;

import dev.buzon.home.RouteSettings;
import dev.buzon.home.Settings;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.List;
import java.util.Queue;

/** Looks at inboxes as polls do, without Camel. An hour passes before each, by a clock of its own. */
public final class Looks {

    private final FakeClocks clocks = new FakeClocks(Instant.now());
    private final SettledFiles settled;

    public Looks(Settings settings, PickupPolicy policy) {
        clocks.tellNoInboxTime();
        settled = new SettledFiles(settings.routes().values(), policy, clocks);
    }

    public SettledFiles settled() {
        return settled;
    }

    /** The files that a poll is to take, in its order. */
    public Queue<Path> begin(RouteSettings route) throws IOException {
        clocks.pass(Duration.ofHours(1));
        settled.choose(route.inbox());
        Queue<Path> chosen = new ArrayDeque<>();
        settled.chosen(route.inbox()).orElseThrow().stream()
                .map(route.inbox()::resolve)
                .sorted(Comparator.comparing(Looks::modified).thenComparing(Path::getFileName))
                .forEach(chosen::add);
        return chosen;
    }

    private static Instant modified(Path file) {
        return Instant.ofEpochMilli(file.toFile().lastModified());
    }

    /** The files of the next batch, taken off what is left of a poll. */
    public List<Path> nextBatch(RouteSettings route, Queue<Path> left) {
        return List.copyOf(settled.nextBatch(route.inbox(), left, path -> path));
    }
}
