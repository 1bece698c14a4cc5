package dev.buzon.spark;

import java.io.Serializable;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.JavaRDDLike;
import org.apache.spark.rdd.RDD;
import scala.jdk.javaapi.CollectionConverters;
import scala.reflect.ClassTag;
import scala.reflect.ClassTag$;
import scala.runtime.AbstractFunction2;

/**
 * A Spark job that computes one value of each partition. It hands Spark a function object of a named class: for the
 * lambdas of the Java API Spark's closure cleaner reads class files at each call, which is most of the cost of a small
 * job.
 */
public final class PartitionJob {

    private PartitionJob() {}

    /**
     * @param <T> an element of the data set
     * @param <R> the value of a partition
     */
    @FunctionalInterface
    public interface Task<T, R> extends Serializable {
        R compute(Iterator<T> partition) throws Exception;
    }

    /** @return a value for each partition, in their order */
    @SuppressWarnings("unchecked") // The RDD is of what the caller says, as with every callback that is handed one.
    public static <T, R> List<R> run(JavaRDDLike<?, ?> rdd, Task<T, R> task) {
        RDD<T> scalaRdd = (RDD<T>) rdd.rdd();
        ClassTag<R> tag = (ClassTag<R>) ClassTag$.MODULE$.apply(Object.class);
        Object[] values = (Object[]) scalaRdd.sparkContext().runJob(scalaRdd, new TaskFunction<>(task), tag);
        return Arrays.asList((R[]) values);
    }

    private static final class TaskFunction<T, R>
            extends AbstractFunction2<TaskContext, scala.collection.Iterator<T>, R> implements Serializable {

        private static final long serialVersionUID = 1L;

        private final Task<T, R> task;

        TaskFunction(Task<T, R> task) {
            this.task = task;
        }

        @Override
        public R apply(TaskContext context, scala.collection.Iterator<T> partition) {
            try {
                return task.compute(CollectionConverters.asJava(partition));
            } catch (Exception e) {
                throw sneak(e);
            }
        }

        @SuppressWarnings("unchecked") // Scala declares no exceptions: an IOException reaches Spark as what it is.
        private static <E extends Throwable> RuntimeException sneak(Throwable e) throws E {
            throw (E) e;
        }
    }
}
