package dev.buzon.spark;

import java.nio.file.Path;
import org.apache.spark.api.java.JavaRDDLike;
import org.apache.spark.api.java.JavaSparkContext;

/** Opens the file in the message body as the data set of a {@code spark:rdd} endpoint, in place of its lines. */
@FunctionalInterface
public interface RddSource {

    /** @param file the file itself, under whatever name its sender gave it */
    JavaRDDLike<?, ?> open(JavaSparkContext spark, Path file);
}
