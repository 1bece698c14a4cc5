package dev.buzon.home;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the file system said is said to people, though Java keeps it in the class of an exception. */
class FileFailureTest {

    @TempDir
    private Path folder;

    private static void says(ThrowingCallable failing, Path file, String words) {
        IOException failure = catchThrowableOfType(IOException.class, failing);

        assertThat(FileFailure.inWords(failure)).isEqualTo(file + ": " + words);
    }

    @Test
    void itIsInTheSystemsWords() throws Exception {
        Path file = Files.createFile(folder.resolve("a.json"));
        Path missing = folder.resolve("missing");

        says(() -> Files.readAllBytes(missing), missing, "No such file or directory");
        says(() -> Files.createFile(file), file, "File exists");
        says(() -> Files.delete(folder), folder, "Directory not empty");
        says(() -> Files.list(file).close(), file, "Not a directory");
        says(() -> Files.newByteChannel(file.resolve("b")).close(), file.resolve("b"), "Not a directory");
        says(
                () -> {
                    throw new AccessDeniedException(missing.toString());
                },
                missing,
                "Permission denied");
        assertThat(FileFailure.inWords(new IOException("Input/output error"))).isEqualTo("Input/output error");
        assertThat(FileFailure.inWords(new IOException())).isEqualTo("java.io.IOException");
    }

    @Test
    void whatKeepsOneFileFromBeingReadIsTheFilesOwn() {
        Path file = folder.resolve("a.json");
        String name = file.toString();

        assertThat(List.of(new AccessDeniedException(name), new FileSystemException(name, null, "Input/output error")))
                .allMatch(failure -> FileFailure.isOfFile(failure, file));
        assertThat(List.of(
                        new AccessDeniedException(folder.toString()),
                        new AccessDeniedException(name, folder.toString(), null),
                        new FileSystemException(name, null, "Too many open files"),
                        new FileSystemException(name, null, "Stale file handle"),
                        new IOException("Input/output error"),
                        new NullPointerException()))
                .noneMatch(failure -> FileFailure.isOfFile(failure, file));
    }
}
