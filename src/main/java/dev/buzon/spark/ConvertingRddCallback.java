package dev.buzon.spark;

import org.apache.camel.CamelContext;
import org.apache.spark.api.java.JavaRDDLike;

/** An {@link RddCallback} whose payloads are converted to the types it names, by Camel's type converters. */
public abstract class ConvertingRddCallback<T> implements RddCallback<T> {

    private final CamelContext camelContext;
    private final Class<?>[] payloadTypes;

    protected ConvertingRddCallback(CamelContext camelContext, Class<?>... payloadTypes) {
        this.camelContext = camelContext;
        this.payloadTypes = payloadTypes.clone();
    }

    public abstract T doOnRdd(JavaRDDLike<?, ?> rdd, Object... payloads);

    /** @throws IllegalArgumentException where there are more or fewer payloads than types */
    @Override
    public final T onRdd(JavaRDDLike<?, ?> rdd, Object... payloads) {
        if (payloads.length != payloadTypes.length) {
            throw new IllegalArgumentException(
                    "Received %d payloads, but expected %d.".formatted(payloads.length, payloadTypes.length));
        }
        Object[] converted = new Object[payloads.length];
        for (int i = 0; i < payloads.length; i++) {
            converted[i] = camelContext.getTypeConverter().convertTo(payloadTypes[i], payloads[i]);
        }
        return doOnRdd(rdd, converted);
    }
}
