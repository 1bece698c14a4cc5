package dev.buzon.spark;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.Partition;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.rdd.RDD;
import scala.collection.Iterator;
import scala.collection.immutable.List$;
import scala.jdk.javaapi.CollectionConverters;
import scala.reflect.ClassTag$;

/**
 * Some elements, in partitions. Spark's own way to make an RDD of elements reads the whole stack of the caller, in search
 * of a scope for its UI: a tenth of what a small job takes here.
 */
final class ElementRdd<T extends Serializable> extends RDD<T> {

    private static final long serialVersionUID = 1L;

    private final transient List<List<T>> elements;

    /** @param elements those of each partition */
    ElementRdd(JavaSparkContext spark, List<List<T>> elements) {
        super(spark.sc(), List$.MODULE$.empty(), ClassTag$.MODULE$.apply(Object.class));
        this.elements = List.copyOf(elements);
    }

    private record Elements<T extends Serializable>(int index, List<T> values) implements Partition {}

    @Override
    public Partition[] getPartitions() {
        Partition[] partitions = new Partition[elements.size()];
        for (int i = 0; i < partitions.length; i++) {
            partitions[i] = new Elements<>(i, new ArrayList<>(elements.get(i)));
        }
        return partitions;
    }

    @Override
    @SuppressWarnings("unchecked") // The partitions are those above.
    public Iterator<T> compute(Partition partition, TaskContext context) {
        return CollectionConverters.asScala(((Elements<T>) partition).values().iterator());
    }
}
