package dev.buzon.spark;

import java.io.Serializable;

/**
 * Lines of a file that stand one after another.
 *
 * @param path absolute
 * @param from where the first of them begins, in bytes
 * @param to where the line after the last begins; beyond all files where it is the file's last
 */
public record FileSplit(String path, long from, long to) implements Serializable {

    public boolean isFirst() {
        return from == 0;
    }
}
