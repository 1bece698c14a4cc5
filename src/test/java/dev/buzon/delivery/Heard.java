package dev.buzon.delivery;

import dev.buzon.job.Outcome;
import dev.buzon.ledger.LedgerEntry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Keeps what is told, but not of each file that was keyed. */
final class Heard implements DeliveryListener {

    private final List<String> heard = new ArrayList<>();

    /** What was told since this was asked last. */
    List<String> sinceLastAsked() {
        List<String> all = List.copyOf(heard);
        heard.clear();
        return all;
    }

    @Override
    public void handled(Delivery delivery, LedgerEntry entry, Outcome.Handled outcome) {
        heard.add("handled " + delivery.name());
    }

    @Override
    public void finished(LedgerEntry entry) {
        heard.add("finished " + entry.source());
    }

    @Override
    public void duplicate(Delivery delivery, LedgerEntry first, String archived) {
        heard.add("duplicate " + delivery.name() + " of " + first.source());
    }

    @Override
    public void rejected(Delivery delivery, LedgerEntry entry) {
        heard.add("rejected " + delivery.name() + ": " + entry.error());
    }

    @Override
    public void changed(String route, String name) {
        heard.add("changed " + name);
    }

    @Override
    public void leftAlone(String route, String name, String kind) {
        heard.add("left alone " + name + ": " + kind);
    }

    @Override
    public void retrying(String route, String name, Throwable cause, Duration wait) {
        heard.add("retrying " + name);
    }

    @Override
    public void separated(String route, int files, Throwable cause) {
        heard.add("separated " + files);
    }
}
