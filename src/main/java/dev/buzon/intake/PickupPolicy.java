package dev.buzon.intake;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** Says which settled files are picked up, and which go together. Called by any thread. */
public interface PickupPolicy {

    /**
     * Leaves out the files that were handled and stay where they are.
     *
     * @param files of the route's inbox; some hundred at most
     * @throws IOException if it can't be told
     */
    List<SeenFile> unhandled(String route, List<SeenFile> files) throws IOException;

    /** False while the file's back-off runs. Another file under its name has none. */
    boolean isDue(Path file, FileIdentity identity);

    /** Whether a file is not to go together with others: they failed together. */
    default boolean isAlone(Path file) {
        return false;
    }
}
