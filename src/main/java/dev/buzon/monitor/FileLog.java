package dev.buzon.monitor;

import dev.buzon.delivery.DeliveryListener;
import dev.buzon.delivery.LedgerEntry;
import dev.buzon.delivery.Outcome;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One line of the log a file, for a person. */
public final class FileLog implements DeliveryListener {

    private static final Logger LOG = LoggerFactory.getLogger(FileLog.class);

    @Override
    public void handled(LedgerEntry entry, Outcome outcome) {
        LOG.info(
                "{}: {}: {} → {} in {} ms{}",
                entry.route(),
                entry.source(),
                outcome.records(),
                outcome.results(),
                entry.millis(),
                arrow(entry.output()));
        for (String warning : outcome.warnings()) {
            LOG.warn("{}: {}: {}", entry.route(), entry.source(), warning);
        }
        if (entry.rejected() > 0) {
            LOG.warn(
                    "{}: {}: {} bad {} → {}",
                    entry.route(),
                    entry.source(),
                    entry.rejected(),
                    entry.rejected() == 1 ? "record" : "records",
                    entry.rejectedOutput());
        }
    }

    @Override
    public void finished(LedgerEntry entry) {
        LOG.info("{}: {}: finished what was begun before{}", entry.route(), entry.source(), arrow(entry.output()));
    }

    @Override
    public void duplicate(String route, String name, LedgerEntry first, String archived) {
        LOG.info(
                "{}: {}: duplicate of {}, handled {}{}",
                route,
                name,
                first.source(),
                first.finishedAt(),
                arrow(archived));
    }

    @Override
    public void rejected(LedgerEntry entry) {
        LOG.warn("{}: {}: rejected, {} → {}", entry.route(), entry.source(), entry.error(), entry.rejectedOutput());
    }

    @Override
    public void changed(String route, String name) {
        LOG.info("{}: {}: changed while it was read, and waits until it is settled", route, name);
    }

    @Override
    public void retrying(String route, String name, Throwable cause, Duration wait) {
        LOG.warn("{}: {}: tried again in {} s: {}", route, name, wait.toSeconds(), cause.toString());
    }

    private static String arrow(String where) {
        return where == null ? "" : " → " + where;
    }
}
