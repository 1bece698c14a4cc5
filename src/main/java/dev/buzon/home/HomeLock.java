package dev.buzon.home;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;

/**
 * One daemon a home, or one of its instances: the operating system's lock on a file, gone with the process. The file says
 * which process that is, and so does a second one, by which a start finds the daemon if the first was removed.
 */
public final class HomeLock implements AutoCloseable {

    /** A {@link #holder} that looks at just this moment holds the lock for an instant. */
    private static final int LOOKS = 10;

    private static final long LOOK_NANOS = 20_000_000;

    /** Of a record; what is longer is none. */
    private static final int LONGEST_RECORD = 4096;

    private final Home home;
    private final FileChannel channel;
    private final Object file;
    private final String record;

    private HomeLock(Home home, FileChannel channel, Object file, String record) {
        this.home = home;
        this.channel = channel;
        this.file = file;
        this.record = record;
    }

    /** @throws SettingsException if another process holds the home */
    public static HomeLock acquire(Home home) throws IOException {
        return acquire(home, () -> {});
    }

    /**
     * The same.
     *
     * @param makeRoom is called if the lock is held, and there is no room on the disk to say so
     */
    public static HomeLock acquire(Home home, Runnable makeRoom) throws IOException {
        home.makePrivateFolders();
        FileChannel channel = FileChannel.open(
                home.lock(),
                Set.of(
                        StandardOpenOption.CREATE,
                        StandardOpenOption.READ,
                        StandardOpenOption.WRITE,
                        LinkOption.NOFOLLOW_LINKS));
        try {
            boolean locked = tryLock(channel);
            for (int i = 0; !locked && i < LOOKS; i++) {
                LockSupport.parkNanos(LOOK_NANOS);
                locked = tryLock(channel);
            }
            String recorded = read(channel);
            if (!locked) {
                throw heldBy(home, judge(home, recorded));
            }
            Optional<Holder> survivor = survivor(home, recorded);
            if (survivor.isPresent()) {
                throw heldBy(home, survivor.get());
            }
            String record = ProcessRecord.ofThisProcess(home).text();
            try {
                write(home, channel, record);
            } catch (IOException full) {
                makeRoom.run();
                write(home, channel, record);
            }
            return new HomeLock(home, channel, identity(home.lock()), record);
        } catch (IOException | RuntimeException e) {
            channel.close();
            throw e;
        }
    }

    private static void write(Home home, FileChannel channel, String record) throws IOException {
        channel.truncate(0);
        channel.write(ByteBuffer.wrap(record.getBytes(StandardCharsets.UTF_8)), 0);
        Files.writeString(home.holder(), record);
    }

    /** The process that holds the home; empty if none does. */
    public static Optional<Holder> holder(Home home) throws IOException {
        String recorded = "";
        if (Files.exists(home.lock(), LinkOption.NOFOLLOW_LINKS)) {
            try (FileChannel channel = FileChannel.open(
                    home.lock(),
                    Set.of(StandardOpenOption.READ, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS))) {
                recorded = read(channel);
                if (!tryLock(channel)) {
                    return Optional.of(judge(home, recorded));
                }
            }
        }
        return survivor(home, recorded);
    }

    /**
     * Whether the file is still there that this process has locked: a start that finds none, or another, can lock that.
     */
    public boolean isInPlace() throws IOException {
        try {
            // Never opened: when a file is closed, all locks go that the process has on it.
            return identity(home.lock()).equals(file);
        } catch (NoSuchFileException e) {
            return false;
        }
    }

    /** Writes down again who holds the home if that was removed: what cleans old files away takes the lock file, too. */
    public void keepRecord() throws IOException {
        if (!Files.exists(home.holder(), LinkOption.NOFOLLOW_LINKS)) {
            Files.writeString(home.holder(), record, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        }
    }

    private static Object identity(Path path) throws IOException {
        return Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS)
                .fileKey();
    }

    private static SettingsException heldBy(Home home, Holder holder) {
        return new SettingsException(
                List.of("The home " + home.folder() + " is held by " + holder.description() + "."));
    }

    /** Who has the lock that could not be had. */
    private static Holder judge(Home home, String recorded) throws IOException {
        String find = " Find it by: fuser " + home.lock();
        Optional<ProcessRecord> record = ProcessRecord.parse(recorded);
        if (record.isEmpty()) {
            return Holder.unproven("a process that its lock file does not name: one that is starting, or of an earlier"
                    + " version." + find);
        }
        long pid = record.get().pid();
        switch (record.get().whereabouts()) {
            case ALIVE -> {
                Set<Long> holders = KernelLocks.holdersOf(home.lock());
                Optional<ProcessHandle> process = ProcessHandle.of(pid);
                if (process.isPresent() && (holders.isEmpty() || holders.contains(pid))) {
                    return Holder.proven(process.get());
                }
            }
            case ELSEWHERE -> {
                return elsewhere(record.get());
            }
            case NOT_OURS -> {
                return Holder.unproven("the process " + pid + ", which another user runs");
            }
            case GONE -> {
                // Another one has the lock.
            }
        }
        return Holder.unproven("a process that is not the " + pid + " which its lock file names." + find);
    }

    /** A daemon whose lock file was removed, so that the one that lies there says nothing of it. */
    private static Optional<Holder> survivor(Home home, String recorded) throws IOException {
        Optional<ProcessRecord> found = Files.isRegularFile(home.holder(), LinkOption.NOFOLLOW_LINKS)
                ? ProcessRecord.parse(Files.readString(home.holder()))
                : Optional.empty();
        if (found.isEmpty()
                || found.get().text().equals(recorded)
                || !found.get().isOf(home)) {
            return Optional.empty();
        }
        ProcessRecord record = found.get();
        return switch (record.whereabouts()) {
            case ALIVE -> ProcessHandle.of(record.pid()).map(Holder::proven);
            case ELSEWHERE ->
                Optional.of(Holder.unproven(elsewhere(record).description()
                        + ". Its lock file was removed. If it does not run any more: rm " + home.holder()));
            case NOT_OURS, GONE -> Optional.empty();
        };
    }

    private static Holder elsewhere(ProcessRecord record) {
        return Holder.unproven("the process " + record.pid() + " on " + record.host()
                + ", which is another machine or container: ask there");
    }

    private static String read(FileChannel channel) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(LONGEST_RECORD);
        channel.read(bytes, 0);
        return new String(bytes.array(), 0, bytes.position(), StandardCharsets.UTF_8);
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
        try (channel) {
            // Another daemon's is none of ours.
            if (Files.exists(home.holder()) && Files.readString(home.holder()).equals(record)) {
                Files.delete(home.holder());
            }
        }
    }
}
