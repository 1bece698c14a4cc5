package dev.buzon.monitor;

import dev.buzon.delivery.Delivery;
import dev.buzon.delivery.DeliveryListener;
import dev.buzon.delivery.Failure;
import dev.buzon.home.BoundedMap;
import dev.buzon.job.Outcome;
import dev.buzon.job.Printable;
import dev.buzon.ledger.LedgerEntry;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.Collections;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One line of the log a file, for a person. */
public final class FileLog implements DeliveryListener {

    private static final Logger LOG = LoggerFactory.getLogger(FileLog.class);
    private static final int BUGS = 1_000;

    /** By route and file: the last bug whose trace was logged. Bounded. */
    private final Map<String, String> bugs = Collections.synchronizedMap(new BoundedMap<>(BUGS));

    @Override
    public void handled(Delivery delivery, LedgerEntry entry, Outcome.Handled outcome) {
        LOG.info(
                "{}: {}: {}{} → {} in {} ms{}",
                entry.route(),
                source(entry),
                outcome.records(),
                charset(outcome.charset()),
                outcome.results(),
                entry.millis(),
                arrow(entry.output()));
        for (String warning : outcome.warnings()) {
            LOG.warn("{}: {}: {}", entry.route(), source(entry), warning);
        }
        if (entry.badRecords() > 0) {
            LOG.warn(
                    "{}: {}: {} bad {} → {}",
                    entry.route(),
                    source(entry),
                    entry.badRecords(),
                    entry.badRecords() == 1 ? "record" : "records",
                    entry.rejectedOutput());
        }
    }

    @Override
    public void finished(LedgerEntry entry) {
        LOG.info("{}: {}: finished what was begun before{}", entry.route(), source(entry), arrow(entry.output()));
    }

    @Override
    public void duplicate(Delivery delivery, LedgerEntry first, String archived) {
        LOG.info(
                "{}: {}: duplicate of {}, {} {}{}",
                delivery.route().id(),
                Printable.of(delivery.name()),
                source(first),
                first.error() == null ? "handled" : "rejected",
                first.finishedAt(),
                arrow(archived));
    }

    @Override
    public void rejected(Delivery delivery, LedgerEntry entry) {
        LOG.warn(
                "{}: {}: rejected, {} → {}",
                entry.route(),
                source(entry),
                Printable.of(entry.error()),
                entry.rejectedOutput());
    }

    @Override
    public void changed(String route, String name) {
        LOG.info("{}: {}: changed while it was read, and waits until it is settled", route, Printable.of(name));
    }

    @Override
    public void leftAlone(String route, String name, String kind) {
        LOG.warn("{}: {}: left alone, it is {}", route, Printable.of(name), kind);
    }

    @Override
    public void renamed(String route, String name) {
        LOG.warn("{}: {}: called so in the inbox now, since its name could not be read", route, Printable.of(name));
    }

    @Override
    public void retrying(String route, String name, Throwable cause, Duration wait) {
        String reason = Failure.reason(cause);
        // Of a job's bug the trace follows, once a file.
        boolean traced = Failure.isBug(cause) && !reason.equals(bugs.put(route + "/" + name, reason));
        LOG.warn(
                "{}: {}: tried again in {}: {}",
                route,
                Printable.of(name),
                seconds(wait),
                reason,
                traced ? Failure.root(cause) : null);
    }

    @Override
    public void separated(String route, int files, Throwable cause) {
        LOG.warn("{}: {} files, handled together, are tried again one by one: {}", route, files, Failure.reason(cause));
    }

    private static String source(LedgerEntry entry) {
        return Printable.of(entry.source());
    }

    private static String seconds(Duration wait) {
        return BigDecimal.valueOf(wait.toMillis(), 3).stripTrailingZeros().toPlainString() + " s";
    }

    private static String charset(String name) {
        return name == null || name.equals("UTF-8") ? "" : " (" + name + ")";
    }

    private static String arrow(String where) {
        return where == null ? "" : " → " + where;
    }
}
