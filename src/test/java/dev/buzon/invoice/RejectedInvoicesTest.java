package dev.buzon.invoice;

import static java.nio.charset.StandardCharsets.UTF_16BE;
import static java.nio.charset.StandardCharsets.UTF_16LE;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.buzon.Ending;
import dev.buzon.RecordedLog;
import dev.buzon.TestHome;
import java.io.ByteArrayOutputStream;
import java.nio.charset.Charset;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What becomes of invoices that are none, and of the good ones beside them. */
class RejectedInvoicesTest {

    private static final int MAX_RECORD_BYTES = 1_000_000;
    private static final AtomicInteger FILES = new AtomicInteger();

    @TempDir
    private static Path folder;

    private static TestHome home;

    @BeforeAll
    static void start() throws Exception {
        home = new TestHome(folder)
                .set("buzon.invoices.quiet-period", "10ms")
                .set("buzon.invoices.poll-interval", "10ms")
                .set("buzon.invoices.max-record-bytes", Integer.toString(MAX_RECORD_BYTES))
                .start();
    }

    @AfterAll
    static void stop() throws Exception {
        home.stop();
    }

    @AfterEach
    void nothingIsLeftInTheStaging() throws Exception {
        assertThat(home.files("outbox/invoices/.staging/invoices")).isEmpty();
        assertThat(home.path("outbox/invoices/.staging/invoices")).isEmptyDirectory();
        assertThat(home.path("archive/rejected/invoices/.staging/invoices")).isEmptyDirectory();
    }

    private static Ending handle(byte[] content) throws Exception {
        return Ending.of(home, "invoices", "f" + FILES.incrementAndGet() + ".json", content);
    }

    private static Ending handle(String content) throws Exception {
        return handle(content.getBytes(UTF_8));
    }

    private static String invoice(String number) {
        return "{\"InvoiceNumber\":\"" + number + "\",\"InvoiceLineItems\":[{\"ItemCode\":\"i" + number + "\"}]}";
    }

    private static String itemOf(String number) {
        return "{\"InvoiceNumber\":\"" + number + "\",\"ItemCode\":\"i" + number + "\"}";
    }

    /** @param latin1 bytes, a character each */
    private static byte[] bytes(String latin1) {
        return latin1.getBytes(java.nio.charset.StandardCharsets.ISO_8859_1);
    }

    private static byte[] join(byte[]... parts) {
        ByteArrayOutputStream joined = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            joined.writeBytes(part);
        }
        return joined.toByteArray();
    }

    static Stream<Arguments> badRecords() {
        String emoji = "\uD83D\uDE00";
        return Stream.of(
                arguments(
                        "wrong type deep inside",
                        "{\"InvoiceNumber\":\"9\",\"InvoiceLineItems\":[{},{},{\"ItemPrice\":\"abc\"}]}",
                        "InvoiceLineItems[2].ItemPrice: expected a number, found \"abc\""),
                arguments(
                        "long text of the wrong type",
                        "{\"InvoiceNumber\":\"9\",\"TotalAmount\":\"" + emoji.repeat(60_000) + "\"}",
                        "TotalAmount: expected a number, found \"" + emoji.repeat(40) + "…\""),
                arguments(
                        "text that would end a line of the log",
                        "{\"InvoiceNumber\":\"9\",\"TotalAmount\":\"a\\nb\\u001b[31m\\u202e\\ud800\"}",
                        "TotalAmount: expected a number, found \"a\\u000Ab\\u001B[31m\\u202E\\uD800\""),
                arguments(
                        "object for an array",
                        "{\"InvoiceNumber\":\"9\",\"InvoiceLineItems\":{}}",
                        "InvoiceLineItems: expected an array, found an object"),
                arguments(
                        "number for an address",
                        "{\"InvoiceNumber\":\"9\",\"DeliveryAddress\":7}",
                        "DeliveryAddress: expected an object, found 7"),
                arguments("no number", "{\"InvoiceLineItems\":[]}", "InvoiceNumber: missing"),
                arguments("null for its number", "{\"InvoiceNumber\":null}", "InvoiceNumber: missing"),
                arguments(
                        "nested 100,000 deep",
                        "{\"InvoiceNumber\":\"9\",\"x\":" + "[".repeat(100_000) + "]".repeat(100_000) + "}",
                        "no JSON: Document nesting depth (1001) exceeds the maximum allowed (1000,"),
                arguments(
                        "number of 10,000 digits",
                        "{\"InvoiceNumber\":\"9\",\"TotalAmount\":" + "7".repeat(10_000) + "}",
                        "TotalAmount: a number of 10000 digits, 1000 at most"),
                arguments(
                        "number of 10,000 digits for a text",
                        "{\"InvoiceNumber\":" + "7".repeat(10_000) + "}",
                        "InvoiceNumber: expected a string, found a number of 10000 digits"),
                arguments(
                        "name of 100,000 characters",
                        "{\"InvoiceNumber\":\"9\",\"" + "n".repeat(100_000) + "\":1}",
                        "no JSON: Name length ("),
                arguments(
                        "name of 2,000 characters",
                        "{\"InvoiceNumber\":\"9\",\"" + "n".repeat(2_000) + "\":1}",
                        "no JSON: Name length ("),
                arguments(
                        "20,000 names that nobody knows",
                        "{\"InvoiceNumber\":\"9\",\"x\":["
                                + IntStream.range(0, 20_000)
                                        .mapToObj(i -> "{\"n" + i + "\":{}}")
                                        .collect(Collectors.joining(","))
                                + "]}",
                        "more than 10000 names of fields that no invoice has"),
                arguments(
                        "key twice",
                        "{\"InvoiceNumber\":\"9\",\"InvoiceNumber\":\"9\"}",
                        "no JSON at column 36: Duplicate field 'InvoiceNumber'"),
                arguments(
                        "key twice where it is skipped",
                        "{\"InvoiceNumber\":\"9\",\"x\":{\"y\":1,\"y\":2}}",
                        "Duplicate field 'y'"),
                arguments(
                        "wrong type in another case",
                        "{\"InvoiceNumber\":\"9\",\"InvoiceLineItems\":[{\"itemPrice\":\"1\"}]}",
                        "InvoiceLineItems[0].itemPrice: expected a number, found \"1\""),
                arguments(
                        "two cases of one name",
                        "{\"InvoiceNumber\":\"9\",\"InvoiceLineItems\":[{\"itemCode\":\"1\",\"itemcode\":\"2\"}]}",
                        "InvoiceLineItems[0].ItemCode: there more than once, in other cases of letters"),
                arguments(
                        "line items twice",
                        "{\"InvoiceNumber\":\"9\",\"InvoiceLineItems\":[{\"ItemCode\":\"1\"}],\"invoiceLineItems\":[]}",
                        "InvoiceLineItems: there more than once, in other cases of letters"),
                arguments("half a record", "{\"InvoiceNumber\":\"9\",\"Tot", "no JSON at column "),
                arguments(
                        "half a pair of surrogates",
                        "{\"InvoiceNumber\":\"\\ud83d\"}",
                        "InvoiceNumber: half a surrogate"),
                arguments(
                        "half a pair in an item",
                        "{\"InvoiceNumber\":\"9\",\"InvoiceLineItems\":[{\"ItemDescription\":\"a\\ude00\"}]}",
                        "InvoiceLineItems[0].ItemDescription: half a surrogate"),
                arguments(
                        "half a pair in a key that is skipped",
                        "{\"InvoiceNumber\":\"9\",\"\\ud83d\":1}",
                        "Broken surrogate pair in field name"),
                arguments("text after it", "{\"InvoiceNumber\":\"9\"} x", "no JSON at column "),
                arguments("no JSON", "hello", "no JSON at column "),
                arguments("not a number", "{\"InvoiceNumber\":\"9\",\"TotalAmount\":NaN}", "no JSON at column "),
                arguments(
                        "longer than is allowed",
                        "{\"InvoiceNumber\":\"9\",\"x\":\"" + "y".repeat(MAX_RECORD_BYTES) + "\"}",
                        "longer than 1000000 bytes"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource
    void badRecords(String what, String bad, String reason) throws Exception {
        Ending ending = handle(invoice("1") + "\n" + bad + "\n\n" + invoice("4") + "\n");

        assertThat(ending.output()).containsExactly(itemOf("1"), itemOf("4"));
        assertThat(ending.archived()).isTrue();
        assertThat(ending.error()).isNull();
        assertThat(ending.badRecords()).isNotEmpty();
        assertThat(ending.badRecords().get(ending.badRecords().size() - 1))
                .startsWith("2: ")
                .contains(reason)
                .hasSizeLessThan(310);
        assertThat(ending.extracts().get(0))
                .isEqualTo(
                        what.equals("text after it")
                                ? "x"
                                : bad.substring(0, Math.min(bad.length(), MAX_RECORD_BYTES)));
    }

    static Stream<Arguments> malformedBytes() {
        return Stream.of(
                arguments("invalid in a field", "{\"InvoiceNumber\":\"\u00f1\"}", "no UTF-8 at column 19"),
                arguments(
                        "invalid where it is skipped",
                        "{\"x\":\"abc\u00ff\",\"InvoiceNumber\":\"9\"}",
                        "no UTF-8 at column 10"),
                arguments("invalid in a skipped key", "{\"\u0080\":1,\"InvoiceNumber\":\"9\"}", "no UTF-8 at column 3"),
                arguments("overlong", "{\"InvoiceNumber\":\"\u00c0\u00af\"}", "no UTF-8 at column 19"),
                arguments(
                        "overlong where it is skipped",
                        "{\"x\":\"\u00e0\u0080\u00af\",\"InvoiceNumber\":\"9\"}",
                        "no UTF-8 at column 7"),
                arguments(
                        "surrogate in three bytes",
                        "{\"InvoiceNumber\":\"\u00ed\u00a0\u0080\"}",
                        "no UTF-8 at column 19"),
                arguments(
                        "beyond Unicode", "{\"InvoiceNumber\":\"\u00f4\u0090\u0080\u0080\"}", "no UTF-8 at column 19"),
                arguments("cut short", "{\"InvoiceNumber\":\"9\"}\u00c3", "no UTF-8 at column 1"),
                arguments("after an accent", "{\"InvoiceNumber\":\"\u00c3\u00b1\u00f1\"}", "no UTF-8 at column 20"),
                arguments("NUL in a text", "{\"InvoiceNumber\":\"9\u0000\"}", "no JSON at column "),
                arguments("NULs between", "{\"InvoiceNumber\":\u0000\u0000\"9\"}", "no JSON at column "),
                arguments("NULs alone, as a power cut leaves them", "\u0000".repeat(5_000), "no JSON at column 1"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource
    void malformedBytes(String what, String bad, String reason) throws Exception {
        Ending ending = handle(join(bytes(invoice("1") + "\n"), bytes(bad), bytes("\n" + invoice("3"))));

        assertThat(ending.output()).contains(itemOf("1"), itemOf("3"));
        assertThat(ending.badRecords()).hasSize(1);
        assertThat(ending.badRecords().get(0)).startsWith("2: ").contains(reason);
        assertThat(ending.archived()).isTrue();
    }

    @Test
    void placesAreInCharactersAndInTheRecordsOwnLines() throws Exception {
        String bad = "{\n  \"Invoice\u00d1umber\": 1,\n  \"Invoice\u00d1umber\": x\n}";

        Ending ending = handle("{\n" + invoice("1").substring(1) + "\n" + bad);

        assertThat(ending.output()).containsExactly(itemOf("1"));
        assertThat(ending.badRecords()).hasSize(1);
        assertThat(ending.badRecords().get(0)).startsWith("3: no JSON at column 17 of its line 3: Duplicate field");
    }

    static Stream<Arguments> goodOnes() {
        return Stream.of(
                arguments("byte order mark", "\uFEFF" + invoice("1")),
                arguments(
                        "number of 10,000 digits where it is skipped",
                        invoice("1").replaceFirst("\\{", "{\"x\":" + "7".repeat(10_000) + ",")),
                arguments(
                        "number of items beyond all numbers",
                        invoice("1").replaceFirst("\\{", "{\"NumberOfItems\":1e99999999999,")),
                arguments(
                        "number of items with a large exponent",
                        invoice("1").replaceFirst("\\{", "{\"NumberOfItems\":1e999999999,")),
                arguments("half a pair where it is skipped", invoice("1").replaceFirst("\\{", "{\"x\":\"\\\\ud800\",")),
                arguments(
                        "nested 900 deep",
                        invoice("1").replaceFirst("\\{", "{\"x\":" + "[".repeat(900) + "]".repeat(900) + ",")),
                arguments("escaped NUL where it is skipped", invoice("1").replaceFirst("\\{", "{\"x\":\"\\\\u0000\",")),
                arguments("array with an element a line", "[\n" + invoice("1") + "\n]\n"),
                arguments("array of one element in a line", "[" + invoice("1") + "]"),
                arguments("CR LF", invoice("1") + "\r\n\r\n"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource
    void goodOnes(String what, String content) throws Exception {
        Ending ending = handle(content);

        assertThat(ending.output()).as(what).containsExactly(itemOf("1"));
        assertThat(ending.badRecords()).isEmpty();
        assertThat(ending.archived()).isTrue();
    }

    @Test
    void anInvoiceOfManyItemsIsReadWholeThoughFewOfThemAreKept() throws Exception {
        List<String> items = IntStream.range(0, 1_000)
                .mapToObj(
                        i -> i % 3 == 0 ? "{}" : "{\"x\":[{}],\"ItemCode\":\"\\u00f1" + i + "\",\"ItemQty\":" + i + "}")
                .toList();
        String invoice =
                "{\"x\":{\"y\":[1]},\"InvoiceLineItems\":[" + String.join(",", items) + "],\"InvoiceNumber\":\"1\"}";

        Ending ending = handle(invoice);

        assertThat(ending.output())
                .isEqualTo(items.stream()
                        .map(item -> item.replace("\"x\":[{}],", "").replace("\\u00f1", "\u00f1"))
                        .map(item -> "{\"InvoiceNumber\":\"1\"" + (item.equals("{}") ? "}" : "," + item.substring(1)))
                        .toList());
    }

    static Stream<Arguments> otherCases() {
        String item = "{\"InvoiceNumber\":\"1\",\"ItemCode\":\"i1\"}";
        String many = "{\"itemcode\":\"i1\"}" + ",{\"itemcode\":\"i1\"}".repeat(149);
        return Stream.of(
                arguments(
                        invoice("1").replace("ItemCode", "itemCode"),
                        Collections.nCopies(1, item),
                        List.of("fields in another case of letters: 1 × itemCode")),
                arguments(
                        "{\"invoicenumber\":\"1\",\"INVOICELINEITEMS\":[" + many + "]}",
                        Collections.nCopies(150, item),
                        List.of("fields in another case of letters: 1 × INVOICELINEITEMS, 1 × invoicenumber, 150 ×"
                                + " itemcode")),
                arguments(
                        "{\"InvoiceNumber\":\"1\",\"deliveryAddress\":{\"pinCode\":\"9\"},\"InvoiceLineItems\":[{}]}",
                        List.of("{\"InvoiceNumber\":\"1\",\"PinCode\":\"9\"}"),
                        List.of(
                                "1 line item without a field that is known",
                                "fields in another case of letters: 1 × deliveryAddress, 1 × pinCode")),
                arguments(
                        "{\"InvoiceNumber\":\"1\",\"InvoiceLineItems\":[{\"ItemCode\":\"i1\",\"itemCode\":\"x\"},"
                                + "{\"ITEMCODE\":\"i1\",\"ItemCode\":null}]}",
                        Collections.nCopies(2, item),
                        List.of("fields in another case of letters: 1 × ITEMCODE, 1 × itemCode")),
                arguments(
                        "{\"InvoiceNumber\":\"1\",\"cashierid\":7,\"InvoiceLineItems\":[{\"Code\":\"1\"},{\"ItemCode\":null}]}",
                        Collections.nCopies(2, "{\"InvoiceNumber\":\"1\"}"),
                        List.of("2 line items without a field that is known")));
    }

    @ParameterizedTest
    @MethodSource
    void otherCases(String invoice, List<String> lineItems, List<String> warnings) throws Exception {
        try (RecordedLog log = new RecordedLog()) {
            Ending ending = handle(invoice + "\n");

            assertThat(ending.output()).isEqualTo(lineItems);
            assertThat(ending.badRecords()).isEmpty();
            await().untilAsserted(() -> assertThat(log.with("f" + FILES + ".json: "))
                    .filteredOn(event -> event.contains("WARN"))
                    .extracting(event -> event.strip().replaceFirst(".*\\.json: ", ""))
                    .isEqualTo(warnings));
        }
    }

    static Stream<Arguments> truncated() {
        String half = "{\"InvoiceNumber\":\"3\",\"Invoi";
        return Stream.of(
                arguments("a record a line", invoice("1") + "\n" + invoice("2") + "\n" + half, 3),
                arguments("array in a line", "[" + invoice("1") + "," + invoice("2") + "," + half, 1),
                arguments("array over lines", "[\n" + invoice("1") + ",\n" + invoice("2") + ",\n" + half, 4),
                arguments("objects over lines", (invoice("1") + invoice("2")).replace("{", "{\n") + "\n" + half, 6),
                arguments("array that stays open", "[" + invoice("1") + ",\n" + invoice("2") + "\n", 3));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource
    void truncated(String what, String content, int line) throws Exception {
        Ending ending = handle(content);

        assertThat(ending.output()).as(what).containsExactly(itemOf("1"), itemOf("2"));
        assertThat(ending.badRecords()).hasSize(1);
        assertThat(ending.badRecords().get(0))
                .startsWith(line + ": ")
                .containsAnyOf("end-of-input", "the file ends before");
        assertThat(ending.archived()).isTrue();
    }

    @Test
    void aFileIsCutInTheWayThatFindsMoreInvoices() throws Exception {
        String pretty = invoice("2").replace("{", "{\n");

        Ending oneLineFirst = handle(invoice("1") + "\n" + pretty + "\n");
        Ending brokenFirst = handle("{\"InvoiceNumber\":\n" + invoice("1") + "\n}\n" + invoice("2"));
        Ending brokenInAnArray = handle("[\n" + invoice("1") + ",\n{\"x\":\"y},\n" + invoice("2") + "\n]");

        assertThat(oneLineFirst.output()).containsExactly(itemOf("1"), itemOf("2"));
        assertThat(oneLineFirst.badRecords()).isEmpty();
        assertThat(brokenFirst.output()).containsExactly(itemOf("1"), itemOf("2"));
        assertThat(brokenFirst.badRecords()).hasSize(2);
        assertThat(brokenInAnArray.output()).containsExactly(itemOf("1"), itemOf("2"));
        assertThat(brokenInAnArray.badRecords()).hasSize(1).first().asString().startsWith("3: ");
    }

    @Test
    void anArrayInOneLineMayBeLongerThanARecord() throws Exception {
        List<String> invoices = new ArrayList<>();
        for (int i = 0; i < 40_000; i++) {
            invoices.add(invoice(Integer.toString(i)));
        }
        String array = "[" + String.join(",", invoices) + "]";
        assertThat(array.length()).isGreaterThan(2 * MAX_RECORD_BYTES);

        Ending ending = handle(array);

        assertThat(ending.output()).hasSize(40_000);
        assertThat(ending.badRecords()).isEmpty();
    }

    static Stream<Arguments> wholeFiles() {
        String cure = ", no UTF-8; buzon.invoices.charset=%s has it read";
        Charset windows = Charset.forName("windows-1252");
        return Stream.of(
                arguments(
                        "UTF-16LE with its mark",
                        ("\uFEFF" + invoice("1")).getBytes(UTF_16LE),
                        "the file is in UTF-16LE" + cure.formatted("UTF-16LE")),
                arguments(
                        "UTF-16BE with its mark",
                        ("\uFEFF" + invoice("1")).getBytes(UTF_16BE),
                        "the file is in UTF-16BE" + cure.formatted("UTF-16BE")),
                arguments(
                        "UTF-16LE",
                        invoice("1").getBytes(UTF_16LE),
                        "the file looks like UTF-16LE" + cure.formatted("UTF-16LE")),
                arguments(
                        "UTF-16BE",
                        invoice("1").getBytes(UTF_16BE),
                        "the file looks like UTF-16BE" + cure.formatted("UTF-16BE")),
                arguments(
                        "UTF-32",
                        ("\uFEFF" + invoice("1")).getBytes(Charset.forName("UTF-32LE")),
                        "the file is in UTF-32LE" + cure.formatted("UTF-32LE")),
                arguments(
                        "windows-1252",
                        invoice("\u00f1").getBytes(windows),
                        "no invoice can be read; the first, line 1: no UTF-8 at column 19"),
                arguments("empty", new byte[0], "the file holds no invoice"),
                arguments("blank lines", "\n \r\n\t\n".getBytes(UTF_8), "the file holds no invoice"),
                arguments("byte order mark alone", "\uFEFF".getBytes(UTF_8), "the file holds no invoice"),
                arguments(
                        "only bad records",
                        "{\"InvoiceNumber\":1}\n{}\n".getBytes(UTF_8),
                        "no invoice can be read; the first, line 1: InvoiceNumber: expected a string, found 1"),
                arguments(
                        "an array of none",
                        "[1]".getBytes(UTF_8),
                        "no invoice can be read; the first, line 1: expected an object, found \"1\""),
                arguments(
                        "a picture",
                        bytes("\u0089PNG\r\n\u001a\n\u0000\u0000\u0000\rIHDR"),
                        "no invoice can be read; the first, line 1: expected an object, found the byte 0x89"),
                arguments(
                        "one that is too long",
                        ("{\"InvoiceNumber\":\"" + "9".repeat(MAX_RECORD_BYTES)).getBytes(UTF_8),
                        "no invoice can be read; the first, line 1: "));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource
    void wholeFiles(String what, byte[] content, String reason) throws Exception {
        Ending ending = handle(content);

        assertThat(ending.error()).as(what).startsWith(reason).hasSizeLessThan(400);
        assertThat(ending.rejected()).isTrue();
        assertThat(ending.archived()).isFalse();
        assertThat(ending.output()).isEmpty();
    }
}
