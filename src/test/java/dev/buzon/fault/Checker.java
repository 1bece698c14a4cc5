package dev.buzon.fault;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.buzon.Postgres;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.commons.io.FileUtils;

/**
 * Holds a home against all that was ever dropped into it and taken out of it: nothing lost, nothing twice, nothing
 * partial, and a ledger that says so. It knows the home by its files and its ledger by SQL, shares no code with what it
 * checks, and expects the default folders and {@code clean-source=archive}.
 *
 * <p>The daemon must have stopped, or have come to rest. Thread-safe, so that senders and consumers can report to it.
 */
public final class Checker {

    private static final List<String> ROUTES = List.of("bizums", "invoices");
    private static final int SHOWN = 100;

    private final Path home;
    private final String url;
    private final Map<Content, Drops> dropped = new LinkedHashMap<>();
    private final List<Result> taken = new ArrayList<>();

    private final Set<String> wrong = new LinkedHashSet<>();
    private final Map<Content, Expected> handled = new LinkedHashMap<>();

    public Checker(Path home) {
        this(home, null);
    }

    /** @param url of the ledger on a server; null where it is a file in the home */
    Checker(Path home, String url) {
        this.home = home;
        this.url = url;
    }

    private record Content(String route, String key) {

        @Override
        public String toString() {
            return route + " " + key.substring(0, 8);
        }
    }

    private static final class Drops {
        private String name;
        private byte[] content;
        private int sure;
        private int perhaps;
    }

    private record Result(String name, byte[] content) {}

    private record Row(
            String source,
            long bytes,
            long records,
            long results,
            long rejected,
            String output,
            String rejectedOutput,
            String archived,
            String state) {}

    /** Says that a file is in an inbox, or has been. */
    public synchronized void dropped(String route, String name, byte[] content) {
        drops(route, name, content).sure++;
    }

    /** Says that a file may have reached an inbox, and may not: its sender was interrupted. */
    public synchronized void perhapsDropped(String route, String name, byte[] content) {
        drops(route, name, content).perhaps++;
    }

    /** Says that a consumer took a result out of {@code outbox/invoices}. */
    public synchronized void taken(String name, byte[] content) {
        taken.add(new Result(name, content));
    }

    /** @throws AssertionError with all that is wrong; at rest a file that waits in an inbox is wrong, too */
    public void check() throws IOException, SQLException {
        check(false);
    }

    /** As {@link #check}, of a home in whose inboxes files still wait. */
    public void checkWhileFilesWait() throws IOException, SQLException {
        check(true);
    }

    private synchronized void check(boolean filesMayWait) throws IOException, SQLException {
        wrong.clear();
        handled.clear();
        checkPlaces(filesMayWait);
        Map<Content, Row> rows;
        List<String> maxima;
        Path copy = url == null ? copyOfLedger() : null;
        try (Connection ledger =
                url == null ? DriverManager.getConnection("jdbc:sqlite:" + copy) : Postgres.look(url)) {
            // All of one moment.
            ledger.setTransactionIsolation(Connection.TRANSACTION_SERIALIZABLE);
            ledger.setAutoCommit(false);
            Statement statement = ledger.createStatement();
            rows = rows(statement);
            maxima = maxima(statement);
            checkTotals(statement);
            checkDuplicates(statement, filesMayWait);
        } finally {
            if (copy != null) {
                FileUtils.deleteDirectory(copy.getParent().toFile());
            }
        }
        checkRows(rows);
        checkResults(rows);
        checkMaxima(rows, maxima);
        checkLeftovers();
        if (!wrong.isEmpty()) {
            String more = wrong.size() > SHOWN ? "\n… and " + (wrong.size() - SHOWN) + " more" : "";
            throw new AssertionError(wrong.size() + " wrong in " + home + ":\n"
                    + wrong.stream().limit(SHOWN).collect(Collectors.joining("\n")) + more);
        }
    }

    private Drops drops(String route, String name, byte[] content) {
        Drops drops = dropped.computeIfAbsent(new Content(route, sha256(content)), fresh -> new Drops());
        drops.name = name;
        drops.content = content;
        return drops;
    }

    private void checkPlaces(boolean filesMayWait) throws IOException {
        Map<Content, Map<String, List<Path>>> places = new HashMap<>();
        for (String route : ROUTES) {
            for (Path file : files("inbox/" + route, 1)) {
                String name = file.getFileName().toString();
                if (!name.startsWith(".") && !name.endsWith(".tmp")) {
                    put(places, route, "waiting", file);
                }
            }
            for (Path file : files("archive/" + route, 2)) {
                put(places, route, "archived", file);
            }
            for (Path file : files("archive/duplicates/" + route, 2)) {
                put(places, route, "duplicate", file);
            }
            for (Path file : files("archive/rejected/" + route, 1)) {
                if (!isExplanation(file)) {
                    put(places, route, "rejected", file);
                }
            }
        }
        dropped.forEach(
                (content, drops) -> checkPlace(content, drops, places.getOrDefault(content, Map.of()), filesMayWait));
    }

    private void put(Map<Content, Map<String, List<Path>>> places, String route, String kind, Path file)
            throws IOException {
        Content content = new Content(route, sha256(Files.readAllBytes(file)));
        if (!dropped.containsKey(content)) {
            wrong.add(relative(file) + " holds what was never dropped, " + Files.size(file) + " bytes");
        }
        places.computeIfAbsent(content, fresh -> new TreeMap<>())
                .computeIfAbsent(kind, fresh -> new ArrayList<>())
                .add(file);
    }

    private void checkPlace(Content content, Drops drops, Map<String, List<Path>> at, boolean filesMayWait) {
        Expected expected = Expected.of(content.route, drops.content);
        int waiting = count(at, "waiting");
        int archived = count(at, "archived");
        int rejected = count(at, "rejected");
        int all = waiting + archived + rejected + count(at, "duplicate");
        String what = content + " (" + drops.name + ")";
        if (all < drops.sure || all > drops.sure + drops.perhaps) {
            wrong.add(what + " was dropped " + drops.sure + " times, and is there " + all + " times: " + at);
        }
        if (waiting > 0 && !filesMayWait) {
            wrong.add(what + " waits: " + at.get("waiting"));
        }
        if (all > waiting && archived + rejected != 1) {
            wrong.add(what + " should be archived or rejected once, the rest duplicates: " + at);
        }
        if (expected.readable() ? rejected > 0 : archived > 0) {
            wrong.add(what + (expected.readable() ? " is readable, and was rejected" : " is unreadable, and was not"));
        }
        boolean onlyWaits = all == waiting && all >= Math.max(1, drops.sure);
        boolean neverCame = all == 0 && drops.sure == 0;
        if (!onlyWaits && !neverCame) {
            handled.put(content, expected);
        }
    }

    private static int count(Map<String, List<Path>> at, String kind) {
        return at.getOrDefault(kind, List.of()).size();
    }

    /** To open the ledger may be to recover it, which is for the daemon to do. */
    private Path copyOfLedger() throws IOException {
        Path ledger = home.resolve(".buzon/ledger.db");
        Path copy = Files.createTempDirectory("ledger").resolve("ledger.db");
        Files.copy(ledger, copy);
        Path log = Path.of(ledger + "-wal");
        if (Files.exists(log)) {
            Files.copy(log, Path.of(copy + "-wal"));
        }
        return copy;
    }

    /** In the order of a route's commits. */
    private static Map<Content, Row> rows(Statement statement) throws SQLException {
        Map<Content, Row> rows = new LinkedHashMap<>();
        try (ResultSet result = statement.executeQuery("SELECT * FROM file ORDER BY batch")) {
            while (result.next()) {
                rows.put(
                        new Content(result.getString("route"), result.getString("key")),
                        new Row(
                                result.getString("source"),
                                result.getLong("bytes"),
                                result.getLong("records"),
                                result.getLong("results"),
                                result.getLong("rejected"),
                                result.getString("output"),
                                result.getString("rejected_output"),
                                result.getString("archived"),
                                result.getString("state")));
            }
        }
        return rows;
    }

    private static List<String> maxima(Statement statement) throws SQLException {
        List<String> maxima = new ArrayList<>();
        try (ResultSet result = statement.executeQuery("SELECT * FROM highest_bizum ORDER BY cents DESC, person")) {
            while (result.next()) {
                maxima.add(result.getString("person") + ";" + amount(result.getLong("cents")) + ";"
                        + result.getString("concept"));
            }
        }
        return maxima;
    }

    /** What the ledger says of all time is the sum of its rows, whose batches are numbered without a gap. */
    private void checkTotals(Statement statement) throws SQLException {
        try (ResultSet routes = statement.executeQuery("SELECT f.route FROM (SELECT route, COUNT(*) files,"
                + " COUNT(DISTINCT batch) batches, MAX(batch) last, SUM(bytes) bytes, SUM(records) records,"
                + " SUM(results) results, SUM(rejected) rejected FROM file GROUP BY route) f"
                + " LEFT JOIN total t ON t.route = f.route WHERE COALESCE(t.handled + t.rejected_files = f.files"
                + " AND f.batches = f.files AND f.last = f.files AND t.bytes = f.bytes AND t.records = f.records"
                + " AND t.results = f.results AND t.rejected_records = f.rejected AND t.duplicates ="
                + " (SELECT COUNT(*) FROM duplicate d WHERE d.route = f.route), FALSE) = FALSE")) {
            while (routes.next()) {
                wrong.add(routes.getString(1) + ": the ledger's total is not the sum of its rows");
            }
        }
    }

    /** The history has a row of each that was put away, which says where it is, in the one sequence of all rows. */
    private void checkDuplicates(Statement statement, boolean filesMayWait) throws IOException, SQLException {
        Set<String> known = new LinkedHashSet<>();
        try (ResultSet rows = statement.executeQuery("SELECT route, source, archived, moving FROM duplicate")) {
            while (rows.next()) {
                String what = rows.getString(1) + ": the duplicate " + rows.getString(2);
                String archived = rows.getString(3);
                if (rows.getInt(4) == 1 && !filesMayWait) {
                    wrong.add(what + " is still on its way");
                }
                if (archived != null && !known.add(archived)) {
                    wrong.add(what + " is where another is: " + archived);
                }
                if (rows.getInt(4) == 0 && archived != null && !Files.isRegularFile(home.resolve(archived))) {
                    wrong.add(what + " is not there: " + archived);
                }
            }
        }
        for (String route : ROUTES) {
            for (Path file : files("archive/duplicates/" + route, 2)) {
                if (!known.contains(relative(file))) {
                    wrong.add(relative(file) + " is a duplicate that the ledger does not know");
                }
            }
        }
        try (ResultSet twice = statement.executeQuery("SELECT sequence FROM (SELECT sequence FROM file UNION ALL"
                + " SELECT sequence FROM duplicate) AS every_row GROUP BY sequence HAVING COUNT(*) > 1")) {
            while (twice.next()) {
                wrong.add("two rows have the same place in the ledger's sequence: " + twice.getLong(1));
            }
        }
    }

    private void checkRows(Map<Content, Row> rows) throws IOException {
        for (Content content : handled.keySet()) {
            if (!rows.containsKey(content)) {
                wrong.add(content + " was handled, and the ledger has no row");
            }
        }
        for (Map.Entry<Content, Row> entry : rows.entrySet()) {
            Content content = entry.getKey();
            Row row = entry.getValue();
            Expected expected = handled.get(content);
            if (expected == null) {
                wrong.add(content + " has a row, and was never handled: " + row);
                continue;
            }
            String what = content + " (" + row.source + "): the ledger's ";
            expect(what + "state", expected.readable() ? "ARCHIVED" : "REJECTED", row.state);
            expect(what + "bytes", (long) dropped.get(content).content.length, row.bytes);
            expect(what + "records", expected.readable() ? expected.records() : 0, row.records);
            expect(what + "rejected", (long) expected.bad().size(), row.rejected);
            if (content.route.equals("invoices")) {
                expect(what + "results", (long) expected.lineItems().size(), row.results);
                expect(what + "output is there", !expected.lineItems().isEmpty(), row.output != null);
            } else {
                expect(what + "output", null, row.output);
            }
            Path archived = row.archived == null ? null : home.resolve(row.archived);
            if (archived == null || !Files.isRegularFile(archived)) {
                wrong.add(what + "archived is no file: " + row.archived);
            } else {
                expect(what + "archived has the key", content.key, sha256(Files.readAllBytes(archived)));
            }
            checkExplanation(content, expected, row);
        }
        checkExplanationsKnown(rows);
    }

    private void checkExplanation(Content content, Expected expected, Row row) throws IOException {
        if (expected.readable() && expected.bad().isEmpty()) {
            expect(content + ": the ledger's rejected_output", null, row.rejectedOutput);
            return;
        }
        Path file = row.rejectedOutput == null ? null : home.resolve(row.rejectedOutput);
        if (file == null || !Files.isRegularFile(file)) {
            wrong.add(content + ": the ledger's rejected_output is no file: " + row.rejectedOutput);
            return;
        }
        try {
            if (expected.readable()) {
                List<String> bad = new ArrayList<>();
                for (String line : lines(file.toString(), Files.readAllBytes(file))) {
                    JsonNode record = Expected.read(line);
                    bad.add(record.get("line") + ": " + record.get("record").asText());
                }
                expect(row.rejectedOutput, expected.bad(), bad);
            } else {
                JsonNode error = Expected.read(Files.readString(file));
                expect(row.rejectedOutput, content.key, error.path("key").asText());
            }
        } catch (JsonProcessingException e) {
            wrong.add(row.rejectedOutput + " is no JSON: " + e.getOriginalMessage());
        }
    }

    private void checkExplanationsKnown(Map<Content, Row> rows) throws IOException {
        Set<String> known =
                rows.values().stream().map(row -> row.rejectedOutput).collect(Collectors.toSet());
        for (String route : ROUTES) {
            for (Path file : files("archive/rejected/" + route, 1)) {
                if (isExplanation(file) && !known.contains(relative(file))) {
                    wrong.add(relative(file) + " is unknown to the ledger");
                }
            }
        }
    }

    private void checkResults(Map<Content, Row> rows) throws IOException {
        Map<String, Content> byName = new HashMap<>();
        rows.forEach((content, row) -> {
            if (row.output != null) {
                byName.put(Path.of(row.output).getFileName().toString(), content);
            }
        });
        List<Result> results = new ArrayList<>(taken);
        for (Path file : files("outbox/invoices", 1)) {
            results.add(new Result(file.getFileName().toString(), Files.readAllBytes(file)));
        }
        Map<String, Integer> lineItems = new LinkedHashMap<>();
        handled.values()
                .forEach(expected -> expected.lineItems().forEach(item -> lineItems.merge(item, 1, Integer::sum)));
        Map<String, Integer> published = new HashMap<>();
        for (Result result : results) {
            List<String> items = new ArrayList<>();
            for (String line : lines(result.name, result.content)) {
                try {
                    items.add(Expected.canonical(line));
                } catch (JsonProcessingException e) {
                    wrong.add(result.name + " is partial: " + e.getOriginalMessage());
                }
            }
            Expected expected = handled.get(byName.get(result.name));
            if (expected == null) {
                wrong.add(result.name + " is a result that the ledger does not name");
            } else if (!expected.lineItems().equals(items)) {
                wrong.add(result.name + " has " + items.size() + " line items, not the "
                        + expected.lineItems().size() + " of its source");
            }
            published.merge(result.name, 1, Integer::sum);
            items.forEach(item -> lineItems.merge(item, -1, Integer::sum));
        }
        lineItems.forEach((item, missing) -> {
            if (missing != 0) {
                wrong.add((missing > 0 ? "missing: " : "published too often: ") + item);
            }
        });
        byName.forEach(
                (name, content) -> expect(content + ": results named " + name, 1, published.getOrDefault(name, 0)));
        for (Path file : files("outbox/bizums", 1)) {
            if (!file.endsWith("highest-bizums.csv")) {
                wrong.add(relative(file) + " is unknown");
            }
        }
    }

    /** Of all files, and, as the ledger has them in their order, how many each of them raised. */
    private void checkMaxima(Map<Content, Row> rows, List<String> inLedger) throws IOException {
        Map<String, Expected.Bizum> maxima = new HashMap<>();
        rows.forEach((content, row) -> {
            if (content.route.equals("bizums") && handled.containsKey(content)) {
                Map<String, Expected.Bizum> ofFile = new HashMap<>();
                handled.get(content).bizums().forEach(bizum -> raise(ofFile, bizum));
                long raised = ofFile.values().stream()
                        .filter(bizum -> raise(maxima, bizum))
                        .count();
                expect(content + " (" + row.source + "): the ledger's results", raised, row.results);
            }
        });
        List<String> expected = maxima.values().stream()
                .sorted(Comparator.comparingLong(Expected.Bizum::cents)
                        .reversed()
                        .thenComparing(Expected.Bizum::person))
                .map(bizum -> bizum.person() + ";" + amount(bizum.cents()) + ";" + bizum.concept())
                .toList();
        expect("the table highest_bizum", expected, inLedger);
        Path table = home.resolve("outbox/bizums/highest-bizums.csv");
        if (Files.exists(table)) {
            expect("highest-bizums.csv", expected, lines("highest-bizums.csv", Files.readAllBytes(table)));
        } else if (!expected.isEmpty()) {
            wrong.add("highest-bizums.csv is missing");
        }
    }

    /** @return whether it did */
    private static boolean raise(Map<String, Expected.Bizum> maxima, Expected.Bizum bizum) {
        return maxima.merge(bizum.person(), bizum, (old, fresh) -> fresh.isHigherThan(old) ? fresh : old) == bizum;
    }

    private static String amount(long cents) {
        return BigDecimal.valueOf(cents, 2).setScale(cents % 100 == 0 ? 0 : 2).toPlainString();
    }

    private void checkLeftovers() throws IOException {
        for (String route : ROUTES) {
            for (String folder : List.of("outbox/" + route, "archive/rejected/" + route)) {
                Path staging = home.resolve(folder).resolve(".staging");
                checkNothingIn(staging, file -> !file.equals(staging.resolve(route)));
            }
            checkNothingIn(
                    home.resolve("inbox").resolve(route),
                    file -> file.getFileName().toString().startsWith(".buzon-"));
        }
        // Spark keeps empty folders of its own while it runs.
        checkNothingIn(home.resolve(".buzon/tmp"), Files::isRegularFile);
    }

    private void checkNothingIn(Path folder, Predicate<Path> leftBehind) throws IOException {
        try (Stream<Path> left = Files.exists(folder) ? Files.walk(folder) : Stream.empty()) {
            left.filter(file -> !file.equals(folder))
                    .filter(leftBehind)
                    .forEach(file -> wrong.add(relative(file) + " was left behind"));
        }
    }

    /** Those at a depth below a folder; whatever lies at another is wrong. */
    private List<Path> files(String folder, int depth) throws IOException {
        Path root = home.resolve(folder);
        List<Path> files = new ArrayList<>();
        try (Stream<Path> below = Files.exists(root) ? Files.walk(root) : Stream.empty()) {
            for (Path path :
                    (Iterable<Path>) below.filter(path -> !path.startsWith(root.resolve(".staging")))::iterator) {
                boolean file = Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS);
                int at = path.getNameCount() - root.getNameCount();
                if (file && at == depth) {
                    files.add(path);
                } else if (file || at >= depth) {
                    wrong.add(relative(path) + " is out of place");
                }
            }
        }
        return files;
    }

    private List<String> lines(String name, byte[] content) {
        String text = new String(content, StandardCharsets.UTF_8);
        if (!text.endsWith("\n")) {
            wrong.add(name + " is partial: its last line has no end");
        }
        return text.lines().toList();
    }

    private static boolean isExplanation(Path file) {
        String name = file.getFileName().toString();
        return name.endsWith(".records.jsonl") || name.endsWith(".error.json");
    }

    private <T> void expect(String what, T expected, T found) {
        if (expected == null ? found != null : !expected.equals(found)) {
            wrong.add(what + ": expected " + expected + ", found " + found);
        }
    }

    private String relative(Path file) {
        return home.relativize(file).toString();
    }

    private static String sha256(byte[] content) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
