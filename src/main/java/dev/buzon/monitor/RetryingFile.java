package dev.buzon.monitor;

import java.time.Instant;

/**
 * A file that waits because the world was wrong.
 *
 * @param since when it failed first
 * @param tries how many have failed
 * @param nextTry not before then
 */
public record RetryingFile(String file, String reason, Instant since, long tries, Instant nextTry) {}
