package dev.buzon.simulation;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.function.LongSupplier;
import org.sqlite.Function;

/**
 * What is stored of a ledger; it outlives the processes that write it. It is a database of SQLite in memory, with the
 * transactions since it began, so that those can be lost, or come late. Used by one thread.
 */
public final class SimulatedStore implements AutoCloseable {

    /**
     * A commit whose connection was lost while it was on its way to a server.
     *
     * @param rows that it holds locked until it has come, or never will
     */
    private record OnItsWay(Transaction transaction, Set<Physical.Row> rows) {}

    private final Physical physical = new Physical();
    private final RedoLog log = new RedoLog();
    private final List<Session> sessions = new ArrayList<>();
    /** The commit of a file that lies at the end of SQLite's log, though it has failed; null if there is none. */
    private Transaction unsettled;

    private final List<OnItsWay> onTheirWay = new ArrayList<>();
    private Random choice = new Random(0);
    /** Whose transaction is open; null if none is. */
    private Session owner;

    public SimulatedStore() throws SQLException {
        reset(new byte[0]);
    }

    /** Begins a history in which no choice is to be made by {@link #reset(byte[], Random)}'s. */
    public void reset(byte[] image) throws SQLException {
        reset(image, new Random(0));
    }

    /**
     * Begins a history: all sessions end, and what is stored is replaced.
     *
     * @param image of a database of SQLite; an empty one has no tables
     * @param newChoice decides about late commits when a transaction that is to be alone begins
     */
    public void reset(byte[] image, Random newChoice) throws SQLException {
        endSessions(null);
        unsettled = null;
        onTheirWay.clear();
        watch();
        physical.load(image);
        log.beginWith(image);
        choice = newChoice;
    }

    /** What is stored now. */
    public byte[] image() throws SQLException {
        expectNoTransaction();
        return physical.image();
    }

    /**
     * The connection itself, to look at what is stored: no act, never refused. Whoever looks closes the statements, not
     * the connection, and changes nothing.
     */
    public Connection look() {
        return physical.connection();
    }

    /**
     * Cuts the power of the machine that has the file: its processes end, and an end of the transactions that no forced
     * one follows may be lost. A server has its own power: it loses nothing of what was committed.
     *
     * @return what was lost, or came, in a few words
     */
    public String cutPower(Random chosen) throws SQLException {
        endSessions(null);
        List<Transaction> unforced = log.unforced();
        int lost = unforced.isEmpty() ? 0 : chosen.nextInt(unforced.size() + 1);
        String inWords = "no commit was lost";
        if (lost > 0) {
            List<String> each = new ArrayList<>();
            for (Transaction transaction : unforced.subList(unforced.size() - lost, unforced.size())) {
                each.add(transaction.inWords());
            }
            inWords = lost + " of " + unforced.size() + " unforced commits lost: " + String.join("; ", each);
            goBackBy(lost);
            // It lay in SQLite's log behind what was lost.
            unsettled = null;
        }
        log.allDurable();
        return settleFile(chosen) ? inWords + "; a commit that had failed came: " + last().inWords() : inWords;
    }

    private Transaction last() {
        return log.since().get(log.since().size() - 1);
    }

    private void goBackBy(int lost) throws SQLException {
        List<Transaction> kept = log.since().subList(0, log.since().size() - lost);
        physical.load(log.image());
        for (Transaction transaction : kept) {
            if (!apply(transaction)) {
                throw new IllegalStateException("What was committed can't be done again: " + transaction);
            }
        }
        log.beginWith(physical.image());
    }

    /**
     * All processes that use the store have ended: what they left open is rolled back, and none of their sessions can be
     * used. A commit of a file that failed late may come now, when the next process reads SQLite's log.
     */
    public void processEnded(Random chosen) throws SQLException {
        endSessions(null);
        settleFile(chosen);
    }

    /** @return whether a commit came */
    private boolean settleFile(Random chosen) throws SQLException {
        Transaction late = unsettled;
        unsettled = null;
        if (late == null || !chosen.nextBoolean()) {
            return false;
        }
        if (!apply(late)) {
            throw new IllegalStateException("Nothing was committed since, and it can't be done: " + late);
        }
        log.add(late);
        return true;
    }

    /** Decides about each commit that is on its way to a server whether it is done now, or never. */
    public void settleLate(Random chosen) throws SQLException {
        expectNoTransaction();
        List<OnItsWay> settled = List.copyOf(onTheirWay);
        onTheirWay.clear();
        watch();
        for (OnItsWay late : settled) {
            if (chosen.nextBoolean() && apply(late.transaction)) {
                log.add(late.transaction);
            }
        }
    }

    /** Whether a commit that failed may still come. */
    public boolean isUnsettled() {
        return unsettled != null || !onTheirWay.isEmpty();
    }

    /** @return false if it can't be done, for rows that are there by now; nothing of it is done then */
    private boolean apply(Transaction transaction) throws SQLException {
        physical.begin();
        boolean done;
        try {
            done = physical.redo(transaction.changes());
        } catch (SQLException e) {
            done = false;
        }
        if (done) {
            physical.commit();
        } else {
            physical.rollback();
        }
        return done;
    }

    /** @param of whose sessions end; null for those of all */
    void endSessions(SimulatedDatabase of) throws SQLException {
        for (Session session : List.copyOf(sessions)) {
            if (of == null || session.database() == of) {
                session.close();
            }
        }
    }

    /** Gives SQL a function without arguments, until another is called so. */
    void define(String name, LongSupplier value) throws SQLException {
        Function.create(look(), name, new Function() {
            @Override
            protected void xFunc() throws SQLException {
                result(value.getAsLong());
            }
        });
    }

    Physical physical() {
        return physical;
    }

    void opened(Session session) {
        sessions.add(session);
    }

    void closed(Session session) {
        sessions.remove(session);
    }

    boolean isInTransaction() {
        return owner != null;
    }

    void expectNoTransaction() {
        if (owner != null) {
            throw new IllegalStateException("A transaction is open meanwhile.");
        }
    }

    /** @param alone whether no other may be under way */
    void begin(Session session, boolean alone) throws SQLException {
        expectNoTransaction();
        if (alone && !onTheirWay.isEmpty()) {
            settleLate(choice);
        }
        physical.begin();
        owner = session;
    }

    void commit(Transaction transaction) throws SQLException {
        physical.commit();
        owner = null;
        committed(transaction);
    }

    /** A transaction has been committed. */
    void committed(Transaction transaction) {
        releaseRows();
        // One that writes nothing changes nothing in SQLite's log, and forces nothing.
        if (!transaction.changes().isEmpty()) {
            log.add(transaction);
            // Its place in SQLite's log is taken.
            unsettled = null;
        }
    }

    void rollback() throws SQLException {
        physical.rollback();
        owner = null;
        releaseRows();
    }

    /** The open transaction fails in its commit, and may come later. */
    void commitLate(Transaction transaction, boolean onServer) throws SQLException {
        rollback();
        Transaction late = new Transaction(transaction.changes(), true);
        if (late.changes().isEmpty()) {
            return;
        }
        if (onServer) {
            onTheirWay.add(new OnItsWay(late, rowsOf(late)));
            watch();
        } else {
            unsettled = late;
        }
    }

    private Set<Physical.Row> rowsOf(Transaction transaction) throws SQLException {
        physical.watch(true);
        physical.begin();
        physical.redo(transaction.changes());
        physical.rollback();
        return physical.touched();
    }

    /**
     * Drops each commit on its way that has a row which the last transaction has changed: that one would have waited for
     * it, and found that it had failed.
     */
    private void releaseRows() {
        Set<Physical.Row> touched = physical.touched();
        if (touched.isEmpty() || onTheirWay.isEmpty()) {
            return;
        }
        for (Iterator<OnItsWay> late = onTheirWay.iterator(); late.hasNext(); ) {
            if (!Collections.disjoint(late.next().rows, touched)) {
                late.remove();
            }
        }
        watch();
    }

    private void watch() {
        physical.watch(!onTheirWay.isEmpty());
        if (onTheirWay.isEmpty()) {
            physical.touched();
        }
    }

    @Override
    public void close() throws SQLException {
        endSessions(null);
        physical.close();
    }
}
