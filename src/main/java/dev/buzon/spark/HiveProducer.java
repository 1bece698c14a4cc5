package dev.buzon.spark;

import org.apache.camel.Exchange;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

final class HiveProducer extends SparkProducer {

    HiveProducer(SparkEndpoint endpoint) {
        super(endpoint);
    }

    @Override
    Object run(Exchange exchange, SparkSession session) throws Exception {
        Dataset<Row> rows = session.sql(exchange.getMessage().getMandatoryBody(String.class));
        explainable(exchange, this, () -> rows.queryExecution().toString());
        return getEndpoint().isCollect() ? rows.collectAsList() : rows.count();
    }
}
