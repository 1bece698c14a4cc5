package dev.buzon.spark;

import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.spark.api.java.JavaRDDLike;
import org.apache.spark.sql.SparkSession;

final class RddProducer extends SparkProducer {

    RddProducer(SparkEndpoint endpoint) {
        super(endpoint);
    }

    @Override
    Object run(Exchange exchange, SparkSession session) throws Exception {
        Message message = exchange.getMessage();
        RddCallback<?> callback = resolve(
                message,
                SparkConstants.SPARK_RDD_CALLBACK_HEADER,
                RddCallback.class,
                getEndpoint().getRddCallback());
        if (callback == null) {
            throw new IllegalStateException("No RDD callback: neither the rddCallback option nor the header "
                    + SparkConstants.SPARK_RDD_CALLBACK_HEADER + " is set.");
        }
        JavaRDDLike<?, ?> rdd = dataSet(exchange, session);
        explainable(exchange, callback, rdd::toDebugString);
        return callback.onRdd(rdd, payloads(message));
    }

    private JavaRDDLike<?, ?> dataSet(Exchange exchange, SparkSession session) throws Exception {
        JavaRDDLike<?, ?> rdd = resolve(
                exchange.getMessage(),
                SparkConstants.SPARK_RDD_HEADER,
                JavaRDDLike.class,
                getEndpoint().getRdd());
        if (rdd != null) {
            return rdd;
        }
        RddSource source = getEndpoint().getRddSource();
        return source != null
                ? source.open(javaContext(session), payloads(exchange.getMessage()))
                : javaContext(session).textFile(String.join(",", underSafeNames(exchange, "RDD")));
    }
}
