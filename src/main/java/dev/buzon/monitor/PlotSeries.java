package dev.buzon.monitor;

import java.util.Map;

/**
 * What the plots of a route show. Each array has a value a bucket, the oldest first; null where no file came to its end.
 *
 * @param times when the buckets begin, in seconds since 1970
 * @param inputRate good records a second, by when their file arrived
 * @param processRate good records a second, over the time that their files took
 * @param inputRecords good records
 * @param meanMillis that a file took
 * @param maxMillis that a file took
 * @param steps mean milliseconds of a file in each step of its life
 */
public record PlotSeries(
        long bucketSeconds,
        long[] times,
        double[] inputRate,
        Double[] processRate,
        long[] inputRecords,
        long[] files,
        Double[] meanMillis,
        Double[] maxMillis,
        Map<String, Double[]> steps) {}
