package dev.buzon.spark;

import java.io.IOException;
import java.util.List;
import java.util.function.Supplier;
import org.apache.camel.CamelExecutionException;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.support.DefaultProducer;
import org.apache.spark.SparkContext;
import org.apache.spark.api.java.JavaRDDLike;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.util.CallSite;

/** Reads its input, runs, writes its output; what runs is the subclass's. */
abstract class SparkProducer extends DefaultProducer {

    SparkProducer(SparkEndpoint endpoint) {
        super(endpoint);
    }

    /** @return what becomes the message body; an RDD is collected first where the endpoint says so */
    abstract Object run(Exchange exchange, SparkSession session) throws Exception;

    @Override
    public final void process(Exchange exchange) throws Exception {
        JobRunner runner = getEndpoint().getComponent().getJobRunner();
        try {
            exchange.getMessage().setBody(runner.run(exchange, () -> compute(exchange)));
        } catch (Error e) {
            // Camel takes no errors: its consumer would never poll again.
            throw new CamelExecutionException("The job met an error", exchange, e);
        }
    }

    private Object compute(Exchange exchange) throws Exception {
        SparkSession session = getEndpoint().getComponent().resolveSession();
        SparkContext context = session.sparkContext();
        String description = describe(exchange);
        context.setJobDescription(description);
        // Spark would look through the stack for them, for each RDD and each job.
        context.setLocalProperty(CallSite.SHORT_FORM(), description);
        context.setLocalProperty(CallSite.LONG_FORM(), description);
        try {
            Object result = run(exchange, session);
            if (result instanceof JavaRDDLike<?, ?> rdd) {
                if (getEndpoint().isCollect()) {
                    result = rdd.collect();
                } else {
                    exchange.getMessage().setHeader(SparkConstants.SPARK_RDD_HEADER, rdd);
                }
            }
            return result;
        } finally {
            context.setJobDescription(null);
            context.clearCallSite();
        }
    }

    /**
     * Keeps what {@link SparkComponent#explain} tells of this job.
     *
     * @param plan is asked for when somebody wants to know
     */
    final void explainable(Exchange exchange, Object callback, Supplier<String> plan) {
        String job = describe(exchange) + ": " + callback.getClass().getName();
        getEndpoint().getComponent().explainable(exchange.getFromRouteId(), () -> job + "\n" + explain(plan));
    }

    private static String explain(Supplier<String> plan) {
        try {
            return plan.get();
        } catch (IllegalStateException e) {
            return "Its Spark session has ended, and what it knew of the job with it.";
        }
    }

    @Override
    public SparkEndpoint getEndpoint() {
        return (SparkEndpoint) super.getEndpoint();
    }

    /** The files in the body, as URIs that Spark takes for no more than names. */
    final List<String> underSafeNames(Exchange exchange, String kind) throws IOException {
        return FileDataSet.underSafeNames(
                exchange, kind, getEndpoint().getComponent().getLinkFolder());
    }

    static Object[] payloads(Message message) {
        return message.getBody() instanceof List<?> list ? list.toArray() : new Object[] {message.getBody()};
    }

    /** The first of the header and the option that is there. */
    static <T> T resolve(Message message, String header, Class<T> type, T option) {
        Object value = message.getHeader(header);
        if (value == null) {
            return option;
        }
        if (!type.isInstance(value)) {
            throw new IllegalArgumentException("Header %s is a %s, but should be a %s."
                    .formatted(header, value.getClass().getName(), type.getName()));
        }
        return type.cast(value);
    }

    static JavaSparkContext javaContext(SparkSession session) {
        return JavaSparkContext.fromSparkContext(session.sparkContext());
    }

    private static String describe(Exchange exchange) {
        String file = exchange.getMessage().getHeader(Exchange.FILE_NAME_ONLY, String.class);
        int more = payloads(exchange.getMessage()).length - 1;
        return exchange.getFromRouteId() + ": " + (file == null ? exchange.getExchangeId() : file)
                + (more > 0 ? " and " + more + " more" : "");
    }
}
