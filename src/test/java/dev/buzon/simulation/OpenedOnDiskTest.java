package dev.buzon.simulation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.buzon.intake.NoRegularFileException;
import dev.buzon.intake.RegularFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class OpenedOnDiskTest extends DiskFixture {

    /** Its sender swaps it once it was looked at. */
    @Test
    void aLinkInThePlaceOfAFileIsNotFollowed() throws IOException {
        Path secret = Files.writeString(home.resolve("secret"), "secret");
        Path file = Files.writeString(home.resolve("file"), "text");
        calls.made.clear();
        calls.beforeEach(() -> {
            if (calls.made.equals(List.of("LOOK /home/file", "OPEN /home/file"))) {
                swap(file, secret);
            }
        });

        assertThatThrownBy(() -> RegularFile.open(file)).isInstanceOf(NoRegularFileException.class);

        assertThat(calls.made).startsWith("LOOK /home/file", "OPEN /home/file");
    }

    private static void swap(Path file, Path target) {
        try {
            Files.delete(file);
            Files.createSymbolicLink(file, target);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
