package dev.buzon.spark;

import java.util.concurrent.Callable;
import org.apache.camel.Exchange;

/** Runs the jobs of a {@link SparkComponent}: at once by default. Thread-safe. */
@FunctionalInterface
public interface JobRunner {

    /**
     * Runs a job.
     *
     * @param exchange whose job it is
     * @param job to be called once
     * @return what the job returns
     * @throws Exception what the job throws, or another in its place
     */
    Object run(Exchange exchange, Callable<Object> job) throws Exception;
}
