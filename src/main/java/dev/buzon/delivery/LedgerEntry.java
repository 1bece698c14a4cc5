package dev.buzon.delivery;

import java.time.Instant;

/**
 * A file in the ledger.
 *
 * @param key SHA-256 of its content
 * @param source its name in the inbox
 * @param bytes its size
 * @param output where its result was published; null where it has none
 * @param rejectedOutput where its bad records, or the reason why it can't be read, were published; null where none were
 * @param archived where its source went, or is to go while the state is COMMITTED; null where it stays or was deleted
 * @param charset in which it was read; null where that is not known
 * @param error why nothing of it could be read; null where it could
 * @param millis from the first look to the last step of the run that handled it, by a clock that nobody sets
 * @param batch its number among the files that its route committed, the first is 1; 0 before it is committed, and for
 *     duplicates
 * @param lease the number of the lease under which it was committed; 0 where it needed none
 */
public record LedgerEntry(
        String route,
        String key,
        String source,
        long bytes,
        long records,
        long results,
        long rejected,
        String output,
        String rejectedOutput,
        String archived,
        FileState state,
        String charset,
        String error,
        Instant startedAt,
        Instant finishedAt,
        long millis,
        long batch,
        long lease) {

    LedgerEntry committed(long newBatch, long newResults) {
        return new LedgerEntry(
                route,
                key,
                source,
                bytes,
                records,
                newResults,
                rejected,
                output,
                rejectedOutput,
                archived,
                state,
                charset,
                error,
                startedAt,
                finishedAt,
                millis,
                newBatch,
                lease);
    }

    LedgerEntry published(String newOutput, String newRejectedOutput) {
        return new LedgerEntry(
                route,
                key,
                source,
                bytes,
                records,
                results,
                rejected,
                newOutput,
                newRejectedOutput,
                archived,
                state,
                charset,
                error,
                startedAt,
                finishedAt,
                millis,
                batch,
                lease);
    }

    LedgerEntry finished(FileState newState, String newArchived, Instant at) {
        return finished(newState, newArchived, at, millis);
    }

    /** @param worked in milliseconds, by this run; what an earlier one took for longer stays */
    LedgerEntry finished(FileState newState, String newArchived, Instant at, long worked) {
        return new LedgerEntry(
                route,
                key,
                source,
                bytes,
                records,
                results,
                rejected,
                output,
                rejectedOutput,
                newArchived,
                newState,
                charset,
                error,
                startedAt,
                at,
                Math.max(millis, worked),
                batch,
                lease);
    }

    LedgerEntry replayed() {
        return finished(FileState.REPLAYED, archived, finishedAt);
    }
}
