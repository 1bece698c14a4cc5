package dev.buzon.benchmark.rival;

import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.streaming.OutputMode;

/**
 * The course's program for bizums, in Java: Structured Streaming, the highest of each person in complete mode. Where the
 * course prints the table, this one throws it away, and its state has a partition a core rather than 200: both are
 * faster. Once it is over it writes the table that its state holds, to be checked.
 */
public final class StreamingBizums {

    private StreamingBizums() {}

    /** @param arguments as of {@link StreamingRun} */
    public static void main(String... arguments) throws Exception {
        StreamingRun run = new StreamingRun(arguments);
        try (SparkSession spark = SparkInvoices.session(run.folder()).getOrCreate()) {
            run.run(SparkBizums.highest(run.source(spark)
                            .schema(SparkBizums.SCHEMA)
                            .option("sep", SparkBizums.SEPARATOR)
                            .csv(run.input()))
                    .writeStream()
                    .format("noop")
                    .outputMode(OutputMode.Complete()));
            spark.read()
                    .format("statestore")
                    .load(run.checkpoint())
                    .select("key.*", "value.*")
                    .write()
                    .option("sep", SparkBizums.SEPARATOR)
                    .csv(run.output());
        }
    }
}
