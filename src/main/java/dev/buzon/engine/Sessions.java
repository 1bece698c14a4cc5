package dev.buzon.engine;

import org.apache.spark.SparkContext;
import org.apache.spark.sql.SparkSession;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes sessions, and says in the log where they are. */
final class Sessions {

    private static final Logger LOG = LoggerFactory.getLogger(Engine.class);

    private Sessions() {}

    /**
     * The builder of a session alone would make a context of a configuration of its own. It is the one of the sessions
     * that run in the driver: {@code SparkSession.builder()} looks for it by Scala's reflection, whose start is a sixth of
     * ours.
     */
    static SparkSession on(SparkContext context) {
        SparkSession session = org.apache.spark.sql.classic.SparkSession.builder()
                .sparkContext(context)
                .getOrCreate();
        LOG.info("Spark {} on {}", session.version(), context.master());
        context.uiWebUrl().foreach(address -> {
            LOG.info("Spark's UI is at {}", address);
            return null;
        });
        return session;
    }
}
