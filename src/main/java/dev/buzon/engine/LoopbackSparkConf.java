package dev.buzon.engine;

import org.apache.spark.SecurityManager;
import org.apache.spark.SparkConf;
import scala.Tuple2;

/**
 * A configuration with which Spark's UI listens on the loopback address alone, and which holds a secret without showing
 * it. No key says where the UI listens: Spark asks its configuration for an environment variable, and takes every
 * address where there is none. It asks for the secret in the same way before it looks for the key, whose value would
 * go to executors and stand in the UI. A program can't set a variable for itself, but can answer.
 */
final class LoopbackSparkConf extends SparkConf {

    private static final long serialVersionUID = 1L;

    /** Null where there is none but what the environment or the key says. */
    private final transient String secret;

    /** Without the system properties. */
    LoopbackSparkConf(String secret) {
        super(false);
        this.secret = secret;
    }

    @Override
    public String getenv(String name) {
        if (name.equals("SPARK_LOCAL_IP")) {
            return "127.0.0.1";
        }
        return secret != null && name.equals(SecurityManager.ENV_AUTH_SECRET()) ? secret : super.getenv(name);
    }

    /** Spark asks whether the secret's key is there, wherever the secret is. */
    @Override
    public boolean contains(String key) {
        return super.contains(key)
                || key.equals(SecurityManager.SPARK_AUTH_SECRET_CONF())
                        && getenv(SecurityManager.ENV_AUTH_SECRET()) != null;
    }

    /** Spark works on a copy, which is to answer as this one does. */
    @Override
    public SparkConf clone() {
        LoopbackSparkConf copy = new LoopbackSparkConf(secret);
        for (Tuple2<String, String> setting : getAll()) {
            copy.set(setting._1(), setting._2());
        }
        return copy;
    }

    /** That of the class above, which is what {@code log4j2.xml} quietens. */
    @Override
    public String logName() {
        return SparkConf.class.getName();
    }
}
