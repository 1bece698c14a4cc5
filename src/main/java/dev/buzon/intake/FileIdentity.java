package dev.buzon.intake;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Map;

/**
 * Tells a file from what takes its place or is added to it later.
 *
 * @param size in bytes
 * @param modified the time of the last write, as the file system says it
 */
public record FileIdentity(long inode, long size, FileTime modified) {

    /** @throws java.nio.file.NoSuchFileException where there is no such file */
    public static FileIdentity of(Path file) throws IOException {
        Map<String, Object> attributes =
                Files.readAttributes(file, "unix:ino,size,lastModifiedTime", LinkOption.NOFOLLOW_LINKS);
        return new FileIdentity((Long) attributes.get("ino"), (Long) attributes.get("size"), (FileTime)
                attributes.get("lastModifiedTime"));
    }
}
