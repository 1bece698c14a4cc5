package dev.buzon.home;

import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.time.Duration;

/** The settings of one route, of the same meaning as its keys; folders are absolute. */
public record RouteSettings(
        String route,
        Path inbox,
        Path outbox,
        Path archive,
        Path duplicates,
        Path rejected,
        CleanSource cleanSource,
        Duration quietPeriod,
        PathMatcher filePattern) {

    /** Holds results that are not published yet; inside the outbox, so that one rename publishes them. */
    public Path outboxStaging() {
        return outbox.resolve(".staging");
    }

    /** Holds what is to appear among the rejected, until it is published. */
    public Path rejectedStaging() {
        return rejected.resolve(".staging");
    }
}
