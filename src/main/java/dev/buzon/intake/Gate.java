package dev.buzon.intake;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** Has a say in which settled files are taken. Called by any thread. */
public interface Gate {

    /**
     * Leaves out the files that were handled and stay where they are.
     *
     * @param files of the route's inbox; some hundred at most
     * @throws IOException if it can't be told
     */
    List<SeenFile> unhandled(String route, List<SeenFile> files) throws IOException;

    /** False while the file's back-off runs. Another file under its name has none. */
    boolean isDue(Path file, FileIdentity identity);
}
