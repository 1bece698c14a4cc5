package dev.buzon.home;

import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import java.util.UUID;

/**
 * Which home it is, wherever it lies: the id goes with a home that is moved, or restored.
 *
 * @param id the same for all daemons that share the home
 * @param folder of the home, as this machine has it
 * @param host this machine
 */
public record HomeIdentity(String id, Path folder, String host) {

    /**
     * That of a home, which is given an id if it has none.
     *
     * @param known the id that a home without one gets; null for a new one
     */
    public static HomeIdentity of(Home home, String known) throws IOException {
        return new HomeIdentity(idOf(home, known), home.folder(), thisHost());
    }

    /** Daemons that share the home may ask for it at the same time. */
    private static synchronized String idOf(Home home, String known) throws IOException {
        Path file = home.id();
        try (FileChannel channel = FileChannel.open(
                file,
                Set.of(
                        StandardOpenOption.CREATE,
                        StandardOpenOption.READ,
                        StandardOpenOption.WRITE,
                        LinkOption.NOFOLLOW_LINKS),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")))) {
            channel.lock();
            String id = new String(Channels.newInputStream(channel).readAllBytes(), StandardCharsets.US_ASCII).strip();
            if (id.isEmpty()) {
                id = known == null ? UUID.randomUUID().toString() : known;
                channel.write(ByteBuffer.wrap((id + "\n").getBytes(StandardCharsets.US_ASCII)), 0);
                channel.force(true);
                Disk.force(file.getParent());
            }
            return id;
        }
    }

    /** The name of this machine; "localhost" if it has none that can be told. */
    public static String thisHost() {
        try {
            // Java would have it looked up, which can take seconds.
            return Files.readString(Path.of("/proc/sys/kernel/hostname")).strip();
        } catch (IOException e) {
            return otherwiseNamed();
        }
    }

    private static String otherwiseNamed() {
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) {
            return "localhost";
        }
    }

    /** Where the home is, for a person. */
    public String place() {
        return folder + " on " + host;
    }

    /** Whether another folder that this machine can see is a home of the same id, and not this one by another path. */
    public boolean isCopyOf(Path other) throws IOException {
        Home otherHome = new Home(other);
        return Files.isRegularFile(otherHome.id())
                && !Files.isSameFile(otherHome.id(), new Home(folder).id())
                && Files.readString(otherHome.id()).strip().equals(id);
    }
}
