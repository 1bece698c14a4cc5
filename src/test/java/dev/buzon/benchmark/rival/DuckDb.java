package dev.buzon.benchmark.rival;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;

/**
 * DuckDB on a large file or on a folder: one COPY, on all cores, that keeps the order of line items, as is its default,
 * and as Buzón does. It forces nothing to disk, and reads no more columns than it needs.
 */
public final class DuckDb {

    private static final String LINE_ITEMS =
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

    private static final String HIGHEST_BIZUMS =
            """
            COPY (
              SELECT lower(Nombre), max(Cantidad)
              FROM read_csv('%s', auto_detect = false, header = false, delim = ';', decimal_separator = ',', columns = {
                Nombre: 'VARCHAR', Cantidad: 'DECIMAL(12, 2)', Concepto: 'VARCHAR'
              })
              GROUP BY 1
            ) TO '%s' (FORMAT csv, HEADER false, DELIMITER ';')
            """;

    private DuckDb() {}

    /**
     * @param arguments the file or folder, the folder to work in, a file or folder to warm up with, and the route:
     *     {@code invoices} or {@code bizums}
     */
    public static void main(String... arguments) throws Exception {
        Path folder = Path.of(arguments[1]);
        String copy = arguments[3].equals("bizums") ? HIGHEST_BIZUMS : LINE_ITEMS;
        Path out = Files.createDirectories(folder.resolve("out"));
        try (Connection connection = DriverManager.getConnection("jdbc:duckdb:")) {
            copy(connection, copy, arguments[2], folder.resolve("warm-out"));
            long began = System.nanoTime();
            copy(connection, copy, arguments[0], out.resolve("results.json"));
            Figure.print("s", (System.nanoTime() - began) / 1e9);
            Figure.printPeak();
        }
    }

    private static void copy(Connection connection, String copy, String from, Path to) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            String files = Files.isDirectory(Path.of(from)) ? from + "/*" : from;
            statement.execute(copy.formatted(quoted(files), quoted(to.toString())));
        }
    }

    private static String quoted(String path) {
        return path.replace("'", "''");
    }
}
