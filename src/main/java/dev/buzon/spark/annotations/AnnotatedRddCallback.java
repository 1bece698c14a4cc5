package dev.buzon.spark.annotations;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.camel.CamelContext;
import org.apache.camel.RuntimeCamelException;
import org.apache.spark.api.java.JavaRDDLike;

/** Makes an RDD callback of an object that has a method annotated with {@link RddCallback}. */
public final class AnnotatedRddCallback implements dev.buzon.spark.RddCallback<Object> {

    private final Object target;
    private final Method method;
    private final CamelContext camelContext;

    private AnnotatedRddCallback(Object target, CamelContext camelContext) {
        this.target = target;
        this.camelContext = camelContext;
        this.method = Arrays.stream(target.getClass().getMethods())
                .filter(candidate -> candidate.isAnnotationPresent(RddCallback.class))
                .findFirst()
                .orElseThrow(() -> new UnsupportedOperationException(
                        "No public method of " + target.getClass().getName() + " is annotated with @RddCallback."));
        method.setAccessible(true);
    }

    /** Payloads are passed as they are. */
    public static dev.buzon.spark.RddCallback<Object> annotatedRddCallback(Object target) {
        return new AnnotatedRddCallback(target, null);
    }

    /** Payloads are converted to the types of the method's parameters. */
    public static dev.buzon.spark.RddCallback<Object> annotatedRddCallback(Object target, CamelContext camelContext) {
        return new AnnotatedRddCallback(target, camelContext);
    }

    @Override
    public Object onRdd(JavaRDDLike<?, ?> rdd, Object... payloads) {
        List<Object> arguments = new ArrayList<>(payloads.length + 1);
        arguments.add(rdd);
        // An empty body is one null payload, and a method that takes the RDD alone is to be callable then.
        if (!(payloads.length > 0 && payloads[0] == null)) {
            arguments.addAll(Arrays.asList(payloads));
        }
        Class<?>[] types = method.getParameterTypes();
        if (arguments.size() != types.length) {
            throw new IllegalArgumentException(
                    "%s takes %d payloads, but received %d.".formatted(method, types.length - 1, arguments.size() - 1));
        }
        if (camelContext != null) {
            for (int i = 1; i < types.length; i++) {
                arguments.set(i, camelContext.getTypeConverter().convertTo(types[i], arguments.get(i)));
            }
        }
        try {
            return method.invoke(target, arguments.toArray());
        } catch (InvocationTargetException e) {
            throw RuntimeCamelException.wrapRuntimeException(e.getCause());
        } catch (IllegalAccessException e) {
            throw new IllegalStateException(e);
        }
    }
}
