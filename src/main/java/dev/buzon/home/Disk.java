package dev.buzon.home;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** Changes to the disk that outlive a power cut once the method has returned. */
public final class Disk {

    static final Set<PosixFilePermission> OURS_ALONE = PosixFilePermissions.fromString("rwx------");

    private Disk() {}

    /**
     * Whether anything is at a path; a link is something.
     *
     * @throws IOException if that can't be told: then nothing is known to be missing, as {@link Files#exists} would say
     */
    public static boolean exists(Path path) throws IOException {
        try {
            Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
            return true;
        } catch (NoSuchFileException e) {
            return false;
        } catch (FileSystemException e) {
            if ("Not a directory".equals(e.getReason())) {
                return false;
            }
            throw e;
        }
    }

    /** How many names lead to a file. */
    public static int names(Path file) throws IOException {
        return (Integer) Files.getAttribute(file, "unix:nlink", LinkOption.NOFOLLOW_LINKS);
    }

    /** Forces a file, or the entries of a folder. After a failure what it held is lost: never try again and believe. */
    public static void force(Path path) throws IOException {
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    /** Renames a file within its folder. What has that name already is replaced. */
    public static void rename(Path file, Path sibling) throws IOException {
        Files.move(file, sibling, StandardCopyOption.ATOMIC_MOVE);
        force(file.getParent());
    }

    /** Makes a folder and those above it. */
    public static void makeFolders(Path folder) throws IOException {
        if (!exists(folder)) {
            makeFolders(folder.getParent());
            makeFolder(folder);
        }
    }

    /**
     * Makes a folder if nothing is of that name. One that is there may be what a crash left before it was forced.
     *
     * @throws java.nio.file.NoSuchFileException where the one that it belongs in is missing
     */
    public static void makeFolder(Path folder) throws IOException {
        if (!exists(folder)) {
            Files.createDirectory(folder);
        }
        force(folder.getParent());
    }

    /**
     * Makes a folder where it is missing, and lets nobody but its owner into it.
     *
     * @throws ForeignFolderException if it is a link, or no folder
     */
    public static void makePrivateFolder(Path folder) throws IOException {
        try {
            Files.createDirectory(folder, PosixFilePermissions.asFileAttribute(OURS_ALONE));
        } catch (FileAlreadyExistsException e) {
            // Made before.
        }
        force(folder.getParent());
        try (OpenFolder outer = OpenFolder.at(folder.getParent());
                OpenFolder made = outer.open(folder.getFileName().toString())) {
            if (!made.attributes().permissions().equals(OURS_ALONE)) {
                made.setPermissions(OURS_ALONE);
            }
        }
    }

    public static void delete(Path file) throws IOException {
        Files.delete(file);
        force(file.getParent());
    }

    /**
     * Removes all that is in a folder, but not the folder.
     *
     * @throws ForeignFolderException if it is a link, or no folder
     */
    public static void empty(Path folder) throws IOException {
        try (OpenFolder outer = OpenFolder.at(folder.getParent());
                OpenFolder emptied = outer.open(folder.getFileName().toString())) {
            for (String name : emptied.names()) {
                emptied.clear(name);
            }
        }
    }

    public static List<Path> list(Path folder) throws IOException {
        try (Stream<Path> children = Files.list(folder)) {
            return children.toList();
        }
    }
}
