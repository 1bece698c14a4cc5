package dev.buzon.ledger;

import dev.buzon.database.Database;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Copies what a ledger holds into the ledger of another database: all of it, or nothing. */
public final class LedgerMove {

    /** Tables that speak of the database which they are in. */
    private static final Set<String> OF_EACH_DATABASE = Set.of("ledger", "lease", "job");

    private LedgerMove() {}

    /**
     * What a move came to.
     *
     * @param rows how many there are, by table
     * @param before whether an earlier move, which was cut short after that, had copied them already
     */
    public record Moved(Map<String, Long> rows, boolean before) {}

    /**
     * Copies the rows of every table, those of jobs among them, and compares what was written with what was read.
     *
     * @param from is held meanwhile, and stays as it is
     * @throws IllegalStateException where the other ledger has rows of its own, or lacks a table, with the reason
     */
    public static Moved move(Ledger from, Ledger to) throws SQLException, IOException {
        return from.inTransaction(source -> {
            // Before the server's transaction, which would stand still meanwhile.
            Map<LedgerTable, LedgerTable.Content> contents = new LinkedHashMap<>();
            for (LedgerTable table : tables(source)) {
                contents.put(table, table.contentIn(source));
            }
            boolean before = to.inTransaction(Database.Mode.ALONE, target -> {
                LedgerHome.move(source, target);
                expectTables(target, contents.keySet());
                boolean empty = areEmpty(target, contents.keySet());
                for (LedgerTable table : contents.keySet()) {
                    if (empty) {
                        table.copy(source, target);
                    }
                    if (!table.contentIn(target).equals(contents.get(table))) {
                        throw new IllegalStateException(
                                empty
                                        ? "What was written to the table " + table.name() + " is not what was read."
                                        : "The ledger that it is to be moved to holds other rows already: it has to be"
                                                + " an empty one.");
                    }
                }
                return !empty;
            });
            Map<String, Long> rows = new LinkedHashMap<>();
            contents.forEach((table, content) -> rows.put(table.name(), content.rows()));
            return new Moved(rows, before);
        });
    }

    private static List<LedgerTable> tables(Connection connection) throws SQLException {
        return LedgerTable.in(connection).stream()
                .filter(table -> !OF_EACH_DATABASE.contains(table.name()))
                .toList();
    }

    /** A job's own are for the job to make. */
    private static void expectTables(Connection target, Set<LedgerTable> tables) throws SQLException {
        List<String> there =
                LedgerTable.in(target).stream().map(LedgerTable::name).toList();
        List<String> missing = tables.stream()
                .map(LedgerTable::name)
                .filter(name -> !there.contains(name))
                .toList();
        if (!missing.isEmpty()) {
            throw new IllegalStateException("The ledger has tables of a job of your own, which are not copied unless"
                    + " they are there: make " + String.join(", ", missing) + " in the other database first.");
        }
    }

    private static boolean areEmpty(Connection connection, Set<LedgerTable> tables) throws SQLException {
        for (LedgerTable table : tables) {
            if (!table.isEmptyIn(connection)) {
                return false;
            }
        }
        return true;
    }
}
