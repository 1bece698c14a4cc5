package dev.buzon.intake;

import java.nio.file.FileSystemException;
import java.nio.file.Path;

/** A link, a pipe or a folder lies where a file is to be read. */
public final class NoRegularFileException extends FileSystemException {

    private static final long serialVersionUID = 1L;

    NoRegularFileException(Path file) {
        super(file.toString(), null, "it is no regular file");
    }
}
