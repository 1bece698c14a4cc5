package dev.buzon.delivery;

import dev.buzon.home.Disk;
import dev.buzon.home.RouteSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The folders in which results wait until they are published: one for each key and, where daemons share a ledger, each
 * lease. One that stood still while another took over writes where nobody looks. Immutable.
 */
final class Staging {

    /** By folder of staging folders: on which device the folder around it lay at the start. */
    private final Map<Path, Object> devices = new HashMap<>();

    Staging(Collection<RouteSettings> routes) throws IOException {
        for (RouteSettings route : routes) {
            for (Path staging : List.of(route.outboxStaging(), route.rejectedStaging())) {
                devices.put(staging, deviceAround(staging));
            }
        }
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

    /** Makes the folder of a key, empty. */
    void makeEmpty(Path folder) throws IOException {
        clear(folder);
        Files.createDirectory(folder);
    }

    /** Removes the folder of a key, so that it can be made. */
    void clear(Path folder) throws IOException {
        Path staging = folder.getParent();
        if (Files.notExists(staging)) {
            if (!deviceAround(staging).equals(devices.get(staging))) {
                throw new IOException(staging.getParent() + " is on another device than at the start: not mounted?");
            }
            Disk.makePrivateFolder(staging);
        }
        Disk.clear(folder);
    }

    private static Object deviceAround(Path staging) throws IOException {
        return Files.getAttribute(staging.getParent(), "unix:dev");
    }
}
