package dev.buzon.benchmark.rival;

import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.streaming.OutputMode;

/** The course's program for invoices, in Java: Structured Streaming, line items to files of JSON. */
public final class StreamingInvoices {

    private StreamingInvoices() {}

    /** @param arguments as of {@link StreamingRun} */
    public static void main(String... arguments) throws Exception {
        StreamingRun run = new StreamingRun(arguments);
        try (SparkSession spark = SparkInvoices.session(run.folder()).getOrCreate()) {
            run.run(SparkInvoices.lineItems(
                            run.source(spark).schema(SparkInvoices.SCHEMA).json(run.input()))
                    .writeStream()
                    .format("json")
                    .outputMode(OutputMode.Append())
                    .option("path", run.output()));
        }
    }
}
