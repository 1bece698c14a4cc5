package dev.buzon.invoice;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DirectAppendTest {

    private final Random random = new Random(5);
    private final ByteArrayOutputStream expected = new ByteArrayOutputStream();

    @TempDir
    private Path folder;

    private Path target;

    @BeforeEach
    void begin() throws IOException {
        target = folder.resolve("target");
        Files.write(target, some(100));
    }

    private byte[] some(int size) {
        byte[] bytes = new byte[size];
        random.nextBytes(bytes);
        expected.writeBytes(bytes);
        return bytes;
    }

    /** The assertion on the binary content of a file takes seconds for such ones. */
    private void assertTargetIsWhole() throws IOException {
        assertThat(Arrays.mismatch(Files.readAllBytes(target), expected.toByteArray()))
                .as("the first byte that differs")
                .isEqualTo(-1);
    }

    @Test
    void appendsFilesOfAnySize() throws Exception {
        int mb = 1 << 20;
        // The second ends where a block does.
        for (int size : new int[] {0, mb - 100, 1, mb - 1, 2 * mb, 3 * mb + 4_097, 0, 5 * mb - 1, 7}) {
            DirectAppend.append(Files.write(folder.resolve("part"), some(size)), target);

            assertTargetIsWhole();
        }
    }

    @Test
    void appendsWhereTheDiskTakesNoSuchBlocks() throws Exception {
        for (int size : new int[] {10_000, 70_000, 511}) {
            DirectAppend.append(Files.write(folder.resolve("part"), some(size)), target, 512);

            assertTargetIsWhole();
        }
    }
}
