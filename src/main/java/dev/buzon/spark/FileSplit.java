package dev.buzon.spark;

import java.io.Serializable;
import java.nio.file.Path;

/**
 * Lines of a file that stand one after another.
 *
 * @param file its absolute path, or its {@link FileReference}
 * @param index of that file in the body, the first is 0
 * @param from where the first of them begins, in bytes
 * @param to where the line after the last begins; beyond all files where it is the file's last
 */
public record FileSplit(Serializable file, int index, long from, long to) implements Serializable {

    /** Of the file, absolute. */
    public Path path() {
        return file instanceof FileReference reference ? reference.path() : Path.of((String) file);
    }

    public boolean isFirst() {
        return from == 0;
    }
}
