package dev.buzon.intake;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.Charset;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CharsetEncoder;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;

/**
 * A stream of another charset as UTF-8. What the charset can't make out becomes a byte that UTF-8 never has, so that
 * the record with it is found to be malformed, and only that.
 */
final class Utf8Stream extends InputStream {

    private static final byte MALFORMED = (byte) 0xFF;
    private static final int CHARS = 1 << 14;

    private final InputStream in;
    private final CharsetDecoder decoder;
    private final CharsetEncoder encoder = StandardCharsets.UTF_8.newEncoder();
    private final ByteBuffer source = ByteBuffer.allocate(CHARS).limit(0);
    private final CharBuffer chars = CharBuffer.allocate(CHARS);
    private final ByteBuffer utf8 = ByteBuffer.allocate(3 * CHARS + 1).limit(0);
    private boolean exhausted;
    private boolean ended;

    Utf8Stream(InputStream in, Charset charset) {
        this.in = in;
        this.decoder = charset.newDecoder();
    }

    @Override
    public int read() throws IOException {
        return makeAvailable() ? utf8.get() & 0xFF : -1;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
        if (length == 0) {
            return 0;
        }
        if (!makeAvailable()) {
            return -1;
        }
        int count = Math.min(length, utf8.remaining());
        utf8.get(target, offset, count);
        return count;
    }

    @Override
    public void close() throws IOException {
        in.close();
    }

    private boolean makeAvailable() throws IOException {
        while (!utf8.hasRemaining() && !ended) {
            fill();
        }
        return utf8.hasRemaining();
    }

    private void fill() throws IOException {
        if (!exhausted) {
            source.compact();
            int read = in.read(source.array(), source.position(), source.remaining());
            exhausted = read < 0;
            source.position(source.position() + Math.max(read, 0)).flip();
        }
        chars.clear();
        CoderResult result = decoder.decode(source, chars, exhausted);
        if (result.isUnderflow() && exhausted) {
            ended = decoder.flush(chars).isUnderflow();
        }
        utf8.clear();
        encoder.reset().encode(chars.flip(), utf8, true);
        if (result.isError()) {
            // Of half a pair of surrogates the decoder takes what follows along, a line end maybe.
            int unit = Math.round(1 / decoder.averageCharsPerByte());
            source.position(source.position() + Math.min(result.length(), unit));
            utf8.put(MALFORMED);
        }
        utf8.flip();
    }
}
