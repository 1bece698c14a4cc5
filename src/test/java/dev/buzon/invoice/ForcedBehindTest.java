package dev.buzon.invoice;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ForcedBehindTest {

    @TempDir
    private Path folder;

    @Test
    void holdsWhatWasWrittenWhileItWasForced() throws Exception {
        byte[] bytes = new byte[1 << 20];
        new Random(1).nextBytes(bytes);
        Path file = folder.resolve("file");

        try (ForcedBehind out = new ForcedBehind(file, 1_000)) {
            out.write(bytes[0]);
            for (int from = 1; from < bytes.length; from += 777) {
                out.write(bytes, from, Math.min(777, bytes.length - from));
            }
        }

        assertThat(Arrays.mismatch(Files.readAllBytes(file), bytes)).isEqualTo(-1);
    }

    @Test
    void replacesNoFile() throws Exception {
        Path file = Files.writeString(folder.resolve("file"), "x");

        assertThatThrownBy(() -> new ForcedBehind(file)).isInstanceOf(IOException.class);
    }
}
