package dev.buzon.simulation.mutation;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * A fault that could be made in the service.
 *
 * @param isInEachBuild whether it is made in each build, or only if all are
 * @param seeds among so many of the first ones is one that finds it; 0 if none is known
 * @param reason why it is not found; empty if it is
 * @param madeGoodBy the fault of leaving out what makes good for it; empty if nothing does, or that is no fault of its own
 * @param tests that fail if it is made, by their names below {@code dev.buzon}
 */
record Mutation(
        String name,
        boolean isInEachBuild,
        int seeds,
        String reason,
        String madeGoodBy,
        List<String> tests,
        List<Edit> edits) {

    /**
     * Some lines of a file of the service, and those in their place. The blanks at their beginnings don't matter.
     *
     * @param file below the folder of {@code dev.buzon}
     */
    record Edit(String file, List<String> before, List<String> after) {

        /** @throws IllegalStateException unless the lines are in the file, and only once */
        List<String> applied(List<String> lines) {
            List<String> stripped = lines.stream().map(String::strip).toList();
            int at = Collections.indexOfSubList(stripped, before);
            if (at < 0 || at != Collections.lastIndexOfSubList(stripped, before)) {
                throw new IllegalStateException("The list of mutations is out of date: in " + file + " there "
                        + (at < 0 ? "is no" : "is more than one")
                        + ":\n" + String.join("\n", before));
            }
            List<String> applied = new ArrayList<>(lines.subList(0, at));
            applied.addAll(after);
            applied.addAll(lines.subList(at + before.size(), lines.size()));
            return applied;
        }
    }

    /** The files that it changes. */
    Set<String> files() {
        return edits.stream().map(Edit::file).collect(Collectors.toSet());
    }

    /** What it makes of a file. */
    String applied(String file, List<String> lines) {
        List<String> applied = lines;
        for (Edit edit : edits) {
            applied = edit.file().equals(file) ? edit.applied(applied) : applied;
        }
        return String.join("\n", applied);
    }

    /** Whether there is a plan that finds it. */
    boolean isFound() {
        return reason.isEmpty();
    }

    /** Of the file that holds the plan of a history which finds it. */
    String planName() {
        return name.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", "-") + ".plan";
    }

    @Override
    public String toString() {
        return name;
    }
}
