package dev.buzon.fault;

import dev.buzon.Shell;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/** A file system of few megabytes in memory, full at a test's will. */
final class SmallDisk {

    private final Path folder;

    private SmallDisk(Path folder) {
        this.folder = folder;
    }

    /** Mounts one on a folder that is made; skips the test where that is not allowed. */
    static SmallDisk mount(Path folder, String size) throws IOException, InterruptedException {
        Files.createDirectories(folder);
        Shell.assume("mount", "-t", "tmpfs", "-o", "size=" + size, "tmpfs", folder.toString());
        return new SmallDisk(folder);
    }

    Path folder() {
        return folder;
    }

    /** Leaves not one byte. */
    void fill() throws IOException {
        try (OutputStream out = Files.newOutputStream(filler())) {
            byte[] page = new byte[4096];
            while (true) {
                out.write(page);
            }
        } catch (IOException full) {
            if (Files.getFileStore(folder).getUsableSpace() > 0) {
                throw full;
            }
        }
    }

    void makeRoom() throws IOException {
        Files.delete(filler());
    }

    void unmount() throws IOException, InterruptedException {
        Shell.run("umount", "-l", folder.toString());
    }

    private Path filler() {
        return folder.resolve(".filler");
    }
}
