package dev.buzon.spark;

import org.apache.spark.api.java.JavaRDDLike;

/** An {@link RddCallback} that returns nothing: the message body is null after it. */
public abstract class VoidRddCallback implements RddCallback<Void> {

    public abstract void doOnRdd(JavaRDDLike<?, ?> rdd, Object... payloads);

    @Override
    public final Void onRdd(JavaRDDLike<?, ?> rdd, Object... payloads) {
        doOnRdd(rdd, payloads);
        return null;
    }
}
