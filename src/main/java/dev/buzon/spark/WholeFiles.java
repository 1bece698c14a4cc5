package dev.buzon.spark;

import java.io.IOException;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.api.java.JavaRDDLike;
import org.apache.spark.api.java.JavaSparkContext;

/**
 * The files in the body as an RDD of their absolute paths, or of their {@link FileReference}s if the body has those. For
 * jobs that read files themselves, each as a whole; small files share a partition.
 */
public final class WholeFiles implements RddSource {

    @Override
    public JavaRDDLike<?, ?> open(JavaSparkContext spark, Object... files) {
        List<Packing.Item<Serializable>> items = new ArrayList<>();
        for (Object file : files) {
            items.add(new Packing.Item<>(FileSplits.element(file), bytes(FileSplits.path(file))));
        }
        return new ElementRdd<>(spark, Packing.pack(items, spark.defaultParallelism())).toJavaRDD();
    }

    private static long bytes(Path file) {
        try {
            return Files.size(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
