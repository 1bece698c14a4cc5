package dev.buzon.benchmark;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Random;
import org.apache.commons.io.FileUtils;

/** Files to drop: made once, and the same at each making. */
final class Data {

    private static final int INVOICES_A_FILE = 500;

    private final Path folder;

    Data(Ground ground) {
        this.folder = ground.data();
    }

    /** What makes a file or a folder. */
    @FunctionalInterface
    interface Making {
        void to(Path path) throws Exception;
    }

    /** What is there under a name, made where it is missing. */
    Path kept(String name, Making making) throws Exception {
        Path kept = folder.resolve(name);
        if (!Files.exists(kept)) {
            System.err.println("  making " + name);
            Path unfinished = Files.createDirectories(folder).resolve(name + ".unfinished");
            FileUtils.deleteQuietly(unfinished.toFile());
            making.to(unfinished);
            Files.move(unfinished, kept);
        }
        return kept;
    }

    /** A folder of files of 500 invoices each, all different: 346 KB. */
    Path invoiceFiles(int count) throws Exception {
        return invoiceFiles(count, INVOICES_A_FILE);
    }

    /** The same of 20 invoices each: 14 KB. */
    Path smallInvoiceFiles(int count) throws Exception {
        return invoiceFiles(count, 20);
    }

    private Path invoiceFiles(int count, int invoices) throws Exception {
        return kept(
                "invoices-" + count + "-of-" + invoices,
                to -> writeFiles(to, count, "invoices-%05d.json", (out, random) -> {
                    for (int i = 0; i < invoices; i++) {
                        MadeInvoice.append(out, random);
                    }
                }));
    }

    /** A folder of files of 20 bizums of a thousand people, all different. */
    Path bizumFiles(int count) throws Exception {
        return bizumFiles(count, 20, 1_000);
    }

    /** The same of so many bizums and people. */
    Path bizumFiles(int count, int bizums, int people) throws Exception {
        String name = "bizums-" + count + "-of-" + bizums;
        return kept(
                name,
                to -> writeFiles(to, count, "bizums-%05d.csv", (out, random) -> {
                    for (int i = 0; i < bizums; i++) {
                        out.append(Person.name(random.nextInt(people))).append(';');
                        out.append(1 + random.nextInt(900)).append(random.nextInt(3) == 0 ? ",50" : "");
                        out.append(";Cena ")
                                .append(random.nextInt(1_000_000_000))
                                .append("\r\n");
                    }
                }));
    }

    /** One file of JSON Lines of so many million bytes, on the disk. */
    Path largeInvoices(int megabytes) throws Exception {
        return kept("large-" + megabytes + "-mb.json", to -> {
            Random random = new Random(megabytes);
            StringBuilder some = new StringBuilder();
            try (OutputStream out = Files.newOutputStream(to)) {
                for (long written = 0; written < megabytes * 1_000_000L; some.setLength(0)) {
                    for (int i = 0; i < INVOICES_A_FILE; i++) {
                        MadeInvoice.append(some, random);
                    }
                    byte[] bytes = some.toString().getBytes(StandardCharsets.UTF_8);
                    out.write(bytes);
                    written += bytes.length;
                }
            }
            try (FileChannel channel = FileChannel.open(to, StandardOpenOption.WRITE)) {
                channel.force(true);
            }
        });
    }

    private interface Content {
        void appendTo(StringBuilder out, Random random);
    }

    private static void writeFiles(Path to, int count, String name, Content content) throws IOException {
        Files.createDirectories(to);
        Random random = new Random(count);
        StringBuilder out = new StringBuilder();
        for (int i = 1; i <= count; i++) {
            out.setLength(0);
            content.appendTo(out, random);
            Files.writeString(to.resolve(name.formatted(i)), out);
        }
    }
}
