package dev.buzon.spark;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;

/** A data set is a regular file: a link would lead elsewhere, and a pipe would hold its reader for ever. */
final class RegularFiles {

    private RegularFiles() {}

    /**
     * Returns the file.
     *
     * @throws FileSystemException if it is no regular file at this moment
     * @throws java.nio.file.NoSuchFileException if there is none
     */
    static Path expect(Path file) throws IOException {
        return expect(file, attributes(file).isRegularFile());
    }

    /** The same, for what may also be a folder. */
    static Path expectOrFolder(Path file) throws IOException {
        BasicFileAttributes attributes = attributes(file);
        return expect(file, attributes.isRegularFile() || attributes.isDirectory());
    }

    private static BasicFileAttributes attributes(Path file) throws IOException {
        return Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
    }

    private static Path expect(Path file, boolean fits) throws FileSystemException {
        if (!fits) {
            throw new FileSystemException(file.toString(), null, "it is no regular file");
        }
        return file;
    }
}
