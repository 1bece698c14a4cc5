package dev.buzon.home;

import java.nio.charset.Charset;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * The settings of one route, of the same meaning as its keys; folders are absolute.
 *
 * @param charset of all its files; empty where it is told from each file
 * @param doneFile a name with a {@code *} that stands for the source's, or empty
 */
public record RouteSettings(
        String id,
        Path inbox,
        Path outbox,
        Path archive,
        Path duplicates,
        Path rejected,
        CleanSource cleanSource,
        Optional<Charset> charset,
        Duration quietPeriod,
        int maxFilesPerPoll,
        int filesPerJob,
        PathMatcher filePattern,
        String doneFile,
        long maxResultMegabytes,
        long maxResultRatio) {

    /** In it, where results go, is a folder for each route that stages there. */
    public static final String STAGING = ".staging";

    /** Those that a person sees, and may mount; the inbox first. */
    public List<Path> folders() {
        return List.of(inbox, outbox, archive, duplicates, rejected);
    }

    /**
     * The file whose presence says that a source is complete.
     *
     * @param source in the inbox
     */
    public Optional<Path> doneFileOf(Path source) {
        return doneFile.isEmpty()
                ? Optional.empty()
                : Optional.of(source.resolveSibling(
                        doneFile.replace("*", source.getFileName().toString())));
    }

    /** Whether a name is that of a done file: such a file is no source. */
    public boolean isDoneFile(String name) {
        int star = doneFile.indexOf('*');
        return star >= 0
                && name.length() >= doneFile.length()
                && name.startsWith(doneFile.substring(0, star))
                && name.endsWith(doneFile.substring(star + 1));
    }

    /** Holds this route's results that are not published yet; inside the outbox, so that one rename publishes them. */
    public Path outboxStaging() {
        return outbox.resolve(STAGING).resolve(id);
    }

    /** Holds what is to appear among the rejected of this route, until it is published. */
    public Path rejectedStaging() {
        return rejected.resolve(STAGING).resolve(id);
    }
}
