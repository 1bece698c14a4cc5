package dev.buzon.delivery;

import dev.buzon.home.BoundedMap;
import dev.buzon.home.Disk;
import dev.buzon.home.FileFailure;
import dev.buzon.home.OpenFolder;
import dev.buzon.home.RouteSettings;
import dev.buzon.intake.ContentKey;
import dev.buzon.intake.FileIdentity;
import dev.buzon.intake.RegularFile;
import dev.buzon.job.Printable;
import dev.buzon.ledger.Ledger;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Forces sources to disk. If that fails, the kernel says so once, and then takes for written what the disk has lost: the
 * next force of the same file succeeds, and means nothing. Such a source is replaced by a copy of it that is forced.
 * Thread-safe.
 */
final class ForcedSources {

    private static final Logger LOG = LoggerFactory.getLogger(ForcedSources.class);

    /** Copies are called by it, a key and, if there is one, a lease: hidden, so that no look at an inbox takes them. */
    private static final String PREFIX = ".buzon-";

    private static final String COPY = "\\.buzon-[0-9a-f]{64}(\\.[0-9]+)?";

    /** Each takes some 300 bytes, and is forgotten earlier if it can be forced or written anew. */
    private static final int REMEMBERED_AT_MOST = 100_000;

    private final Ledger ledger;
    private final Aside aside;
    /**
     * Sources that wait for a retry since the disk failed to force them, by their inodes: a sender may rename one. The
     * oldest are forgotten, and all by a restart.
     */
    private final Map<Long, Unforced> unforced = Collections.synchronizedMap(new BoundedMap<>(REMEMBERED_AT_MOST));
    /** Copies that could not be removed. */
    private final Set<Path> left = ConcurrentHashMap.newKeySet();

    /**
     * A source that the disk failed to force.
     *
     * @param key of its content at that time
     * @param reason what the disk said
     */
    private record Unforced(FileIdentity identity, String key, String reason) {}

    ForcedSources(Ledger ledger, Aside aside) {
        this.ledger = ledger;
        this.aside = aside;
    }

    /**
     * Forces the content of a source, unless that was done, or another took its place. Its sender may not have forced it,
     * and the ledger is not to know a file as handled that a power cut leaves empty. The delivery goes on with the copy
     * if one had to be made.
     *
     * @throws IOException if the source can be neither forced nor written anew; the next call writes it anew first
     */
    void force(Delivery delivery) throws IOException {
        discardLeft();
        Path source = delivery.source();
        if (delivery.isForced() || !isThere(source, delivery.identity())) {
            return;
        }
        Unforced known = unforced.get(delivery.identity().inode());
        String reason = known != null ? known.reason : failureToForce(source).orElse(null);
        if (reason != null) {
            String key = known != null && known.identity.isSameFile(delivery.identity()) ? known.key : delivery.key();
            writeAnew(delivery, key, reason);
        }
        unforced.remove(delivery.identity().inode());
        delivery.setForced();
    }

    /** @throws IOException if that can't be told, as it can't while the inbox is missing */
    private static boolean isThere(Path source, FileIdentity identity) throws IOException {
        return Sources.isSameFile(source, identity) || !Sources.isGone(source) && Sources.isSameFile(source, identity);
    }

    /** Forces a source, and says why that failed, if it did. */
    private static Optional<String> failureToForce(Path source) throws IOException {
        try (FileChannel channel = RegularFile.open(source)) {
            try {
                channel.force(true);
                return Optional.empty();
            } catch (IOException e) {
                return Optional.of(FileFailure.inWords(e));
            }
        }
    }

    /** @param key that of its content if nothing of it was lost */
    private void writeAnew(Delivery delivery, String key, String reason) throws IOException {
        remember(delivery, key, reason);
        String copy = PREFIX + Staging.name(delivery.key(), delivery.batch().lease());
        long inode = delivery.identity().inode();
        try (OpenFolder inbox = OpenFolder.at(delivery.source().getParent())) {
            boolean isItsOnlyName;
            try {
                discard(inbox, copy);
                copy(delivery, inbox, copy);
                isItsOnlyName = Disk.names(delivery.source()) == 1;
                if (!isItsOnlyName) {
                    aside.dropNamesOf(delivery.identity(), inbox);
                    isItsOnlyName = Disk.names(delivery.source()) == 1;
                }
                replace(delivery, key, inbox, copy);
            } catch (IOException e) {
                discardAfter(e, inbox, copy);
                throw e;
            }
            // It is the copy that is not to be believed if this fails.
            remember(delivery, key, reason);
            if (isItsOnlyName) {
                unforced.remove(inode);
            }
            inbox.force();
        } catch (IOException e) {
            FileSystemException failure = new FileSystemException(
                    delivery.source().toString(),
                    null,
                    "the disk failed to force it (" + reason + "), and it can't be written anew: "
                            + FileFailure.inWords(e));
            failure.addSuppressed(e);
            throw failure;
        }
        LOG.warn(
                "{}: {}: written anew in its inbox, since the disk failed to force it: {}",
                delivery.route().id(),
                Printable.of(delivery.name()),
                reason);
    }

    private void remember(Delivery delivery, String key, String reason) {
        unforced.put(delivery.identity().inode(), new Unforced(delivery.identity(), key, reason));
    }

    /** Makes a copy of a source, with its permissions and the time that says whose turn it is, and forces it. */
    private static void copy(Delivery delivery, OpenFolder inbox, String copy) throws IOException {
        PosixFileAttributes attributes = inbox.attributes(delivery.name());
        try (FileChannel from = RegularFile.open(delivery.source());
                FileChannel to = inbox.create(copy)) {
            PosixFileAttributeView view = inbox.view(copy);
            Set<PosixFilePermission> permissions = attributes.permissions();
            // A group may read it of which its new owner is one.
            permissions.add(PosixFilePermission.OWNER_READ);
            view.setPermissions(permissions);
            // No transfer within the kernel: the two could share on disk what was lost there.
            ByteBuffer buffer = ByteBuffer.allocate(1 << 16);
            while (from.read(buffer) >= 0) {
                buffer.flip();
                while (buffer.hasRemaining()) {
                    to.write(buffer);
                }
                buffer.clear();
            }
            view.setTimes(attributes.lastModifiedTime(), null, null);
            to.force(true);
        }
    }

    /** Puts a copy in the place of its source, if it has the content that is expected. */
    private void replace(Delivery delivery, String key, OpenFolder inbox, String copy) throws IOException {
        Path source = delivery.source();
        FileIdentity identity = identity(source.resolveSibling(copy));
        if (!ContentKey.of(source.resolveSibling(copy)).equals(key)) {
            throw new IOException("its content is not what it was. Send it again");
        }
        ledger.expectHeld();
        if (!identity(source).equals(delivery.identity())) {
            throw new IOException("it changed meanwhile");
        }
        inbox.move(copy, inbox, delivery.name());
        FileIdentity now = identity(source);
        if (!now.isSameFile(identity)) {
            throw new IOException("another file took its place");
        }
        delivery.identity(now);
    }

    private static FileIdentity identity(Path file) throws IOException {
        return FileIdentity.of(file).orElseThrow(() -> new NoSuchFileException(file.toString()));
    }

    private static void discard(OpenFolder inbox, String copy) throws IOException {
        if (inbox.find(copy).isPresent()) {
            inbox.delete(copy, false);
        }
    }

    private void discardAfter(IOException failure, OpenFolder inbox, String copy) {
        try {
            discard(inbox, copy);
        } catch (IOException e) {
            left.add(inbox.path().resolve(copy));
            failure.addSuppressed(e);
        }
    }

    /** They only take room. */
    private void discardLeft() {
        for (Path copy : left) {
            try {
                Files.deleteIfExists(copy);
                left.remove(copy);
            } catch (IOException e) {
                // The next call tries again, or the next start.
            }
        }
    }

    /** Throws away the copies that a crash left in the inbox of a route. */
    static void discardCopies(RouteSettings route) {
        try (DirectoryStream<Path> files = Files.newDirectoryStream(route.inbox(), PREFIX + "*")) {
            for (Path file : files) {
                if (file.getFileName().toString().matches(COPY)) {
                    Files.delete(file);
                }
            }
        } catch (IOException | DirectoryIteratorException e) {
            // They only take room. The next start tries again.
            LOG.debug("Copies are left in {}", route.inbox(), e);
        }
    }
}
