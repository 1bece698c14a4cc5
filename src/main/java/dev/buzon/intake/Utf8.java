package dev.buzon.intake;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;

/** Where bytes are no UTF-8. */
public final class Utf8 {

    private Utf8() {}

    /**
     * @param length how many of the bytes count
     * @return the index of the first byte that is no UTF-8, overlong forms and surrogates among them; -1 where there is
     *     none
     */
    public static int firstMalformed(byte[] bytes, int length) {
        int ascii = 0;
        while (ascii < length && bytes[ascii] >= 0) {
            ascii++;
        }
        if (ascii == length) {
            return -1;
        }
        CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder();
        ByteBuffer source = ByteBuffer.wrap(bytes, ascii, length - ascii);
        CharBuffer ignored = CharBuffer.allocate(1 << 10);
        CoderResult result;
        do {
            ignored.clear();
            result = decoder.decode(source, ignored, true);
        } while (result.isOverflow());
        return result.isError() ? source.position() : -1;
    }

    /**
     * Where a byte is, as an editor counts.
     *
     * @param bytes UTF-8 up to the index
     * @return such as "column 7", or "column 7 of its line 2" where line ends come before it
     */
    public static String place(byte[] bytes, int index) {
        int line = 1;
        int column = 1;
        for (int i = 0; i < index; i++) {
            if (bytes[i] == '\n') {
                line++;
                column = 1;
            } else if ((bytes[i] & 0xC0) != 0x80) {
                column++;
            }
        }
        return "column " + column + (line == 1 ? "" : " of its line " + line);
    }
}
