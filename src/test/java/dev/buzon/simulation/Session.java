package dev.buzon.simulation;

import dev.buzon.database.Database;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;

/** A connection to a simulated database, as its process sees it: all go through one, but each is closed by itself. */
final class Session implements InvocationHandler {

    private static final Class<?>[] CONNECTION = {Connection.class};
    private static final Class<?>[] STATEMENT = {Statement.class};
    private static final Class<?>[] PREPARED = {PreparedStatement.class};
    private static final Class<?>[] METADATA = {DatabaseMetaData.class};

    private final SimulatedDatabase database;
    private final SimulatedStore store;
    private final boolean reader;
    private final Connection connection;
    private final Set<SessionStatement> statements = new LinkedHashSet<>();
    private boolean closed;
    /** Of the open transaction; null if there is none. */
    private List<Change> changes;

    private boolean forced;
    /** Whether the open transaction can only be rolled back. */
    private boolean failed;

    Session(SimulatedDatabase database, boolean reader) {
        this.database = database;
        this.reader = reader;
        store = database.store();
        connection = (Connection) proxy(CONNECTION, this);
        store.opened(this);
    }

    private static Object proxy(Class<?>[] type, InvocationHandler handler) {
        return Proxy.newProxyInstance(Session.class.getClassLoader(), type, handler);
    }

    SimulatedDatabase database() {
        return database;
    }

    Connection connection() {
        return connection;
    }

    @Override
    public Object invoke(Object proxy, Method method, Object[] arguments) throws Throwable {
        switch (method.getName()) {
            case "equals":
                return proxy == arguments[0];
            case "hashCode":
                return System.identityHashCode(proxy);
            case "toString":
                return "a connection to " + database;
            case "isClosed":
                return closed;
            case "close", "abort":
                close();
                return null;
            case "createStatement":
                return statement(method, arguments);
            case "prepareStatement":
                return prepared(method, arguments);
            case "commit":
                commit();
                return null;
            case "rollback":
                if (changes != null) {
                    rollback();
                }
                return null;
            case "getAutoCommit":
                return changes == null;
            case "isReadOnly":
                return reader;
            case "getMetaData":
                expectOpen();
                return proxy(METADATA, (self, asked, about) -> metadata(asked, about));
            case "setAutoCommit", "setReadOnly", "prepareCall", "setSavepoint":
                throw new UnsupportedOperationException(method.getName());
            default:
                expectOpen();
                return pass(method, store.look(), arguments);
        }
    }

    static Object pass(Method method, Object to, Object[] arguments) throws Throwable {
        try {
            return method.invoke(to, arguments);
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
    }

    private Object statement(Method method, Object[] arguments) throws Throwable {
        expectOpen();
        Statement raw = (Statement) pass(method, store.look(), arguments);
        return proxy(STATEMENT, tracked(new SessionStatement(this, raw)));
    }

    private Object prepared(Method method, Object[] arguments) throws Throwable {
        expectOpen();
        String sql = (String) arguments[0];
        boolean plain = arguments.length == 1;
        PreparedStatement raw = plain ? prepare(sql) : (PreparedStatement) pass(method, store.look(), arguments);
        return proxy(PREPARED, tracked(new SessionStatement(this, raw, sql, plain)));
    }

    /** SQLite's own driver takes longer for the name of a table than for all that is done with it. */
    private Object metadata(Method method, Object[] arguments) throws Throwable {
        if (!method.getName().equals("getTables")) {
            return pass(method, store.look().getMetaData(), arguments);
        }
        PreparedStatement tables = store.look()
                .prepareStatement("SELECT name AS TABLE_NAME FROM sqlite_schema WHERE type = 'table' AND name = ?");
        tables.closeOnCompletion();
        tables.setString(1, (String) arguments[2]);
        return tables.executeQuery();
    }

    private SessionStatement tracked(SessionStatement statement) {
        statements.add(statement);
        return statement;
    }

    void closed(SessionStatement statement) {
        statements.remove(statement);
    }

    PreparedStatement prepare(String sql) throws SQLException {
        return store.physical().prepare(sql);
    }

    void giveBack(String sql, PreparedStatement statement) throws SQLException {
        store.physical().giveBack(sql, statement);
    }

    void expectOpen() throws SQLException {
        if (closed) {
            throw new SQLException("The connection to " + database + " is closed.", "08003");
        }
    }

    void close() throws SQLException {
        if (closed) {
            return;
        }
        closed = true;
        for (SessionStatement statement : List.copyOf(statements)) {
            statement.close();
        }
        if (changes != null) {
            rollback();
        }
        store.closed(this);
    }

    void begin(Database.Mode mode) throws SQLException {
        expectOpen();
        if (changes != null || reader) {
            throw new SQLException(reader ? "A reader can't write." : "A transaction is open already.");
        }
        ask(Act.BEGIN, mode.name());
        store.begin(this, mode == Database.Mode.ALONE);
        changes = new ArrayList<>();
        forced = database.onServer() || mode != Database.Mode.UNFORCED;
        failed = false;
    }

    void rollback() throws SQLException {
        if (changes == null) {
            expectOpen();
            // As SQLite says, once a commit that failed has rolled back by itself. A server doesn't mind.
            if (!database.onServer()) {
                throw new SQLException("No transaction is open.");
            }
            return;
        }
        changes = null;
        store.rollback();
    }

    void commit() throws SQLException {
        expectOpen();
        if (changes == null) {
            throw new SQLException("No transaction is open.");
        }
        expectSound();
        Fault fault = database.calls().before(forced ? Act.COMMIT : Act.COMMIT_UNFORCED, "COMMIT");
        expectOpen();
        Transaction transaction = new Transaction(changes, forced);
        switch (fault) {
            case NONE -> {
                store.commit(transaction);
                changes = null;
            }
            case ANSWER_LOST -> {
                store.commit(transaction);
                changes = null;
                close();
                throw database.failure(fault);
            }
            case LATE -> {
                changes = null;
                store.commitLate(transaction, database.onServer());
                if (database.onServer()) {
                    close();
                }
                throw database.failure(fault);
            }
            default -> fail(fault);
        }
    }

    /** @throws SQLException if it is not to be done */
    private void ask(Act act, String on) throws SQLException {
        Fault fault = database.calls().before(act, on);
        // The others may have ended this process meanwhile.
        expectOpen();
        if (fault != Fault.NONE) {
            fail(fault);
        }
    }

    private void fail(Fault fault) throws SQLException {
        switch (fault) {
            case CONNECTION_LOST, ANSWER_LOST, LATE -> close();
            default -> failed = database.onServer() || fault != Fault.REFUSED;
        }
        throw database.failure(fault);
    }

    private void expectSound() throws SQLException {
        if (failed) {
            throw new SQLException("The transaction has failed, and has to be rolled back.", "25P02");
        }
    }

    /** What a statement does once it is let. */
    @FunctionalInterface
    interface Execution {

        /** @param done gets what can be done again */
        Object run(List<Change> done) throws Throwable;
    }

    /** @param beginning of the SQL */
    Object execute(String sql, String beginning, Execution execution) throws Throwable {
        expectOpen();
        boolean inTransaction = changes != null;
        if (inTransaction) {
            expectSound();
        }
        ask(inTransaction ? Act.STATEMENT : Act.SELECT, beginning);
        if (!inTransaction) {
            store.expectNoTransaction();
        }
        boolean query = Change.isQuery(sql);
        if (reader && !query) {
            throw new SQLiteException("A reader can't write.", SQLiteErrorCode.SQLITE_READONLY);
        }
        List<Change> done = inTransaction ? changes : new ArrayList<>();
        try {
            return execution.run(query ? null : done);
        } catch (SQLException e) {
            failed |= inTransaction && database.onServer();
            throw e;
        } finally {
            if (!inTransaction && !query) {
                store.committed(new Transaction(done, true));
            }
        }
    }

    long changed() throws SQLException {
        return store.physical().changed();
    }
}
