package dev.buzon.spark;

import org.apache.spark.sql.SparkSession;

/** Gives the session that a job runs on: another one, perhaps, than the job before it had. */
@FunctionalInterface
public interface SessionSource {

    /** @throws IllegalStateException where there is none at present, with the reason */
    SparkSession session();
}
