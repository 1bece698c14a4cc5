package dev.buzon.intake;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.apache.commons.io.input.CloseShieldInputStream;

/**
 * The only way to open what a sender put into an inbox. The sender may have swapped it since it was chosen: a link would
 * lead to a file that only this process may read, and a pipe would hold its reader for ever.
 */
public final class RegularFile {

    private RegularFile() {}

    /**
     * Opens a file to be read, without following a link.
     *
     * @throws NoRegularFileException if something else is there
     * @throws NoSuchFileException if nothing is there
     */
    public static FileChannel open(Path file) throws IOException {
        // Before it is opened: to open a pipe is to wait for its writer.
        expect(file);
        try {
            return FileChannel.open(file, StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS);
        } catch (IOException e) {
            // A link that came in between is told by its error alone, which names no file.
            expect(file);
            throw e;
        }
    }

    /** Like {@link #open}; buffered. */
    public static InputStream stream(Path file) throws IOException {
        return new BufferedInputStream(Channels.newInputStream(open(file)));
    }

    /** The bytes of an open file from one on, buffered. To close it leaves the file open. */
    static InputStream stream(FileChannel file, long from) throws IOException {
        return CloseShieldInputStream.wrap(new BufferedInputStream(Channels.newInputStream(file.position(from))));
    }

    private static void expect(Path file) throws IOException {
        if (FileIdentity.of(file).isEmpty()) {
            throw Files.notExists(file, LinkOption.NOFOLLOW_LINKS)
                    ? new NoSuchFileException(file.toString())
                    : new NoRegularFileException(file);
        }
    }
}
