package dev.buzon.spark;

import java.nio.file.Path;
import java.util.List;
import org.apache.spark.api.java.JavaRDDLike;
import org.apache.spark.api.java.JavaSparkContext;

/** The file in the body as an RDD of one element: its absolute path. For jobs that read the file themselves. */
public final class WholeFile implements RddSource {

    @Override
    public JavaRDDLike<?, ?> open(JavaSparkContext spark, Path file) {
        return new ElementRdd<>(spark, List.of(file.toAbsolutePath().toString())).toJavaRDD();
    }
}
