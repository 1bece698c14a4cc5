package dev.buzon.intake;

import java.time.Instant;

/**
 * The files in an inbox that are still to be taken, those among them that are not settled or wait for a retry.
 *
 * @param oldest when the one that has been there longest was put there, or was touched last; null where there is none
 */
public record Backlog(long files, long bytes, Instant oldest) {}
