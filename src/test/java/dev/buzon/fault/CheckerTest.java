package dev.buzon.fault;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.buzon.TestHome;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.LocalDate;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The checker passes a home that is right, and names what is wrong in one that is not. */
class CheckerTest {

    private static final String ARCHIVED = "archive/invoices/" + LocalDate.now();
    private static final Map<String, String> INVOICES = new LinkedHashMap<>();
    private static final Map<String, String> BIZUMS = new LinkedHashMap<>();

    static {
        INVOICES.put(
                "good.json",
                """
                {"InvoiceNumber":"g1","CreatedTime":1,"DeliveryAddress":{"City":"Ávila"},"InvoiceLineItems":\
                [{"ItemCode":"a","ItemPrice":1.50},{"ItemCode":"b","ItemQty":2}]}
                {"InvoiceNumber":"g2","InvoiceLineItems":[{"ItemCode":"a"}]}
                """);
        INVOICES.put("again.json", INVOICES.get("good.json"));
        INVOICES.put(
                "partly.json",
                """
                {"InvoiceNumber":"p1","InvoiceLineItems":[{"ItemCode":"a"}]}
                no invoice
                {"InvoiceNumber":"p2","InvoiceLineItems":[]}
                """);
        INVOICES.put("array.json", "[{\"InvoiceNumber\":\"a1\",\"InvoiceLineItems\":[{\"ItemCode\":\"a\"}]}]");
        INVOICES.put("broken.json", "nothing of the kind\n");
        BIZUMS.put("one.csv", "Nombre;Cantidad;Concepto\r\nAitor;25;Cena\r\nMiren;10,5;Taxi");
        BIZUMS.put("two.csv", "aitor;25;Bus\nAna;x;y\nMiren;3;Pan\n");
        BIZUMS.put("none.csv", "Ana;x;y\n");
    }

    @TempDir
    private static Path shared;

    @TempDir
    private Path folder;

    private Checker checker;

    @BeforeAll
    static void handleFiles() throws Exception {
        TestHome home = new TestHome(shared).start();
        for (Map.Entry<String, String> file : INVOICES.entrySet()) {
            home.handle("invoices", file.getKey(), file.getValue());
        }
        for (Map.Entry<String, String> file : BIZUMS.entrySet()) {
            home.handle("bizums", file.getKey(), file.getValue());
        }
        // It may rest for a while from having been looked for.
        await().until(() -> home.highestBizums().contains("Bus"));
        home.stop();
    }

    @BeforeEach
    void copyHome() throws IOException {
        try (Stream<Path> files = Files.walk(shared)) {
            for (Path file : (Iterable<Path>) files::iterator) {
                if (!file.equals(shared)) {
                    Files.copy(file, folder.resolve(shared.relativize(file)));
                }
            }
        }
        checker = new Checker(folder);
        INVOICES.forEach((name, content) -> checker.dropped("invoices", name, bytes(content)));
        BIZUMS.forEach((name, content) -> checker.dropped("bizums", name, bytes(content)));
    }

    @Test
    void aHomeThatIsRightPasses() {
        assertThatCode(checker::check).doesNotThrowAnyException();
    }

    @Test
    void aResultMayBeTakenOnce() throws IOException {
        Path result = only("outbox/invoices", "good");
        byte[] content = Files.readAllBytes(result);
        Files.delete(result);
        assertWrong(
                "missing: {\"InvoiceNumber\":\"g1\"",
                "results named " + result.getFileName() + ": expected 1, found 0");

        checker.taken(result.getFileName().toString(), content);
        assertThatCode(checker::check).doesNotThrowAnyException();

        checker.taken(result.getFileName().toString(), content);
        assertWrong("published too often: {\"InvoiceNumber\":\"g1\"", "expected 1, found 2");
    }

    @Test
    void aLostSource() throws IOException {
        Files.delete(only(ARCHIVED, "good"));

        assertWrong("(again.json) was dropped 2 times, and is there 1 times", "archived is no file: " + ARCHIVED);
    }

    @Test
    void aSourceThatWasNeverDropped() throws IOException {
        Files.writeString(folder.resolve(ARCHIVED).resolve("x.json"), "x");

        assertWrong("x.json holds what was never dropped, 1 bytes");
    }

    @Test
    void aSourceThatWaits() throws Exception {
        Files.writeString(folder.resolve("inbox/invoices/x.json"), "x");
        checker.dropped("invoices", "x.json", bytes("x"));

        assertWrong("(x.json) waits");
        checker.checkWhileFilesWait();
    }

    @Test
    void aSourceThatMayHaveArrivedMayBeThereOrNot() throws Exception {
        checker.perhapsDropped("invoices", "good.json", bytes(INVOICES.get("good.json")));
        checker.perhapsDropped("invoices", "x.json", bytes("x"));

        checker.check();

        Files.writeString(folder.resolve("inbox/invoices/x.json"), "x");
        checker.checkWhileFilesWait();
    }

    @Test
    void aDuplicateAmongTheArchived() throws IOException {
        Path duplicate = only("archive/duplicates/" + ARCHIVED.substring("archive/".length()), "again");
        Files.move(duplicate, folder.resolve(ARCHIVED).resolve("again.json"));

        assertWrong("(again.json) should be archived or rejected once, the rest duplicates");
    }

    @Test
    void aTornSource() throws IOException {
        truncate(only(ARCHIVED, "good"));

        assertWrong("holds what was never dropped", "archived has the key");
    }

    @Test
    void aTornResult() throws IOException {
        truncate(only("outbox/invoices", "good"));

        assertWrong("is partial", "has 2 line items, not the 3 of its source", "missing: {\"InvoiceNumber\":\"g2\"");
    }

    @Test
    void anEmptyResult() throws IOException {
        Files.write(only("outbox/invoices", "good"), new byte[0]);

        assertWrong("is partial", "has 0 line items, not the 3 of its source");
    }

    @Test
    void anUnknownResult() throws IOException {
        Files.writeString(folder.resolve("outbox/invoices/x.json"), "{\"InvoiceNumber\":\"x\"}\n");

        assertWrong(
                "x.json is a result that the ledger does not name", "published too often: {\"InvoiceNumber\":\"x\"}");
    }

    @Test
    void anExplanationThatIsLostTornOrUnknown() throws IOException {
        Files.delete(only("archive/rejected/invoices", "broken", ".error.json"));
        truncate(only("archive/rejected/invoices", "partly", ".records.jsonl"));
        Files.writeString(folder.resolve("archive/rejected/invoices/x.error.json"), "{}");

        assertWrong(
                "rejected_output is no file",
                "is no JSON",
                "archive/rejected/invoices/x.error.json is unknown to the ledger");
    }

    @Test
    void aTableThatIsOldOrMissing() throws IOException {
        Path table = folder.resolve("outbox/bizums/highest-bizums.csv");
        Files.writeString(table, "aitor;25;Cena\nmiren;10.50;Taxi\n");
        assertWrong("highest-bizums.csv: expected [aitor;25;Bus, miren;10.50;Taxi], found [aitor;25;Cena,");

        Files.delete(table);
        assertWrong("highest-bizums.csv is missing");
    }

    @Test
    void leftovers() throws IOException {
        Files.createDirectory(folder.resolve("outbox/invoices/.staging/abc"));
        Files.createFile(folder.resolve("archive/rejected/bizums/.staging/x"));
        Files.createFile(folder.resolve(".buzon/tmp/x"));
        Files.createFile(folder.resolve("inbox/bizums/.buzon-x"));

        assertWrong(
                "outbox/invoices/.staging/abc was left behind",
                "archive/rejected/bizums/.staging/x was left behind",
                ".buzon/tmp/x was left behind",
                "inbox/bizums/.buzon-x was left behind");
    }

    @Test
    void aRowThatIsMissing() throws SQLException {
        change("DELETE FROM file WHERE source = 'good.json'");

        assertWrong("was handled, and the ledger has no row", "is a result that the ledger does not name");
    }

    @Test
    void aRowOfWhatWasNeverHandled() throws SQLException {
        change("UPDATE file SET key = replace(key, substr(key, 1, 1), 'g') WHERE source = 'good.json'");

        assertWrong("has a row, and was never handled", "was handled, and the ledger has no row");
    }

    @Test
    void aTotalThatIsNoSum() throws SQLException {
        change("UPDATE total SET duplicates = 2 WHERE route = 'invoices'");
        change("UPDATE file SET batch = 3 WHERE source = 'one.csv'");

        assertWrong(
                "invoices: the ledger's total is not the sum of its rows",
                "bizums: the ledger's total is not the sum of its rows");
    }

    @Test
    void aRowThatIsWrong() throws SQLException {
        change("UPDATE file SET state = 'COMMITTED', records = 7, results = 8, rejected = 9, bytes = 6"
                + " WHERE source = 'good.json'");
        change("UPDATE file SET results = 5 WHERE source = 'two.csv'");
        change("UPDATE highest_bizum SET concept = 'Cena'");

        assertWrong(
                "state: expected ARCHIVED, found COMMITTED",
                "records: expected 2, found 7",
                "results: expected 3, found 8",
                "rejected: expected 0, found 9",
                "bytes: expected " + bytes(INVOICES.get("good.json")).length + ", found 6",
                "(two.csv): the ledger's results: expected 1, found 5",
                "the table highest_bizum: expected [aitor;25;Bus, ");
    }

    @Test
    void aDuplicateThatTheLedgerDoesNotKnowOrHasElsewhere() throws SQLException {
        change("UPDATE duplicate SET archived = 'archive/duplicates/nowhere', moving = 0");
        assertWrong("again.json is not there: archive/duplicates/nowhere", "is a duplicate that the ledger does not");

        change("UPDATE duplicate SET moving = 1, sequence = (SELECT MIN(sequence) FROM file)");
        assertWrong("again.json is still on its way", "two rows have the same place in the ledger's sequence");
    }

    private void assertWrong(String... messages) {
        assertThatThrownBy(checker::check).isInstanceOf(AssertionError.class).hasMessageContainingAll(messages);
    }

    private Path only(String in, String... parts) throws IOException {
        try (Stream<Path> files = Files.list(folder.resolve(in))) {
            return files.filter(file -> Stream.of(parts)
                            .allMatch(part -> file.getFileName().toString().contains(part)))
                    .reduce((one, other) -> {
                        throw new AssertionError(List.of(one, other));
                    })
                    .orElseThrow();
        }
    }

    private static void truncate(Path file) throws IOException {
        byte[] content = Files.readAllBytes(file);
        Files.write(file, java.util.Arrays.copyOf(content, content.length - 5), StandardOpenOption.TRUNCATE_EXISTING);
    }

    private void change(String sql) throws SQLException {
        try (Connection ledger = DriverManager.getConnection("jdbc:sqlite:" + folder.resolve(".buzon/ledger.db"));
                Statement statement = ledger.createStatement()) {
            statement.executeUpdate(sql);
        }
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
