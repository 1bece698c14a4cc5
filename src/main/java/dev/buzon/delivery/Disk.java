package dev.buzon.delivery;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.stream.Stream;

/** Changes to the disk that outlive a power cut once the method has returned. */
final class Disk {

    private Disk() {}

    /** Forces a file, or the entries of a folder. After a failure what it held is lost: never try again and believe. */
    static void force(Path path) throws IOException {
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    /** Forces the files of a folder, the folder, and its own entry. */
    static void forceTree(Path folder) throws IOException {
        for (Path file : list(folder)) {
            force(file);
        }
        force(folder);
        force(folder.getParent());
    }

    /**
     * Renames within a file system. The caller has made sure that the target is free: a plain rename would replace it.
     */
    static void move(Path source, Path target) throws IOException {
        Files.move(source, target, StandardCopyOption.ATOMIC_MOVE);
        force(target.getParent());
        force(source.getParent());
    }

    /**
     * Moves a source into a folder, which is made where it is missing, under the first name that is free.
     *
     * @return where it is now
     */
    static Path archive(Path source, Path folder, SafeName name) throws IOException {
        makeFolders(folder);
        Path target = name.freeIn(folder, name.extension());
        move(source, target);
        return target;
    }

    /** Makes a folder and those above it, each forced. */
    private static void makeFolders(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            makeFolders(folder.getParent());
            Files.createDirectory(folder);
            force(folder.getParent());
        }
    }

    static void delete(Path file) throws IOException {
        Files.delete(file);
        force(file.getParent());
    }

    /** Removes a folder with the files in it, or a file; nothing where there is none. */
    static void clear(Path path) throws IOException {
        if (Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)) {
            for (Path child : list(path)) {
                clear(child);
            }
        }
        Files.deleteIfExists(path);
    }

    static List<Path> list(Path folder) throws IOException {
        try (Stream<Path> children = Files.list(folder)) {
            return children.toList();
        }
    }
}
