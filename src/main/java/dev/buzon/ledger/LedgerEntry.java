package dev.buzon.ledger;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import java.time.Instant;

/**
 * A file in the ledger; in JSON, flat and under the names of before.
 *
 * @param key SHA-256 of its content
 * @param source its name in the inbox
 * @param bytes its size
 * @param charset in which it was read; null if that is not known
 * @param error why nothing of it could be read; null if it could
 * @param number of the file among those that its route committed, the first is 1; 0 before it is committed, and for
 *     duplicates
 * @param lease the number of the lease under which it was committed; 0 if it needed none
 */
public record LedgerEntry(
        String route,
        String key,
        String source,
        long bytes,
        @JsonUnwrapped Counts counts,
        @JsonUnwrapped Places places,
        FileState state,
        String charset,
        String error,
        @JsonUnwrapped Span span,
        @JsonProperty("batch") long number,
        long lease) {

    /**
     * What a file held, and what came of it.
     *
     * @param records good ones
     * @param results what came of them
     * @param badRecords those that could not be read
     */
    public record Counts(long records, long results, @JsonProperty("rejected") long badRecords) {

        public static final Counts NONE = new Counts(0, 0, 0);
    }

    /**
     * Where the files are that came of a file, relative to the home if they are in it.
     *
     * @param output its result; null if it has none
     * @param rejectedOutput its bad records, or the reason why it can't be read; null if there are none
     * @param archived its source, or where that is to go while the state is COMMITTED; null if it stays or was deleted
     */
    public record Places(String output, String rejectedOutput, String archived) {

        public static final Places NONE = new Places(null, null, null);
    }

    /**
     * When a file was handled.
     *
     * @param millis from the first look to the last step of the run that handled it, by a clock that nobody sets
     */
    public record Span(Instant startedAt, Instant finishedAt, long millis) {}

    public long records() {
        return counts.records;
    }

    public long results() {
        return counts.results;
    }

    public long badRecords() {
        return counts.badRecords;
    }

    public String output() {
        return places.output;
    }

    public String rejectedOutput() {
        return places.rejectedOutput;
    }

    public String archived() {
        return places.archived;
    }

    public Instant startedAt() {
        return span.startedAt;
    }

    public Instant finishedAt() {
        return span.finishedAt;
    }

    public long millis() {
        return span.millis;
    }

    LedgerEntry committed(long newNumber, long newResults) {
        return new LedgerEntry(
                route,
                key,
                source,
                bytes,
                new Counts(records(), newResults, badRecords()),
                places,
                state,
                charset,
                error,
                span,
                newNumber,
                lease);
    }

    /** The same file, with its results where they are published. */
    public LedgerEntry published(String newOutput, String newRejectedOutput) {
        return with(state, new Places(newOutput, newRejectedOutput, archived()), span);
    }

    /** The same file, with its source where it belongs. */
    public LedgerEntry finished(FileState newState, String newArchived, Instant at) {
        return finished(newState, newArchived, at, millis());
    }

    /** @param worked in milliseconds, by this run; what an earlier one took for longer stays */
    public LedgerEntry finished(FileState newState, String newArchived, Instant at, long worked) {
        return with(
                newState,
                new Places(output(), rejectedOutput(), newArchived),
                new Span(startedAt(), at, Math.max(millis(), worked)));
    }

    /** The same file, whose content is unknown from now on. */
    public LedgerEntry replayed() {
        return finished(FileState.REPLAYED, archived(), finishedAt());
    }

    private LedgerEntry with(FileState newState, Places newPlaces, Span newSpan) {
        return new LedgerEntry(
                route, key, source, bytes, counts, newPlaces, newState, charset, error, newSpan, number, lease);
    }
}
