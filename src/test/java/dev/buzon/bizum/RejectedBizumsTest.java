package dev.buzon.bizum;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_16BE;
import static java.nio.charset.StandardCharsets.UTF_16LE;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.buzon.Ending;
import dev.buzon.TestHome;
import java.nio.charset.Charset;
import java.nio.file.Path;
import java.text.Normalizer;
import java.text.Normalizer.Form;
import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What becomes of bizums that are none, and of the good ones beside them. Each file has people of its own. */
class RejectedBizumsTest {

    private static final Charset WINDOWS = Charset.forName("windows-1252");
    private static final int MAX_RECORD_BYTES = 20_000;
    private static final AtomicInteger FILES = new AtomicInteger(1_000);

    @TempDir
    private static Path folder;

    private static TestHome home;

    /** The number of the test's file, which its people have in their names. */
    private int file;

    @BeforeAll
    static void start() throws Exception {
        home = new TestHome(folder)
                .set("buzon.bizums.quiet-period", "10ms")
                .set("buzon.bizums.poll-interval", "10ms")
                .set("buzon.bizums.max-record-bytes", Integer.toString(MAX_RECORD_BYTES))
                .start();
    }

    @AfterAll
    static void stop() throws Exception {
        home.stop();
    }

    /** @param content with # for what makes names and content this file's own */
    private Ending handle(String content, Charset charset) throws Exception {
        file = FILES.incrementAndGet();
        return Ending.of(
                home,
                "bizums",
                "f" + file + ".csv",
                content.replace("#", Integer.toString(file)).getBytes(charset));
    }

    private Ending handle(String content) throws Exception {
        return handle(content, UTF_8);
    }

    private void awaitRows(String... rows) {
        await().pollInterval(Duration.ofMillis(10))
                .untilAsserted(() -> assertThat(home.highestBizums().lines())
                        .filteredOn(line -> line.contains(file + ";"))
                        .containsExactlyInAnyOrder(Stream.of(rows)
                                .map(row -> row.replace("#", Integer.toString(file)))
                                .toArray(String[]::new)));
    }

    static Stream<Arguments> badRecords() {
        return Stream.of(
                arguments("Eva;25", "expected 3 columns, found 2"),
                arguments("Eva;25;a;b", "expected 3 columns, found 4"),
                arguments("Eva,25,a", "expected 3 columns, found 1"),
                arguments("\"Eva;25;a", "a quote stays open, or is out of place"),
                arguments("\"Eva\"x;25;a", "a quote stays open, or is out of place"),
                arguments("Ev\u0000a;25;a", "Nombre: holds the control character U+0000"),
                arguments("Eva;2\u00005;a", "Cantidad: expected an amount, found \"2\\u00005\""),
                arguments("Eva;25;a\u0000", "Concepto: holds the control character U+0000"),
                arguments("\u0000\u0000\u0000", "expected 3 columns, found 1"),
                arguments("Eva\u001b[2J;25;a", "Nombre: holds the control character U+001B"),
                arguments("Eva;25;a\u0085b", "Concepto: holds the control character U+0085"),
                arguments("Eva;25;a\u000bb", "Concepto: holds the control character U+000B"),
                arguments(";25;a", "Nombre: missing"),
                arguments(" \t\u00a0\u2003;25;a", "Nombre: missing"),
                arguments("\"\";25;a", "Nombre: missing"),
                arguments("E".repeat(201) + ";25;a", "Nombre: longer than 200 characters"),
                arguments("Eva;25;" + "a".repeat(1_001), "Concepto: longer than 1000 characters"),
                arguments("Eva;;a", "Cantidad: expected an amount, found \"\""),
                arguments("Eva;\u20ac;a", "Cantidad: expected an amount, found \"\u20ac\""),
                arguments("Eva;-5;a", "Cantidad: \"-5\" is not positive"),
                arguments("Eva;-5 \u20ac;a", "Cantidad: \"-5 \u20ac\" is not positive"),
                arguments("Eva;0,00;a", "Cantidad: \"0,00\" is not positive"),
                arguments("Eva;99999999999999;a", "Cantidad: \"99999999999999\" is too large"),
                arguments("Eva;" + "9".repeat(10_000) + ";a", "Cantidad: \"" + "9".repeat(40) + "\u2026\" is too long"),
                arguments("Eva;1" + ".234".repeat(4_000) + ";a", "is too long for an amount"),
                arguments("Eva;1.234;a", "Cantidad: \"1.234\" could be thousands or decimals"),
                arguments("Eva;1,234 EUR;a", "Cantidad: \"1,234 EUR\" could be thousands or decimals"),
                arguments("Eva;2,505;a", "could be thousands or decimals"),
                arguments("Eva;0,505;a", "has more than two decimals"),
                arguments("Eva;1e3;a", "Cantidad: expected an amount, found \"1e3\""),
                arguments("Eva;\uff12\uff15;a", "expected an amount"),
                arguments("Eva;\u0662\u0665;a", "expected an amount"),
                arguments("Eva;25 $;a", "expected an amount"),
                arguments("Eva;\u20ac25\u20ac;a", "expected an amount"),
                arguments("Eva;25\u20ac50;a", "expected an amount"),
                arguments("Eva;=2+5;a", "expected an amount"),
                arguments("Nombre;Cantidad;Concepto x", "expected an amount, found \"Cantidad\""),
                arguments("Eva;25;" + "a".repeat(MAX_RECORD_BYTES), "longer than 20000 bytes"));
    }

    @ParameterizedTest
    @MethodSource
    void badRecords(String bad, String reason) throws Exception {
        Ending ending = handle("Ana#;25;pan\r\n" + bad + "\r\n\r\nPepe#;3;vino");

        awaitRows("ana#;25;pan", "pepe#;3;vino");
        assertThat(ending.archived()).isTrue();
        assertThat(ending.error()).isNull();
        assertThat(ending.badRecords()).hasSize(1);
        assertThat(ending.badRecords().get(0))
                .startsWith("2: ")
                .contains(reason)
                .hasSizeLessThan(310);
        assertThat(ending.extracts()).containsExactly(bad.substring(0, Math.min(bad.length(), MAX_RECORD_BYTES)));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "25,5",
                "25.50",
                "+25,50",
                "25,50\u20ac",
                "25,50 \u20ac",
                "\u20ac25.5",
                "\u20ac 25,50",
                "25,50\u00a0\u20ac",
                "\u202f25,50\u202f\u20ac\u00a0",
                "25.50 EUR",
                "EUR\u00a025,50",
                "25,5eur",
                "00025,50",
                "\t25,50 "
            })
    void amountsInEveryForm(String amount) throws Exception {
        Ending ending = handle("Ana#;" + amount + ";pan\nPepe#;1.234,56 \u20ac;a\nEva#;\u20ac1,234.56;b");

        awaitRows("ana#;25.50;pan", "pepe#;1234.56;a", "eva#;1234.56;b");
        assertThat(ending.badRecords()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Ana#;25;pan\nPepe#;3;\u00f1\n",
                "Ana#;25;pan\nPepe#;3;\u00f1",
                "Ana#;25;pan\r\nPepe#;3;\u00f1\r\n",
                "Ana#;25;pan\rPepe#;3;\u00f1\r",
                "Ana#;25;pan\rPepe#;3;\u00f1",
                "\n\r\n\rAna#;25;pan\n\r\n  \nPepe#;3;\u00f1\n\n",
                "Nombre;Cantidad;Concepto\nAna#;25;pan\nPepe#;3;\u00f1",
                "\uFEFFNombre;Cantidad;Concepto\nAna#;25;pan\nPepe#;3;\u00f1",
                "\uFEFF\"Nombre\";\"Cantidad\";\"Concepto\"\r\n\"Ana#\";\"25\";\"pan\"\r\nPepe#;3;\u00f1",
                "\n NOMBRE ; cantidad;CONCEPTO\nAna#;25;pan\nPepe#;3;\u00f1",
                "\uFEFFAna#;25;pan\nPepe#;3;\u00f1",
                "Ana#;25;pan\n\uFEFFPepe#;3;\u00f1",
                "Ana#;25;pan\n\tPepe#\t;3;\t\u00f1"
            })
    void headersMarksAndLineEnds(String content) throws Exception {
        Ending ending = handle(content);

        awaitRows("ana#;25;pan", "pepe#;3;\u00f1");
        assertThat(ending.badRecords()).isEmpty();
        assertThat(ending.archived()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"\n", "\r\n", "\r"})
    void linesAreCountedWhateverEndsThem(String end) throws Exception {
        Ending ending = handle(String.join(end, "Ana#;25;pan", "", "x", "Pepe#;3;vino", "y"));

        assertThat(ending.badRecords())
                .containsExactly("3: expected 3 columns, found 1", "5: expected 3 columns, found 1");
    }

    static Stream<Arguments> charsets() {
        return Stream.of(
                arguments("\uFEFF", UTF_8),
                arguments("", UTF_8),
                arguments("", WINDOWS),
                arguments("\uFEFF", UTF_16LE),
                arguments("\uFEFF", UTF_16BE),
                arguments("\uFEFF", Charset.forName("UTF-32LE")));
    }

    @ParameterizedTest
    @MethodSource
    void charsets(String mark, Charset charset) throws Exception {
        Ending ending = handle(
                mark + "Nombre;Cantidad;Concepto\r\nBego\u00f1a#;25 \u20ac;caf\u00e9\r\nx\r\n\u00d1u\u00f1o#;3;y",
                charset);

        awaitRows("bego\u00f1a#;25;caf\u00e9", "\u00f1u\u00f1o#;3;y");
        assertThat(ending.badRecords()).containsExactly("3: expected 3 columns, found 1");
    }

    @Test
    void oneMalformedLineDoesNotMakeAFileOfUtf8WindowsText() throws Exception {
        String utf8 = new String("Bego\u00f1a#;3;ni\u00f1o\n".getBytes(UTF_8), ISO_8859_1);

        Ending ending = handle(utf8 + "I\u00f1aki#;5;x\n", ISO_8859_1);

        awaitRows("bego\u00f1a#;3;ni\u00f1o");
        assertThat(ending.badRecords()).containsExactly("2: no UTF-8 at column 2");
    }

    @Test
    void theFiveBytesThatWindowsTextLeavesUndefinedAreBad() throws Exception {
        Ending ending = handle(
                "I\u00f1aki#;5;x\nA;1;\u0081\nA;1;\u008d\nA;1;\u008f\nA;1;\u0090\nA;1;\u009d\nA;1;a\u00f1\u0081\n",
                ISO_8859_1);

        awaitRows("i\u00f1aki#;5;x");
        assertThat(ending.badRecords())
                .containsExactly(
                        "2: no windows-1252 at column 5",
                        "3: no windows-1252 at column 5",
                        "4: no windows-1252 at column 5",
                        "5: no windows-1252 at column 5",
                        "6: no windows-1252 at column 5",
                        "7: no windows-1252 at column 7");
    }

    @Test
    void halfACharacterAtTheEndOfUtf16IsABadRecord() throws Exception {
        byte[] whole = "\uFEFFAna;7;a\nPepe;3;b\nx".getBytes(UTF_16LE);

        Ending ending = Ending.of(home, "bizums", "half.csv", Arrays.copyOf(whole, whole.length - 1));

        assertThat(ending.badRecords()).containsExactly("3: no UTF-16LE at column 1");
        assertThat(ending.archived()).isTrue();
    }

    static Stream<Arguments> wholeFiles() {
        return Stream.of(
                arguments("", UTF_8, "the file holds no bizum"),
                arguments("\uFEFF", UTF_8, "the file holds no bizum"),
                arguments("\n\r\n \t\n", UTF_8, "the file holds no bizum"),
                arguments("hello", UTF_8, "no bizum can be read; the first, line 1: expected 3 columns, found 1"),
                arguments("Ana;x;y\nPepe;z;y", UTF_8, "no bizum can be read; the first, line 1: Cantidad: expected"),
                arguments(
                        "Ana;25;pan",
                        UTF_16LE,
                        "the file looks like UTF-16LE, no UTF-8; buzon.bizums.charset=UTF-16LE has it read"),
                arguments(
                        "Ana;25;pan",
                        UTF_16BE,
                        "the file looks like UTF-16BE, no UTF-8; buzon.bizums.charset=UTF-16BE has it read"));
    }

    @ParameterizedTest
    @MethodSource
    void wholeFiles(String content, Charset charset, String reason) throws Exception {
        Ending ending = handle(content, charset);

        assertThat(ending.error()).startsWith(reason).hasSizeLessThan(400);
        assertThat(ending.rejected()).isTrue();
        assertThat(ending.archived()).isFalse();
    }

    @Test
    void aFirstLineThatOnlyBeginsLikeTheHeaderIsABadRecord() throws Exception {
        Ending ending = handle("Nombre;Cantidad;Concepto Ana 25 pan\nAna#;1;pan");

        awaitRows("ana#;1;pan");
        assertThat(ending.badRecords()).containsExactly("1: Cantidad: expected an amount, found \"Cantidad\"");
    }

    static Stream<Arguments> quotedLines() {
        String misplaced = "a quote stays open, or is out of place";
        String within = "a quoted cell holds a line that is a record by itself";
        return Stream.of(
                arguments("Eva#;25;\"Cena@Zoe#;9999;regalo\"", "eva#;25;\"Cena Zoe#;9999;regalo\"", null),
                arguments("Eva#;25;\"Cena@@de \"\"gala\"\"@\"", "eva#;25;\"Cena de \"\"gala\"\"\"", null),
                arguments("Eva#;\"25\";\"Cena;@\" ", "eva#;25;\"Cena;\"", null),
                arguments("Eva#;25;\"Cena@Zoe#;9999;regalo@fin\"", null, "2: " + within + " (lines 2 to 4)"),
                arguments("Eva#;25;\"a@Zoe#;9999;b@c\";d", null, "2: expected 3 columns, found 4 (lines 2 to 4)"),
                arguments(
                        "Eva#;1.234;\"a@Zoe#;9999;b\"",
                        null,
                        "2: Cantidad: \"1.234\" could be thousands or decimals (lines 2 to 3)"),
                arguments("\"Eva#@\";25;a", null, "2: Nombre: holds a line end (lines 2 to 3)"),
                arguments("Eva#;\"25@\";a", null, "2: Cantidad: holds a line end (lines 2 to 3)"),
                arguments("\"Eva#\"x;25;\"a@Zoe#;9999;b@c\"", null, "2: " + misplaced + " (lines 2 to 4)"),
                arguments("Eva#;25;\"a@Zoe#;9999;b@\"c", null, "2: " + misplaced + " (lines 2 to 4)"),
                arguments("Eva#;25; \"a\"", null, "2: " + misplaced),
                arguments("\"Eva#;25;a@\"Zoe#\";9999;b", null, "2: " + misplaced + " (lines 2 to 3)"),
                arguments("Eva#;25;12\"", null, "2: " + misplaced),
                arguments("Eva#;25;a \"b\"", null, "2: " + misplaced),
                arguments("Zoe#;9999;regalo\"", null, "2: " + misplaced),
                arguments(
                        "Eva#;25;\"" + "a@".repeat(MAX_RECORD_BYTES) + "@Zoe#;9999;regalo@\"",
                        null,
                        "2: longer than 20000 bytes (lines 2 to 20004)"),
                arguments(
                        "Eva#;25;\"" + "a".repeat(2 * MAX_RECORD_BYTES) + "@Zoe#;9999;regalo@\"",
                        null,
                        "2: longer than 20000 bytes (lines 2 to 4)"));
    }

    /** @param quoted with @ for a line end */
    @ParameterizedTest
    @MethodSource("quotedLines")
    void aLineThatLiesInAQuotedCellNeverCountsByItself(String quoted, String row, String bad) throws Exception {
        for (String end : new String[] {"\n", "\r\n", "\r"}) {
            String record = quoted.replace("@", end);

            Ending ending = handle("Ana#;25;pan" + end + record + end + "Pepe#;3;vino" + end + "Luis#;-1;x");

            String last = (3 + quoted.chars().filter(c -> c == '@').count() + 1) + ": Cantidad: \"-1\" is not positive";
            if (bad == null) {
                awaitRows("ana#;25;pan", row, "pepe#;3;vino");
                assertThat(ending.badRecords()).containsExactly(last);
            } else {
                awaitRows("ana#;25;pan", "pepe#;3;vino");
                assertThat(ending.badRecords()).containsExactly(bad, last);
                String own = record.replace("#", Integer.toString(file));
                assertThat(ending.extracts().get(0))
                        .isEqualTo(own.substring(0, Math.min(own.length(), MAX_RECORD_BYTES)));
            }
        }
    }

    @Test
    void aQuoteThatNothingClosesCostsItsLineAndNoOther() throws Exception {
        String lines = "Pepe#;3;\"\"\r\n".repeat(20_000);

        Ending ending = handle("Ana#;25;pan\r\nEva#;9;\"a;b\r\n" + lines + "Luis#;-1;x\r\nMar#;7;\"\"\"\"");

        awaitRows("ana#;25;pan", "pepe#;3;", "mar#;7;\"\"\"\"");
        assertThat(ending.badRecords())
                .containsExactly(
                        "2: a quote stays open, or is out of place", "20003: Cantidad: \"-1\" is not positive");
        assertThat(ending.extracts().get(0)).isEqualTo("Eva" + file + ";9;\"a;b");
    }

    static Stream<String> headers() {
        return Stream.of(
                "Concepto;Cantidad;Nombre\nCena;25;Ana#\nvino;1.234,50;Pepe#",
                "CONCEPTO ; cant\u00eddad;\u00a0Nombre\u0301 \nCena;25;Ana#\nvino;1.234,50;Pepe#",
                "Cantidad;Nombre;Concepto\n25;Ana#;Cena\n1.234,50;Pepe#;vino",
                "\"Cantidad\";\"Concepto\";\"Nombre\"\n25;\"Cena\";Ana#\n1.234,50;vino;Pepe#",
                "Nombre;Cantidad;Concepto;Tipo\nAna#;25;Cena;enviado\nPepe#;1.234,50;vino;",
                "Fecha;Concepto;Tipo;Nombre;Cantidad\n2026-11-01;Cena;a;Ana#;25\n;vino;;Pepe#;1.234,50",
                "Nombre;Cantidad;Concepto;\nAna#;25;Cena\nPepe#;1.234,50;vino;",
                "Ana#;25;Cena\nConcepto;Cantidad;Nombre\nvino;1.234,50;Pepe#",
                "Concepto;Cantidad;Nombre\nCena;25;Ana#\nNombre;Cantidad;Concepto\nPepe#;1.234,50;vino",
                "Nombre;Cantidad;Concepto\nAna#;25;Cena\nNombre;Cantidad;Concepto\nPepe#;1.234,50;vino");
    }

    @ParameterizedTest
    @MethodSource
    void headers(String content) throws Exception {
        Ending ending = handle(content);

        awaitRows("ana#;25;Cena", "pepe#;1234.50;vino");
        assertThat(ending.badRecords()).isEmpty();
        assertThat(ending.archived()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Concepto;Importe;Nombre",
                "Concepto;Importe;Persona",
                "Fecha;Cantidad;Concepto",
                "Nombre;Concepto;Cantidad;Concepto",
                "Concepto;Cantidad",
                "Concepto;Cantidad;Nombre y apellidos"
            })
    void aHeaderThatLacksAColumnHasItsFileRejectedByItsName(String header) throws Exception {
        Ending ending = handle(header + "\nCena#;25;Ana\nvino#;3;Pepe");

        assertThat(ending.error())
                .startsWith("no bizum can be read; the first, line 1: the header \"" + header + "\" ")
                .containsPattern("lacks (Nombre|Cantidad)|has a column twice");
        assertThat(ending.rejected()).isTrue();
        awaitRows();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Concepto;Importe;Nombre",
                "Luis;3;panConcepto;Cantidad;Nombre",
                "\"Concepto;Cantidad;Nombre",
                "Luis;3;\"a\nConcepto;Cantidad;Nombre\nb\"",
                "Concepto;Cantidad;Nombre\u0000;\"\"x"
            })
    void whatFollowsAHeaderThatCannotBeReadIsBadUpToTheNext(String header) throws Exception {
        Ending ending = handle("Ana#;25;pan\n" + header + "\nCena#;26;Ana\nNombre;Cantidad;Concepto\nPepe#;3;vino");

        awaitRows("ana#;25;pan", "pepe#;3;vino");
        assertThat(ending.badRecords()).hasSize(2);
        assertThat(ending.badRecords().get(0)).startsWith("2: ").contains("header");
        assertThat(ending.badRecords().get(1)).matches("[35]: below the header of line 2, which can't be read");
    }

    @Test
    void aHeaderAloneIsAFileOfNoBizums() throws Exception {
        Ending ending = handle("Nombre;Cantidad;Concepto\n");

        assertThat(ending.archived()).isTrue();
        assertThat(ending.error()).isNull();
    }

    @Test
    void peopleAreTheSameWhateverTheLanguageOfTheMachine() throws Exception {
        Locale before = Locale.getDefault();
        Locale.setDefault(Locale.forLanguageTag("tr-TR"));
        try {
            handle("ISABEL#;1;a\nisabel#;2;b\n\u0131sabel#;3;c\n\u0130sabel#;4;d\ni\u0307sabel#;5;e");
        } finally {
            Locale.setDefault(before);
        }

        awaitRows("isabel#;2;b", "\u0131sabel#;3;c", "i\u0307sabel#;5;e");
    }

    @Test
    void everyLetterIsTheSameComposedAndDecomposed() throws Exception {
        StringBuilder different = new StringBuilder();
        for (int letter : IntStream.rangeClosed(0, Character.MAX_CODE_POINT)
                .filter(Character::isLetter)
                .toArray()) {
            String composed = "a" + Character.toString(letter) + "b";
            String decomposed = Normalizer.normalize(composed, Form.NFD);
            String person = Bizum.of(composed, "1", "").person();
            if (!person.equals(Bizum.of(decomposed, "1", "").person())
                    || !person.equals(Bizum.of(person, "1", "").person())) {
                different.append(" U+%04X".formatted(letter));
            }
        }

        assertThat(different).isEmpty();
    }
}
