package dev.buzon.invoice;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import dev.buzon.simulate.MadeUp;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The quick way to read an invoice against the thorough one, which is right by definition. Bytes are Latin 1 here. */
class PlainInvoiceTest {

    private static final int MAX_RECORD_BYTES = 3_000;
    private static final Pattern TOKEN =
            Pattern.compile("\"[^\"\\\\]*+(?:\\\\.[^\"\\\\]*+)*+\"|[-+.0-9eE]+|[a-z]+|\\s+|.", Pattern.DOTALL);
    private static final List<String> TOKENS = Stream.concat(
                    Stream.of(" ", "\t", "\r", "\n", "\r\n", "7".repeat(999), "7".repeat(1_500), "a".repeat(2_000)),
                    Stream.of(
                                    "{ } [ ] , : \" '",
                                    "null true false nul NaN Infinity {} [] \"\" \"0\" // /**/",
                                    "0 -0 00 01 - -1 1. .5 1.5 1.50 1e 1e.5 1e5 1E+2 1e-7 1e+ +1 1e999999999 1e99999999999 3 3.0 12 0x1",
                                    "\"InvoiceNumber\":\"1\", \"InvoiceNumber\":null, \"InvoiceNumber\":7, \"StoreID\":\"a\",",
                                    "\"x\":1, \"x\":\"y\", \"x\":null, \"x\":true, \"x\":[1], \"x\":{\"y\":1,\"y\":2}, \"NumberOfItems\":2,",
                                    "\"City\":\"Elche\", \"ItemQty\":1, \"InvoiceLineItems\":[], \"InvoiceLineItems\":[{}],",
                                    "\"invoiceNumber\":\"1\", \"STOREID\":7, \"cgst\":[], \"itemCode\":\"a\", \"ITEMQTY\":null, \"itemqty\":1,",
                                    "\"invoicelineitems\":[{\"itemcode\":\"1\"},{}], \"deliveryaddress\":{\"city\":\"E\"},",
                                    "\"InvoiceLineItems\":null, \"DeliveryAddress\":null, \"DeliveryAddress\":{}, \"DeliveryAddress\":[],",
                                    "\"\\u0049nvoiceNumber\":\"1\", \\u0041 \\ud800 \\n \\/ \\x \\ \\\" \\\\",
                                    "\u00c3\u00b1 \u00e2\u0082\u00ac \u00f0\u009f\u0098\u0080 \u00ef\u00bb\u00bf \u00ef\u00bf\u00bf",
                                    "\u00c0\u0080 \u00c1\u00bf \u00e0\u009f\u00bf \u00ed\u00a0\u0080 \u00f4\u0090\u0080\u0080 \u00f5 \u00ff",
                                    "\u0080 \u00c3 \u00e2\u0082 \u00f1 \u0000 \u0001 \u001f \u007f \u000b \u000c")
                            .flatMap(tokens -> Stream.of(tokens.split(" "))))
            .toList();

    private final Random random = new Random(20_260_101);
    private final List<String> made = MadeUp.INVOICES
            .content(random)
            .lines()
            .map(line -> new String(line.getBytes(UTF_8), ISO_8859_1))
            .toList();
    private int plainOnes;

    /** All that there is to say of a file's records. */
    private List<String> read(byte[] file, JsonRecords.Layout layout, boolean quickly) throws Exception {
        List<String> said = new ArrayList<>();
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        Invoice invoice = new Invoice("UTF-8");
        PlainInvoice plain = quickly ? new PlainInvoice() : null;
        LastNumber last = new LastNumber();
        InputStream in = quickly ? new Trickle(file) : new ByteArrayInputStream(file);
        try (JsonRecords records = new JsonRecords(in, layout, MAX_RECORD_BYTES, JsonRecords.newBuffer(), plain);
                JsonGenerator generator = new JsonFactory().createGenerator(out).setRootValueSeparator(null)) {
            while (records.next()) {
                said.add("line " + records.line() + (records.isTooLong() ? " is too long" : ""));
                try {
                    if (records.isPlain()) {
                        plainOnes++;
                        plain.writeItems(out);
                        said.add(plain.itemCount() + "," + plain.repeats(last) + "," + plain.disagrees() + ","
                                + plain.bareItems() + "," + null);
                    } else {
                        invoice.read(records.bytes(), records.length());
                        OtherCase otherCase = invoice.otherCase();
                        invoice.writeItems(generator);
                        generator.flush();
                        said.add(invoice.itemCount() + "," + invoice.repeats(last) + "," + invoice.disagrees() + ","
                                + invoice.bareItems() + "," + otherCase);
                    }
                    said.add(out.toString(ISO_8859_1));
                    out.reset();
                } catch (BadInvoiceException e) {
                    said.add(e.getMessage() + (e.isFragment() ? " as of a fragment" : ""));
                    said.add(new String(records.bytes(), 0, records.length(), ISO_8859_1));
                }
            }
            said.add(records.hasArray() ? "array" : "end");
        } catch (JsonRecords.BrokenStructureException e) {
            said.add(e.getMessage());
        }
        return said;
    }

    /** Little at a time: the buffer ends everywhere in a record, and it is gone on with. */
    private final class Trickle extends ByteArrayInputStream {

        private final int most = 1 + random.nextInt(2_000);

        Trickle(byte[] bytes) {
            super(bytes);
        }

        @Override
        public int read(byte[] target, int offset, int length) {
            return super.read(target, offset, Math.min(length, 1 + random.nextInt(most)));
        }
    }

    private void assertSame(String file) throws Exception {
        for (JsonRecords.Layout layout : JsonRecords.Layout.values()) {
            byte[] bytes = file.getBytes(ISO_8859_1);
            List<String> quickly = read(bytes, layout, true);
            List<String> thoroughly = read(bytes, layout, false);
            if (!quickly.equals(thoroughly)) {
                assertThat(quickly).as(layout + " of " + file).isEqualTo(thoroughly);
            }
        }
    }

    private String file() {
        List<String> invoices = random.ints(1 + random.nextInt(3), 0, made.size())
                .mapToObj(made::get)
                .collect(Collectors.toCollection(ArrayList::new));
        if (random.nextInt(4) == 0) {
            invoices.add(invoices.get(invoices.size() - 1));
        }
        if (random.nextInt(4) == 0) {
            invoices.replaceAll(invoice -> invoice.replaceFirst("\\{", "{\"Till\":null,\"Of\":\"x\",\"At\":-1.5e3,"));
        }
        return switch (random.nextInt(5)) {
            case 0 -> "[" + String.join(",", invoices) + "]";
            case 1 -> String.join("\n", invoices).replace(",", ",\n  ").replace(":", " : ");
            case 2 -> "[\n" + String.join("\n,\n", invoices) + "\n]\n";
            case 3 -> String.join("", invoices) + "\r\n";
            default -> String.join("\n", invoices) + "\n";
        };
    }

    private String mutated(String file) {
        List<String> parts =
                TOKEN.matcher(file).results().map(token -> token.group()).collect(Collectors.toList());
        int at = random.nextInt(parts.size());
        int other = random.nextInt(parts.size());
        String token = TOKENS.get(random.nextInt(TOKENS.size()));
        switch (random.nextInt(9)) {
            case 0 -> parts.remove(at);
            case 1 -> parts.add(at, token);
            case 2 -> parts.set(at, token);
            case 3 -> parts.set(at, parts.get(other));
            case 4 -> parts.add(at, parts.get(other));
            case 5 -> parts.addAll(at, List.copyOf(parts.subList(at, Math.min(parts.size(), at + 4))));
            case 6 ->
                parts.subList(at, Math.min(parts.size(), at + random.nextInt(8)))
                        .clear();
            default -> {
                String text = parts.get(at);
                int index = random.nextInt(text.length());
                String byteOrToken = random.nextBoolean() ? token : Character.toString(random.nextInt(256));
                parts.set(at, text.substring(0, index) + byteOrToken + text.substring(index + random.nextInt(2)));
            }
        }
        return String.join("", parts);
    }

    @Test
    void saysTheSameOfWhateverBecameOfAFile() throws Exception {
        for (int i = 0; i < 2_500; i++) {
            String file = file();
            for (int mutations = random.nextInt(4); mutations > 0 && !file.isEmpty(); mutations--) {
                file = mutated(file);
            }
            assertSame(file);
        }

        assertThat(plainOnes).isGreaterThan(4_000);
    }

    @Test
    void saysTheSameOfEachTokenInThePlaceOfEachOther() throws Exception {
        String file =
                "{\"InvoiceNumber\":\"1\",\"CGST\":1.5,\"x\":2,\"DeliveryAddress\":{\"City\":\"E\"},\"InvoiceLineItems\":[{\"ItemQty\":3}]}";
        List<String> parts =
                TOKEN.matcher(file).results().map(token -> token.group()).toList();
        for (int at = 0; at < parts.size(); at++) {
            for (String token : TOKENS) {
                List<String> changed = new ArrayList<>(parts);
                changed.set(at, token);
                assertSame(String.join("", changed));
            }
        }
    }

    @ParameterizedTest
    @EnumSource(JsonRecords.Layout.class)
    void ordinaryInvoicesArePlain(JsonRecords.Layout layout) throws Exception {
        byte[] made = MadeUp.INVOICES.content(random).repeat(20).getBytes(UTF_8);

        List<String> said = read(made, layout, true);

        assertThat(said).isEqualTo(read(made, layout, false));
        assertThat(plainOnes).isEqualTo(said.size() / 3).isGreaterThan(200);
    }

    @Test
    void soAreThoseOverManyLinesAndOfAnArray() throws Exception {
        String made = MadeUp.INVOICES.content(random).strip();
        String array = "[\n" + made.replace("\n", ",").replace(",\"", ",\n  \"").replace("\":", "\" : ") + "]";

        List<String> said = read(array.getBytes(UTF_8), JsonRecords.Layout.STRUCTURE, true);

        assertThat(said).isEqualTo(read(array.getBytes(UTF_8), JsonRecords.Layout.STRUCTURE, false));
        assertThat(plainOnes).isEqualTo(said.size() / 3);
    }

    @Test
    void namesThatNobodyKnowsAreLearnedAsLongAsThereIsRoom() throws Exception {
        String many = IntStream.range(0, 100)
                .mapToObj(i -> "{\"InvoiceNumber\":\"" + i + "\",\"n" + i + "\":1}")
                .collect(Collectors.joining("\n"));

        assertSame(many);

        assertThat(plainOnes).isBetween(2 * 40, 2 * 50);
    }

    @ParameterizedTest
    @ValueSource(ints = {63_000, 65_500, 65_536, 70_000, 200_000})
    void recordsLongerThanTheBufferAreLeftToTheThoroughWay(int length) throws Exception {
        String filler = "{\"InvoiceNumber\":\"1\",\"InvoiceLineItems\":[{}" + ",{}".repeat(length / 3) + "]}\n";
        byte[] bytes = filler.repeat(4).getBytes(UTF_8);
        List<List<Integer>> found = new ArrayList<>();
        for (PlainInvoice plain : new PlainInvoice[] {new PlainInvoice(), null}) {
            List<Integer> items = new ArrayList<>();
            Invoice invoice = new Invoice("UTF-8");
            try (JsonRecords records = new JsonRecords(
                    new ByteArrayInputStream(bytes),
                    JsonRecords.Layout.LINES,
                    Integer.MAX_VALUE,
                    JsonRecords.newBuffer(),
                    plain)) {
                while (records.next()) {
                    if (records.isPlain()) {
                        items.add(plain.itemCount());
                    } else {
                        invoice.read(records.bytes(), records.length());
                        items.add(invoice.itemCount());
                    }
                }
            }
            found.add(items);
        }

        assertThat(found.get(0)).hasSize(4).isEqualTo(found.get(1));
    }
}
