package dev.buzon.simulation;

import dev.buzon.simulation.mutation.Histories;
import java.sql.SQLException;

/** Histories of the service whose class loader this has. Used by one thread. */
public final class PlannedHistories implements Histories {

    private final Simulation simulation = new Simulation();

    public PlannedHistories() throws SQLException {}

    @Override
    public String plan(long seed) {
        return Plans.of(seed).toString();
    }

    @Override
    public String failure(String plan) {
        Simulation.Outcome outcome = simulation.run(Plan.parse(plan));
        if (outcome.isRight()) {
            return null;
        }
        if (outcome.failure() instanceof Violation violation) {
            return violation.getMessage();
        }
        throw new IllegalStateException("No promise was broken; but: " + outcome.failure(), outcome.failure());
    }

    @Override
    public String shrunk(String plan) {
        return Shrinking.of(simulation, simulation.run(Plan.parse(plan))).plan().toString();
    }

    @Override
    public void close() throws SQLException {
        simulation.close();
    }
}
