package dev.buzon.benchmark;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * The line items that files hold, counted, or the highest bizum of each person. Dropped files and their results, whoever
 * wrote them, are read in the same way: the results are right if they hold the same.
 */
final class Results {

    private static final String LINE_ITEM = "\"ItemCode\"";

    private Results() {}

    /** Leaves out files whose names begin with a dot or an underscore: they are Spark's own notes. */
    static Map<String, BigDecimal> of(String route, List<Path> files) throws IOException {
        Map<String, BigDecimal> results = new TreeMap<>();
        for (Path file : files) {
            if (file.getFileName().toString().matches("[._].*")) {
                continue;
            }
            if (route.equals("bizums")) {
                addHighest(file, results);
            } else {
                results.merge("line items", BigDecimal.valueOf(count(file, LINE_ITEM)), BigDecimal::add);
            }
        }
        return results;
    }

    private static void addHighest(Path csv, Map<String, BigDecimal> results) throws IOException {
        for (String line : Files.readAllLines(csv)) {
            String[] cells = line.split(";");
            if (!cells[1].equals("Cantidad")) {
                results.merge(
                        cells[0].toLowerCase(Locale.ROOT),
                        new BigDecimal(cells[1].replace(',', '.')).stripTrailingZeros(),
                        BigDecimal::max);
            }
        }
    }

    /**
     * Counts how often a text occurs in a file.
     *
     * @param text whose first character occurs nowhere else in it, but perhaps at its end
     */
    static long count(Path file, String text) throws IOException {
        byte[] wanted = text.getBytes(StandardCharsets.UTF_8);
        long count = 0;
        int matched = 0;
        byte[] buffer = new byte[1 << 16];
        try (InputStream in = new BufferedInputStream(Files.newInputStream(file))) {
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                for (int i = 0; i < read; i++) {
                    matched = buffer[i] == wanted[matched] ? matched + 1 : buffer[i] == wanted[0] ? 1 : 0;
                    if (matched == wanted.length) {
                        count++;
                        matched = 0;
                    }
                }
            }
        }
        return count;
    }
}
