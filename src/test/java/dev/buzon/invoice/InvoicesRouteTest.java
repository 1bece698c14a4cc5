package dev.buzon.invoice;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.buzon.LongForm;
import dev.buzon.TestHome;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class InvoicesRouteTest {

    private static final Path REAL_DATA = Path.of("../shared/data/invoices");
    private static final String SMALL =
            """
            {"InvoiceNumber":"1","CreatedTime":1595688900348,"StoreID":"S","DeliveryType":"TAKEAWAY","NumberOfItems":2,\
            "InvoiceLineItems":[{"ItemCode":"a","ItemPrice":1644.0,"ItemQty":2,"TotalValue":3288.00},\
            {"ItemCode":"b","ItemPrice":0.10000000000000000001,"ItemQty":1,"TotalValue":1E+2}]}
            {"InvoiceNumber":"2","DeliveryAddress":{"City":"Elche","State":"A","PinCode":"03201"},"InvoiceLineItems":[\
            {"ItemCode":"c","ItemDescription":"Vaso \\"ñ\\""}]}
            """;
    private static final List<String> SMALL_ITEMS = List.of(
            "{\"InvoiceNumber\":\"1\",\"CreatedTime\":1595688900348,\"StoreID\":\"S\",\"DeliveryType\":\"TAKEAWAY\","
                    + "\"ItemCode\":\"a\",\"ItemPrice\":1644.0,\"ItemQty\":2,\"TotalValue\":3288.00}",
            "{\"InvoiceNumber\":\"1\",\"CreatedTime\":1595688900348,\"StoreID\":\"S\",\"DeliveryType\":\"TAKEAWAY\","
                    + "\"ItemCode\":\"b\",\"ItemPrice\":0.10000000000000000001,\"ItemQty\":1,\"TotalValue\":1E+2}",
            "{\"InvoiceNumber\":\"2\",\"City\":\"Elche\",\"State\":\"A\",\"PinCode\":\"03201\",\"ItemCode\":\"c\","
                    + "\"ItemDescription\":\"Vaso \\\"ñ\\\"\"}");

    @TempDir
    private Path folder;

    private TestHome home;

    @BeforeEach
    void start() throws Exception {
        home = new TestHome(folder).start();
    }

    @AfterEach
    void stop() throws Exception {
        home.stop();
    }

    @Test
    void writesLineItemsInOrderWithTheDigitsThatCame() throws Exception {
        home.handle("invoices", "small.json", SMALL);

        assertThat(home.onlyFile("outbox/invoices").lines()).containsExactlyElementsOf(SMALL_ITEMS);
    }

    @Test
    void readsAnArray() throws Exception {
        home.handle("invoices", "array.json", "[" + SMALL.strip().replace("\n{", "\n,\n{") + "]");

        assertThat(home.onlyFile("outbox/invoices").lines()).containsExactlyElementsOf(SMALL_ITEMS);
    }

    @Test
    void readsObjectsOverManyLines() throws Exception {
        home.handle(
                "invoices",
                "pretty.json",
                "\uFEFF" + SMALL.replace(",\"", ",\n  \"").replace("[{", "[\n{\n"));

        assertThat(home.onlyFile("outbox/invoices").lines()).containsExactlyElementsOf(SMALL_ITEMS);
    }

    @ParameterizedTest
    @CsvSource({"Invoice-set1.json, 1249", "Invoice-set2.json, 1257"})
    void theRealFilesGiveAllTheirLineItems(String name, int lineItems) throws Exception {
        Path source = REAL_DATA.resolve(name);
        assumeTrue(Files.exists(source), "no real data beside the project");
        home.drop("invoices", name, Files.readAllBytes(source));
        home.awaitEmpty("invoices");
        List<String> ours = home.onlyFile("outbox/invoices").lines().toList();

        assertThat(ours).hasSize(lineItems);
        // Spark's SQL takes longer to start than all other tests of this class together.
        if (Boolean.getBoolean(LongForm.PROPERTY)) {
            assertThat(canonical(ours)).containsExactlyElementsOf(explodedBySpark(source));
        }
    }

    /** The judge; only how Spark writes JSON is made equal. */
    private static List<String> explodedBySpark(Path source) {
        SparkSession spark = SparkSession.builder().master("local[*]").getOrCreate();
        return spark.read()
                .option("primitivesAsString", "true")
                .json(source.toString())
                .selectExpr("*", "explode(InvoiceLineItems) AS item")
                .selectExpr(
                        "InvoiceNumber",
                        "CreatedTime",
                        "StoreID",
                        "PosID",
                        "CustomerType",
                        "PaymentMethod",
                        "DeliveryType",
                        "DeliveryAddress.City",
                        "DeliveryAddress.State",
                        "DeliveryAddress.PinCode",
                        "item.ItemCode",
                        "item.ItemDescription",
                        "item.ItemPrice",
                        "item.ItemQty",
                        "item.TotalValue")
                .toJSON()
                .collectAsList();
    }

    /** As Spark writes all primitives as strings here, so are our numbers; nothing else of a line changes. */
    private static List<String> canonical(List<String> lines) {
        return lines.stream()
                .map(line -> line.replaceAll("\":(-?[0-9][^,}]*)", "\":\"$1\""))
                .toList();
    }

    @Test
    void aBadRecordIsSetAsideWithLineAndReasonAndTheOthersGoOut() throws Exception {
        String bad = "{\"InvoiceNumber\":\"9\",\"InvoiceLineItems\":[{},{},{\"ItemPrice\":\"abc\"}]}";

        home.handle("invoices", "mixed.json", SMALL + bad + "\n\n{\"broken\n");

        assertThat(home.onlyFile("outbox/invoices").lines()).hasSize(3);
        assertThat(home.onlyFile("archive/rejected/invoices"))
                .contains(
                        "\"line\":3,\"reason\":\"InvoiceLineItems[2].ItemPrice: expected a number, found \\\"abc\\\"\"")
                .contains("\"line\":5,\"reason\":\"no JSON at column ")
                .contains(bad.replace("\"", "\\\""));
        assertThat(home.archived("invoices")).hasSize(1);
    }

    @Test
    void aBrokenFirstLineCostsNoOther() throws Exception {
        home.handle("invoices", "first.json", "{\"InvoiceNumber\":\"0\",\n" + SMALL);

        assertThat(home.onlyFile("outbox/invoices").lines()).containsExactlyElementsOf(SMALL_ITEMS);
        assertThat(home.onlyFile("archive/rejected/invoices")).startsWith("{\"line\":1,");
    }

    @Test
    void whatCantBeReadAtAllIsRejectedWholeAndTheServiceGoesOn() throws Exception {
        List<String> contents = List.of("", " \n\n", "no json at all", "{\"InvoiceNumber\":1}", "[1]", "{}");
        for (int i = 0; i < contents.size(); i++) {
            String content = contents.get(i);
            String name = "bad" + i;
            home.handle("invoices", name + ".json", content);

            List<String> rejected = home.files("archive/rejected/invoices").stream()
                    .filter(file -> file.startsWith(name + "-"))
                    .toList();
            assertThat(rejected).as(content).hasSize(2);
            String error = rejected.stream()
                    .filter(file -> file.endsWith(".error.json"))
                    .findFirst()
                    .orElseThrow();
            assertThat(home.path("archive/rejected/invoices/" + error))
                    .content()
                    .contains("\"source\" : \"" + name + ".json\"")
                    .contains("\"reason\" : \"");
        }

        home.handle("invoices", "good.json", SMALL);

        assertThat(home.files("archive/rejected/invoices")).hasSize(2 * contents.size());
        assertThat(home.files("outbox/invoices")).hasSize(1);
    }

    @Test
    void anInvoiceWithoutLineItemsGivesNone() throws Exception {
        home.handle("invoices", "none.json", "[]");
        home.handle("invoices", "empty.json", "{\"InvoiceNumber\":\"1\",\"InvoiceLineItems\":[]}");

        assertThat(home.files("outbox/invoices")).isEmpty();
        assertThat(home.archived("invoices")).hasSize(2);
        assertThat(home.files("archive/rejected/invoices")).isEmpty();
    }
}
