package dev.buzon.monitor;

import dev.buzon.home.FileFailure;
import dev.buzon.home.RouteSettings;
import dev.buzon.home.Settings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Looks whether the service can work in its folders, and whether their disks have room. Used by one look at a time. */
final class Folders {

    private static final int BYTES_PER_MEGABYTE = 1 << 20;

    private final Settings settings;
    /** The folder that is looked at now, or was last. */
    private volatile Path lookedAt;

    Folders(Settings settings) {
        this.settings = settings;
        this.lookedAt = settings.home().privateFolder();
    }

    /** Read by any thread. */
    Path lookedAt() {
        return lookedAt;
    }

    /** What is wrong with them. */
    List<String> problems() {
        List<String> reasons = new ArrayList<>();
        Set<Object> disks = new LinkedHashSet<>();
        for (Path folder : all()) {
            lookedAt = folder;
            if (!Files.isDirectory(folder)) {
                reasons.add("The folder " + folder + " is missing.");
            } else {
                access(folder, reasons);
                room(folder, disks, reasons);
            }
        }
        return reasons;
    }

    private static void access(Path folder, List<String> reasons) {
        boolean readable = Files.isReadable(folder) && Files.isExecutable(folder);
        if (!readable || !Files.isWritable(folder)) {
            reasons.add("The folder " + folder + " can't be " + (readable ? "written to" : "read")
                    + FileFailure.owner(folder) + ".");
        }
    }

    private void room(Path folder, Set<Object> disks, List<String> reasons) {
        try {
            if (!disks.add(Files.getAttribute(folder, "unix:dev"))) {
                return;
            }
        } catch (IOException e) {
            // Gone this moment: the next look says so.
            return;
        }
        long least = Long.parseLong(settings.get("buzon.health.free-megabytes"));
        long free = folder.toFile().getUsableSpace() / BYTES_PER_MEGABYTE;
        if (free < least) {
            reasons.add("The disk of " + folder + " is nearly full: " + free + " MB are free, " + least
                    + " MB ought to be.");
        }
    }

    private Set<Path> all() {
        Set<Path> folders = new LinkedHashSet<>();
        for (RouteSettings route : settings.routes().values()) {
            folders.addAll(route.folders());
        }
        folders.add(settings.home().privateFolder());
        return folders;
    }
}
