package dev.buzon.spark;

import java.util.Map;
import org.apache.camel.Category;
import org.apache.camel.Consumer;
import org.apache.camel.Processor;
import org.apache.camel.Producer;
import org.apache.camel.spi.Metadata;
import org.apache.camel.spi.UriEndpoint;
import org.apache.camel.spi.UriParam;
import org.apache.camel.spi.UriPath;
import org.apache.camel.support.DefaultEndpoint;
import org.apache.spark.api.java.JavaRDDLike;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** Run jobs on Apache Spark, on RDDs, data frames or SQL; the file in the message body can be the data set. */
@UriEndpoint(
        firstVersion = "2.17.0",
        scheme = "spark",
        title = "Spark",
        syntax = "spark:endpointType",
        producerOnly = true,
        category = {Category.BIGDATA},
        headersClass = SparkConstants.class)
public class SparkEndpoint extends DefaultEndpoint {

    @UriPath(description = "What to run against: rdd, dataframe or hive (the body as SQL).")
    @Metadata(required = true)
    private final EndpointType endpointType;

    @UriParam(description = "RDD to compute against. Without one, the file in the message body is the data set.")
    private JavaRDDLike<?, ?> rdd;

    @UriParam(description = "Function performing action against an RDD.")
    private RddCallback<?> rddCallback;

    @UriParam(description = "Opens the file in the message body as an RDD. Without one, the RDD is its lines.")
    private RddSource rddSource;

    @UriParam(description = "Data frame to compute against. Without one, the file in the message body is the data set.")
    private Dataset<Row> dataFrame;

    @UriParam(description = "Function performing action against a data frame.")
    private DataFrameCallback<?> dataFrameCallback;

    @UriParam(
            defaultValue = "json",
            description = "Spark's name of the format of the file in the message body, for dataframe.")
    private String format = "json";

    @UriParam(
            description =
                    "Schema of the file in the message body, in Spark's DDL (a INT, b STRING), for dataframe. Without"
                            + " one, Spark infers it.")
    private String schema;

    @UriParam(
            prefix = "reader.",
            multiValue = true,
            description =
                    "Options of Spark's reader for the file in the message body, for dataframe: reader.header=true.")
    private Map<String, Object> readerOptions = Map.of();

    @UriParam(
            defaultValue = "true",
            description = "Whether a callback's result that is an RDD is collected into a list, and the rows of a query"
                    + " with hive. If not, the body is the RDD itself, and with hive the number of rows.")
    private boolean collect = true;

    SparkEndpoint(String uri, SparkComponent component, EndpointType endpointType) {
        super(uri, component);
        this.endpointType = endpointType;
        this.rdd = component.getRdd();
        this.rddCallback = component.getRddCallback();
    }

    @Override
    public Producer createProducer() {
        return switch (endpointType) {
            case rdd -> new RddProducer(this);
            case dataframe -> new DataFrameProducer(this);
            case hive -> new HiveProducer(this);
        };
    }

    @Override
    public Consumer createConsumer(Processor processor) {
        throw new UnsupportedOperationException("The spark component has producer endpoints only.");
    }

    @Override
    protected void doInit() throws Exception {
        super.doInit();
        if (rdd != null && dataFrame != null) {
            throw new IllegalArgumentException("Both an RDD and a data frame are given to " + this + ".");
        }
        if (rdd != null && rddSource != null) {
            throw new IllegalArgumentException("Both an RDD and an RDD source are given to " + this + ".");
        }
    }

    @Override
    public SparkComponent getComponent() {
        return (SparkComponent) super.getComponent();
    }

    public EndpointType getEndpointType() {
        return endpointType;
    }

    public JavaRDDLike<?, ?> getRdd() {
        return rdd;
    }

    public void setRdd(JavaRDDLike<?, ?> rdd) {
        this.rdd = rdd;
    }

    public RddCallback<?> getRddCallback() {
        return rddCallback;
    }

    public void setRddCallback(RddCallback<?> rddCallback) {
        this.rddCallback = rddCallback;
    }

    public RddSource getRddSource() {
        return rddSource;
    }

    public void setRddSource(RddSource rddSource) {
        this.rddSource = rddSource;
    }

    public Dataset<Row> getDataFrame() {
        return dataFrame;
    }

    public void setDataFrame(Dataset<Row> dataFrame) {
        this.dataFrame = dataFrame;
    }

    public DataFrameCallback<?> getDataFrameCallback() {
        return dataFrameCallback;
    }

    public void setDataFrameCallback(DataFrameCallback<?> dataFrameCallback) {
        this.dataFrameCallback = dataFrameCallback;
    }

    public String getFormat() {
        return format;
    }

    public void setFormat(String format) {
        this.format = format;
    }

    public String getSchema() {
        return schema;
    }

    public void setSchema(String schema) {
        this.schema = schema;
    }

    public Map<String, Object> getReaderOptions() {
        return readerOptions;
    }

    public void setReaderOptions(Map<String, Object> readerOptions) {
        this.readerOptions = readerOptions;
    }

    public boolean isCollect() {
        return collect;
    }

    public void setCollect(boolean collect) {
        this.collect = collect;
    }
}
