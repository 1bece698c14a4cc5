package dev.buzon.intake;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Map;
import java.util.Optional;

/**
 * Tells a regular file from what takes its place or is written to it later.
 *
 * @param size in bytes
 * @param changed the inode's change time: the kernel sets it at each write, truncation and rename, and no sender can set
 *     it back, as {@code cp -p} does with the time of the last write
 */
public record FileIdentity(long inode, long size, FileTime changed) {

    static final String ATTRIBUTES = "isRegularFile,ino,size,ctime";

    /** @return empty if no regular file is there; a link is none, wherever it leads */
    public static Optional<FileIdentity> of(Path file) throws IOException {
        try {
            return of(Files.readAttributes(file, "unix:" + ATTRIBUTES, LinkOption.NOFOLLOW_LINKS));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
    }

    /** Whether it is the same file, which may have been moved since. */
    public boolean isSameFile(FileIdentity other) {
        return inode == other.inode && size == other.size;
    }

    static Optional<FileIdentity> of(Map<String, Object> attributes) {
        return (Boolean) attributes.get("isRegularFile")
                ? Optional.of(new FileIdentity((Long) attributes.get("ino"), (Long) attributes.get("size"), (FileTime)
                        attributes.get("ctime")))
                : Optional.empty();
    }
}
