package dev.buzon.spark;

/** What a {@code spark:} endpoint runs against. */
public enum EndpointType {
    /** An RDD, handed to an {@link RddCallback}. */
    rdd,
    /** A data frame, handed to a {@link DataFrameCallback}. */
    dataframe,
    /** The message body as SQL on the Spark session. */
    hive
}
