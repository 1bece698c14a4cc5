package dev.buzon.simulation;

import java.util.List;
import java.util.stream.Collectors;

/**
 * A transaction that was committed, or that may be.
 *
 * @param changes statements that changed nothing are not among them
 * @param forced whether its commit outlives the loss of power
 */
record Transaction(List<Change> changes, boolean forced) {

    String inWords() {
        return changes.stream().map(Change::inWords).distinct().collect(Collectors.joining(", "));
    }
}
