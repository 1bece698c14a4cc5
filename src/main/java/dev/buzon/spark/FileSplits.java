package dev.buzon.spark;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.api.java.JavaRDDLike;
import org.apache.spark.api.java.JavaSparkContext;

/**
 * The file in the body as an RDD of {@link FileSplit}, one a partition, cut between lines. For jobs that read the file
 * themselves. Immutable.
 */
public final class FileSplits implements RddSource {

    /** Small, so that results are joined while other splits are read, in memory that was just given back. */
    private static final long LEAST_BYTES = 32L << 20;

    private final long leastBytes;

    public FileSplits() {
        this(LEAST_BYTES);
    }

    /** @param leastBytes a file is cut where each split is as large as that, up to a line's length */
    public FileSplits(long leastBytes) {
        this.leastBytes = leastBytes;
    }

    @Override
    public JavaRDDLike<?, ?> open(JavaSparkContext spark, Path file) {
        try {
            return new ElementRdd<>(spark, cut(file)).toJavaRDD();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * @return one at least, in their order
     * @throws java.nio.file.FileSystemException if it is no regular file; a link is none
     */
    public List<FileSplit> cut(Path file) throws IOException {
        String path = file.toAbsolutePath().toString();
        List<FileSplit> splits = new ArrayList<>();
        long from = 0;
        try (FileChannel channel =
                FileChannel.open(RegularFiles.expect(file), StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS)) {
            long size = channel.size();
            long count = Math.max(1, size / leastBytes);
            for (long i = 1; i < count; i++) {
                long about = size / count * i;
                if (about <= from) {
                    // A line longer than a split takes the place of several.
                    continue;
                }
                long to = firstLineFrom(channel, about);
                if (to == size) {
                    break;
                }
                splits.add(new FileSplit(path, from, to));
                from = to;
            }
        }
        splits.add(new FileSplit(path, from, Long.MAX_VALUE));
        return splits;
    }

    /** Where the first line begins that begins there or later; the file's end where none does. */
    private static long firstLineFrom(FileChannel channel, long position) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(1 << 16);
        long at = position - 1;
        while (channel.read(buffer.clear(), at) > 0) {
            buffer.flip();
            while (buffer.hasRemaining()) {
                at++;
                if (buffer.get() == '\n') {
                    return at;
                }
            }
        }
        return at;
    }
}
