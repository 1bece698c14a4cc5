package dev.buzon.spark;

import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.spark.sql.DataFrameReader;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

final class DataFrameProducer extends SparkProducer {

    DataFrameProducer(SparkEndpoint endpoint) {
        super(endpoint);
    }

    @Override
    Object run(Exchange exchange, SparkSession session) throws Exception {
        Message message = exchange.getMessage();
        DataFrameCallback<?> callback = resolve(
                message,
                SparkConstants.SPARK_DATAFRAME_CALLBACK_HEADER,
                DataFrameCallback.class,
                getEndpoint().getDataFrameCallback());
        if (callback == null) {
            throw new IllegalStateException("No data frame callback: neither the dataFrameCallback option nor the"
                    + " header " + SparkConstants.SPARK_DATAFRAME_CALLBACK_HEADER + " is set.");
        }
        Dataset<Row> rows = dataSet(exchange, session);
        explainable(exchange, callback, () -> rows.queryExecution().toString());
        return callback.onDataFrame(rows, payloads(message));
    }

    @SuppressWarnings("unchecked") // A header's Dataset can only be a Dataset<Row>: nothing else is documented.
    private Dataset<Row> dataSet(Exchange exchange, SparkSession session) throws Exception {
        Dataset<Row> dataFrame = resolve(
                exchange.getMessage(),
                SparkConstants.SPARK_DATAFRAME_HEADER,
                Dataset.class,
                getEndpoint().getDataFrame());
        if (dataFrame != null) {
            return dataFrame;
        }
        DataFrameReader reader = session.read().format(getEndpoint().getFormat());
        getEndpoint().getReaderOptions().forEach((name, value) -> reader.option(name, String.valueOf(value)));
        if (getEndpoint().getSchema() != null) {
            reader.schema(getEndpoint().getSchema());
        }
        return reader.load(underSafeNames(exchange, "data frame").toArray(String[]::new));
    }
}
