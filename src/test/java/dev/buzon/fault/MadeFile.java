package dev.buzon.fault;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** A file as a branch would send it, with records whose results no other file has. */
record MadeFile(String route, String name, byte[] content) {

    /** Each with two line items. */
    static MadeFile invoices(String name, int count) {
        return new MadeFile("invoices", name + ".json", bytes(invoiceLines(name, count)));
    }

    static MadeFile invoicesWithABadOne(String name, int count) {
        String lines = invoiceLines(name, count) + "no invoice " + name + "\n" + invoiceLines(name + "-more", 1);
        return new MadeFile("invoices", name + ".json", bytes(lines));
    }

    /** Nothing of it can be read. */
    static MadeFile brokenInvoices(String name) {
        return new MadeFile("invoices", name + ".json", bytes("no invoice " + name + "\n"));
    }

    /** With one that is bad; the persons are few, so that files compete for their maxima. */
    static MadeFile bizums(String name, Random random) {
        String lines = IntStream.range(0, 1 + random.nextInt(8))
                .mapToObj(i -> "Persona %d;%d,%02d;concepto %d\n"
                        .formatted(random.nextInt(20), 1 + random.nextInt(500), random.nextInt(100), random.nextInt(9)))
                .collect(Collectors.joining());
        return new MadeFile("bizums", name + ".csv", bytes(lines + "Persona 1;nada;" + name + "\n"));
    }

    MadeFile renamed(String newName) {
        return new MadeFile(route, newName, content);
    }

    /** The same under so many other names, of which each two differ in a character that no result's name has. */
    List<MadeFile> again(int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> renamed("again" + i / 2 + (i % 2 == 0 ? ";" : ":") + name))
                .toList();
    }

    /** Endless traffic from a seed. */
    static final class Source {

        private final Random random;
        private final List<MadeFile> sent = new ArrayList<>();
        private int count;

        Source(long seed) {
            random = new Random(seed);
        }

        MadeFile next() {
            String name = "f" + count++;
            int kind = random.nextInt(100);
            if (kind < 12 && !sent.isEmpty()) {
                MadeFile again = sent.get(random.nextInt(sent.size()));
                // Under another name half the time: what is the same is told by the content.
                return random.nextBoolean() ? again : again.renamed("again-" + count + again.name());
            }
            MadeFile file = kind < 30
                    ? bizums(name, random)
                    : kind < 38
                            ? brokenInvoices(name)
                            : kind < 55
                                    ? invoicesWithABadOne(name, 1 + random.nextInt(4))
                                    : invoices(name, 1 + random.nextInt(20));
            sent.add(file);
            return file;
        }
    }

    private static String invoiceLines(String name, int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> ("{\"InvoiceNumber\":\"%1$s-%2$d\",\"CreatedTime\":1595688900%2$03d,\"StoreID\":\"STR\","
                                + "\"NumberOfItems\":2,\"DeliveryAddress\":{\"City\":\"Ávila\",\"PinCode\":\"05001\"},"
                                + "\"InvoiceLineItems\":[{\"ItemCode\":\"a\",\"ItemPrice\":1.50,\"ItemQty\":1},"
                                + "{\"ItemCode\":\"b\",\"ItemPrice\":%2$d,\"ItemQty\":2}]}\n")
                        .formatted(name, i))
                .collect(Collectors.joining());
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
