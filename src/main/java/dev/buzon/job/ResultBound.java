package dev.buzon.job;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.Serializable;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;

/**
 * How much may be staged for one file: its result and its bad records, and the parts of both while its job runs. A job
 * on many machines counts all of them, by what is in the folders under names with the file's key. Immutable.
 */
public final class ResultBound implements Serializable {

    private static final long serialVersionUID = 1L;

    /** In bytes. The folders are looked at each time that one task has written so many more. */
    private static final long STEP = 16_000_000;

    private final String results;
    private final String badRecords;
    private final String key;
    private final Most most;

    /**
     * A bound, and what is said of a file that goes beyond it.
     *
     * @param bytes of results and bad records
     */
    public record Most(long bytes, String reason) implements Serializable {}

    /**
     * @param results the folder where results are staged
     * @param badRecords the folder where bad records are staged, which may be missing
     * @param key of the file's content
     */
    ResultBound(Path results, Path badRecords, String key, Most most) {
        this.results = results.toString();
        this.badRecords = badRecords.toString();
        this.key = key;
        this.most = most;
    }

    /**
     * Opens a new file among the results or the bad records.
     *
     * @return a stream that throws {@link UnreadableFileException} once all of them take too much; not buffered
     */
    public OutputStream open(Path file) throws IOException {
        return new Counted(Files.newOutputStream(file));
    }

    private void check() throws IOException {
        check(bytesIn(Path.of(results)) + bytesIn(Path.of(badRecords)));
    }

    /**
     * Checks what is staged for the file.
     *
     * @param staged in bytes
     * @throws UnreadableFileException if it is too much
     */
    public void check(long staged) {
        if (staged > most.bytes) {
            throw new UnreadableFileException(most.reason);
        }
    }

    private long bytesIn(Path folder) throws IOException {
        long bytes = 0;
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, "*" + key + "*")) {
            for (Path file : files) {
                try {
                    bytes += Files.size(file);
                } catch (NoSuchFileException e) {
                    // Joined to another meanwhile.
                }
            }
        } catch (NoSuchFileException | NotDirectoryException e) {
            // No bad record has been staged.
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
