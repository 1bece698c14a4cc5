package dev.buzon.spark;

import java.io.File;
import java.io.IOException;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import org.apache.camel.WrappedFile;
import org.apache.spark.api.java.JavaRDDLike;
import org.apache.spark.api.java.JavaSparkContext;

/**
 * The files in the body as an RDD of {@link FileSplit}: a large file is cut between lines, and small files share a
 * partition. For jobs that read files themselves. Immutable.
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
    public JavaRDDLike<?, ?> open(JavaSparkContext spark, Object... files) {
        List<Packing.Item<FileSplit>> splits = new ArrayList<>();
        try {
            for (int i = 0; i < files.length; i++) {
                splits.addAll(cut(element(files[i]), path(files[i]), i));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return new ElementRdd<>(spark, Packing.pack(splits, spark.defaultParallelism())).toJavaRDD();
    }

    static boolean isFile(Object body) {
        return body instanceof FileReference
                || body instanceof WrappedFile<?>
                || body instanceof File
                || body instanceof Path;
    }

    /**
     * The path of what a message body, or an element of it, has of a file.
     *
     * @throws IllegalArgumentException if it is no file
     */
    public static Path path(Object file) {
        if (file instanceof FileReference reference) {
            return reference.path();
        }
        Object bare = file instanceof WrappedFile<?> wrapped ? wrapped.getFile() : file;
        if (bare instanceof File plain) {
            return plain.toPath().toAbsolutePath();
        }
        if (bare instanceof Path path) {
            return path.toAbsolutePath();
        }
        throw new IllegalArgumentException("This is no file but "
                + (bare == null ? "null" : "a " + bare.getClass().getName()) + ".");
    }

    /** What tasks are handed of a file. */
    static Serializable element(Object file) {
        return file instanceof FileReference reference ? reference : path(file).toString();
    }

    /**
     * Cuts a file.
     *
     * @return one at least, in their order
     * @throws java.nio.file.FileSystemException if it is no regular file; a link is none
     */
    public List<FileSplit> cut(Path file) throws IOException {
        return cut(element(file), file, 0).stream().map(Packing.Item::value).toList();
    }

    private List<Packing.Item<FileSplit>> cut(Serializable element, Path file, int index) throws IOException {
        List<Packing.Item<FileSplit>> splits = new ArrayList<>();
        long from = 0;
        long size;
        try (FileChannel channel =
                FileChannel.open(RegularFiles.expect(file), StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS)) {
            size = channel.size();
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
                splits.add(new Packing.Item<>(new FileSplit(element, index, from, to), to - from));
                from = to;
            }
        }
        splits.add(new Packing.Item<>(new FileSplit(element, index, from, Long.MAX_VALUE), size - from));
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
