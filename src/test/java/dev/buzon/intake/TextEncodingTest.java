package dev.buzon.intake;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_16BE;
import static java.nio.charset.StandardCharsets.UTF_16LE;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.buzon.Ending;
import dev.buzon.TestHome;
import java.io.ByteArrayInputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TextEncodingTest {

    private static final Charset WINDOWS = Charset.forName("windows-1252");
    private static final String INVOICES =
            "{\"InvoiceNumber\":\"\u00f1\",\"InvoiceLineItems\":[{\"ItemCode\":\"\u20ac\"}]}\n";
    private static final String LINE_ITEM = "{\"InvoiceNumber\":\"\u00f1\",\"ItemCode\":\"\u20ac\"}";

    @TempDir
    private Path folder;

    private TestHome home;

    @AfterEach
    void stop() throws Exception {
        if (home != null) {
            home.stop();
        }
    }

    private void start(String invoices, String bizums) throws Exception {
        home = new TestHome(folder)
                .set("buzon.invoices.charset", invoices)
                .set("buzon.bizums.charset", bizums)
                .start();
    }

    @Test
    void aCharsetThatIsSetHoldsForBothJobs() throws Exception {
        start("windows-1252", "UTF-16LE");

        Ending windows = Ending.of(home, "invoices", "a.json", (INVOICES + "\n{\"x\":\"\u20ac\"}").getBytes(WINDOWS));
        Ending undefined =
                Ending.of(home, "invoices", "b.json", (INVOICES + "{\"x\":\"\u00f1\u0081\"}").getBytes(ISO_8859_1));
        Ending marked = Ending.of(home, "invoices", "c.json", ("\uFEFF" + INVOICES).getBytes(UTF_8));
        Ending bizums = Ending.of(home, "bizums", "a.csv", "I\u00f1aki;5;x\r\n\r\nbad\r\n".getBytes(UTF_16LE));
        Ending withMark = Ending.of(home, "bizums", "b.csv", "\uFEFFI\u00f1aki;5;x\nbad".getBytes(UTF_16LE));
        Ending otherMark = Ending.of(home, "bizums", "c.csv", "\uFEFFI\u00f1aki;5;x".getBytes(UTF_16BE));
        Ending loneSurrogate = Ending.of(home, "bizums", "e.csv", loneSurrogate());

        assertThat(windows.output()).containsExactly(LINE_ITEM);
        assertThat(windows.badRecords()).containsExactly("3: InvoiceNumber: missing");
        assertThat(windows.extracts()).containsExactly("{\"x\":\"\u20ac\"}");
        assertThat(undefined.badRecords()).containsExactly("2: no windows-1252 at column 8");
        assertThat(marked.error())
                .isEqualTo("the file begins with the mark of UTF-8, but buzon.invoices.charset=windows-1252 is set");
        assertThat(bizums.badRecords()).containsExactly("3: expected 3 columns, found 1");
        assertThat(withMark.badRecords()).containsExactly("2: expected 3 columns, found 1");
        assertThat(otherMark.error())
                .isEqualTo("the file begins with the mark of UTF-16BE, but buzon.bizums.charset=UTF-16LE is set");
        assertThat(loneSurrogate.archived()).isTrue();
        assertThat(loneSurrogate.badRecords()).containsExactly("1: no UTF-16LE at column 8");
    }

    /** A line with half a pair of surrogates, then a good one. */
    private static byte[] loneSurrogate() {
        byte[] bytes = "Ana;5;x?\nEva;1;z".getBytes(UTF_16LE);
        bytes[14] = 0x3D;
        bytes[15] = (byte) 0xD8;
        return bytes;
    }

    @Test
    void eitherOrderOfBytesIsReadWhereUtf16IsSet() throws Exception {
        start("UTF-16", "UTF-8");

        Ending little = Ending.of(home, "invoices", "a.json", ("\uFEFF" + INVOICES).getBytes(UTF_16LE));
        Ending big = Ending.of(home, "invoices", "b.json", ("\uFEFF[" + INVOICES + "]").getBytes(UTF_16BE));
        Ending unmarked = Ending.of(home, "invoices", "c.json", INVOICES.getBytes(UTF_16BE));
        Ending utf8 = Ending.of(home, "invoices", "d.json", INVOICES.getBytes(UTF_8));
        Ending windows = Ending.of(home, "bizums", "a.csv", "Ana;5;x\nI\u00f1aki;5;x".getBytes(WINDOWS));

        assertThat(little.output()).containsExactly(LINE_ITEM);
        assertThat(big.output()).containsExactly(LINE_ITEM);
        assertThat(unmarked.output()).containsExactly(LINE_ITEM);
        assertThat(utf8.error()).startsWith("no invoice can be read; the first, line 1: ");
        assertThat(windows.badRecords()).containsExactly("2: no UTF-8 at column 2");
    }

    @ParameterizedTest
    @ValueSource(strings = {"UTF-8", "UTF-16LE", "UTF-16BE", "windows-1252", "GB18030", "Shift_JIS", "UTF-32BE"})
    void theStreamIsWhatTheWholeDecodesToAcrossItsBuffers(String charset) throws Exception {
        Random random = new Random(1);
        StringBuilder text = new StringBuilder();
        String letters = charset.equals("windows-1252") ? "a\u00f1\u20ac;\n" : "a\u3042;\n\u4e9c\u3042\u30a2";
        while (text.length() < 100_000) {
            text.append(letters.charAt(random.nextInt(letters.length())));
            if (charset.startsWith("UTF") || charset.startsWith("GB")) {
                text.append(random.nextInt(3) == 0 ? "\uD83D\uDE00" : "");
            }
        }

        byte[] utf8 = new Utf8Stream(
                        new ByteArrayInputStream(text.toString().getBytes(Charset.forName(charset))),
                        Charset.forName(charset))
                .readAllBytes();

        assertThat(new String(utf8, UTF_8)).isEqualTo(text.toString());
    }

    @Test
    void eachMalformedPlaceOfTheStreamIsMalformedInUtf8() throws Exception {
        byte[] windows = "a\u0081b\u00f1\u008d\u0090".getBytes(ISO_8859_1);

        byte[] utf8 = new Utf8Stream(new ByteArrayInputStream(windows), WINDOWS).readAllBytes();

        assertThat(new String(utf8, ISO_8859_1)).isEqualTo("a\u00ffb\u00c3\u00b1\u00ff\u00ff");
        assertThat(Utf8.firstMalformed(utf8, utf8.length)).isEqualTo(1);
    }

    @Test
    void malformedUtf8IsFoundWhereTheDecoderOfJavaFindsIt() {
        Random random = new Random(2);
        byte[] some = {
            'a',
            '\n',
            (byte) 0xC3,
            (byte) 0xB1,
            (byte) 0x80,
            (byte) 0xE2,
            (byte) 0x82,
            (byte) 0xAC,
            (byte) 0xF0,
            (byte) 0x9F,
            (byte) 0x98,
            (byte) 0xED,
            (byte) 0xA0,
            (byte) 0xC0,
            (byte) 0xFF
        };
        for (int i = 0; i < 100_000; i++) {
            byte[] bytes = new byte[random.nextInt(7)];
            for (int j = 0; j < bytes.length; j++) {
                bytes[j] = some[random.nextInt(some.length)];
            }

            int found = Utf8.firstMalformed(bytes, bytes.length);

            assertThat(isUtf8(bytes, bytes.length)).isEqualTo(found < 0);
            if (found >= 0) {
                assertThat(isUtf8(bytes, found)).isTrue();
            }
        }
    }

    private static boolean isUtf8(byte[] bytes, int length) {
        try {
            UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes, 0, length));
            return true;
        } catch (CharacterCodingException e) {
            return false;
        }
    }
}
