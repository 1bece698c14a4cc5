package dev.buzon.benchmark.rival;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lower;
import static org.apache.spark.sql.functions.max;

import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.streaming.OutputMode;

/**
 * The course's program for bizums, in Java: Structured Streaming, a file a trigger, the highest of each person in
 * complete mode. Where the course prints the table, this one throws it away, and its state has a partition a core
 * rather than 200: both are faster.
 */
public final class StreamingBizums {

    private StreamingBizums() {}

    /** @param arguments as of {@link StreamingRun} */
    public static void main(String... arguments) throws Exception {
        StreamingRun run = new StreamingRun(arguments);
        try (SparkSession spark = SparkInvoices.session(run.folder())
                .config("spark.sql.shuffle.partitions", Runtime.getRuntime().availableProcessors())
                .getOrCreate()) {
            run.run(run.source(spark)
                    .schema("Nombre STRING, Cantidad DOUBLE, Concepto STRING")
                    .option("sep", ";")
                    .csv(run.input())
                    .groupBy(lower(col("Nombre")))
                    .agg(max(col("Cantidad")))
                    .writeStream()
                    .format("noop")
                    .outputMode(OutputMode.Complete()));
        }
    }
}
