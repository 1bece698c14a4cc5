package dev.buzon.spark;

import java.io.Serializable;
import java.nio.file.Path;

/**
 * What stands for a file in a message body, and says more of it: the elements of {@link WholeFiles} and {@link FileSplits}
 * are it. Tasks on other machines get it, where there is no Camel.
 */
public interface FileReference extends Serializable {

    /** The file, absolute. */
    Path path();
}
