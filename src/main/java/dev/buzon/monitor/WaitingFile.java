package dev.buzon.monitor;

import java.time.Instant;

/**
 * A file in an inbox that is still to be taken.
 *
 * @param since when it was put there, or touched last
 * @param retrying why it waits, where it has been tried; null otherwise
 */
public record WaitingFile(String route, String file, long bytes, Instant since, RetryingFile retrying) {}
