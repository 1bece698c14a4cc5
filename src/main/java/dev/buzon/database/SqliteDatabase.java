package dev.buzon.database;

import dev.buzon.home.Disk;
import dev.buzon.home.FileFailure;
import dev.buzon.home.NativeLibraries;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Optional;
import java.util.function.Supplier;
import org.sqlite.JDBC;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteErrorCode;

/**
 * A file of SQLite, for its owner alone.
 *
 * @param file made where it is missing
 * @param alone whether nobody else has it open while this has
 */
public record SqliteDatabase(Path file, boolean alone) implements Database {

    private static final int BUSY_MILLIS = 2_000;

    public SqliteDatabase(Path file) {
        this(file, false);
    }

    @Override
    public boolean exists() {
        return Files.exists(file);
    }

    @Override
    public Connection connect() throws SQLException {
        if (!Files.exists(file)) {
            try {
                Files.createFile(
                        file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            } catch (IOException e) {
                throw new SQLException("The ledger " + file + " can't be made: " + FileFailure.inWords(e), e);
            }
        }
        SQLiteConfig config = new SQLiteConfig();
        if (alone) {
            // Without the index of its log, which others would share, and which needs 32 KB. No other setting comes
            // before.
            config.setLockingMode(SQLiteConfig.LockingMode.EXCLUSIVE);
        } else {
            config.setJournalMode(SQLiteConfig.JournalMode.WAL);
            config.setSynchronous(SQLiteConfig.SynchronousMode.FULL);
        }
        return connect(config);
    }

    @Override
    public Connection reader() throws SQLException {
        SQLiteConfig config = new SQLiteConfig();
        config.setReadOnly(true);
        return connect(config);
    }

    /** Where it lies after {@link #putAside}. */
    public Path aside() {
        return file.resolveSibling(file.getFileName() + ".moved");
    }

    /**
     * Renames it, so that nobody goes on with it by mistake.
     *
     * @throws SQLException where another program has it open
     */
    public void putAside() throws SQLException, IOException {
        try (Connection connection = connect()) {
            // All of it into one file, which takes that nobody else has it open.
            Database.execute(connection, "PRAGMA journal_mode = DELETE");
        }
        Disk.rename(file, aside());
    }

    private Connection connect(SQLiteConfig config) throws SQLException {
        NativeLibraries.unpackNear(file.resolveSibling("tmp"));
        config.setBusyTimeout(BUSY_MILLIS);
        return JDBC.createConnection("jdbc:sqlite:" + file, config.toProperties());
    }

    @Override
    public void begin(Connection connection, Mode mode) throws SQLException {
        // With NORMAL the last commits may be lost with the power.
        Database.execute(connection, "PRAGMA synchronous = " + (mode == Mode.UNFORCED ? "NORMAL" : "FULL"));
        // It is alone. The driver's own begins the next transaction with each commit, and fails where another has the
        // ledger then.
        Database.execute(connection, "BEGIN IMMEDIATE");
    }

    @Override
    public void commit(Connection connection) throws SQLException {
        Database.execute(connection, "COMMIT");
    }

    /** What finds no room is not written whole, and a record in part is none. */
    @Override
    public boolean isUndone(SQLException failure) {
        return failure.getErrorCode() == SQLiteErrorCode.SQLITE_FULL.code
                || failure.getErrorCode() == SQLiteErrorCode.SQLITE_BUSY.code;
    }

    @Override
    public Optional<Database> withoutRoom() {
        return Optional.of(new SqliteDatabase(file, true));
    }

    @Override
    public void rollback(Connection connection) throws SQLException {
        try {
            Database.execute(connection, "ROLLBACK");
        } catch (Throwable e) {
            connection.close();
            throw e;
        }
    }

    @Override
    public String adapted(String script) {
        return script;
    }

    @Override
    public long size(Connection connection) throws IOException {
        Path log = file.resolveSibling(file.getFileName() + "-wal");
        return Files.size(file) + (Files.exists(log) ? Files.size(log) : 0);
    }

    @Override
    public void check() throws IOException {
        if (Files.notExists(file)) {
            throw new NoSuchFileException(file.toString());
        }
    }

    /** The home's lock lets no other daemon start. */
    @Override
    public Lease lease(Supplier<String> me, Runnable lost) {
        return Lease.UNSHARED;
    }

    @Override
    public String toString() {
        return file.toString();
    }
}
