package dev.buzon.invoice;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_16LE;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.buzon.job.InputFile;
import dev.buzon.job.ResultBound;
import dev.buzon.simulate.MadeUp;
import dev.buzon.spark.FileSplit;
import dev.buzon.spark.FileSplits;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Of a file comes the same, in however many splits and in whichever way it is read. */
class LineItemsTest {

    private static final int MAX_RECORD_BYTES = 5_000;
    private static final String BAD = "{\"InvoiceNumber\":\"9\",\"TotalAmount\":\"\u20ac\"}";

    private final Random random = new Random(7);

    @TempDir
    private Path folder;

    private Path file;
    private Path staging;
    /** Of the files; null if it is to be told from each. */
    private Charset charset;

    @BeforeEach
    void prepare() throws IOException {
        file = folder.resolve("source");
        staging = Files.createDirectory(folder.resolve("staging"));
    }

    private static String invoice(String number) {
        return "{\"InvoiceNumber\":\"" + number + "\",\"InvoiceLineItems\":[{\"ItemCode\":\"i" + number + "\"}]}";
    }

    /** All that becomes of it. */
    private List<Object> handle(int most, boolean quickly) throws IOException {
        InputFile input = input(file);
        List<FileSplit> splits = new FileSplits(Math.max(1, Files.size(file) / most)).cut(file);
        List<Object> became =
                became(LineItems.files(new WriteLineItems(MAX_RECORD_BYTES, null, quickly), task -> splits.stream()
                                .map(split -> new FileSplit(input, 0, split.from(), split.to()))
                                .map(split -> compute(task, List.of(split)))
                                .reduce(Part::join)
                                .orElseThrow())
                        .get(0));
        assertThat(staging).isEmptyDirectory();
        return became;
    }

    private InputFile input(Path of) throws IOException {
        return new InputFile(
                "invoices",
                of,
                "0".repeat(64),
                Files.size(of),
                charset,
                staging,
                staging,
                new ResultBound.Most(Long.MAX_VALUE, "none"));
    }

    private List<Object> became(Part part) throws IOException {
        List<Object> became = new ArrayList<>(List.of(part.charset, part.layout, part.invoices, part.lineItems));
        became.addAll(List.of(part.withoutItems, part.repeated, part.disagreeing, part.badRecords.count()));
        became.addAll(List.of(part.bareItems, String.valueOf(part.otherCase)));
        became.add(part.unreadable());
        part.moveTo(staging.resolve("items"), staging.resolve("bad"));
        for (String name : List.of("items", "bad")) {
            Path made = staging.resolve(name);
            if (Files.exists(made)) {
                became.add(name + "\n" + Files.readString(made));
                Files.delete(made);
            }
        }
        return became;
    }

    private static List<Part> compute(WriteLineItems task, List<FileSplit> partition) {
        try {
            return task.compute(partition.iterator());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void assertSameInSplits(byte[] content) throws IOException {
        Files.write(file, content);
        List<Object> thoroughly = handle(1, false);
        for (int most : new int[] {1, 2, 3, 5, 8, 100, 100_000}) {
            List<Object> inSplits = handle(most, true);
            if (!inSplits.equals(thoroughly)) {
                assertThat(inSplits)
                        .as(most + " of " + new String(content, UTF_8))
                        .isEqualTo(thoroughly);
            }
        }
    }

    static Stream<Arguments> files() {
        String three = invoice("1") + "\n" + invoice("2") + "\n" + invoice("3");
        String warned = "{\"InvoiceNumber\":\"1\",\"NumberOfItems\":3}\n";
        return Stream.of(
                arguments("no line end at the end", three),
                arguments("a line end at the end", three + "\n"),
                arguments("CR LF and blank lines", (three + "\n\n \n").repeat(3).replace("\n", "\r\n")),
                arguments("several on a line", (invoice("1") + invoice("2") + "\n").repeat(5)),
                arguments("the same in a row", (invoice("1") + "\n").repeat(9)),
                arguments("the same with bad ones between", (invoice("1") + "\n" + BAD + "\n").repeat(5)),
                arguments("warnings", warned.repeat(4)),
                arguments("other cases of letters", (invoice("1") + "\n").repeat(3) + three.replace("Item", "ITEM")),
                arguments("items without fields", (three.replace("ItemCode", "x") + "\n").repeat(3)),
                arguments("bad lines alone", (BAD + "\n\n").repeat(5)),
                arguments("bad lines first", (BAD + "\n").repeat(5) + three),
                arguments("no JSON between", (invoice("1") + "\nx\n" + invoice("\\u00f1") + "\n{\n").repeat(4)),
                arguments("byte order mark", "\uFEFF" + three),
                arguments("byte order marks within", three.replace("\n", "\n\uFEFF")),
                arguments("a long line", three + "\n" + invoice("4".repeat(MAX_RECORD_BYTES / 3)) + "\n" + three),
                arguments("a line too long", three + "\n" + invoice("4".repeat(MAX_RECORD_BYTES)) + "\n" + three),
                arguments("one line", invoice("1")),
                arguments("array", "[" + three.replace("\n", ",") + "]"),
                arguments("an element a line", "[\n" + three.replace("\n", "\n,\n") + "\n]\n"),
                arguments("objects, then an array", three + "\n[\n" + three.replace("\n", "\n,\n") + "\n]\n"),
                arguments("over many lines", three.replace(",", ",\n")),
                arguments("one a line, then over many", invoice("0") + "\n" + three.replace(",", ",\n")),
                arguments("empty", ""),
                arguments("blank", "\n\n\n \n"),
                arguments("no JSON", "a\nb\nc\n"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource
    void files(String what, String content) throws Exception {
        assertSameInSplits(content.getBytes(UTF_8));
    }

    /** Whatever came before it, of which something may be left. */
    @Test
    void ofAFileBecomesTheSameAmongOthers() throws Exception {
        List<byte[]> contents = damaged();
        files().map(arguments -> (String) arguments.get()[1]).forEach(content -> contents.add(content.getBytes(UTF_8)));
        contents.add("x".repeat(200_000).getBytes(UTF_8));
        Collections.shuffle(contents, random);
        List<List<Object>> alone = new ArrayList<>();
        List<FileSplit> partition = new ArrayList<>();
        for (int i = 0; i < contents.size(); i++) {
            Files.write(file, contents.get(i));
            alone.add(handle(1, true));
            Path own = Files.write(folder.resolve("source-" + i), contents.get(i));
            partition.add(new FileSplit(input(own), i, 0, Long.MAX_VALUE));
        }

        List<Part> parts =
                LineItems.files(new WriteLineItems(MAX_RECORD_BYTES, null, true), task -> compute(task, partition));

        assertThat(parts).hasSameSizeAs(contents);
        for (int i = 0; i < contents.size(); i++) {
            assertThat(became(parts.get(i)))
                    .as(new String(contents.get(i), ISO_8859_1))
                    .isEqualTo(alone.get(i));
        }
        assertThat(staging).isEmptyDirectory();
    }

    @Test
    void anotherCharsetIsNotSplit() throws Exception {
        charset = UTF_16LE;

        assertSameInSplits(("\uFEFF" + invoice("\u0a0a") + "\n" + invoice("2")).getBytes(UTF_16LE));
    }

    @Test
    void damagedFiles() throws Exception {
        for (byte[] bytes : damaged()) {
            Files.write(file, bytes);
            List<Object> thoroughly = handle(1, false);
            for (int most : new int[] {1, 2, 7}) {
                assertThat(handle(most, true))
                        .as(most + " of " + new String(bytes, ISO_8859_1))
                        .isEqualTo(thoroughly);
            }
        }
    }

    private List<byte[]> damaged() {
        List<String> made =
                new ArrayList<>(MadeUp.INVOICES.content(random).lines().toList());
        made.addAll(List.of(BAD, "", "\r", "{", "}", "x", "[", ",", "]", invoice("\uD83D\uDE00")));
        List<byte[]> damaged = new ArrayList<>();
        for (int i = 0; i < 60; i++) {
            StringBuilder content = new StringBuilder();
            for (int lines = random.nextInt(20); lines > 0; lines--) {
                content.append(made.get(random.nextInt(made.size()))).append(random.nextInt(9) == 0 ? "" : "\n");
            }
            byte[] bytes = content.toString().getBytes(UTF_8);
            for (int flips = bytes.length == 0 ? 0 : random.nextInt(3); flips > 0; flips--) {
                bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
            }
            damaged.add(bytes);
        }
        return damaged;
    }

    @Test
    void splitsAreCutBetweenLinesAndNoneIsEmpty() throws Exception {
        Files.writeString(file, "aaaaaaaaaa\nb\n\nc\ndddddddddd");

        List<FileSplit> splits = new FileSplits(3).cut(file);

        assertThat(splits).extracting(FileSplit::from).containsExactly(0L, 11L, 13L, 16L);
        assertThat(splits).extracting(FileSplit::to).containsExactly(11L, 13L, 16L, Long.MAX_VALUE);
        assertThat(new FileSplits(14).cut(file)).hasSize(1);
        assertThat(new FileSplits(13).cut(file)).hasSize(2);
    }
}
