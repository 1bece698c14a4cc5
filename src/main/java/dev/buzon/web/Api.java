package dev.buzon.web;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import dev.buzon.delivery.Snapshots;
import dev.buzon.home.Home;
import dev.buzon.ledger.HistoryQuery;
import dev.buzon.ledger.Ledger;
import dev.buzon.ledger.LedgerEntry;
import dev.buzon.monitor.FileProgress;
import dev.buzon.monitor.FileProgress.StepMillis;
import dev.buzon.monitor.Monitor;
import dev.buzon.monitor.WaitingFile;
import dev.buzon.web.FirstBadRecords.Extract;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** What the page asks for, as its README tells. Thread-safe. */
final class Api {

    private static final int MOST_FILES = 500;
    private static final int ROWS = 100;

    private final Home home;
    private final Monitor monitor;
    private final Ledger ledger;
    private final Snapshots tables;

    Api(Home home, Monitor monitor, Ledger ledger, Snapshots tables) {
        this.home = home;
        this.monitor = monitor;
        this.ledger = ledger;
        this.tables = tables;
    }

    /** A file of the ledger; its steps where it is among the last ones of its route, otherwise null. */
    record File(@JsonUnwrapped LedgerEntry entry, StepMillis steps) {}

    /** Where the files of a name are, and what became of those before. */
    record Life(List<WaitingFile> waiting, List<File> files) {}

    /** A file of the ledger with the first of its bad records. */
    record Rejected(@JsonUnwrapped LedgerEntry entry, List<Extract> extracts) {}

    Object status(Map<String, String> parameters) {
        return monitor.status();
    }

    Object plots(Map<String, String> parameters) {
        return monitor.plot(parameters.getOrDefault("route", ""), parameters.getOrDefault("window", "15m"));
    }

    Object files(Map<String, String> parameters) throws SQLException {
        return files(HistoryQuery.latest(limit(parameters)));
    }

    Object life(Map<String, String> parameters) throws SQLException {
        String name = parameters.getOrDefault("name", "");
        if (name.isEmpty()) {
            throw new IllegalArgumentException("name: that of a file is expected.");
        }
        return new Life(monitor.waiting(name), files(new HistoryQuery(name, true, null, false, limit(parameters))));
    }

    private List<File> files(HistoryQuery asked) throws SQLException {
        return ledger.history(asked).stream()
                .map(entry -> new File(entry, steps(entry)))
                .toList();
    }

    Object rejected(Map<String, String> parameters) throws SQLException {
        List<Rejected> rejected = new ArrayList<>();
        for (LedgerEntry entry : ledger.history(new HistoryQuery(null, false, null, true, limit(parameters)))) {
            boolean inRecords = entry.error() == null && entry.rejectedOutput() != null;
            rejected.add(new Rejected(
                    entry, inRecords ? FirstBadRecords.first(home.resolve(entry.rejectedOutput())) : List.of()));
        }
        return rejected;
    }

    Object tables(Map<String, String> parameters) throws SQLException {
        return tables.show(ROWS);
    }

    private StepMillis steps(LedgerEntry entry) {
        if (!monitor.routes().contains(entry.route())) {
            return null;
        }
        return monitor.recent(entry.route()).stream()
                .filter(progress ->
                        progress.batch() == entry.number() && progress.key().equals(entry.key()))
                .filter(progress ->
                        progress.timestamp().toEpochMilli() == entry.startedAt().toEpochMilli())
                .findFirst()
                .map(FileProgress::steps)
                .orElse(null);
    }

    private static int limit(Map<String, String> parameters) {
        String limit = parameters.getOrDefault("limit", "50");
        if (!limit.matches("[0-9]{1,4}")) {
            throw new IllegalArgumentException("limit: a number from 0 to " + MOST_FILES + " is expected.");
        }
        return Math.min(Integer.parseInt(limit), MOST_FILES);
    }
}
