package dev.buzon;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/** A server of PostgreSQL on the loopback address, in processes of its own, with a user that needs a password. */
public final class Postgres implements AutoCloseable {

    public static final String USER = "buzon";
    public static final String PASSWORD = "correct horse battery staple";

    /** After a kill it first looks through its log, on a machine that is busy. */
    private static final Duration STARTS_WITHIN = Duration.ofMinutes(2);

    private static final AtomicInteger DATABASES = new AtomicInteger();

    private static Postgres shared;

    private final Path data;
    private EmbeddedPostgres server;

    private Postgres(Path data) throws IOException {
        this.data = data;
    }

    /** One for all tests of this process, which stops with it. */
    public static synchronized Postgres shared() throws IOException, SQLException {
        if (shared == null) {
            shared = start(Files.createTempDirectory("postgres"));
        }
        return shared;
    }

    /** One of a test's own. */
    public static Postgres start(Path folder) throws IOException, SQLException {
        Postgres postgres = new Postgres(folder.resolve("data"));
        postgres.begin(0);
        postgres.execute("CREATE USER " + USER + " PASSWORD '" + PASSWORD + "'");
        Files.writeString(
                postgres.data.resolve("pg_hba.conf"),
                "host all postgres 127.0.0.1/32 trust\nhost all all 127.0.0.1/32 scram-sha-256\n");
        postgres.execute("SELECT pg_reload_conf()");
        return postgres;
    }

    private void begin(int port) throws IOException {
        server = EmbeddedPostgres.builder()
                .setDataDirectory(data)
                .setCleanDataDirectory(false)
                .setPort(port)
                .setPGStartupWait(STARTS_WITHIN)
                .setServerConfig("max_connections", "30")
                // A connection costs its client 4096 rounds of a hash otherwise.
                .setServerConfig("scram_iterations", "1")
                .start();
    }

    /** @return the URL of an empty database of the user's */
    public String newDatabase() throws SQLException {
        String name = "buzon" + DATABASES.incrementAndGet();
        execute("CREATE DATABASE " + name + " OWNER " + USER);
        return "jdbc:postgresql://127.0.0.1:" + server.getPort() + "/" + name;
    }

    /**
     * An empty ledger.
     *
     * @param folder for a file with the password
     * @return the settings of a home that has it
     */
    public Map<String, String> newLedger(Path folder) throws IOException, SQLException {
        String url = newDatabase();
        Path password = folder.resolve(url.substring(url.lastIndexOf('/') + 1) + ".password");
        Files.writeString(password, PASSWORD);
        Files.setPosixFilePermissions(password, PosixFilePermissions.fromString("rw-------"));
        return Map.of(
                "buzon.ledger.url", url,
                "buzon.ledger.user", USER,
                "buzon.ledger.password-file", password.toString());
    }

    /** To look at a database as the server's owner. */
    public static Connection look(String url) throws SQLException {
        return DriverManager.getConnection(url, "postgres", null);
    }

    /** The number that a query of a database has for an answer. */
    public static long ask(String url, String query) throws SQLException {
        try (Connection connection = look(url);
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(query)) {
            row.next();
            return row.getLong(1);
        }
    }

    private void execute(String sql) throws SQLException {
        try (Connection connection = server.getPostgresDatabase().getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    /** SIGSTOP, to all its processes: it takes connections, and never answers. */
    public void freeze() throws IOException {
        signal("STOP");
    }

    /** After a {@link #freeze}. */
    public void thaw() throws IOException {
        signal("CONT");
    }

    private void signal(String name) throws IOException {
        ProcessHandle postmaster = postmaster();
        List<String> command = new ArrayList<>(List.of("kill", "-" + name, Long.toString(postmaster.pid())));
        postmaster.descendants().forEach(process -> command.add(Long.toString(process.pid())));
        new ProcessBuilder(command).inheritIO().start().onExit().join();
    }

    private ProcessHandle postmaster() throws IOException {
        long pid = Long.parseLong(
                Files.readAllLines(data.resolve("postmaster.pid")).get(0));
        return ProcessHandle.of(pid).orElseThrow();
    }

    /** SIGKILL, to all its processes. */
    public void kill() throws IOException {
        ProcessHandle postmaster = postmaster();
        postmaster.descendants().forEach(ProcessHandle::destroyForcibly);
        postmaster.destroyForcibly();
        postmaster.onExit().join();
        // Of its folder, which is locked.
        server.close();
    }

    /** After a {@link #kill}: on the same port. */
    public void restart() throws IOException {
        begin(server.getPort());
    }

    @Override
    public void close() throws IOException {
        server.close();
    }
}
