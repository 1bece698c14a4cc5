package dev.buzon.monitor;

import java.time.Instant;

/**
 * A file that waits because the world was wrong, or because nobody lets it be read.
 *
 * @param since when it failed first
 * @param tries how many have failed
 * @param nextTry not before then
 * @param trouble whose it was at the last try
 */
public record RetryingFile(String file, String reason, Instant since, long tries, Instant nextTry, Trouble trouble) {}
