package dev.buzon.benchmark.rival;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** How a rival says what it measured: a line of its output for each figure. */
public final class Figure {

    /** What such a line begins with; a name and a number follow. */
    public static final String PREFIX = "figure ";

    private Figure() {}

    static void print(String name, double value) {
        System.out.println(PREFIX + name + " " + value);
    }

    static void printPeak() throws IOException {
        print("peak-mb", peakMegabytes("self"));
    }

    /**
     * The most memory that a process has held at once, code and mapped files too.
     *
     * @param process its id, or {@code self}
     */
    public static double peakMegabytes(String process) throws IOException {
        for (String line : Files.readAllLines(Path.of("/proc", process, "status"))) {
            if (line.startsWith("VmHWM:")) {
                return Double.parseDouble(line.replaceAll("[^0-9]", "")) * 1_024 / 1_000_000;
            }
        }
        throw new IOException("The process " + process + " has no VmHWM: it has ended, or this is no Linux.");
    }
}
