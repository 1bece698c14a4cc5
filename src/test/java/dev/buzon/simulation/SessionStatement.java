package dev.buzon.simulation;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;

/** A statement of a session, which knows its parameters. */
final class SessionStatement implements InvocationHandler {

    /** How much of its SQL names a statement. */
    private static final int BEGINNING = 60;

    private final Session session;
    private final Statement raw;
    /** The same; where each execution has its own SQL, that of the last query, null if there was none. */
    private PreparedStatement prepared;

    private String sql;
    private final String beginning;
    /** Whether another may use it once this is closed. */
    private boolean reusable;

    private Object[] parameters = new Object[20];
    private int count;
    private final List<Change> batch = new ArrayList<>();
    private ResultSet rows;
    private boolean closed;

    SessionStatement(Session session, Statement raw) {
        this.session = session;
        this.raw = raw;
        prepared = null;
        sql = null;
        beginning = null;
    }

    SessionStatement(Session session, PreparedStatement raw, String sql, boolean reusable) {
        this.session = session;
        this.raw = raw;
        this.prepared = raw;
        this.sql = sql;
        this.reusable = reusable;
        beginning = beginning(sql);
    }

    private static String beginning(String sql) {
        return sql.length() <= BEGINNING ? sql : sql.substring(0, BEGINNING);
    }

    @Override
    public Object invoke(Object proxy, Method method, Object[] arguments) throws Throwable {
        String name = method.getName();
        switch (name) {
            case "equals":
                return proxy == arguments[0];
            case "hashCode":
                return System.identityHashCode(proxy);
            case "toString":
                return sql == null ? "a statement" : sql;
            case "isClosed":
                return closed;
            case "close":
                close();
                return null;
            default:
                expectOpen();
                return ofOpen(name, method, arguments);
        }
    }

    private Object ofOpen(String name, Method method, Object[] arguments) throws Throwable {
        switch (name) {
            case "getConnection":
                return session.connection();
            case "setString":
                set((Integer) arguments[0], arguments[1]);
                prepared.setString((Integer) arguments[0], (String) arguments[1]);
                return null;
            case "setLong":
                set((Integer) arguments[0], arguments[1]);
                prepared.setLong((Integer) arguments[0], (Long) arguments[1]);
                return null;
            case "executeQuery", "executeUpdate", "execute", "executeLargeUpdate":
                return execute(name, method, arguments);
            case "addBatch":
                batch.add(arguments == null ? change() : new Change((String) arguments[0], List.of()));
                return Session.pass(method, raw, arguments);
            case "clearBatch":
                batch.clear();
                return Session.pass(method, raw, arguments);
            case "executeBatch":
                return executeBatch();
            case "executeLargeBatch":
                throw new UnsupportedOperationException(name);
            case "clearParameters":
                Arrays.fill(parameters, null);
                return Session.pass(method, raw, arguments);
            default:
                return other(name, method, arguments);
        }
    }

    private Object other(String name, Method method, Object[] arguments) throws Throwable {
        if (name.equals("closeOnCompletion")) {
            reusable = false;
        } else if (name.startsWith("set")) {
            if (arguments.length > 1) {
                set((Integer) arguments[0], name.equals("setNull") ? null : arguments[1]);
            } else {
                // A bound on its rows or its time would be the next user's, too.
                reusable = false;
            }
        }
        return Session.pass(method, raw, arguments);
    }

    private void set(int place, Object value) {
        if (place > parameters.length) {
            parameters = Arrays.copyOf(parameters, Math.max(place, 2 * parameters.length));
        }
        count = Math.max(count, place);
        parameters[place - 1] = value;
    }

    private Change change() {
        return new Change(sql, Collections.unmodifiableList(Arrays.asList(Arrays.copyOf(parameters, count))));
    }

    private Object execute(String name, Method method, Object[] arguments) throws Throwable {
        String text = arguments == null ? sql : (String) arguments[0];
        return session.execute(text, arguments == null ? beginning : beginning(text), done -> {
            long before = done == null ? 0 : session.changed();
            Object result = run(name, method, arguments);
            if (done != null && (hasRows(result) || session.changed() > before || !Change.isOfRows(text))) {
                done.add(arguments == null ? change() : new Change(text, List.of()));
            }
            return result;
        });
    }

    /** What returns the rows that it changes has not counted them before the last one is read. */
    private static boolean hasRows(Object result) throws SQLException {
        return result instanceof ResultSet changed && changed.isBeforeFirst();
    }

    private Object run(String name, Method method, Object[] arguments) throws Throwable {
        if (arguments == null && name.equals("executeQuery")) {
            rows = prepared.executeQuery();
            return rows;
        }
        if (arguments == null && name.equals("executeUpdate")) {
            return prepared.executeUpdate();
        }
        if (raw != prepared && name.equals("executeQuery") && ((String) arguments[0]).startsWith("SELECT")) {
            giveBack();
            sql = (String) arguments[0];
            prepared = session.prepare(sql);
            reusable = true;
            rows = prepared.executeQuery();
            return rows;
        }
        if (raw == prepared) {
            // It may have rows that this doesn't know of.
            reusable = false;
        }
        return Session.pass(method, raw, arguments);
    }

    private Object executeBatch() throws Throwable {
        List<Change> tried = List.copyOf(batch);
        batch.clear();
        String text = tried.isEmpty() ? "SELECT" : tried.get(0).sql();
        return session.execute(text, beginning(text), done -> {
            int[] counts;
            try {
                counts = raw.executeBatch();
            } catch (SQLException e) {
                // How much of it is done isn't known: no such transaction can be done again.
                session.close();
                throw e;
            }
            for (int i = 0; i < counts.length; i++) {
                if (counts[i] > 0 || !Change.isOfRows(tried.get(i).sql())) {
                    done.add(tried.get(i));
                }
            }
            return counts;
        });
    }

    private void expectOpen() throws SQLException {
        session.expectOpen();
        if (closed) {
            throw new SQLException("The statement is closed.");
        }
    }

    void close() throws SQLException {
        if (closed) {
            return;
        }
        closed = true;
        session.closed(this);
        if (raw != prepared || !reusable) {
            raw.close();
        }
        if (reusable) {
            giveBack();
        }
    }

    private void giveBack() throws SQLException {
        if (rows != null) {
            rows.close();
        }
        if (prepared != null) {
            session.giveBack(sql, prepared);
        }
    }
}
