package dev.buzon.engine;

import dev.buzon.home.Settings;
import org.apache.spark.SparkConf;
import org.apache.spark.SparkContext;

/** A Spark that the homes of a process share: it outlives them, since each start of one costs a fifth of a second. */
public final class SharedSpark extends SparkContext {

    private static SharedSpark shared;

    private SharedSpark(SparkConf conf) {
        super(conf);
    }

    /** Starts it if there is none. A home that starts finds it: Spark allows one context in a process. */
    public static synchronized void start(Settings settings) {
        if (shared == null) {
            Machine.prepare();
            shared = new SharedSpark(
                    EngineConf.local(settings).set("spark.local.dir", System.getProperty("java.io.tmpdir")));
        }
    }

    /** Makes way for a Spark of somebody's own. */
    public static synchronized void end() {
        if (shared != null) {
            shared.reallyStop();
            shared = null;
        }
    }

    private void reallyStop() {
        super.stop(0);
    }

    /** That of a home. */
    @Override
    public void stop() {}

    /** That of a home. */
    @Override
    public void stop(int exitCode) {}

    /** That of the class above, which is what {@code log4j2.xml} quietens. */
    @Override
    public String logName() {
        return SparkContext.class.getName();
    }
}
