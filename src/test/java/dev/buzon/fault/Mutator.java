package dev.buzon.fault;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Good files of both kinds, and what may have become of them on the way; the same for the same random numbers. */
final class Mutator {

    private static final List<byte[]> TOKENS = List.of(
                    "\n",
                    "\r",
                    "\r\n",
                    "\n\n",
                    "\u0000",
                    "\"",
                    "\\",
                    "{",
                    "}",
                    "[",
                    "]",
                    ",",
                    ";",
                    ":",
                    "'",
                    "\"\"",
                    "{}",
                    "[]",
                    "null",
                    "true",
                    "-",
                    "+",
                    "=",
                    "@",
                    "1e999999999",
                    "1e-999999999",
                    "1e99999999999",
                    "-0",
                    "00",
                    "0.001",
                    "1.234",
                    "NaN",
                    "Infinity",
                    "9".repeat(30),
                    "9".repeat(1_500),
                    "[".repeat(2_000),
                    "{\"a\":".repeat(1_200),
                    "\\ud800",
                    "\\ude00\\ud83d",
                    "\\u0000",
                    "\\",
                    "/*",
                    "//",
                    "#",
                    "<![CDATA[",
                    "${jndi:ldap://x}",
                    "${body}",
                    "../..",
                    "\u00ef\u00bb\u00bf",
                    "\u00ff\u00fe",
                    "\u00fe\u00ff",
                    "\u00c0\u0080",
                    "\u00ed\u00a0\u0080",
                    "\u00f4\u0090\u0080\u0080",
                    "\u0081",
                    "\u009d",
                    "\u00f1",
                    "\u00c3\u00b1",
                    "\u00e2\u0082\u00ac",
                    "\u0080",
                    "\u001b[2J",
                    "\"InvoiceNumber\":\"1\",",
                    "\"InvoiceLineItems\":[",
                    "\"InvoiceLineItems\":{}",
                    "\"NumberOfItems\":1e99999999999,",
                    "Nombre;Cantidad;Concepto\n",
                    "25 EUR",
                    "\"Ana;",
                    ";;;",
                    "a".repeat(3_000))
            .stream()
            .map(token -> token.getBytes(ISO_8859_1))
            .toList();

    private final Random random;

    Mutator(Random random) {
        this.random = random;
    }

    /** A good file, most often with one mutation to four. */
    byte[] file(boolean invoices) {
        byte[] file = good(invoices);
        for (int i = random.nextInt(5); i > 0; i--) {
            file = mutated(file);
        }
        return file;
    }

    private byte[] good(boolean invoices) {
        String text = invoices ? invoices() : bizums();
        if (!invoices && random.nextInt(4) == 0) {
            return text.getBytes(Charset.forName("windows-1252"));
        }
        return random.nextInt(20) == 0
                ? ("\uFEFF" + text).getBytes(StandardCharsets.UTF_16LE)
                : ((random.nextInt(5) == 0 ? "\uFEFF" : "") + text).getBytes(UTF_8);
    }

    private String invoices() {
        List<String> invoices = IntStream.rangeClosed(0, random.nextInt(8))
                .mapToObj(i -> invoice())
                .toList();
        return switch (random.nextInt(4)) {
            case 0 -> "[" + String.join(",", invoices) + "]";
            case 1 -> String.join("\n", invoices).replace(",", ",\n  ").replace("{", "{\n");
            case 2 -> "[\n" + String.join(",\n", invoices) + "\n]\n";
            default -> String.join("\n", invoices) + "\n";
        };
    }

    private String invoice() {
        String items = IntStream.range(0, random.nextInt(4))
                .mapToObj(i ->
                        "{\"ItemCode\":\"%d\",\"ItemDescription\":\"ca\u00f1a \\u00f1 %d\",\"ItemPrice\":%d.50,\"ItemQty\":1,\"TotalValue\":1E+2}"
                                .formatted(i, random.nextInt(100), random.nextInt(1_000)))
                .collect(Collectors.joining(","));
        String address = random.nextBoolean()
                ? ""
                : "\"DeliveryAddress\":{\"AddressLine\":\"Calle {1}\",\"City\":\"Logro\u00f1o\",\"PinCode\":null},";
        return "{\"InvoiceNumber\":\"%d\",\"CreatedTime\":1595688900348,\"TotalAmount\":%d.10,\"Other\":[1,{\"x\":[]}],%s\"NumberOfItems\":2,\"InvoiceLineItems\":[%s]}"
                .formatted(random.nextInt(1_000_000), random.nextInt(1_000), address, items);
    }

    private String bizums() {
        String end = List.of("\n", "\r\n", "\r").get(random.nextInt(3));
        String lines = IntStream.rangeClosed(0, random.nextInt(12))
                .mapToObj(i -> "%s%d;%s;%s"
                        .formatted(
                                random.nextBoolean() ? "Ana" : "Bego\u00f1a",
                                random.nextInt(500),
                                List.of("25", "25,50", "1.234,56", "7 \u20ac", "0.99")
                                        .get(random.nextInt(5)),
                                random.nextBoolean() ? "Cena" : "\"uno; \"\"dos\"\"\""))
                .collect(Collectors.joining(end));
        return (random.nextInt(3) == 0 ? "Nombre;Cantidad;Concepto" + end : "")
                + lines
                + (random.nextBoolean() ? end : "");
    }

    private byte[] mutated(byte[] file) {
        if (file.length == 0) {
            return TOKENS.get(random.nextInt(TOKENS.size()));
        }
        int at = random.nextInt(file.length);
        int to = Math.min(file.length, at + 1 + random.nextInt(random.nextInt(10) == 0 ? file.length : 8));
        byte[] before = Arrays.copyOf(file, at);
        byte[] piece = Arrays.copyOfRange(file, at, to);
        byte[] after = Arrays.copyOfRange(file, to, file.length);
        switch (random.nextInt(8)) {
            case 0 -> {
                piece[0] ^= (byte) (1 << random.nextInt(8));
                return join(before, piece, after);
            }
            case 1 -> {
                random.nextBytes(piece);
                return join(before, piece, after);
            }
            case 2 -> {
                return join(before, after);
            }
            case 3 -> {
                return join(before, piece, piece, after);
            }
            case 4 -> {
                return before;
            }
            case 5 -> {
                byte[] other = good(random.nextBoolean());
                return join(before, Arrays.copyOfRange(other, random.nextInt(other.length), other.length));
            }
            default -> {
                return join(before, TOKENS.get(random.nextInt(TOKENS.size())), piece, after);
            }
        }
    }

    private static byte[] join(byte[]... parts) {
        ByteArrayOutputStream joined = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            joined.writeBytes(part);
        }
        return joined.toByteArray();
    }
}
