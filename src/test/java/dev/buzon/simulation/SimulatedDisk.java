package dev.buzon.simulation;

import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Random;

/**
 * A file system in memory that tells what was written from what was forced to disk, and loses the difference if its power
 * is cut. It is used by {@link java.nio.file.Files} with the paths that it makes.
 *
 * <p>What happens on it follows from the clock, the calls and the choices that it is given alone. Used by one thread at a
 * time.
 */
public final class SimulatedDisk {

    /** The user whose number is that of this process: the service trusts it. */
    public static final String SERVICE = "buzon";

    private final DiskFileSystem system;
    private Kernel kernel;

    /** Makes a disk with an empty root, which belongs to the user root. */
    public SimulatedDisk(DiskHabits habits, InstantSource clock, Calls calls) {
        this.kernel = new Kernel(habits, clock, calls);
        this.system = new DiskFileSystem(kernel);
    }

    /** Begins anew with an empty root. The paths that there are lead to what is made from now on. */
    public void reset(DiskHabits habits, InstantSource clock, Calls calls) {
        kernel = new Kernel(habits, clock, calls);
        system.provider().use(kernel);
    }

    public Path path(String absolute) {
        return system.getPath(absolute);
    }

    /**
     * Takes away what was not forced, or a part of it. What remains counts as forced. Channels and streams that were open
     * are closed.
     *
     * @return in a few words what was lost, for a person
     */
    public String cutPower(Random choice) {
        List<String> lost = kernel.cutPower(choice);
        return lost.isEmpty() ? "lost nothing" : "lost: " + String.join("; ", lost);
    }

    /**
     * Lets the kernel forget what a failed force lost: of each such file or not, as it is chosen. Readers see then what
     * the disk has; zeros beyond its end if the kernel remembers how long the file was.
     */
    public void evict(Random choice) {
        kernel.store().evict(choice);
    }

    /**
     * Puts an empty folder of another device in the place of a folder. Nobody is asked, it just happens.
     *
     * @param folder an absolute path without links, not the root
     */
    public void unmount(Path folder) {
        kernel.store().unmount(folder(folder));
    }

    /** Puts a folder back that was unmounted. What was made in its place stays hidden until it is unmounted again. */
    public void mount(Path folder) {
        folder(folder).isUnmounted = false;
    }

    /** Whether the disk failed to force a file of which it still shows what was written. */
    public boolean isDamaged(Path file) {
        Inode inode = find(file);
        return inode != null && inode.content != null && inode.content.isLost();
    }

    private Inode find(Path path) {
        String[] names = DiskPath.of(system, path).names();
        Inode at = kernel.root();
        for (int i = 0; i < names.length; i++) {
            at = at == null || !at.isFolder() ? null : at.get(names[i]);
            if (at != null && at.isUnmounted && i < names.length - 1) {
                at = at.under;
            }
        }
        return at;
    }

    private Inode folder(Path path) {
        Inode at = find(path);
        if (at == null || !at.isFolder() || at.parent == null) {
            throw new IllegalArgumentException("No folder that can be mounted: " + path);
        }
        return at;
    }

    /** Makes something that is no file, no folder and no link, and can't be opened. */
    public void makePipe(Path path) throws IOException {
        kernel.makePipe(kernel.root(), DiskPath.of(system, path));
    }
}
