package dev.buzon.spark;

import org.apache.spark.api.java.JavaRDDLike;

/**
 * What a {@code spark:rdd} endpoint does with its RDD. One instance serves all exchanges, so it must be thread-safe.
 *
 * @param <T> what it returns, which becomes the message body; a {@code JavaRDD} is collected first where the
 *     endpoint's {@code collect} says so
 */
@FunctionalInterface
public interface RddCallback<T> {

    /**
     * @param rdd the data set
     * @param payloads the message body; the elements of it where it is a list
     */
    T onRdd(JavaRDDLike<?, ?> rdd, Object... payloads);
}
