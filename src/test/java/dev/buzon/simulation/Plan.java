package dev.buzon.simulation;

import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;

/**
 * A whole history, before it is run: the same plan is the same history, as long as neither the service nor the simulation
 * is changed.
 */
record Plan(Setup setup, List<Happening> happenings) {

    /** For what no happening chooses. */
    Random random() {
        return new Random(happenings.stream().mapToLong(Happening::seed).sum());
    }

    /** A line for the setup, and one for each happening, as {@link #parse} reads them. */
    @Override
    public String toString() {
        return setup + "\n"
                + happenings.stream().map(happening -> happening + "\n").collect(Collectors.joining());
    }

    /** Lines that begin with # are not read. */
    static Plan parse(String text) {
        List<String> lines = text.lines()
                .filter(line -> !line.isBlank() && !line.startsWith("#"))
                .toList();
        return new Plan(
                Setup.parse(lines.get(0)),
                lines.subList(1, lines.size()).stream().map(Happening::parse).toList());
    }
}
