package dev.buzon.jmx;

import java.io.IOException;
import java.sql.SQLException;
import java.util.Date;
import javax.management.openmbean.CompositeData;
import javax.management.openmbean.TabularData;

/**
 * A route that takes files: {@code dev.buzon:type=Route,name=<route>}. Counts are since the start where nothing else is
 * said; what can't be known just now is null.
 */
public interface RouteMBean {

    /** Camel's: Started, Suspended, Stopped. */
    String getState();

    /** Files that wait in the inbox. */
    Long getBacklogFiles();

    Long getBacklogBytes();

    /** How long the file that waits longest has been there; null where none waits. */
    Double getOldestWaitingSeconds();

    /** Files that wait because the world was wrong, with the reason: {@link dev.buzon.monitor.RetryingFile}. */
    CompositeData[] getRetrying();

    /** {@link dev.buzon.ledger.Totals}. */
    CompositeData getSinceStart();

    /** {@link dev.buzon.ledger.Totals}. */
    CompositeData getAllTime();

    /** Files rejected as a whole, and bad records of others, by kind of reason. */
    TabularData getRejectedByReason();

    /** Files handled to the end. */
    long getHandled();

    /** Resends. */
    long getDuplicates();

    /** Files rejected as a whole. */
    long getRejected();

    /** When a file was handled last, before the start perhaps. */
    Date getLastSuccess();

    /** The last file that came to an end, of whatever kind; null before the first. */
    String getLastFile();

    /** That a file took; null before the first. */
    Double getMeanMillis();

    /** Of the last file: {@link dev.buzon.monitor.FileProgress}; null before the first. */
    CompositeData getLastProgress();

    /** Of the last 100 files, the newest first. */
    CompositeData[] getRecentProgress();

    /** The lineage of the last Spark job. */
    String explain();

    /**
     * Takes a handled file back to the inbox, to be handled anew.
     *
     * @param name of the source, or eight or more of the first digits of its key
     * @return where the source is now
     * @throws IllegalStateException where it is not to be had, with the reason
     */
    String replay(String name) throws IOException, SQLException;

    /** Takes no further file. */
    void pause() throws Exception;

    void resume() throws Exception;
}
