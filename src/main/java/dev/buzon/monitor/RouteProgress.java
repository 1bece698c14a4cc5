package dev.buzon.monitor;

import dev.buzon.delivery.DeliveryListener;
import dev.buzon.delivery.LedgerEntry;
import dev.buzon.delivery.Outcome;
import java.util.concurrent.atomic.AtomicLong;
import javax.management.JMException;
import javax.management.MBeanServer;
import javax.management.ObjectName;

/** Counts what becomes of the files of one route, for JMX. Thread-safe. */
public final class RouteProgress implements RouteProgressMXBean, DeliveryListener {

    static final String DOMAIN = "dev.buzon";

    private final String route;
    private final AtomicLong handled = new AtomicLong();
    private final AtomicLong duplicates = new AtomicLong();
    private final AtomicLong rejected = new AtomicLong();
    private volatile String lastFile;

    public RouteProgress(String route) {
        this.route = route;
    }

    public void register(MBeanServer server) throws JMException {
        Registration.replace(server, objectName(route), this);
    }

    static ObjectName objectName(String route) throws JMException {
        return new ObjectName(DOMAIN + ":type=Route,name=" + route);
    }

    @Override
    public void handled(LedgerEntry entry, Outcome outcome) {
        count(entry.route(), entry.source(), handled);
    }

    @Override
    public void finished(LedgerEntry entry) {
        count(entry.route(), entry.source(), handled);
    }

    @Override
    public void duplicate(String ofRoute, String name, LedgerEntry first, String archived) {
        count(ofRoute, name, duplicates);
    }

    @Override
    public void rejected(LedgerEntry entry) {
        count(entry.route(), entry.source(), rejected);
    }

    @Override
    public String getLastFile() {
        return lastFile;
    }

    @Override
    public long getHandled() {
        return handled.get();
    }

    @Override
    public long getDuplicates() {
        return duplicates.get();
    }

    @Override
    public long getRejected() {
        return rejected.get();
    }

    private void count(String ofRoute, String name, AtomicLong counter) {
        if (ofRoute.equals(route)) {
            counter.incrementAndGet();
            lastFile = name;
        }
    }
}
