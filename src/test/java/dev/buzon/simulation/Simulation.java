package dev.buzon.simulation;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.sql.SQLException;

/** Runs histories, one after another. Used by one thread. */
final class Simulation implements AutoCloseable {

    private final SimulatedStore store;
    private final SimulatedHomes homes = new SimulatedHomes();

    Simulation() throws SQLException {
        store = new SimulatedStore();
    }

    /**
     * What became of a history.
     *
     * @param failure null if all promises were kept
     * @param history empty if nobody was to be told
     */
    record Outcome(Plan plan, Throwable failure, String history) {

        boolean isRight() {
            return failure == null;
        }

        /** For a person. */
        @Override
        public String toString() {
            StringWriter text = new StringWriter();
            text.append(history).append('\n').append(String.valueOf(plan)).append('\n');
            if (failure != null) {
                failure.printStackTrace(new PrintWriter(text, true));
            }
            return text.toString();
        }
    }

    Outcome run(Plan plan) {
        return run(plan, false);
    }

    /** @param told whether the history is written down */
    Outcome run(Plan plan, boolean told) {
        World world = null;
        try {
            world = new World(plan, homes, store, told);
            world.run();
            return new Outcome(plan, null, world.history().toString());
        } catch (RuntimeException | Error | IOException | SQLException e) {
            return new Outcome(plan, e, world == null ? "" : world.history().toString());
        }
    }

    @Override
    public void close() throws SQLException {
        store.close();
    }
}
