package dev.buzon.home;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.FileSystemLoopException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.NotLinkException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/** What the file system said of a failure. Java keeps some of it in the class of an exception alone. */
public final class FileFailure {

    private static final String DENIED = "Permission denied";
    private static final String NOT_PERMITTED = "Operation not permitted";

    /** What keeps a file from being read, while others can be. */
    private static final Set<String> OF_ONE_FILE =
            Set.of(DENIED, NOT_PERMITTED, "Input/output error", "Bad message", "Structure needs cleaning");

    private FileFailure() {}

    /** The file and the system's own words; if a permission is missing, whose the file or its folder is. */
    public static String inWords(Exception failure) {
        if (!(failure instanceof FileSystemException of) || of.getFile() == null) {
            return failure.getMessage() == null ? failure.getClass().getName() : failure.getMessage();
        }
        String files = of.getOtherFile() == null ? of.getFile() : of.getFile() + " -> " + of.getOtherFile();
        String words = words(of);
        boolean ofPermission = words.equals(DENIED) || words.equals(NOT_PERMITTED);
        return files + ": " + words + (ofPermission ? owner(Path.of(of.getFile())) : "");
    }

    /**
     * Whether it is the trouble of one file alone: the file could not be read, since somebody else has to change its
     * permissions or its disk is damaged there.
     */
    public static boolean isOfFile(Throwable failure, Path file) {
        return failure instanceof FileSystemException of
                && file.toString().equals(of.getFile())
                && of.getOtherFile() == null
                && OF_ONE_FILE.contains(words(of));
    }

    private static String words(FileSystemException failure) {
        if (failure.getReason() != null) {
            return failure.getReason();
        } else if (failure instanceof AccessDeniedException) {
            return DENIED;
        } else if (failure instanceof NoSuchFileException) {
            return "No such file or directory";
        } else if (failure instanceof FileAlreadyExistsException) {
            return "File exists";
        } else if (failure instanceof DirectoryNotEmptyException) {
            return "Directory not empty";
        } else if (failure instanceof NotDirectoryException) {
            return "Not a directory";
        } else if (failure instanceof FileSystemLoopException) {
            return "Too many levels of symbolic links";
        } else if (failure instanceof NotLinkException) {
            return "Not a symbolic link";
        }
        return failure.getClass().getSimpleName();
    }

    /** The owner and the mode of a file, or else of the nearest folder above it, that this process may not do all with. */
    public static String owner(Path file) {
        try {
            for (Path path = file.toAbsolutePath(); path != null; path = path.getParent()) {
                if (Files.exists(path, LinkOption.NOFOLLOW_LINKS) && !isFree(path)) {
                    PosixFileAttributes attributes =
                            Files.readAttributes(path, PosixFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
                    String which = path.equals(file.toAbsolutePath()) ? "" : path + ": ";
                    return " (" + which + "owner " + attributes.owner().getName() + ", mode "
                            + PosixFilePermissions.toString(attributes.permissions()) + ")";
                }
            }
        } catch (IOException e) {
            // Then it is said without.
        }
        return "";
    }

    private static boolean isFree(Path path) {
        return Files.isReadable(path)
                && Files.isWritable(path)
                && (!Files.isDirectory(path) || Files.isExecutable(path));
    }
}
