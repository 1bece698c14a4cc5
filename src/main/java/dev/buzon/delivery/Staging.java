package dev.buzon.delivery;

import dev.buzon.home.Home;
import dev.buzon.home.OpenFolder;
import dev.buzon.home.RouteSettings;
import dev.buzon.home.StagingFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The folders in which results wait until they are published: in those of a route one for each batch. If daemons share a
 * ledger, its name ends in the number of the lease: a daemon that stood still while another took over writes where nobody
 * looks. A file that is to be published is named by the key of its source. Thread-safe.
 */
final class Staging {

    private static final String KEY = "[0-9a-f]{64}";
    /** What the folder of a file was called by versions that had one for each. */
    private static final String OF_A_KEY = KEY + "(\\.[0-9]+)?";

    private static final Pattern NAME = Pattern.compile("(" + KEY + "|result|rejected)(\\..*)?");

    private static final Pattern NUMBER = Pattern.compile("\\.([0-9]+)$");

    /** By their paths. */
    private final Map<Path, StagingFolder> folders = new HashMap<>();

    Staging(Home home, Collection<RouteSettings> routes) throws IOException {
        for (RouteSettings route : routes) {
            for (Path around : List.of(route.outbox(), route.rejected())) {
                add(new StagingFolder(home, around, RouteSettings.STAGING, route.id()));
                add(new StagingFolder(home, around, RouteSettings.STAGING));
            }
        }
    }

    private void add(StagingFolder folder) {
        folders.put(folder.path(), folder);
    }

    /**
     * A file that waits to be published.
     *
     * @param folder of its batch
     * @param key of its source
     * @param extension with its dots
     */
    record Staged(Path folder, String name, String key, String extension) {

        long bytes() throws IOException {
            return Files.readAttributes(folder.resolve(name), BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS)
                    .size();
        }

        /** The number of the lease that it was staged under. */
        long lease() {
            return leaseOf(folder);
        }
    }

    /** The name of a folder. */
    static String name(String own, long lease) {
        return lease == 0 ? own : own + "." + lease;
    }

    /** The number of the lease under which what is in a folder of staging folders was put there; 0 if it needed none. */
    static long leaseOf(Path staged) {
        Matcher number = NUMBER.matcher(staged.getFileName().toString());
        return number.find() ? Long.parseLong(number.group(1)) : 0;
    }

    /** The folders of a route's batches. What is hidden beside them is none: executors may be looking at it. */
    List<Path> of(RouteSettings route) throws IOException {
        return all(route).stream()
                .filter(folder -> !folder.getFileName().toString().startsWith("."))
                .toList();
    }

    /** Those, and what is hidden beside them. */
    List<Path> all(RouteSettings route) throws IOException {
        return Stream.concat(list(route.outboxStaging()).stream(), list(route.rejectedStaging()).stream())
                .toList();
    }

    /**
     * Whether there is a folder of an earlier batch of a route.
     *
     * @throws IOException also if one of the route's staging folders is not as the service makes it
     */
    boolean holdsAny(RouteSettings route) throws IOException {
        return !of(route).isEmpty();
    }

    /** The folders of files that versions before 1.0 staged for whichever route. */
    List<Path> ofAnyRoute(RouteSettings route) throws IOException {
        return Stream.concat(
                        list(route.outboxStaging().getParent()).stream(),
                        list(route.rejectedStaging().getParent()).stream())
                .filter(path -> path.getFileName().toString().matches(OF_A_KEY))
                .toList();
    }

    private List<Path> list(Path folder) throws IOException {
        try (OpenFolder staging = open(folder)) {
            return staging.names().stream().map(folder::resolve).toList();
        }
    }

    /** Opens a folder of staging folders. */
    OpenFolder open(Path folder) throws IOException {
        return folders.get(folder).open();
    }

    /** Makes the folders of a batch; that for the rejected is made with the first of them. */
    void make(Batch batch) throws IOException {
        try (OpenFolder staging = open(batch.staging().getParent())) {
            Files.createDirectory(staging.path().resolve(batch.staging().getFileName()));
        }
    }

    /** Makes the folder of a batch for the rejected, unless it is there. */
    void makeRejected(Batch batch) throws IOException {
        try (OpenFolder staging = open(batch.rejectedStaging().getParent())) {
            Path name = batch.rejectedStaging().getFileName();
            if (staging.find(name.toString()).isEmpty()) {
                Files.createDirectory(staging.path().resolve(name));
            }
        }
    }

    /** Removes a folder with all that is in it; nothing if there is none. */
    void clear(Path folder) throws IOException {
        try (OpenFolder staging = open(folder.getParent())) {
            staging.clear(folder.getFileName().toString());
        }
    }

    /** The files in a folder that are to be published: the others are hidden. None if it is no folder. */
    List<Staged> in(Path folder) throws IOException {
        try (OpenFolder staging = open(folder.getParent())) {
            String name = folder.getFileName().toString();
            if (!staging.find(name).map(there -> there.isDirectory()).orElse(false)) {
                return List.of();
            }
            try (OpenFolder batch = staging.open(name)) {
                return in(batch);
            }
        }
    }

    /** The files that are to be published of a batch. */
    static List<Staged> in(OpenFolder batch) throws IOException {
        List<Staged> staged = new ArrayList<>();
        for (String name : batch.names()) {
            Matcher matcher = NAME.matcher(name);
            if (matcher.matches()) {
                String key = matcher.group(1).matches(KEY) ? matcher.group(1) : keyOf(batch.path());
                staged.add(new Staged(
                        batch.path(),
                        name,
                        key,
                        Optional.ofNullable(matcher.group(2)).orElse("")));
            }
        }
        return staged;
    }

    private static String keyOf(Path folder) {
        return folder.getFileName().toString().replaceFirst("\\..*", "");
    }
}
