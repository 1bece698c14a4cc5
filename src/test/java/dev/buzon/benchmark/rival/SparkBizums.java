package dev.buzon.benchmark.rival;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lower;
import static org.apache.spark.sql.functions.max;
import static org.apache.spark.sql.functions.translate;

import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** What the course's program says about bizums, in SQL's terms: their schema, and the highest of each person. */
final class SparkBizums {

    /** An amount has a comma before its decimals, which no schema tells Spark. */
    static final String SCHEMA = "Nombre STRING, Cantidad STRING, Concepto STRING";

    static final String SEPARATOR = ";";

    private SparkBizums() {}

    static Dataset<Row> highest(Dataset<Row> bizums) {
        return bizums.groupBy(lower(col("Nombre")))
                .agg(max(translate(col("Cantidad"), ",", ".").cast("DECIMAL(12, 2)")));
    }
}
