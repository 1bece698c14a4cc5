package dev.buzon.bizum;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.buzon.LongForm;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;
import org.junit.jupiter.api.Test;

/** What quotes and line ends make of a file, against a library's reading of CSV and against one by lines. */
class QuotedCellsTest {

    private static final int FILES = Boolean.getBoolean(LongForm.PROPERTY) ? 30_000 : 5_000;

    private static final CSVFormat TOLERANT =
            CSVFormat.DEFAULT.builder().setDelimiter(';').setTrailingData(true).get();
    private static final CSVFormat OPEN_TO_THE_END =
            TOLERANT.builder().setLenientEof(true).get();
    private static final List<String> TOKENS = List.of(
            "\"",
            "\"",
            "\"",
            "\"\"",
            ";",
            ";",
            "\n",
            "\n",
            "\r\n",
            "\r",
            " ",
            "a",
            "Zoe;9999;x",
            "Ana;25;",
            "Pepe",
            "7",
            "\";\"",
            ";\"",
            "\"\n",
            "Eva;3;y\n",
            "\n\uFEFF");

    private final Random random = new Random(15);

    /** A few bytes at a time: the buffer ends everywhere. */
    private static final class Trickle extends ByteArrayInputStream {
        Trickle(byte[] bytes) {
            super(bytes);
        }

        @Override
        public int read(byte[] target, int offset, int length) {
            return super.read(target, offset, Math.min(length, 3));
        }
    }

    /** @param lines the numbers of those that the reader told of, with good and bad records */
    private record Found(Set<String> payments, List<Integer> bad, List<Integer> lines) {}

    private static Found read(String file) throws IOException {
        Found found = new Found(new HashSet<>(), new ArrayList<>(), new ArrayList<>());
        byte[] bytes = file.getBytes(UTF_8);
        CsvRecords.Source source = () -> (InputStream) new Trickle(bytes);
        try (BizumReader reader = new BizumReader(source, 1_000, "UTF-8")) {
            while (reader.next()) {
                IntStream.rangeClosed((int) reader.line(), (int) reader.lastLine())
                        .forEach(found.lines::add);
                try {
                    Bizum bizum = reader.bizum();
                    found.payments.add(payment(bizum));
                } catch (BadBizumException e) {
                    found.bad.add((int) reader.line());
                }
            }
        }
        return found;
    }

    private static String payment(Bizum bizum) {
        return bizum.person() + " " + bizum.cents();
    }

    private static Stream<String> payment(List<String> cells) {
        try {
            return cells.size() < 2 ? Stream.of() : Stream.of(payment(Bizum.of(cells.get(0), cells.get(1), "")));
        } catch (BadBizumException e) {
            return Stream.of();
        }
    }

    private static Stream<String> lines(String file) {
        return Stream.of(file.split("\r\n|\r|\n", -1));
    }

    private static Set<String> paymentsByLines(String file) throws IOException {
        Set<String> payments = new HashSet<>();
        for (String line : lines(file).toList()) {
            try (CSVParser parser = CSVParser.parse(new StringReader(line), OPEN_TO_THE_END)) {
                parser.stream().flatMap(record -> payment(record.toList())).forEach(payments::add);
            }
        }
        return payments;
    }

    /** Where a quote stays open, it goes on with the next line. */
    private static Set<String> paymentsByLibrary(String file) throws IOException {
        Set<String> payments = new HashSet<>();
        String rest = file;
        while (!rest.isEmpty()) {
            try (CSVParser parser = CSVParser.parse(new StringReader(rest), TOLERANT)) {
                parser.stream().flatMap(record -> payment(record.toList())).forEach(payments::add);
                rest = "";
            } catch (UncheckedIOException e) {
                rest = afterLine(rest, lastRecord(rest));
            }
        }
        return payments;
    }

    private static int lastRecord(String file) throws IOException {
        try (CSVParser parser = CSVParser.parse(new StringReader(file), OPEN_TO_THE_END)) {
            List<CSVRecord> records = parser.getRecords();
            return (int) records.get(records.size() - 1).getCharacterPosition();
        }
    }

    private static String afterLine(String file, int from) {
        String rest = file.substring(from).replaceFirst("^[\r\n]+", "");
        return rest.replaceFirst("^[^\r\n]*(\r\n|\r|\n|$)", "");
    }

    @Test
    void nobodyPaysWhatTheLibraryOrTheLinesDoNotSay() throws Exception {
        int payments = 0;
        for (int i = 0; i < FILES; i++) {
            String file = random.ints(1 + random.nextInt(25), 0, TOKENS.size())
                    .mapToObj(TOKENS::get)
                    .collect(Collectors.joining());

            Found found = read(file);

            String unmarked = file.replace("\uFEFF", "");
            assertThat(paymentsByLines(unmarked)).as(file).containsAll(found.payments);
            assertThat(paymentsByLibrary(unmarked)).as(file).containsAll(found.payments);
            List<String> lines = lines(file).toList();
            assertThat(found.lines).as(file).doesNotHaveDuplicates().isSorted();
            assertThat(IntStream.rangeClosed(1, lines.size()).boxed())
                    .as(file)
                    .filteredOn(
                            line -> !lines.get(line - 1).replace("\uFEFF", "").isBlank())
                    .isSubsetOf(found.lines);
            payments += found.payments.size();
        }
        assertThat(payments).isGreaterThan(FILES / 10);
    }

    @Test
    void aForgottenQuoteCostsNoNeighbour() throws Exception {
        for (int i = 0; i < 2_000; i++) {
            List<String> lines = IntStream.range(0, 1 + random.nextInt(8))
                    .mapToObj(
                            n -> "p" + n + ";" + (1 + random.nextInt(99)) + ";cena" + " x".repeat(random.nextInt(200)))
                    .collect(Collectors.toCollection(ArrayList::new));
            int broken = random.nextInt(lines.size());
            StringBuilder line = new StringBuilder(lines.get(broken));
            lines.set(
                    broken, line.insert(random.nextInt(line.length() + 1), '"').toString());

            Found found = read(String.join(List.of("\n", "\r\n", "\r").get(i % 3), lines));

            assertThat(found.bad).as(lines.get(broken)).containsExactly(broken + 1);
            assertThat(found.payments).hasSize(lines.size() - 1);
        }
    }

    /** The quote of the first line is closed on the third, so the second lies in it; one of the third stays open. */
    @Test
    void aQuoteThatNothingClosesSetsNoLineFreeThatLiesInAnother() throws Exception {
        Found found = read("Ana;1;\"a\nEva;2;b\nUno;3;\"c;\"d\nZoe;4;e");

        assertThat(found.payments).containsExactly("zoe 400");
        assertThat(found.bad).containsExactly(1);
        assertThat(found.lines).containsExactly(1, 2, 3, 4);
    }
}
