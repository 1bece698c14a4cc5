package dev.buzon.intake;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * Tells a regular file from what takes its place or is written to it later.
 *
 * @param size in bytes
 * @param changed the inode's change time: the kernel sets it at each write, truncation and rename, and no sender can set
 *     it back, as {@code cp -p} does with the time of the last write
 * @param modified the time of the last write; null if it is not known. Two identities are equal whatever it is, since
 *     each write changes the inode, too
 */
public record FileIdentity(long inode, long size, FileTime changed, FileTime modified) {

    static final String ATTRIBUTES = "isRegularFile,ino,size,ctime,lastModifiedTime";

    /** Of a file whose last write is not known. */
    public FileIdentity(long inode, long size, FileTime changed) {
        this(inode, size, changed, null);
    }

    /** @return empty if no regular file is there; a link is none, wherever it leads */
    public static Optional<FileIdentity> of(Path file) throws IOException {
        try {
            return of(Files.readAttributes(file, "unix:" + ATTRIBUTES, LinkOption.NOFOLLOW_LINKS));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
    }

    /** Whether it is the same file, which may have been moved since, but not written to. */
    public boolean isSameFile(FileIdentity other) {
        return inode == other.inode
                && size == other.size
                && (modified == null || other.modified == null || modified.equals(other.modified));
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof FileIdentity file
                && inode == file.inode
                && size == file.size
                && changed.equals(file.changed);
    }

    @Override
    public int hashCode() {
        return Objects.hash(inode, size, changed);
    }

    static Optional<FileIdentity> of(Map<String, Object> attributes) {
        return (Boolean) attributes.get("isRegularFile")
                ? Optional.of(new FileIdentity(
                        (Long) attributes.get("ino"),
                        (Long) attributes.get("size"),
                        (FileTime) attributes.get("ctime"),
                        (FileTime) attributes.get("lastModifiedTime")))
                : Optional.empty();
    }
}
