package dev.buzon.benchmark;

/** One thing that is measured. */
@FunctionalInterface
interface Work {

    /** @throws Exception where nothing can be said of it; what one of its contestants fails at is in the report */
    void run(Ground ground, Report report) throws Exception;
}
