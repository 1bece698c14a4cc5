package dev.buzon.database;

import dev.buzon.home.Settings;
import dev.buzon.home.SettingsException;
import java.io.IOException;
import java.nio.file.Files;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** What a ledger lies in, and what differs between the kinds of databases that can hold one. Thread-safe. */
public interface Database {

    /**
     * The database that the settings name: a file in the home where they name none.
     *
     * @throws SettingsException where they are not fit, or the home's ledger is in the other kind of database: in an
     *     empty one all content would be new again
     */
    static Database of(Settings settings) {
        SqliteDatabase file = new SqliteDatabase(settings.home().ledger());
        if (settings.get("buzon.ledger.url").isEmpty()) {
            if (!file.exists() && Files.exists(file.aside())) {
                throw new SettingsException(List.of("The ledger of the home was moved to a server: buzon.ledger.url has"
                        + " to name it. What it was before is in " + file.aside() + "."));
            }
            return file;
        }
        if (file.exists()) {
            throw new SettingsException(List.of("The ledger of the home, " + file + ", was not moved to the server that"
                    + " buzon.ledger.url names: buzon move-ledger --home "
                    + settings.home().folder() + " does it."));
        }
        return PostgresDatabase.of(settings);
    }

    /** Whether it is there, as far as can be told without a connection. */
    boolean exists();

    /** A connection that may write; the database is made where it can be and is missing. */
    Connection connect() throws SQLException;

    /** A connection of its own for a long read, which holds nobody up. It can't write, and its caller closes it. */
    Connection reader() throws SQLException;

    /** What a transaction is to be. */
    enum Mode {
        /** Its commit outlives the loss of power. */
        FORCED,
        /** Its commit may be lost with the power. */
        UNFORCED,
        /** Forced, and begun once no other is under way, one of a connection that was lost among them. */
        ALONE
    }

    /** Begins a transaction that writes. Outside of one, each statement is by itself. */
    void begin(Connection connection, Mode mode) throws SQLException;

    void commit(Connection connection) throws SQLException;

    /** Whether a transaction that failed so, in its commit perhaps, has surely left no trace. */
    boolean isUndone(SQLException failure);

    /**
     * The same, to be read where there is no room on its disk, and nobody else has it open. Empty if it needs none, or
     * others may have it open.
     */
    Optional<Database> withoutRoom();

    /** Ends a transaction without a trace, or closes the connection where that can't be. */
    void rollback(Connection connection) throws SQLException;

    /** A script of the schema, as this kind of database wants it. */
    String adapted(String script);

    /** The size of the ledger in bytes, on disk. */
    long size(Connection connection) throws SQLException, IOException;

    /** @throws IOException where it is gone, though its connection may not know of that */
    void check() throws IOException;

    /**
     * What says which of the daemons works that share this database. The ledger in it has been opened before.
     *
     * @param me of whom there is one process at most at any time; asked for where a lease is needed
     * @param lost called once, by any thread, when another has taken it, or it can't be held on to
     */
    Lease lease(Supplier<String> me, Runnable lost);

    /** Runs a statement that has no parameters. */
    static void execute(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
