package dev.buzon.intake;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** What makes two files the same: the SHA-256 of their content. */
public final class ContentKey {

    private ContentKey() {}

    /**
     * @return 64 hexadecimal digits
     * @throws NoRegularFileException if something else lies there
     */
    public static String of(Path file) throws IOException {
        MessageDigest digest;
        try {
            digest = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
        byte[] buffer = new byte[1 << 16];
        try (InputStream in = RegularFile.stream(file)) {
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                digest.update(buffer, 0, read);
            }
        } catch (FileSystemException e) {
            throw e;
        } catch (IOException e) {
            // A failure to read names no file.
            throw new FileSystemException(file.toString(), null, e.getMessage());
        }
        return HexFormat.of().formatHex(digest.digest());
    }
}
