package dev.buzon.benchmark;

import dev.buzon.benchmark.rival.Figure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What was measured, under names such as {@code ms} and {@code peak-mb}; each name holds as many numbers as there are. */
final class Figures {

    private final Map<String, List<Double>> numbers = new LinkedHashMap<>();

    /** Those that a rival has printed. */
    static Figures printed(Path output) throws IOException {
        Figures figures = new Figures();
        for (String line : Files.readAllLines(output)) {
            if (line.startsWith(Figure.PREFIX)) {
                String[] parts = line.split(" ");
                figures.add(parts[1], Double.parseDouble(parts[2]));
            }
        }
        return figures;
    }

    void add(String name, double number) {
        numbers.computeIfAbsent(name, n -> new ArrayList<>()).add(number);
    }

    void addAll(Figures others) {
        others.numbers.forEach((name, more) ->
                numbers.computeIfAbsent(name, n -> new ArrayList<>()).addAll(more));
    }

    boolean has(String name) {
        return numbers.containsKey(name);
    }

    double mean(String name) {
        return of(name).stream().mapToDouble(Double::doubleValue).average().orElseThrow();
    }

    double median(String name) {
        return percentile(name, 50);
    }

    double max(String name) {
        return percentile(name, 100);
    }

    /** The least number that so many of a hundred don't exceed; the median of an even count is the mean of the two. */
    double percentile(String name, int percent) {
        List<Double> sorted = of(name).stream().sorted().toList();
        int above = (int) Math.ceil(sorted.size() * percent / 100.0);
        double found = sorted.get(Math.max(0, above - 1));
        return percent == 50 && sorted.size() % 2 == 0 ? (found + sorted.get(above)) / 2 : found;
    }

    private List<Double> of(String name) {
        if (!has(name)) {
            throw new IllegalStateException("Nothing was measured under the name " + name + ".");
        }
        return numbers.get(name);
    }
}
