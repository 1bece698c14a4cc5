package dev.buzon.spark;

import java.io.Serializable;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.BinaryOperator;
import java.util.stream.Stream;
import org.apache.spark.SparkContext$;
import org.apache.spark.SparkEnv;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.JavaRDDLike;
import org.apache.spark.rdd.RDD;
import scala.jdk.javaapi.CollectionConverters;
import scala.reflect.ClassTag;
import scala.reflect.ClassTag$;
import scala.runtime.AbstractFunction2;
import scala.runtime.BoxedUnit;

/**
 * A Spark job that computes one value of each partition, and joins them. It hands Spark a function object of a named
 * class: for the lambdas of the Java API Spark's closure cleaner reads class files at each call, which is most of the
 * cost of a small job.
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

    /**
     * Whether the caller is a task in a process of its own, on another machine perhaps, which has to force what it writes
     * itself: its driver can't.
     */
    public static boolean isApart() {
        SparkEnv here = SparkEnv.get();
        return here != null && !here.executorId().equals(SparkContext$.MODULE$.DRIVER_IDENTIFIER());
    }

    /** @return the value of the RDD's only partition */
    public static <T, R> R run(JavaRDDLike<?, ?> rdd, Task<T, R> task) {
        return run(rdd, task, (before, next) -> {
            throw new IllegalArgumentException("The RDD has more than one partition.");
        });
    }

    /**
     * @param join gives the value of some partitions and that of the next as one; called in the order of the partitions,
     *     as soon as the next one is done, while those after it still run
     * @return the value of all partitions, of which there is one at least
     */
    @SuppressWarnings("unchecked") // The RDD is of what the caller says, as with every callback that is handed one.
    public static <T, R> R run(JavaRDDLike<?, ?> rdd, Task<T, R> task, BinaryOperator<R> join) {
        RDD<T> scalaRdd = (RDD<T>) rdd.rdd();
        int partitions = rdd.getNumPartitions();
        List<CompletableFuture<R>> values =
                Stream.generate(CompletableFuture<R>::new).limit(partitions).toList();
        CompletableFuture<R> joined = values.stream()
                .reduce((before, next) -> before.thenCombineAsync(next, join))
                .orElseThrow();
        try {
            scalaRdd.sparkContext()
                    .runJob(scalaRdd, new TaskFunction<>(task), new ResultHandler<>(values), (ClassTag<R>)
                            ClassTag$.MODULE$.apply(Object.class));
        } catch (Exception e) {
            values.forEach(value -> value.completeExceptionally(e));
        }
        try {
            return joined.join();
        } catch (CompletionException e) {
            throw sneak(e.getCause());
        }
    }

    @SuppressWarnings("unchecked") // Scala declares no exceptions, and Spark throws a checked one.
    private static <E extends Throwable> RuntimeException sneak(Throwable e) throws E {
        throw (E) e;
    }

    private static final class ResultHandler<R> extends AbstractFunction2<Object, R, BoxedUnit> {

        private final List<CompletableFuture<R>> values;

        ResultHandler(List<CompletableFuture<R>> values) {
            this.values = values;
        }

        @Override
        public BoxedUnit apply(Object partition, R value) {
            values.get((Integer) partition).complete(value);
            return BoxedUnit.UNIT;
        }
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
    }
}
