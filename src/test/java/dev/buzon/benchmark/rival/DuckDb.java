package dev.buzon.benchmark.rival;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;

/**
 * DuckDB on a large file: one COPY, on all cores, that keeps the order of the file, as is its default, and as Buzón
 * does. It forces nothing to disk, and reads no more columns than it needs.
 */
public final class DuckDb {

    private static final String COPY =
            """
            COPY (
              SELECT InvoiceNumber, CreatedTime, StoreID, PosID, CustomerType, PaymentMethod, DeliveryType,
                DeliveryAddress.City AS City, DeliveryAddress.State AS State, DeliveryAddress.PinCode AS PinCode,
                item.ItemCode AS ItemCode, item.ItemDescription AS ItemDescription, item.ItemPrice AS ItemPrice,
                item.ItemQty AS ItemQty, item.TotalValue AS TotalValue
              FROM (
                SELECT *, unnest(InvoiceLineItems) AS item
                FROM read_json('%s', format = 'newline_delimited', columns = {
                  InvoiceNumber: 'VARCHAR', CreatedTime: 'BIGINT', StoreID: 'VARCHAR', PosID: 'VARCHAR',
                  CustomerType: 'VARCHAR', PaymentMethod: 'VARCHAR', DeliveryType: 'VARCHAR',
                  DeliveryAddress: 'STRUCT(City VARCHAR, State VARCHAR, PinCode VARCHAR)',
                  InvoiceLineItems: 'STRUCT(ItemCode VARCHAR, ItemDescription VARCHAR, ItemPrice DOUBLE,
                    ItemQty BIGINT, TotalValue DOUBLE)[]'
                })
              )
            ) TO '%s' (FORMAT json)
            """;

    private DuckDb() {}

    /** @param arguments the file, the folder to work in, and a file to warm up with */
    public static void main(String... arguments) throws Exception {
        Path folder = Path.of(arguments[1]);
        Path out = Files.createDirectories(folder.resolve("out"));
        try (Connection connection = DriverManager.getConnection("jdbc:duckdb:")) {
            copy(connection, arguments[2], folder.resolve("warm.json"));
            long began = System.nanoTime();
            copy(connection, arguments[0], out.resolve("items.json"));
            Figure.print("s", (System.nanoTime() - began) / 1e9);
            Figure.printPeak();
        }
    }

    private static void copy(Connection connection, String from, Path to) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(COPY.formatted(quoted(from), quoted(to.toString())));
        }
    }

    private static String quoted(String path) {
        return path.replace("'", "''");
    }
}
