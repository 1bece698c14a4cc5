package dev.buzon.database;

import dev.buzon.home.SecretFile;
import dev.buzon.home.Settings;
import dev.buzon.home.SettingsException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import java.util.function.Supplier;
import org.postgresql.Driver;
import org.postgresql.PGProperty;

/** A database on a server of PostgreSQL. A connection that the server has closed is closed here, too, once it is used. */
public final class PostgresDatabase implements Database, ServerLease.Server {

    private static final String PREFIX = "jdbc:postgresql:";
    /** In seconds: that a server without an answer holds up who asks. */
    private static final int CONNECT_TIMEOUT = 5;

    private static final int ANSWER_TIMEOUT = 30;
    /** In milliseconds. */
    private static final int LOCK_TIMEOUT = 5_000;
    /** In milliseconds. A daemon that stands still in a transaction holds nobody up for longer. */
    private static final int IDLE_TIMEOUT = 3_000;

    private static final int ROWS_AT_ONCE = 1_000;

    /** The advisory lock that each transaction shares, and that excludes them: the letters "buzon". */
    private static final long LOCK = 0x62757a6f6eL;

    private final String url;
    private final Properties properties;

    /** @param password null where the server wants none, or where the driver is to look for it in {@code .pgpass} */
    public PostgresDatabase(String url, String user, String password) {
        this.url = url;
        properties = new Properties();
        PGProperty.USER.set(properties, user);
        PGProperty.PASSWORD.set(properties, password);
        PGProperty.APPLICATION_NAME.set(properties, "buzon");
        PGProperty.CONNECT_TIMEOUT.set(properties, CONNECT_TIMEOUT);
        PGProperty.SOCKET_TIMEOUT.set(properties, ANSWER_TIMEOUT);
        PGProperty.TCP_KEEP_ALIVE.set(properties, true);
        PGProperty.DEFAULT_ROW_FETCH_SIZE.set(properties, ROWS_AT_ONCE);
    }

    /**
     * The one that the settings name.
     *
     * @throws SettingsException where they name none, or are not fit
     */
    public static PostgresDatabase of(Settings settings) {
        List<String> problems = new ArrayList<>();
        String url = settings.get("buzon.ledger.url");
        Properties parsed = url.startsWith(PREFIX) ? Driver.parseURL(url, null) : null;
        if (parsed == null) {
            // It is not shown: one of another form may hold a password, too.
            problems.add("buzon.ledger.url: " + PREFIX + "//HOST:PORT/DATABASE is expected.");
        } else if (PGProperty.PASSWORD.isPresent(parsed)) {
            problems.add("buzon.ledger.url must not hold a password: buzon.ledger.password-file names a file that does,"
                    + " or BUZON_LEDGER_PASSWORD in the environment has it.");
        }
        String password = SecretFile.secret(settings, "buzon.ledger.password-file", "BUZON_LEDGER_PASSWORD", problems);
        String user = settings.get("buzon.ledger.user");
        if (user.isEmpty()) {
            user = System.getenv().getOrDefault("BUZON_LEDGER_USER", System.getProperty("user.name"));
        }
        if (user.equals("?")) {
            problems.add("buzon.ledger.user is missing: the user that the service runs as has a number, but no name.");
        }
        if (!problems.isEmpty()) {
            throw new SettingsException(problems);
        }
        return new PostgresDatabase(url, user, password);
    }

    /**
     * The same for who inserts many rows. Not for statements whose rows are counted, or that have an {@code ON CONFLICT}:
     * a batch of them is made one statement.
     */
    public PostgresDatabase forManyRows() {
        PGProperty.REWRITE_BATCHED_INSERTS.set(properties, true);
        return this;
    }

    /** Whether it can be reached is for the first connection to say. */
    @Override
    public boolean exists() {
        return true;
    }

    @Override
    public Connection connect() throws SQLException {
        return connect(ANSWER_TIMEOUT);
    }

    @Override
    public Connection connect(int patience) throws SQLException {
        Properties patient = (Properties) properties.clone();
        PGProperty.SOCKET_TIMEOUT.set(patient, patience);
        Connection connection = new Driver().connect(url, patient);
        try {
            Database.execute(connection, "SET lock_timeout = " + LOCK_TIMEOUT);
            Database.execute(connection, "SET idle_in_transaction_session_timeout = " + IDLE_TIMEOUT);
            // A server may be set up to lose the last commits in a crash.
            Database.execute(
                    connection,
                    "SELECT set_config('synchronous_commit', 'on', false)"
                            + " WHERE current_setting('synchronous_commit') = 'off'");
            return connection;
        } catch (Throwable e) {
            connection.close();
            throw e;
        }
    }

    @Override
    public Connection reader() throws SQLException {
        Connection connection = new Driver().connect(url, properties);
        connection.setReadOnly(true);
        // Rows are read as they are asked for only within a transaction.
        connection.setAutoCommit(false);
        return connection;
    }

    /** Always forced: a server may be lost alone, and its clients would not write again what they have written. */
    @Override
    public void begin(Connection connection, Mode mode) throws SQLException {
        connection.setAutoCommit(false);
        String shared = mode == Mode.ALONE ? "" : "_shared";
        Database.execute(connection, "SELECT pg_advisory_xact_lock" + shared + "(" + LOCK + ")");
    }

    @Override
    public void commit(Connection connection) throws SQLException {
        connection.commit();
        connection.setAutoCommit(true);
    }

    @Override
    public boolean isUndone(SQLException failure) {
        return false;
    }

    @Override
    public Optional<Database> withoutRoom() {
        return Optional.empty();
    }

    @Override
    public void rollback(Connection connection) throws SQLException {
        try {
            connection.rollback();
            connection.setAutoCommit(true);
        } catch (Throwable e) {
            connection.close();
            throw e;
        }
    }

    /** Texts are compared by their code points, as SQLite does, whatever the language of the database. */
    @Override
    public String adapted(String script) {
        return script.replaceAll("\\bTEXT\\b", "TEXT COLLATE \"C\"");
    }

    @Override
    public long size(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT COALESCE(SUM(pg_total_relation_size(oid)), 0)"
                        + " FROM pg_class WHERE relkind = 'r' AND relnamespace = current_schema()::regnamespace")) {
            row.next();
            return row.getLong(1);
        }
    }

    @Override
    public void check() {}

    @Override
    public String now() {
        return "(extract(epoch FROM clock_timestamp()) * 1000)::bigint";
    }

    @Override
    public Lease lease(Supplier<String> me, Runnable lost) {
        return new ServerLease(this, me.get(), lost);
    }

    /** The URL alone, without its parameters. */
    @Override
    public String toString() {
        return url.replaceFirst("\\?.*", "");
    }
}
