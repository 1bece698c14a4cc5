package dev.buzon.intake;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import com.github.luben.zstd.ZstdOutputStream;
import dev.buzon.Ending;
import dev.buzon.TestHome;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import java.util.zip.GZIPOutputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.apache.commons.compress.archivers.ArchiveEntry;
import org.apache.commons.compress.archivers.ArchiveOutputStream;
import org.apache.commons.compress.archivers.ar.ArArchiveEntry;
import org.apache.commons.compress.archivers.ar.ArArchiveOutputStream;
import org.apache.commons.compress.archivers.cpio.CpioArchiveEntry;
import org.apache.commons.compress.archivers.cpio.CpioArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.compressors.bzip2.BZip2CompressorOutputStream;
import org.apache.commons.compress.compressors.lz4.FramedLZ4CompressorOutputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Archives and the like are told by their first bytes, and none of the records that lie in them counts. */
class NoTextTest {

    private static final AtomicInteger FILES = new AtomicInteger();
    private static final String[] INVOICES = {invoice("1"), invoice("2")};
    private static final String[] BIZUMS = {"Eva;25;pan\n".repeat(100), "Eva;7;vino\n".repeat(100)};

    @TempDir
    private static Path folder;

    private static TestHome home;

    private interface Packer {
        byte[] pack(String... files) throws IOException;
    }

    private interface Archiver<E extends ArchiveEntry> {
        ArchiveOutputStream<E> on(OutputStream out) throws IOException;
    }

    private interface Entries<E extends ArchiveEntry> {
        E entry(String name, int size);
    }

    private interface Compressor {
        OutputStream on(OutputStream out) throws IOException;
    }

    @BeforeAll
    static void start() throws Exception {
        home = new TestHome(folder)
                .set("buzon.invoices.quiet-period", "10ms")
                .set("buzon.invoices.poll-interval", "10ms")
                .set("buzon.bizums.quiet-period", "10ms")
                .set("buzon.bizums.poll-interval", "10ms")
                .start();
    }

    @AfterAll
    static void stop() throws Exception {
        home.stop();
    }

    private static String invoice(String number) {
        return ("{\"InvoiceNumber\":\"" + number + "\",\"InvoiceLineItems\":[{\"ItemCode\":\"i\"}]}\n").repeat(100);
    }

    private static <E extends ArchiveEntry> Packer archived(Archiver<E> archiver, Entries<E> entries) {
        return files -> {
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            try (ArchiveOutputStream<E> out = archiver.on(bytes)) {
                for (String file : files) {
                    out.putArchiveEntry(entries.entry("set" + out.getBytesWritten() + ".txt", file.length()));
                    out.write(file.getBytes(UTF_8));
                    out.closeArchiveEntry();
                }
            }
            return bytes.toByteArray();
        };
    }

    private static Packer compressed(Compressor compressor) {
        return files -> {
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            try (OutputStream out = compressor.on(bytes)) {
                out.write(String.join("", files).getBytes(UTF_8));
            }
            return bytes.toByteArray();
        };
    }

    /** @param entry of all names, with a number after it */
    private static Packer storedZip(String entry) {
        return files -> {
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
                zip.setMethod(ZipOutputStream.STORED);
                for (int i = 0; i < files.length; i++) {
                    byte[] content = files[i].getBytes(UTF_8);
                    CRC32 crc = new CRC32();
                    crc.update(content);
                    ZipEntry header = new ZipEntry(entry + i);
                    header.setSize(content.length);
                    header.setCrc(crc.getValue());
                    zip.putNextEntry(header);
                    zip.write(content);
                }
            }
            return bytes.toByteArray();
        };
    }

    /** @param latin1 what the kind begins with */
    private static Packer begun(String latin1) {
        return files -> (latin1 + "\n" + String.join("", files)).getBytes(ISO_8859_1);
    }

    /** A header as it was before POSIX, without "ustar". */
    private static byte[] oldTar(String... files) throws IOException {
        byte[] tar = archived(TarArchiveOutputStream::new, NoTextTest::tarEntry).pack(files);
        Arrays.fill(tar, 257, 512, (byte) 0);
        Arrays.fill(tar, 148, 156, (byte) ' ');
        int sum = 0;
        for (int i = 0; i < 512; i++) {
            sum += tar[i] & 0xFF;
        }
        System.arraycopy("%6o\0 ".formatted(sum).getBytes(UTF_8), 0, tar, 148, 8);
        return tar;
    }

    private static TarArchiveEntry tarEntry(String name, int size) {
        TarArchiveEntry entry = new TarArchiveEntry(name);
        entry.setSize(size);
        return entry;
    }

    static Stream<Arguments> kinds() {
        return Stream.of(
                arguments("a tar archive: unpack it", archived(TarArchiveOutputStream::new, NoTextTest::tarEntry)),
                arguments("a tar archive: unpack it", (Packer) NoTextTest::oldTar),
                arguments("a zip archive: unpack it", storedZip("set.json")),
                arguments(
                        "an office document (xlsx, ods, docx or the like): save its data as text",
                        storedZip("xl/workbook.xml")),
                arguments(
                        "a cpio archive: unpack it",
                        archived(
                                CpioArchiveOutputStream::new, (name, size) -> new CpioArchiveEntry(name, (long) size))),
                arguments(
                        "an ar archive: unpack it",
                        archived(ArArchiveOutputStream::new, (name, size) -> new ArArchiveEntry(name, size))),
                arguments("a gzip file: unpack it", compressed(GZIPOutputStream::new)),
                arguments("a bzip2 file: unpack it", compressed(BZip2CompressorOutputStream::new)),
                arguments("an lz4 file: unpack it", compressed(FramedLZ4CompressorOutputStream::new)),
                arguments("a zstd file: unpack it", compressed(ZstdOutputStream::new)),
                arguments("an xz file: unpack it", begun("\u00fd7zXZ\0")),
                arguments("a compressed file (.Z): unpack it", begun("\u001f\u009d\u0090")),
                arguments("a 7z archive: unpack it", begun("7z\u00bc\u00af'\u001c")),
                arguments("a rar archive: unpack it", begun("Rar!\u001a\7\1\0")),
                arguments("a PDF document: save its data as text", begun("%PDF-1.7")),
                arguments("an SQLite database: save its data as text", begun("SQLite format 3\0")),
                arguments(
                        "an office document (xls or doc): save its data as text",
                        begun("\u00d0\u00cf\u0011\u00e0\u00a1\u00b1\u001a\u00e1")));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("kinds")
    void noInvoiceInItCounts(String kind, Packer packer) throws Exception {
        Ending ending = Ending.of(home, "invoices", "f" + FILES.incrementAndGet() + ".json", packer.pack(INVOICES));

        assertThat(ending.error()).isEqualTo("the file is " + kind);
        assertThat(ending.rejected()).isTrue();
        assertThat(ending.output()).isEmpty();
        assertThat(ending.badRecords()).isEmpty();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("kinds")
    void noBizumInItCounts(String kind, Packer packer) throws Exception {
        Ending ending = Ending.of(home, "bizums", "f" + FILES.incrementAndGet() + ".csv", packer.pack(BIZUMS));

        assertThat(ending.error()).isEqualTo("the file is " + kind);
        assertThat(ending.rejected()).isTrue();
        assertThat(ending.badRecords()).isEmpty();
    }

    @Test
    void textIsNoneOfThem() {
        for (String text : new String[] {
            "",
            "P",
            "PK;25;pan",
            "BZh9;25;pan",
            "LZIP;25;pan",
            "Rar!;25;pan",
            "%PDF;25;pan",
            "070701;25;pan",
            "7z;25;pan",
            "[" + INVOICES[0] + "]",
            "x".repeat(256) + "gustar " + "y".repeat(600),
            "x".repeat(148) + " 123456 " + "y".repeat(600)
        }) {
            byte[] bytes = text.getBytes(UTF_8);
            assertThat(NoText.of(Arrays.copyOf(bytes, Math.min(bytes.length, NoText.BYTES))))
                    .as(text)
                    .isNull();
        }
    }
}
