package dev.buzon.spark;

import org.apache.spark.api.java.JavaRDDLike;
import org.apache.spark.api.java.JavaSparkContext;

/** Opens the files in the message body as the data set of a {@code spark:rdd} endpoint, in place of their lines. */
@FunctionalInterface
public interface RddSource {

    /**
     * @param files the message body, or the elements of it if it is a list: each a file, as Camel has them, under whatever
     *     name its sender gave it. {@link FileSplits#path} gives its path
     */
    JavaRDDLike<?, ?> open(JavaSparkContext spark, Object... files);
}
