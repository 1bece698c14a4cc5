package dev.buzon.intake;

import dev.buzon.home.RouteSettings;
import java.io.IOException;
import java.time.Instant;

/** The two clocks that say whether a file is settled. They need not agree with each other, nor with the time of day. */
interface Clocks {

    /** Ours, which never jumps: as {@link System#nanoTime}. */
    long nanos();

    /**
     * The clock by which a route's inbox gets its change times: the file system's, which may be that of a file server.
     *
     * @throws IOException if it can't be told
     */
    Instant ofInbox(RouteSettings route) throws IOException;
}
