package dev.buzon.benchmark;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.apache.commons.io.FileUtils;

/**
 * Where a run takes place: its data, which is kept for the next run, and folders to work in, which are not.
 *
 * @param small whether this is the tiny form, which tries the benchmark itself
 */
record Ground(Path folder, boolean small) {

    /** A number of the full form, or of the tiny one. */
    int size(int full, int tiny) {
        return small ? tiny : full;
    }

    Path data() {
        return folder.resolve("data");
    }

    /** An empty folder. */
    Path fresh(String name) throws IOException {
        Path fresh = folder.resolve("work").resolve(name);
        FileUtils.deleteDirectory(fresh.toFile());
        return Files.createDirectories(fresh);
    }

    /**
     * Takes the work of a turn away. Its files are emptied, and stay until {@link #clear}: for some minutes ext4 without
     * a journal looks at each inode that was freed before it gives a new file one, which the next turn would pay for.
     */
    void remove(Path fresh) throws IOException {
        try (Stream<Path> files = Files.walk(fresh)) {
            for (Path file : (Iterable<Path>) files::iterator) {
                // Another name of it is among the data.
                if (Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)
                        && Files.getAttribute(file, "unix:nlink").equals(1)) {
                    FileChannel.open(file, StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING)
                            .close();
                }
            }
        }
        Files.move(
                fresh,
                Files.createDirectories(removed()).resolve(UUID.randomUUID().toString()));
    }

    /** Deletes what was taken away. */
    void clear() throws IOException {
        FileUtils.deleteDirectory(removed().toFile());
    }

    private Path removed() {
        return folder.resolve("removed");
    }

    Path log(String name) throws IOException {
        return Files.createDirectories(folder.resolve("logs")).resolve(name + ".log");
    }

    /** Gives a folder the last files of another, by links, and reads them: whoever reads them next finds them in memory. */
    static void link(Path from, int count, Path to) throws IOException {
        Files.createDirectories(to);
        List<Path> files = files(from);
        for (Path file : files.subList(files.size() - count, files.size())) {
            Files.createLink(to.resolve(file.getFileName()), file);
            Files.copy(file, OutputStream.nullOutputStream());
        }
    }

    /** Puts on the disk what is only in memory: its writing would disturb what is measured next. */
    static void sync() throws IOException, InterruptedException {
        new ProcessBuilder("sync").inheritIO().start().waitFor();
    }

    /** In the order of their names. */
    static List<Path> files(Path folder) throws IOException {
        try (Stream<Path> children = Files.list(folder)) {
            return children.filter(Files::isRegularFile).sorted().toList();
        }
    }
}
