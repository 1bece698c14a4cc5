package dev.buzon.database;

import dev.buzon.home.Time;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** The leases of a server that is no real one. */
public final class SimulatedLeases {

    /** The SQL function that gives the time of the server, in milliseconds. */
    public static final String NOW = "server_now";

    private SimulatedLeases() {}

    /** Calls for a task again and again, until it is ended. */
    public interface Timer {

        void every(long nanos, Runnable task);

        void end();
    }

    /**
     * A lease as that of PostgreSQL, on a database that knows {@link #NOW}.
     *
     * @param lost see {@link Database#lease}
     */
    public static Lease of(Database database, String me, Runnable lost, Time time, Timer timer) {
        return new ServerLease(new Server(database), me, lost, time, executor(timer));
    }

    private static ScheduledExecutorService executor(Timer timer) {
        return (ScheduledExecutorService) Proxy.newProxyInstance(
                SimulatedLeases.class.getClassLoader(),
                new Class<?>[] {ScheduledExecutorService.class},
                (proxy, method, arguments) -> {
                    switch (method.getName()) {
                        case "scheduleWithFixedDelay" ->
                            timer.every(
                                    ((TimeUnit) arguments[3]).toNanos((Long) arguments[2]), (Runnable) arguments[0]);
                        case "shutdown", "shutdownNow" -> timer.end();
                        default -> throw new UnsupportedOperationException(method.getName());
                    }
                    return null;
                });
    }

    private record Server(Database database) implements ServerLease.Server {

        @Override
        public Connection connect(int patience) throws SQLException {
            return database.connect();
        }

        @Override
        public String now() {
            return NOW + "()";
        }

        @Override
        public void begin(Connection connection, Database.Mode mode) throws SQLException {
            database.begin(connection, mode);
        }

        @Override
        public void commit(Connection connection) throws SQLException {
            database.commit(connection);
        }

        @Override
        public void rollback(Connection connection) throws SQLException {
            database.rollback(connection);
        }
    }
}
