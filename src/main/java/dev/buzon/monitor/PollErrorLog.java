package dev.buzon.monitor;

import dev.buzon.delivery.Failure;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.apache.camel.Exchange;
import org.apache.camel.spi.ExceptionHandler;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Says that an inbox can't be looked at: at once, then after 1 s, 2 s and so on up to 60 s while it lasts, where each
 * poll would say it otherwise. Thread-safe.
 */
public final class PollErrorLog implements ExceptionHandler {

    private static final Logger LOG = LoggerFactory.getLogger(PollErrorLog.class);
    private static final long FIRST_SECONDS = 1;
    private static final long LONGEST_SECONDS = 60;

    private final Map<String, Silence> silences = new ConcurrentHashMap<>();

    @Override
    public void handleException(Throwable exception) {
        handleException(null, exception);
    }

    @Override
    public void handleException(String message, Throwable exception) {
        handleException(message, null, exception);
    }

    @Override
    public void handleException(String message, Exchange exchange, Throwable exception) {
        String reason = Failure.reason(exception);
        silences.compute(reason, (same, last) -> {
            long now = System.nanoTime();
            if (last != null && now < last.untilNanos) {
                return last;
            }
            LOG.warn("An inbox can't be read, and is looked at again: {}", reason);
            // What was quiet for longer than the longest silence is a new trouble.
            boolean goesOn = last != null && now - last.untilNanos < TimeUnit.SECONDS.toNanos(LONGEST_SECONDS);
            long seconds = goesOn ? Math.min(last.seconds * 2, LONGEST_SECONDS) : FIRST_SECONDS;
            return new Silence(seconds, now + TimeUnit.SECONDS.toNanos(seconds));
        });
    }

    private record Silence(long seconds, long untilNanos) {}
}
