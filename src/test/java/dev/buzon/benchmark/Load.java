package dev.buzon.benchmark;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * What one turn works on: the last files of a folder. The first of them warm the process up and don't count.
 *
 * @param filesPerJob how many files a job of Buzón takes, or a trigger of Structured Streaming; {@code warmUp} and
 *     {@code count} are multiples of it
 */
record Load(String route, Path folder, int warmUp, int count, int filesPerJob) {

    /** Each file is a job of its own, which is the default. */
    static Load oneByOne(String route, Path folder, int warmUp, int count) {
        return new Load(route, folder, warmUp, count, 1);
    }

    int all() {
        return warmUp + count;
    }

    /** How many jobs count. */
    int jobs() {
        return count / filesPerJob;
    }

    void linkTo(Path to) throws IOException {
        Ground.link(folder, all(), to);
    }

    /**
     * What the daemon has to be told. One file a job is the default, so a build without batches can run that. Many files
     * a job are taken in one poll, as the documentation advises.
     */
    List<String> settings() {
        List<String> settings = new ArrayList<>();
        if (filesPerJob > 1) {
            settings.add("-Dbuzon." + route + ".files-per-job=" + filesPerJob);
        }
        if (filesPerJob >= 100) {
            settings.add("-Dbuzon." + route + ".max-files-per-poll=0");
        }
        return settings;
    }

    /** Whether a folder holds the results of these files, no fewer and no more. */
    boolean isIn(Path results) throws IOException {
        List<Path> files = Ground.files(folder);
        return Results.of(route, Ground.files(results))
                .equals(Results.of(route, files.subList(files.size() - all(), files.size())));
    }

    /** @throws IOException if a folder holds other results */
    void check(String who, Path results) throws IOException {
        if (!isIn(results)) {
            throw new IOException(who + " came to other results than its files hold.");
        }
    }
}
