package dev.buzon.database;

import dev.buzon.home.DaemonThreads;
import dev.buzon.home.Time;
import java.io.IOException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A row of the ledger's database, renewed each second by its holder, and free where it was not for five. Its times are
 * those of the server's clock alone.
 */
final class ServerLease implements Lease {

    private static final Logger LOG = LoggerFactory.getLogger(ServerLease.class);

    private static final long MILLIS = 5_000;
    private static final long RENEWAL_MILLIS = 1_000;
    /** Of an answer of the server, in seconds. */
    private static final int PATIENCE = 3;

    private static final long NOT_HELD = -1;

    private static final String GIVE_BACK = "UPDATE lease SET expires_at = 0 WHERE number = ?";
    private static final String FENCE = "SELECT 1 FROM lease WHERE number = ?";

    private final Server server;
    private final Time time;
    private final ScheduledExecutorService clock;
    private final String me;
    private final Runnable lost;
    private final String look;
    private final String take;
    private final String renew;
    private Connection connection;
    private volatile String holder;
    private volatile long number = NOT_HELD;
    private volatile long heldUntil;

    /** Where its row is: a database, or what is used of one here. */
    interface Server {

        /** See {@link Database#begin}. */
        void begin(Connection connection, Database.Mode mode) throws SQLException;

        /** See {@link Database#commit}. */
        void commit(Connection connection) throws SQLException;

        /** See {@link Database#rollback}. */
        void rollback(Connection connection) throws SQLException;

        /** @param patience how long an answer may take, in seconds */
        Connection connect(int patience) throws SQLException;

        /** An expression that gives the server's time in milliseconds, however long a transaction has begun. */
        String now();
    }

    /**
     * @param me of whom there is one process at most at any time
     * @param lost called once, by any thread, when another has taken it, or it can't be held on to
     */
    ServerLease(Server server, String me, Runnable lost) {
        this(server, me, lost, Time.SYSTEM, Executors.newSingleThreadScheduledExecutor(DaemonThreads.named("lease")));
    }

    /** @param clock calls for the renewals; it is ended with the lease */
    ServerLease(Server server, String me, Runnable lost, Time time, ScheduledExecutorService clock) {
        this.server = server;
        this.time = time;
        this.clock = clock;
        this.me = me;
        this.lost = lost;
        String expiry = server.now() + " + " + MILLIS;
        this.look = "SELECT holder, expires_at > " + server.now() + " FROM lease";
        this.take = "UPDATE lease SET number = number + 1, holder = ?, expires_at = " + expiry
                + " WHERE holder = ? OR expires_at <= " + server.now() + " RETURNING number";
        this.renew = "UPDATE lease SET expires_at = " + expiry + " WHERE number = ? AND holder = ?";
    }

    @Override
    public synchronized boolean take() throws SQLException {
        if (isHeld()) {
            return true;
        }
        Connection c = connection();
        if (isHeldByAnother(c)) {
            return false;
        }
        try {
            // No commit under the last number is under way any more.
            server.begin(c, Database.Mode.ALONE);
            long sent = time.nanos();
            long taken = takeNext(c);
            server.commit(c);
            if (taken == NOT_HELD) {
                return false;
            }
            holder = me;
            heldUntil = sent + TimeUnit.MILLISECONDS.toNanos(MILLIS);
            number = taken;
        } catch (Throwable e) {
            abandon(c, e);
            throw e;
        }
        clock.scheduleWithFixedDelay(this::renew, RENEWAL_MILLIS, RENEWAL_MILLIS, TimeUnit.MILLISECONDS);
        return true;
    }

    /** @return the number of the lease; negative if another has it */
    private long takeNext(Connection c) throws SQLException {
        try (PreparedStatement taking = c.prepareStatement(take)) {
            taking.setString(1, me);
            taking.setString(2, me);
            try (ResultSet row = taking.executeQuery()) {
                return row.next() ? row.getLong(1) : NOT_HELD;
            }
        }
    }

    /** What a transaction left open would be a part of the next. */
    private void abandon(Connection c, Throwable why) {
        try {
            server.rollback(c);
        } catch (Throwable e) {
            why.addSuppressed(e);
            connection = null;
        }
    }

    private boolean isHeldByAnother(Connection c) throws SQLException {
        try (Statement statement = c.createStatement();
                ResultSet row = statement.executeQuery(look)) {
            row.next();
            holder = row.getString(1);
            return row.getBoolean(2) && !holder.equals(me);
        }
    }

    private synchronized void renew() {
        if (!isHeld()) {
            return;
        }
        try (PreparedStatement renewing = connection().prepareStatement(renew)) {
            renewing.setLong(1, number);
            renewing.setString(2, me);
            long sent = time.nanos();
            if (renewing.executeUpdate() == 1) {
                heldUntil = sent + TimeUnit.MILLISECONDS.toNanos(MILLIS);
            } else {
                lose();
            }
        } catch (SQLException e) {
            // What needs it fails from then on, and says so. The next renewal may be in time.
        } catch (Throwable e) {
            // The clock would end without a word, and with it the renewals of a lease that seems to be held.
            LOG.error("The lease can't be renewed, and is given up", e);
            lose();
        }
    }

    private void lose() {
        synchronized (clock) {
            if (!isHeld()) {
                return;
            }
            number = NOT_HELD;
        }
        clock.shutdown();
        lost.run();
    }

    private Connection connection() throws SQLException {
        if (connection == null || connection.isClosed()) {
            connection = server.connect(PATIENCE);
        }
        return connection;
    }

    @Override
    public boolean isHeld() {
        return number != NOT_HELD;
    }

    @Override
    public long number() {
        return number;
    }

    @Override
    public String holder() {
        return holder;
    }

    @Override
    public void fence(Connection writer) throws SQLException {
        try (PreparedStatement fence = writer.prepareStatement(FENCE)) {
            fence.setLong(1, number);
            try (ResultSet row = fence.executeQuery()) {
                if (row.next()) {
                    return;
                }
            }
        }
        lose();
        throw new SQLException("Another daemon works on this ledger.");
    }

    @Override
    public void expectHeld() throws IOException {
        if (!isHeld()) {
            throw new IOException("Another daemon works on this ledger.");
        }
        if (time.nanos() - heldUntil > 0) {
            throw new IOException(
                    "The ledger's server didn't answer for " + MILLIS + " ms: another daemon may work now.");
        }
    }

    @Override
    public synchronized void close() {
        clock.shutdownNow();
        if (connection == null) {
            return;
        }
        try (Connection closed = connection;
                PreparedStatement giveBack = closed.prepareStatement(GIVE_BACK)) {
            giveBack.setLong(1, number);
            giveBack.executeUpdate();
        } catch (SQLException e) {
            // It will be free in a moment.
        } finally {
            number = NOT_HELD;
        }
    }
}
