package dev.buzon.benchmark.rival;

import java.nio.file.Path;
import org.apache.spark.sql.SparkSession;

/** Spark SQL on a large file, as one writes it: read with the schema, explode, write. Its tasks write a file each. */
public final class SparkBatch {

    private SparkBatch() {}

    /** @param arguments the file, the folder to work in, and a file to warm up with */
    public static void main(String... arguments) throws Exception {
        Path folder = Path.of(arguments[1]);
        try (SparkSession spark = SparkInvoices.session(folder).getOrCreate()) {
            split(spark, arguments[2], folder.resolve("warm"));
            long began = System.nanoTime();
            split(spark, arguments[0], folder.resolve("out"));
            Figure.print("s", (System.nanoTime() - began) / 1e9);
            Figure.printPeak();
        }
    }

    private static void split(SparkSession spark, String file, Path to) {
        SparkInvoices.lineItems(spark.read().schema(SparkInvoices.SCHEMA).json(file))
                .write()
                .json(to.toString());
    }
}
