package dev.buzon.spark;

import org.apache.camel.spi.Metadata;

/** Headers that, where set, come before the endpoint's and the component's options of the same meaning. */
public final class SparkConstants {

    @Metadata(description = "The RDD to compute against.", javaType = "org.apache.spark.api.java.JavaRDDLike")
    public static final String SPARK_RDD_HEADER = "CAMEL_SPARK_RDD";

    @Metadata(description = "The function performing action against an RDD.", javaType = "dev.buzon.spark.RddCallback")
    public static final String SPARK_RDD_CALLBACK_HEADER = "CAMEL_SPARK_RDD_CALLBACK";

    @Metadata(
            description = "The data frame to compute against.",
            javaType = "org.apache.spark.sql.Dataset<org.apache.spark.sql.Row>")
    public static final String SPARK_DATAFRAME_HEADER = "CAMEL_SPARK_DATAFRAME";

    @Metadata(
            description = "The function performing action against a data frame.",
            javaType = "dev.buzon.spark.DataFrameCallback")
    public static final String SPARK_DATAFRAME_CALLBACK_HEADER = "CAMEL_SPARK_DATAFRAME_CALLBACK";

    private SparkConstants() {}
}
