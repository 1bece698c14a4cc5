package dev.buzon.monitor;

import dev.buzon.delivery.Step;
import dev.buzon.delivery.StepTimes;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What a route has done over the last minutes or hours, summed up in buckets of equal length, in memory that doesn't
 * grow: a ring of them. Thread-safe.
 */
final class Plot {

    private final long bucketSeconds;
    private final int size;
    /** Of the newest bucket, counted from 1970. Those before it are in the ring, too. */
    private long newest;

    private final long[] arrived;
    private final long[] records;
    private final long[] files;
    private final long[] nanos;
    private final long[] mostNanos;
    private final long[][] stepNanos;

    Plot(Duration window, Duration bucket) {
        bucketSeconds = bucket.toSeconds();
        size = (int) window.dividedBy(bucket);
        arrived = new long[size];
        records = new long[size];
        files = new long[size];
        nanos = new long[size];
        mostNanos = new long[size];
        stepNanos = new long[Step.values().length][size];
    }

    /** A file has come to its end. */
    synchronized void add(Instant arrival, Instant end, long goodRecords, StepTimes times) {
        advance(end);
        long arrivalBucket = Math.min(bucket(arrival), newest);
        if (arrivalBucket > newest - size) {
            arrived[slot(arrivalBucket)] += goodRecords;
        }
        if (bucket(end) <= newest - size) {
            // The clock was set back by more than all this.
            return;
        }
        int slot = slot(bucket(end));
        long sum = times.nanos();
        records[slot] += goodRecords;
        files[slot]++;
        nanos[slot] += sum;
        mostNanos[slot] = Math.max(mostNanos[slot], sum);
        for (Step step : Step.values()) {
            stepNanos[step.ordinal()][slot] += times.nanos(step);
        }
    }

    synchronized PlotSeries series(Instant now) {
        advance(now);
        long[] times = new long[size];
        double[] inputRate = new double[size];
        Double[] processRate = new Double[size];
        long[] inputRecords = new long[size];
        long[] fileCounts = new long[size];
        Double[] mean = new Double[size];
        Double[] most = new Double[size];
        Map<String, Double[]> steps = new LinkedHashMap<>();
        for (Step step : Step.values()) {
            steps.put(step.label(), new Double[size]);
        }
        for (int i = 0; i < size; i++) {
            long bucket = newest - size + 1 + i;
            int slot = slot(bucket);
            times[i] = bucket * bucketSeconds;
            inputRate[i] = (double) arrived[slot] / bucketSeconds;
            inputRecords[i] = records[slot];
            fileCounts[i] = files[slot];
            if (files[slot] > 0) {
                processRate[i] = records[slot] / (nanos[slot] / 1e9);
                mean[i] = FileProgress.millis(nanos[slot] / files[slot]);
                most[i] = FileProgress.millis(mostNanos[slot]);
                for (Step step : Step.values()) {
                    steps.get(step.label())[i] = FileProgress.millis(stepNanos[step.ordinal()][slot] / files[slot]);
                }
            }
        }
        return new PlotSeries(
                bucketSeconds, times, inputRate, processRate, inputRecords, fileCounts, mean, most, steps);
    }

    private void advance(Instant now) {
        long bucket = bucket(now);
        if (bucket - newest >= size) {
            newest = bucket - size;
        }
        while (newest < bucket) {
            newest++;
            int slot = slot(newest);
            for (long[] ring : new long[][] {arrived, records, files, nanos, mostNanos}) {
                ring[slot] = 0;
            }
            Arrays.stream(stepNanos).forEach(ring -> ring[slot] = 0);
        }
    }

    private long bucket(Instant time) {
        return Math.floorDiv(time.getEpochSecond(), bucketSeconds);
    }

    private int slot(long bucket) {
        return (int) Math.floorMod(bucket, (long) size);
    }
}
