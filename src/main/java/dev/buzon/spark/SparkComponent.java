package dev.buzon.spark;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.apache.camel.Endpoint;
import org.apache.camel.spi.Metadata;
import org.apache.camel.spi.annotations.Component;
import org.apache.camel.support.DefaultComponent;
import org.apache.camel.util.PropertiesHelper;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaRDDLike;
import org.apache.spark.sql.SparkSession;

/** Runs jobs on Apache Spark. Thread-safe, as its endpoints are. */
@Component("spark")
public class SparkComponent extends DefaultComponent {

    @Metadata(
            autowired = true,
            description = "The Spark session to run on. Where none is given and the registry holds none, the"
                    + " component starts one of its own on local[*], and stops it with the context.")
    private SparkSession session;

    @Metadata(
            autowired = true,
            description = "Gives the Spark session for each job, in place of one session for all of them: that of a"
                    + " cluster, which may be lost and come back.")
    private SessionSource sessionSource;

    @Metadata(
            description = "Folder for the links to files under names of the component's own. On a cluster, one that all"
                    + " its machines share. Without one, it is the JVM's for temporary files.")
    private String linkFolder;

    @Metadata(description = "RDD to compute against, for the endpoints that name none.")
    private JavaRDDLike<?, ?> rdd;

    @Metadata(description = "Function performing action against an RDD, for the endpoints that name none.")
    private RddCallback<?> rddCallback;

    private JobRunner jobRunner = (exchange, job) -> job.call();

    private SparkSession ownSession;

    /** Of the last job of each route. */
    private final Map<String, Supplier<String>> lineages = new ConcurrentHashMap<>();

    /**
     * What the last job of a route was made of: the lineage of its RDD, or the plans of its data frame. Over many lines,
     * for a person.
     */
    public String explain(String routeId) {
        Supplier<String> lineage = lineages.get(routeId);
        return lineage == null ? "No Spark job of the route " + routeId + " has run since the start." : lineage.get();
    }

    /** @param routeId null where no route sent the exchange */
    void explainable(String routeId, Supplier<String> lineage) {
        if (routeId != null) {
            lineages.put(routeId, lineage);
        }
    }

    @Override
    protected Endpoint createEndpoint(String uri, String remaining, Map<String, Object> parameters) throws Exception {
        EndpointType type;
        try {
            type = EndpointType.valueOf(remaining);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    "Unknown endpoint type '" + remaining + "': spark:rdd, spark:dataframe or spark:hive.", e);
        }
        SparkEndpoint endpoint = new SparkEndpoint(uri, this, type);
        endpoint.setReaderOptions(PropertiesHelper.extractProperties(parameters, "reader."));
        setProperties(endpoint, parameters);
        return endpoint;
    }

    /** The session given, or the component's own, started by the first call that needs it. */
    SparkSession resolveSession() {
        if (sessionSource != null) {
            return sessionSource.session();
        }
        if (session != null) {
            return session;
        }
        lock.lock();
        try {
            if (ownSession == null) {
                SparkConf conf = new SparkConf()
                        .setAppName(getCamelContext().getName())
                        .setIfMissing("spark.master", "local[*]")
                        .setIfMissing("spark.ui.enabled", "false")
                        .setIfMissing("spark.driver.host", "127.0.0.1")
                        .setIfMissing("spark.driver.bindAddress", "127.0.0.1");
                ownSession = SparkSession.builder().config(conf).getOrCreate();
            }
            return ownSession;
        } finally {
            lock.unlock();
        }
    }

    @Override
    protected void doShutdown() throws Exception {
        if (ownSession != null) {
            ownSession.stop();
            ownSession = null;
        }
        super.doShutdown();
    }

    public SparkSession getSession() {
        return session;
    }

    public void setSession(SparkSession session) {
        this.session = session;
    }

    public SessionSource getSessionSource() {
        return sessionSource;
    }

    public void setSessionSource(SessionSource sessionSource) {
        this.sessionSource = sessionSource;
    }

    public String getLinkFolder() {
        return linkFolder;
    }

    public void setLinkFolder(String linkFolder) {
        this.linkFolder = linkFolder;
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

    public JobRunner getJobRunner() {
        return jobRunner;
    }

    /** @param jobRunner runs the jobs of all endpoints */
    public void setJobRunner(JobRunner jobRunner) {
        this.jobRunner = jobRunner;
    }
}
