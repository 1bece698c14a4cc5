package dev.buzon.delivery;

import dev.buzon.job.Outcome;
import dev.buzon.ledger.LedgerEntry;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Tells several listeners what one is told. Thread-safe. */
final class Listeners implements DeliveryListener {

    private final List<DeliveryListener> all = new CopyOnWriteArrayList<>();

    void add(DeliveryListener listener) {
        all.add(listener);
    }

    @Override
    public void keyed(Delivery delivery) {
        all.forEach(listener -> listener.keyed(delivery));
    }

    @Override
    public void handled(Delivery delivery, LedgerEntry entry, Outcome.Handled outcome) {
        all.forEach(listener -> listener.handled(delivery, entry, outcome));
    }

    @Override
    public void finished(LedgerEntry entry) {
        all.forEach(listener -> listener.finished(entry));
    }

    @Override
    public void duplicate(Delivery delivery, LedgerEntry first, String archived) {
        all.forEach(listener -> listener.duplicate(delivery, first, archived));
    }

    @Override
    public void rejected(Delivery delivery, LedgerEntry entry) {
        all.forEach(listener -> listener.rejected(delivery, entry));
    }

    @Override
    public void changed(String route, String name) {
        all.forEach(listener -> listener.changed(route, name));
    }

    @Override
    public void leftAlone(String route, String name, String kind) {
        all.forEach(listener -> listener.leftAlone(route, name, kind));
    }

    @Override
    public void renamed(String route, String name) {
        all.forEach(listener -> listener.renamed(route, name));
    }

    @Override
    public void retrying(String route, String name, Throwable cause, Duration wait) {
        all.forEach(listener -> listener.retrying(route, name, cause, wait));
    }

    @Override
    public void separated(String route, int files, Throwable cause) {
        all.forEach(listener -> listener.separated(route, files, cause));
    }
}
