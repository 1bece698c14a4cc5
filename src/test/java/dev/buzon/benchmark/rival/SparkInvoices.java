package dev.buzon.benchmark.rival;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.explode;

import java.nio.file.Path;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.StructType;

/** What the course's program says about invoices, in SQL's terms: their schema, and how line items are made of them. */
final class SparkInvoices {

    static final StructType SCHEMA = StructType.fromDDL("InvoiceNumber STRING, CreatedTime BIGINT, StoreID STRING,"
            + " PosID STRING, CashierID STRING, CustomerType STRING, CustomerCardNo STRING, TotalAmount DOUBLE,"
            + " NumberOfItems BIGINT, PaymentMethod STRING, TaxableAmount DOUBLE, CGST DOUBLE, SGST DOUBLE,"
            + " CESS DOUBLE, DeliveryType STRING, DeliveryAddress STRUCT<AddressLine: STRING, City: STRING,"
            + " State: STRING, PinCode: STRING, ContactNumber: STRING>, InvoiceLineItems ARRAY<STRUCT<"
            + "ItemCode: STRING, ItemDescription: STRING, ItemPrice: DOUBLE, ItemQty: BIGINT, TotalValue: DOUBLE>>");

    private SparkInvoices() {}

    static Dataset<Row> lineItems(Dataset<Row> invoices) {
        return invoices.select(
                        col("InvoiceNumber"),
                        col("CreatedTime"),
                        col("StoreID"),
                        col("PosID"),
                        col("CustomerType"),
                        col("PaymentMethod"),
                        col("DeliveryType"),
                        col("DeliveryAddress.City"),
                        col("DeliveryAddress.State"),
                        col("DeliveryAddress.PinCode"),
                        explode(col("InvoiceLineItems")).as("item"))
                .select(
                        col("*"),
                        item("ItemCode"),
                        item("ItemDescription"),
                        item("ItemPrice"),
                        item("ItemQty"),
                        item("TotalValue"))
                .drop("item");
    }

    /** Spark on all cores of this machine, without its web pages. What is shuffled has a partition a core. */
    static SparkSession.Builder session(Path folder) {
        return SparkSession.builder()
                .appName("rival")
                .master("local[*]")
                .config("spark.sql.shuffle.partitions", Runtime.getRuntime().availableProcessors())
                .config("spark.ui.enabled", "false")
                .config("spark.ui.showConsoleProgress", "false")
                .config("spark.driver.host", "127.0.0.1")
                .config("spark.driver.bindAddress", "127.0.0.1")
                .config("spark.local.dir", folder.resolve("spark").toString())
                .config("spark.sql.warehouse.dir", folder.resolve("warehouse").toString());
    }

    private static Column item(String field) {
        return col("item." + field).as(field);
    }
}
