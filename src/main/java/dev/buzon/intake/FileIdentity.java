package dev.buzon.intake;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Map;

/**
 * Tells a file from what takes its place or is written to it later.
 *
 * @param size in bytes
 * @param changed the inode's change time: the kernel sets it at each write, truncation and rename, and no sender can set
 *     it back, as {@code cp -p} does with the time of the last write
 */
public record FileIdentity(long inode, long size, FileTime changed) {

    static final String ATTRIBUTES = "ino,size,ctime";

    /** @throws java.nio.file.NoSuchFileException where there is no such file */
    public static FileIdentity of(Path file) throws IOException {
        return of(Files.readAttributes(file, "unix:" + ATTRIBUTES, LinkOption.NOFOLLOW_LINKS));
    }

    /** Whether it is the same file, which may have been moved since. */
    public boolean isSameFile(FileIdentity other) {
        return inode == other.inode && size == other.size;
    }

    static FileIdentity of(Map<String, Object> attributes) {
        return new FileIdentity(
                (Long) attributes.get("ino"), (Long) attributes.get("size"), (FileTime) attributes.get("ctime"));
    }
}
