package dev.buzon.delivery;

import dev.buzon.home.Disk;
import dev.buzon.home.RouteSettings;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.Serializable;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/**
 * How much may be staged for one file: its result and its bad records, and the parts of both while its job runs. A job
 * on many machines counts all of them, by what is in the folders. Immutable.
 */
public final class ResultBound implements Serializable {

    private static final long serialVersionUID = 1L;

    private static final long MEGABYTE = 1_000_000;
    /** In bytes. The ratio counts beyond them: a small file may grow as it likes. */
    private static final long FREE = 64 * MEGABYTE;
    /** In bytes. The folders are looked at each time that one task has written so many more. */
    private static final long STEP = 16 * MEGABYTE;

    private final String results;
    private final String rejected;
    /** In bytes. */
    private final long most;

    private final String reason;

    private ResultBound(Path results, Path rejected, long most, String reason) {
        this.results = results.toString();
        this.rejected = rejected.toString();
        this.most = most;
        this.reason = reason;
    }

    /**
     * The bound that the settings of a route set.
     *
     * @param source in bytes
     * @param results the folder where results are staged
     * @param rejected the folder where bad records are staged, which may be missing
     */
    public static ResultBound of(RouteSettings route, long source, Path results, Path rejected) {
        String key = "buzon." + route.route() + ".max-result-";
        long ratio = route.maxResultRatio();
        long bytes = route.maxResultMegabytes() * MEGABYTE;
        long byRatio = Math.max(FREE, ratio * source);
        boolean ratioCounts = ratio > 0 && (bytes == 0 || byRatio < bytes);
        long most = ratioCounts ? byRatio : bytes == 0 ? Long.MAX_VALUE : bytes;
        String reason = "its results take more than " + most / MEGABYTE + " MB"
                + (ratioCounts ? " and " + ratio + " times its own size: " + key + "ratio" : ": " + key + "megabytes")
                + " sets how much they may take";
        return new ResultBound(results, rejected, most, reason);
    }

    /**
     * Opens a new file among the results or the bad records.
     *
     * @return a stream that throws {@link UnreadableFileException} once all of them take too much; not buffered
     */
    public OutputStream open(Path file) throws IOException {
        return new Counted(Files.newOutputStream(file));
    }

    /** @throws UnreadableFileException if what is staged takes too much */
    void check() throws IOException {
        Path bad = Path.of(rejected);
        if (bytesIn(Path.of(results)) + (Files.exists(bad) ? bytesIn(bad) : 0) > most) {
            throw new UnreadableFileException(reason);
        }
    }

    private static long bytesIn(Path folder) throws IOException {
        long bytes = 0;
        for (Path file : Disk.list(folder)) {
            try {
                bytes += Files.size(file);
            } catch (NoSuchFileException e) {
                // Joined to another meanwhile.
            }
        }
        return bytes;
    }

    private final class Counted extends FilterOutputStream {

        private long untilNextLook = STEP;

        Counted(OutputStream out) {
            super(out);
        }

        @Override
        public void write(int b) throws IOException {
            out.write(b);
            count(1);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            out.write(bytes, offset, length);
            count(length);
        }

        private void count(int written) throws IOException {
            untilNextLook -= written;
            if (untilNextLook <= 0) {
                untilNextLook = STEP;
                check();
            }
        }
    }
}
