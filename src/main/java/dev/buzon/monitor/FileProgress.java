package dev.buzon.monitor;

import dev.buzon.delivery.Step;
import dev.buzon.delivery.StepTimes;
import java.time.Instant;

/**
 * The way of one file through its route: what Structured Streaming calls the progress of a batch.
 *
 * @param batch its number among the files that the route committed; 0 for a duplicate
 * @param key SHA-256 of its content
 * @param timestamp when it was begun
 * @param inputRecords good ones
 * @param rejected bad ones
 * @param inputRecordsPerSecond good records, over the time since the route began the file before; 0 for the first
 * @param processedRecordsPerSecond good records, over the time that the file took
 * @param millis that it took
 */
public record FileProgress(
        long batch,
        String file,
        String key,
        Instant timestamp,
        FileOutcome outcome,
        long bytes,
        long inputRecords,
        long results,
        long rejected,
        double inputRecordsPerSecond,
        double processedRecordsPerSecond,
        double millis,
        StepMillis steps) {

    /** How long each step took, in milliseconds; 0 for one that the file had not. */
    public record StepMillis(
            double key, double known, double stage, double compute, double commit, double publish, double archive) {

        static StepMillis of(StepTimes times) {
            return new StepMillis(
                    millis(times.nanos(Step.KEY)),
                    millis(times.nanos(Step.KNOWN)),
                    millis(times.nanos(Step.STAGE)),
                    millis(times.nanos(Step.COMPUTE)),
                    millis(times.nanos(Step.COMMIT)),
                    millis(times.nanos(Step.PUBLISH)),
                    millis(times.nanos(Step.ARCHIVE)));
        }
    }

    /** To the microsecond. */
    static double millis(long nanos) {
        return Math.round(nanos / 1e3) / 1e3;
    }
}
