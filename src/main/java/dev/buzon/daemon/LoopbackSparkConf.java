package dev.buzon.daemon;

import org.apache.spark.SparkConf;
import scala.Tuple2;

/**
 * A configuration with which Spark's UI listens on the loopback address alone. No key says where it listens: Spark asks
 * its configuration for an environment variable, and takes every address where there is none. A program can't set one
 * for itself, but can answer.
 */
final class LoopbackSparkConf extends SparkConf {

    private static final long serialVersionUID = 1L;

    /** Without the system properties. */
    LoopbackSparkConf() {
        super(false);
    }

    @Override
    public String getenv(String name) {
        return name.equals("SPARK_LOCAL_IP") ? "127.0.0.1" : super.getenv(name);
    }

    /** Spark works on a copy, which is to answer as this one does. */
    @Override
    public SparkConf clone() {
        LoopbackSparkConf copy = new LoopbackSparkConf();
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
