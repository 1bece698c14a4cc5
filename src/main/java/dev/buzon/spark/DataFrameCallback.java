package dev.buzon.spark;

import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * What a {@code spark:dataframe} endpoint does with its data frame. One instance serves all exchanges, so it must be
 * thread-safe.
 *
 * @param <T> what it returns, which becomes the message body
 */
@FunctionalInterface
public interface DataFrameCallback<T> {

    /**
     * @param dataFrame the data set
     * @param payloads the message body; the elements of it where it is a list
     */
    T onDataFrame(Dataset<Row> dataFrame, Object... payloads);
}
