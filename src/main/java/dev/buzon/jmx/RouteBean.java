package dev.buzon.jmx;

import dev.buzon.delivery.Delivery;
import dev.buzon.delivery.DeliveryListener;
import dev.buzon.job.Outcome;
import dev.buzon.job.Printable;
import dev.buzon.ledger.LedgerEntry;
import dev.buzon.monitor.FileProgress;
import dev.buzon.monitor.Monitor;
import dev.buzon.monitor.RouteStatus.Waiting;
import java.io.IOException;
import java.sql.SQLException;
import java.util.Date;
import javax.management.MBeanNotificationInfo;
import javax.management.Notification;
import javax.management.ObjectName;
import javax.management.openmbean.CompositeData;
import javax.management.openmbean.TabularData;

/** One route over JMX. Tells its listeners of each file that was rejected, or has bad records. Thread-safe. */
final class RouteBean extends Emitter implements RouteMBean, DeliveryListener {

    /** Nothing of a file could be read. */
    static final String FILE_REJECTED = "dev.buzon.file.rejected";
    /** A file was handled but for its bad records. */
    static final String RECORDS_REJECTED = "dev.buzon.records.rejected";

    private final String route;
    private final Monitor monitor;
    private final RouteControl control;

    RouteBean(ObjectName name, String route, Monitor monitor, RouteControl control) {
        super(
                name,
                new MBeanNotificationInfo(
                        new String[] {FILE_REJECTED, RECORDS_REJECTED},
                        Notification.class.getName(),
                        "A file was rejected, or has bad records; the user data is its name"));
        this.route = route;
        this.monitor = monitor;
        this.control = control;
    }

    @Override
    public void handled(Delivery delivery, LedgerEntry entry, Outcome.Handled outcome) {
        if (entry.route().equals(route) && entry.badRecords() > 0) {
            emit(
                    RECORDS_REJECTED,
                    Printable.of(entry.source()) + ": bad records: " + entry.badRecords() + " → "
                            + entry.rejectedOutput(),
                    entry.source());
        }
    }

    @Override
    public void rejected(Delivery delivery, LedgerEntry entry) {
        if (entry.route().equals(route)) {
            emit(FILE_REJECTED, Printable.of(entry.source()) + ": " + Printable.of(entry.error()), entry.source());
        }
    }

    @Override
    public String getState() {
        return monitor.state(route);
    }

    @Override
    public Long getBacklogFiles() {
        Waiting backlog = monitor.backlog(route);
        return backlog == null ? null : (Long) backlog.files();
    }

    @Override
    public Long getBacklogBytes() {
        Waiting backlog = monitor.backlog(route);
        return backlog == null ? null : (Long) backlog.bytes();
    }

    @Override
    public Double getOldestWaitingSeconds() {
        Waiting backlog = monitor.backlog(route);
        return backlog == null ? null : backlog.oldestSeconds();
    }

    @Override
    public CompositeData[] getRetrying() {
        return OpenData.composites(monitor.retrying(route));
    }

    @Override
    public CompositeData getSinceStart() {
        return OpenData.composite(monitor.sinceStart(route));
    }

    @Override
    public CompositeData getAllTime() {
        return OpenData.composite(monitor.allTime(route));
    }

    @Override
    public TabularData getRejectedByReason() {
        return OpenData.table(monitor.rejectedByReason(route), "reason", "count");
    }

    @Override
    public long getHandled() {
        return monitor.sinceStart(route).handled();
    }

    @Override
    public long getDuplicates() {
        return monitor.sinceStart(route).duplicates();
    }

    @Override
    public long getRejected() {
        return monitor.sinceStart(route).rejectedFiles();
    }

    @Override
    public Date getLastSuccess() {
        return OpenData.date(monitor.lastSuccess(route));
    }

    @Override
    public String getLastFile() {
        FileProgress last = monitor.last(route);
        return last == null ? null : last.file();
    }

    @Override
    public Double getMeanMillis() {
        return monitor.meanMillis(route);
    }

    @Override
    public CompositeData getLastProgress() {
        return OpenData.composite(monitor.last(route));
    }

    @Override
    public CompositeData[] getRecentProgress() {
        return OpenData.composites(monitor.recent(route));
    }

    @Override
    public String explain() {
        return control.explain(route);
    }

    @Override
    public String replay(String name) throws IOException, SQLException {
        return control.replay(route, name).toString();
    }

    @Override
    public void pause() throws Exception {
        control.pause(route);
    }

    @Override
    public void resume() throws Exception {
        control.resume(route);
    }
}
