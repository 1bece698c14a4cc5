package dev.buzon.delivery;

import dev.buzon.home.Disk;
import dev.buzon.home.Home;
import dev.buzon.home.OpenFolder;
import dev.buzon.home.RouteSettings;
import dev.buzon.home.StagingFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The folders in which results wait until they are published: in those of a route one for each key and, where daemons
 * share a ledger, each lease. One that stood still while another took over writes where nobody looks. Thread-safe.
 */
final class Staging {

    /** How a key's folder is called, lease and all. */
    private static final String OF_A_KEY = "[0-9a-f]{64}(\\.[0-9]+)?";

    /** By their paths. */
    private final Map<Path, StagingFolder> folders = new HashMap<>();

    Staging(Home home, Collection<RouteSettings> routes) throws IOException {
        for (RouteSettings route : routes) {
            for (Path around : List.of(route.outbox(), route.rejected())) {
                add(new StagingFolder(home, around, RouteSettings.STAGING, route.route()));
                add(new StagingFolder(home, around, RouteSettings.STAGING));
            }
        }
    }

    private void add(StagingFolder folder) {
        folders.put(folder.path(), folder);
    }

    /** @return of the folder */
    static String name(String key, long lease) {
        return lease == 0 ? key : key + "." + lease;
    }

    /** Whether what lies in a folder of staging folders was put there under the number of a lease. */
    static boolean isOf(long lease, Path staged) {
        return staged.getFileName().toString().endsWith("." + lease);
    }

    /** The key in the name of a folder. */
    static String key(String name) {
        return name.replaceFirst("\\..*", "");
    }

    /** What a route has staged, result or not. */
    List<Path> stagedBy(RouteSettings route) throws IOException {
        return Stream.concat(list(route.outboxStaging()).stream(), list(route.rejectedStaging()).stream())
                .toList();
    }

    /** What lies where versions up to 1.0 staged the results of whichever route. */
    List<Path> stagedForAny(RouteSettings route) throws IOException {
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

    private OpenFolder open(Path folder) throws IOException {
        return folders.get(folder).open();
    }

    /** Whether there is a folder of a key. */
    boolean holds(Path staged) {
        return Files.exists(staged, LinkOption.NOFOLLOW_LINKS);
    }

    /** Makes the folder of a key, empty. */
    void makeEmpty(Path staged) throws IOException {
        try (OpenFolder staging = open(staged.getParent())) {
            staging.clear(staged.getFileName().toString());
            Files.createDirectory(staged);
        }
    }

    /** Removes the folder of a key, so that it can be made. */
    void clear(Path staged) throws IOException {
        try (OpenFolder staging = open(staged.getParent())) {
            staging.clear(staged.getFileName().toString());
        }
    }

    /** The name of the file that is to be published, if there is one: the others are hidden. */
    Optional<String> result(Path staged) throws IOException {
        try (OpenFolder staging = open(staged.getParent());
                OpenFolder folder = staging.open(staged.getFileName().toString())) {
            return result(folder);
        }
    }

    private static Optional<String> result(OpenFolder folder) throws IOException {
        return folder.names().stream().filter(name -> !name.startsWith(".")).findFirst();
    }

    /** Forces the files in the folder of a key, the folder, and its own entry. */
    void force(Path staged) throws IOException {
        try (OpenFolder staging = open(staged.getParent());
                OpenFolder folder = staging.open(staged.getFileName().toString())) {
            for (String name : folder.names()) {
                folder.force(name);
            }
            folder.force();
            staging.force();
        }
    }

    /**
     * Publishes what is to be, if it was not done before, and removes the folder of its key.
     *
     * @param planned null if nothing is to be published
     * @param name for another name, if somebody has put a file there since it was planned
     * @return where it was published; empty if there is nothing left to publish
     * @throws IOException also if the ledger is another daemon's by now
     */
    Optional<Path> publish(Path staged, Path planned, SafeName name, Ledger ledger) throws IOException {
        if (planned == null && !holds(staged)) {
            return Optional.empty();
        }
        try (OpenFolder staging = open(staged.getParent())) {
            String key = staged.getFileName().toString();
            Optional<Path> target = planned == null || staging.find(key).isEmpty()
                    ? Optional.empty()
                    : publishFrom(staging, key, planned, name, ledger);
            staging.clear(key);
            return target;
        }
    }

    private static Optional<Path> publishFrom(
            OpenFolder staging, String key, Path planned, SafeName name, Ledger ledger) throws IOException {
        try (OpenFolder folder = staging.open(key)) {
            Optional<String> result = result(folder);
            if (result.isEmpty()) {
                return Optional.empty();
            }
            ledger.expectHeld();
            Path target = move(folder, result.get(), planned, name);
            Disk.force(target.getParent());
            folder.force();
            return Optional.of(target);
        }
    }

    private static Path move(OpenFolder folder, String result, Path planned, SafeName name) throws IOException {
        try (OpenFolder outbox = OpenFolder.at(planned.getParent())) {
            synchronized (SafeName.CHOICE) {
                Path target = Files.exists(planned, LinkOption.NOFOLLOW_LINKS)
                        ? name.freeIn(planned.getParent(), result.substring(result.indexOf('.')))
                        : planned;
                folder.move(result, outbox, target.getFileName().toString());
                return target;
            }
        }
    }
}
