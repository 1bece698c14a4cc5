package dev.buzon.intake;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.io.Serializable;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.Charset;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * What the files of a route are encoded in, as {@code buzon.<route>.charset} says: one charset for all of them, or told
 * from each. A job reads UTF-8 whatever it is: see {@link TextFile}. Immutable.
 */
public final class TextEncoding implements Serializable {

    private static final long serialVersionUID = 1L;

    private static final Charset WINDOWS = Charset.forName("windows-1252");

    private final String key;
    /** By its name, as a {@link Charset} can't be serialized; null where it is told from each file. */
    private final String set;

    private final boolean anyMark;

    private TextEncoding(String route, Optional<Charset> set, boolean anyMark) {
        this.key = "buzon." + route + ".charset";
        this.set = set.map(Charset::name).orElse(null);
        this.anyMark = anyMark;
    }

    /**
     * UTF-8 if nothing else is set.
     *
     * @param set by the key of the route; empty for auto
     */
    public static TextEncoding utf8Unless(String route, Optional<Charset> set) {
        return new TextEncoding(route, set, false);
    }

    /**
     * Told from the file where nothing is set: what its byte order mark says; without one UTF-8, or windows-1252 where
     * more of what is beyond ASCII isn't UTF-8 than is.
     */
    public static TextEncoding guessedUnless(String route, Optional<Charset> set) {
        return new TextEncoding(route, set, true);
    }

    /**
     * What a file is in. A guess reads all of it.
     *
     * @param mark what the byte order mark says; null if there is none
     * @param first the first bytes, that mark among them
     * @param rest what follows them
     * @throws UnfitFileException if that isn't what the route reads, or if the file is no text
     */
    Charset of(String mark, byte[] first, InputStream rest) throws IOException, UnfitFileException {
        String noText = NoText.of(first);
        if (noText != null) {
            throw new UnfitFileException("the file is " + noText);
        }
        if (set != null) {
            if (mark == null) {
                return Charset.forName(set);
            }
            if (mark.startsWith(set) || set.contains(mark)) {
                return Charset.forName(mark);
            }
            throw new UnfitFileException(
                    "the file begins with the mark of " + mark + ", but " + key + "=" + set + " is set");
        }
        if (mark != null) {
            if (anyMark || mark.equals("UTF-8")) {
                return Charset.forName(mark);
            }
            throw new UnfitFileException("the file is in " + mark + ", no UTF-8" + cure(mark));
        }
        String unmarked = utf16(first);
        if (unmarked != null) {
            throw new UnfitFileException("the file looks like " + unmarked + ", no UTF-8" + cure(unmarked));
        }
        return !anyMark || isUtf8(new SequenceInputStream(new ByteArrayInputStream(first), rest))
                ? StandardCharsets.UTF_8
                : WINDOWS;
    }

    private String cure(String charset) {
        return "; " + key + "=" + charset + " has it read";
    }

    /** The UTF-16 whose characters of Latin these may be; null where they are none. */
    private static String utf16(byte[] first) {
        if (first.length < 4) {
            return null;
        }
        boolean little = true;
        boolean big = true;
        for (int i = 0; i + 1 < Math.min(first.length, 64); i += 2) {
            little &= first[i] != 0 && first[i + 1] == 0;
            big &= first[i] == 0 && first[i + 1] != 0;
        }
        return little ? "UTF-16LE" : big ? "UTF-16BE" : null;
    }

    /** A few malformed lines don't make a file windows-1252: its other accents would come out as two letters each. */
    private static boolean isUtf8(InputStream in) throws IOException {
        CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder();
        ByteBuffer bytes = ByteBuffer.allocate(1 << 12);
        CharBuffer chars = CharBuffer.allocate(1 << 12);
        long beyondAscii = 0;
        long malformed = 0;
        int read = 0;
        while (read >= 0) {
            read = in.read(bytes.array(), bytes.position(), bytes.remaining());
            bytes.position(bytes.position() + Math.max(read, 0)).flip();
            CoderResult result;
            do {
                result = decoder.decode(bytes, chars.clear(), read < 0);
                for (int i = 0; i < chars.position(); i++) {
                    beyondAscii += chars.get(i) > 0x7F ? 1 : 0;
                }
                if (result.isError()) {
                    malformed++;
                    bytes.position(bytes.position() + result.length());
                }
            } while (!result.isUnderflow());
            bytes.compact();
        }
        return malformed <= beyondAscii;
    }
}
