package dev.buzon.intake;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.FileChannel;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.apache.commons.io.ByteOrderMark;
import org.apache.commons.io.input.BOMInputStream;
import org.apache.commons.io.input.BoundedInputStream;

/**
 * A file as UTF-8, whatever it is encoded in. It is opened once, however often it is read: to open a small file costs more
 * than to read it. Each stream of it ends the one before. Not thread-safe.
 */
public final class TextFile implements Closeable {

    private static final ByteOrderMark[] MARKS = {
        ByteOrderMark.UTF_8,
        ByteOrderMark.UTF_16LE,
        ByteOrderMark.UTF_16BE,
        ByteOrderMark.UTF_32LE,
        ByteOrderMark.UTF_32BE
    };

    private final FileChannel channel;
    private final Charset charset;

    /**
     * Finds out what the file is in. A guess reads all of it.
     *
     * @throws UnfitFileException if that isn't what the route reads, or if the file is no text
     */
    public TextFile(Path file, TextEncoding encoding) throws IOException, UnfitFileException {
        channel = RegularFile.open(file);
        try {
            BOMInputStream in = marked(RegularFile.stream(channel, 0), true);
            charset = encoding.of(in.getBOMCharsetName(), in.readNBytes(NoText.BYTES), in);
        } catch (IOException | UnfitFileException | RuntimeException e) {
            channel.close();
            throw e;
        }
    }

    public Charset charset() {
        return charset;
    }

    /**
     * All of it, without its byte order mark. What is malformed is so in what is read too, and nothing else is: see {@link
     * Utf8#firstMalformed}. Memory is bounded whatever the file.
     */
    public InputStream utf8() throws IOException {
        InputStream in = marked(RegularFile.stream(channel, 0), false);
        return charset.equals(StandardCharsets.UTF_8) ? in : new Utf8Stream(in, charset);
    }

    /**
     * The same of a part of a file that is encoded in UTF-8.
     *
     * @param from where a line begins, in bytes
     * @param to where the first line begins that isn't read
     */
    public InputStream utf8(long from, long to) throws IOException {
        InputStream part = BoundedInputStream.builder()
                .setInputStream(RegularFile.stream(channel, from))
                .setMaxCount(to - from)
                .get();
        return from == 0 ? marked(part, false) : part;
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }

    private static BOMInputStream marked(InputStream in, boolean withMark) throws IOException {
        return BOMInputStream.builder()
                .setInputStream(in)
                .setByteOrderMarks(MARKS)
                .setInclude(withMark)
                .get();
    }
}
