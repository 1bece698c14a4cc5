package dev.buzon.home;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** Changes to the disk that outlive a power cut once the method has returned. */
public final class Disk {

    private static final Set<PosixFilePermission> OURS_ALONE = PosixFilePermissions.fromString("rwx------");

    private Disk() {}

    /** Forces a file, or the entries of a folder. After a failure what it held is lost: never try again and believe. */
    public static void force(Path path, LinkOption... options) throws IOException {
        Set<OpenOption> all = new HashSet<>(Set.of(options));
        all.add(StandardOpenOption.READ);
        try (FileChannel channel = FileChannel.open(path, all)) {
            channel.force(true);
        }
    }

    /** Forces the files of a folder, the folder, and its own entry. */
    public static void forceTree(Path folder) throws IOException {
        for (Path file : list(folder)) {
            force(file);
        }
        force(folder);
        force(folder.getParent());
    }

    /**
     * Renames within a file system. The caller has made sure that the target is free: a plain rename would replace it.
     */
    public static void move(Path source, Path target) throws IOException {
        Files.move(source, target, StandardCopyOption.ATOMIC_MOVE);
        force(target.getParent());
        force(source.getParent());
    }

    /** Makes a folder and those above it. */
    public static void makeFolders(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            makeFolders(folder.getParent());
            makeFolder(folder);
        }
    }

    /**
     * Makes a folder where it is missing.
     *
     * @throws java.nio.file.NoSuchFileException where the one that it belongs in is missing
     */
    public static void makeFolder(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            Files.createDirectory(folder);
            force(folder.getParent());
        }
    }

    /** Makes a folder where it is missing, and lets nobody but its owner into it. */
    public static void makePrivateFolder(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            Files.createDirectory(folder, PosixFilePermissions.asFileAttribute(OURS_ALONE));
            force(folder.getParent());
        }
        if (!Files.getPosixFilePermissions(folder).equals(OURS_ALONE)) {
            Files.setPosixFilePermissions(folder, OURS_ALONE);
        }
    }

    public static void delete(Path file) throws IOException {
        Files.delete(file);
        force(file.getParent());
    }

    /** Removes a folder with the files in it, or a file; nothing where there is none. */
    public static void clear(Path path) throws IOException {
        if (Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)) {
            for (Path child : list(path)) {
                clear(child);
            }
        }
        Files.deleteIfExists(path);
    }

    public static List<Path> list(Path folder) throws IOException {
        try (Stream<Path> children = Files.list(folder)) {
            return children.toList();
        }
    }
}
