package dev.buzon.benchmark.rival;

import com.fasterxml.jackson.core.JsonEncoding;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.apache.commons.io.input.BoundedInputStream;

/**
 * What Jackson's streaming parser and generator need for a large file, and nothing else: no check of a record, no hash,
 * no forcing, and an output a thread, which nobody joins.
 */
public final class JacksonLimit {

    private static final JsonFactory JSON = new JsonFactory();

    private JacksonLimit() {}

    /** @param arguments the file, the folder to work in, a file to warm up with, and how many threads */
    public static void main(String... arguments) throws Exception {
        Path folder = Path.of(arguments[1]);
        int threads = Integer.parseInt(arguments[3]);
        ExecutorService pool = Executors.newFixedThreadPool(threads);
        try {
            split(Path.of(arguments[2]), Files.createDirectories(folder.resolve("warm")), threads, pool);
            long began = System.nanoTime();
            split(Path.of(arguments[0]), Files.createDirectories(folder.resolve("out")), threads, pool);
            Figure.print("s", (System.nanoTime() - began) / 1e9);
            Figure.printPeak();
        } finally {
            pool.shutdown();
        }
    }

    private static void split(Path file, Path to, int threads, ExecutorService pool) throws Exception {
        List<Future<?>> parts = new ArrayList<>();
        long begin = 0;
        for (int i = 1; i <= threads; i++) {
            long from = begin;
            long end = lineEnd(file, Files.size(file) * i / threads);
            Path out = to.resolve("part-" + i + ".json");
            parts.add(pool.submit(() -> {
                splitPart(file, from, end, out);
                return null;
            }));
            begin = end;
        }
        for (Future<?> part : parts) {
            part.get();
        }
    }

    /** The first position from there on that lies behind a newline, or at the file's end. */
    private static long lineEnd(Path file, long position) throws IOException {
        try (RandomAccessFile in = new RandomAccessFile(file.toFile(), "r")) {
            in.seek(Math.max(0, position - 1));
            in.readLine();
            return in.getFilePointer();
        }
    }

    private static void splitPart(Path file, long begin, long end, Path to) throws IOException {
        try (InputStream whole = Files.newInputStream(file)) {
            whole.skipNBytes(begin);
            InputStream part = BoundedInputStream.builder()
                    .setInputStream(new BufferedInputStream(whole, 1 << 16))
                    .setMaxCount(end - begin)
                    .get();
            try (JsonParser in = JSON.createParser(part);
                    JsonGenerator out = JSON.createGenerator(Files.newOutputStream(to), JsonEncoding.UTF8)
                            .setRootValueSeparator(null)) {
                new Invoices(in, out).split();
            }
        }
    }

    /** Some fields of an object, and the values that one of them has. */
    private static final class Fields {

        private static final List<String> NUMBERS = List.of("CreatedTime", "ItemPrice", "ItemQty", "TotalValue");

        private final List<String> names;
        private final String[] values;

        Fields(String... names) {
            this.names = List.of(names);
            this.values = new String[names.length];
        }

        void clear() {
            Arrays.fill(values, null);
        }

        /** Takes the field that the parser is at, where it is one of these. */
        void read(String name, JsonParser in) throws IOException {
            int index = names.indexOf(name);
            if (index >= 0) {
                values[index] = in.getText();
            }
        }

        void readAll(JsonParser in) throws IOException {
            clear();
            while (in.nextToken() != JsonToken.END_OBJECT) {
                String name = in.currentName();
                in.nextToken();
                read(name, in);
            }
        }

        void write(JsonGenerator out) throws IOException {
            for (int i = 0; i < values.length; i++) {
                if (values[i] != null) {
                    out.writeFieldName(names.get(i));
                    if (NUMBERS.contains(names.get(i))) {
                        out.writeNumber(values[i]);
                    } else {
                        out.writeString(values[i]);
                    }
                }
            }
        }
    }

    /** Invoices whose line items come last, as they do in the files of this benchmark. */
    private record Invoices(JsonParser in, JsonGenerator out, Fields invoice, Fields address, Fields item) {

        Invoices(JsonParser in, JsonGenerator out) {
            this(
                    in,
                    out,
                    new Fields(
                            "InvoiceNumber",
                            "CreatedTime",
                            "StoreID",
                            "PosID",
                            "CustomerType",
                            "PaymentMethod",
                            "DeliveryType"),
                    new Fields("City", "State", "PinCode"),
                    new Fields("ItemCode", "ItemDescription", "ItemPrice", "ItemQty", "TotalValue"));
        }

        void split() throws IOException {
            while (in.nextToken() != null) {
                invoice.clear();
                address.clear();
                while (in.nextToken() != JsonToken.END_OBJECT) {
                    String name = in.currentName();
                    in.nextToken();
                    switch (name) {
                        case "DeliveryAddress" -> address.readAll(in);
                        case "InvoiceLineItems" -> writeItems();
                        default -> invoice.read(name, in);
                    }
                }
            }
        }

        private void writeItems() throws IOException {
            while (in.nextToken() != JsonToken.END_ARRAY) {
                item.readAll(in);
                out.writeStartObject();
                invoice.write(out);
                address.write(out);
                item.write(out);
                out.writeEndObject();
                out.writeRaw('\n');
            }
        }
    }
}
