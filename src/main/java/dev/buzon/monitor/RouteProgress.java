package dev.buzon.monitor;

import dev.buzon.delivery.Delivery;
import dev.buzon.delivery.DeliveryListener;
import dev.buzon.delivery.Step;
import dev.buzon.delivery.StepTimes;
import dev.buzon.job.Outcome;
import dev.buzon.job.Reasons;
import dev.buzon.ledger.LedgerEntry;
import dev.buzon.ledger.Totals;
import dev.buzon.monitor.FileProgress.StepMillis;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** What became of the files of one route since the start, in bounded memory. Thread-safe. */
final class RouteProgress implements DeliveryListener {

    /** As many as Structured Streaming keeps of a query. */
    private static final int RECENT = 100;

    private final Reasons rejectedByReason = new Reasons();
    private final Map<PlotWindow, Plot> plots = new EnumMap<>(PlotWindow.class);
    /** The newest first. */
    private final Deque<FileProgress> recent = new ArrayDeque<>();

    private final StepTimes times = new StepTimes();
    private Totals sinceStart = Totals.NONE;
    private long timedFiles;
    private StepTimes timesOfLast;

    RouteProgress() {
        for (PlotWindow window : PlotWindow.values()) {
            plots.put(window, window.plot());
        }
    }

    synchronized Totals sinceStart() {
        return sinceStart;
    }

    /** The last files, the newest first. */
    synchronized List<FileProgress> recent() {
        return new ArrayList<>(recent);
    }

    /** The newest of {@link #recent}; null before the first. */
    synchronized FileProgress last() {
        return recent.peekFirst();
    }

    /** How many files were rejected as a whole, and how many bad records of others, by kind of reason. */
    Map<String, Long> rejectedByReason() {
        return rejectedByReason.counts();
    }

    /** How many files the times of the steps are of. */
    synchronized long timedFiles() {
        return timedFiles;
    }

    /** That a step took in all. */
    synchronized long nanos(Step step) {
        return times.nanos(step);
    }

    /** That a file took on average; null before the first. */
    synchronized Double meanMillis() {
        return timedFiles == 0 ? null : FileProgress.millis(times.nanos() / timedFiles);
    }

    PlotSeries plot(PlotWindow window) {
        return plots.get(window).series(Instant.now());
    }

    @Override
    public void handled(Delivery delivery, LedgerEntry entry, Outcome.Handled outcome) {
        if (outcome.badRecords().count() > 0) {
            rejectedByReason.add(outcome.badRecords().reasons());
        }
        count(Totals.of(entry));
        add(delivery, FileOutcome.HANDLED, entry);
    }

    @Override
    public synchronized void finished(LedgerEntry entry) {
        count(Totals.of(entry));
        keep(new FileProgress(
                entry.number(),
                entry.source(),
                entry.key(),
                entry.startedAt(),
                FileOutcome.FINISHED,
                entry.bytes(),
                entry.records(),
                entry.results(),
                entry.badRecords(),
                0,
                0,
                0,
                StepMillis.of(new StepTimes())));
    }

    @Override
    public void duplicate(Delivery delivery, LedgerEntry first, String archived) {
        count(Totals.DUPLICATE);
        add(delivery, FileOutcome.DUPLICATE, null);
    }

    @Override
    public void rejected(Delivery delivery, LedgerEntry entry) {
        rejectedByReason.add(entry.error());
        count(Totals.of(entry));
        add(delivery, FileOutcome.REJECTED, entry);
    }

    private synchronized void count(Totals more) {
        sinceStart = sinceStart.plus(more);
    }

    /** @param entry null for a duplicate */
    private synchronized void add(Delivery delivery, FileOutcome outcome, LedgerEntry entry) {
        Instant begin = delivery.startedAt();
        StepTimes taken = delivery.times();
        long records = entry == null ? 0 : entry.records();
        double seconds = timesOfLast == null ? 0 : taken.nanosSinceBeginOf(timesOfLast) / 1e9;
        timesOfLast = taken;
        keep(new FileProgress(
                entry == null ? 0 : entry.number(),
                delivery.name(),
                delivery.key(),
                begin,
                outcome,
                delivery.identity().size(),
                records,
                entry == null ? 0 : entry.results(),
                entry == null ? 0 : entry.badRecords(),
                seconds > 0 ? records / seconds : 0,
                records / (taken.nanos() / 1e9),
                FileProgress.millis(taken.nanos()),
                StepMillis.of(taken)));
        timedFiles++;
        times.add(taken);
        Instant arrival = delivery.identity().changed().toInstant();
        plots.values().forEach(plot -> plot.add(arrival, Instant.now(), records, taken));
    }

    private void keep(FileProgress progress) {
        if (recent.size() == RECENT) {
            recent.removeLast();
        }
        recent.addFirst(progress);
    }
}
