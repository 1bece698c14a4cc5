package dev.buzon.intake;

import dev.buzon.home.RouteSettings;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;

/** Clocks that go on when they are told to. */
final class FakeClocks implements Clocks {

    private long nanos = Long.MAX_VALUE - 1_000;
    private Instant inboxTime;
    private boolean told = true;

    /** @param inboxTime of the file system */
    FakeClocks(Instant inboxTime) {
        this.inboxTime = inboxTime;
    }

    @Override
    public long nanos() {
        return nanos;
    }

    @Override
    public Instant ofInbox(RouteSettings route) throws IOException {
        if (!told) {
            throw new IOException("The file system can't be asked.");
        }
        return inboxTime;
    }

    Instant inboxTime() {
        return inboxTime;
    }

    /** Both go on. */
    void pass(Duration time) {
        nanos += time.toNanos();
        inboxTime = inboxTime.plus(time);
    }

    /** That of the file system is set. */
    void jump(Duration by) {
        inboxTime = inboxTime.plus(by);
    }

    void tellNoInboxTime() {
        told = false;
    }
}
