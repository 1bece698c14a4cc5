package dev.buzon.benchmark.rival;

import java.nio.file.Path;
import org.apache.spark.sql.SparkSession;

/**
 * Spark SQL on a large file or on a folder, as one writes it: read with the schema, explode or keep the highest, write.
 * Its tasks write a file each.
 */
public final class SparkBatch {

    private SparkBatch() {}

    /**
     * @param arguments the file or folder, the folder to work in, a file or folder to warm up with, and the route:
     *     {@code invoices} or {@code bizums}
     */
    public static void main(String... arguments) throws Exception {
        Path folder = Path.of(arguments[1]);
        String route = arguments[3];
        try (SparkSession spark = SparkInvoices.session(folder).getOrCreate()) {
            work(spark, route, arguments[2], folder.resolve("warm"));
            long began = System.nanoTime();
            work(spark, route, arguments[0], folder.resolve("out"));
            Figure.print("s", (System.nanoTime() - began) / 1e9);
            Figure.printPeak();
        }
    }

    private static void work(SparkSession spark, String route, String from, Path to) {
        if (route.equals("bizums")) {
            SparkBizums.highest(spark.read()
                            .schema(SparkBizums.SCHEMA)
                            .option("sep", SparkBizums.SEPARATOR)
                            .csv(from))
                    .write()
                    .option("sep", SparkBizums.SEPARATOR)
                    .csv(to.toString());
        } else {
            SparkInvoices.lineItems(spark.read().schema(SparkInvoices.SCHEMA).json(from))
                    .write()
                    .json(to.toString());
        }
    }
}
