package dev.buzon.intake;

import java.nio.file.Path;
import java.nio.file.attribute.FileTime;

/**
 * A regular file in an inbox, as a look at it found it.
 *
 * @param modified when it was written to last, as its sender may have set it
 */
public record SeenFile(Path path, FileTime modified, FileIdentity identity) {

    String name() {
        return path.getFileName().toString();
    }
}
