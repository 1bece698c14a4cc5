package dev.buzon.cli;

import dev.buzon.database.PostgresDatabase;
import dev.buzon.database.SqliteDatabase;
import dev.buzon.home.FileFailure;
import dev.buzon.home.Home;
import dev.buzon.home.HomeLock;
import dev.buzon.home.Settings;
import dev.buzon.ledger.Ledger;
import dev.buzon.ledger.LedgerMove;
import java.io.IOException;
import java.nio.file.Files;
import java.sql.SQLException;
import picocli.CommandLine.Command;

/** Takes the ledger from the home to a server, once and for all. */
@Command(
        name = "move-ledger",
        description = "Moves the ledger from its file in the home to the server that buzon.ledger.url names. The"
                + " service has to be stopped.",
        mixinStandardHelpOptions = true)
final class MoveLedgerCommand extends HomeCommand {

    @Override
    public Integer call() throws IOException {
        Home home = options().home();
        Settings settings = options().settings();
        if (settings.get("buzon.ledger.url").isEmpty()) {
            return refuse("buzon.ledger.url has to name the server, in " + home.properties() + " or by -D.");
        }
        PostgresDatabase server = PostgresDatabase.of(settings).forManyRows();
        SqliteDatabase file = new SqliteDatabase(home.ledger());
        if (!file.exists()) {
            return refuse("There is no ledger in " + home.folder()
                    + (Files.exists(file.aside()) ? ": it was moved, and what it was is in " + file.aside() : "")
                    + ".");
        }
        if (Files.exists(file.aside())) {
            return refuse("There is a ledger that was moved before: take " + file.aside() + " away first.");
        }
        HomeLock held = HomeLock.acquire(home);
        try {
            LedgerMove.Moved moved = move(file, server);
            file.putAside();
            if (moved.before()) {
                out().println("All of it was there, of a move that was cut short.");
            }
            moved.rows().forEach((table, rows) -> out().printf("%-14s %,12d rows%n", table, rows));
            out().println("The ledger is in " + server + ". What it was is in " + file.aside() + ".");
            return 0;
        } catch (IllegalStateException e) {
            return refuse(e.getMessage());
        } catch (SQLException e) {
            return refuse("The move did not come to its end, and can be asked for again: " + FileFailure.inWords(e));
        } finally {
            held.close();
        }
    }

    private static LedgerMove.Moved move(SqliteDatabase file, PostgresDatabase server)
            throws SQLException, IOException {
        try (Ledger from = Ledger.open(file)) {
            Ledger.openAtStart(server).close();
            try (Ledger to = Ledger.open(server)) {
                return LedgerMove.move(from, to);
            }
        }
    }
}
