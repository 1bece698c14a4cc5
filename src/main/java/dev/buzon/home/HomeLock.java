package dev.buzon.home;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.locks.LockSupport;

/** One daemon a home, or one of its instances: the operating system's lock on a file that holds its process id, gone with the process. */
public final class HomeLock implements AutoCloseable {

    /** A {@link #holder} that looks at just this moment holds the lock for an instant. */
    private static final int LOOKS = 10;

    private static final long LOOK_NANOS = 20_000_000;

    private final FileChannel channel;

    private HomeLock(FileChannel channel) {
        this.channel = channel;
    }

    /** @throws SettingsException where another process holds the home */
    public static HomeLock acquire(Home home) throws IOException {
        home.makePrivateFolders();
        FileChannel channel = FileChannel.open(
                home.lock(), StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
        boolean locked = tryLock(channel);
        for (int i = 0; !locked && i < LOOKS; i++) {
            LockSupport.parkNanos(LOOK_NANOS);
            locked = tryLock(channel);
        }
        if (!locked) {
            channel.close();
            throw new SettingsException(List.of("The home " + home.folder() + " is held by the process "
                    + Files.readString(home.lock()).strip() + "."));
        }
        channel.truncate(0);
        channel.write(
                ByteBuffer.wrap(Long.toString(ProcessHandle.current().pid()).getBytes(StandardCharsets.US_ASCII)));
        return new HomeLock(channel);
    }

    /** The process that holds the home; empty where none does. */
    public static OptionalLong holder(Home home) throws IOException {
        Path lock = home.lock();
        if (!Files.exists(lock)) {
            return OptionalLong.empty();
        }
        try (FileChannel channel = FileChannel.open(lock, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            String pid = Files.readString(lock).strip();
            return tryLock(channel) || pid.isEmpty() ? OptionalLong.empty() : OptionalLong.of(Long.parseLong(pid));
        }
    }

    private static boolean tryLock(FileChannel channel) throws IOException {
        try {
            FileLock lock = channel.tryLock();
            return lock != null;
        } catch (OverlappingFileLockException e) {
            return false;
        }
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
