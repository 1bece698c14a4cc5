package dev.buzon.simulation.mutation;

import java.sql.SQLException;

/**
 * Runs histories of a service, which may be a mutated one. It is all that is known of that one outside of its class loader,
 * so that it has types of the JDK alone.
 */
public interface Histories extends AutoCloseable {

    /** The plan that a seed is. */
    String plan(long seed);

    /**
     * @return which promise is broken in the history of a plan; null if none is
     * @throws IllegalStateException if the history ends in any other way: the simulation can't tell then
     */
    String failure(String plan);

    /** @return the shortest plan that was found whose history breaks the promise that this one's does */
    String shrunk(String plan);

    @Override
    void close() throws SQLException;
}
