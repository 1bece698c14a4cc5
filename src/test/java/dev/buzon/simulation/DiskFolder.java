package dev.buzon.simulation;

import java.io.IOException;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.ClosedDirectoryStreamException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.DirectoryStream;
import java.nio.file.LinkOption;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.ProviderMismatchException;
import java.nio.file.SecureDirectoryStream;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.FileAttributeView;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.Set;

/** A folder that is held open: what is done by it is done in that very folder, wherever it has gone. */
final class DiskFolder implements SecureDirectoryStream<Path> {

    private static final int FILE_MODE = 0666;

    private final DiskFileSystem system;
    private final Kernel kernel;
    private final Inode folder;
    private final DiskPath path;
    private final DirectoryStream.Filter<? super Path> filter;
    /** What was in it when it was opened. */
    private final String[] names;

    private final int boot;
    private boolean isListed;
    private boolean isClosed;

    /** @param filter null if there is none */
    DiskFolder(
            DiskFileSystem system,
            Kernel kernel,
            Inode folder,
            DiskPath path,
            DirectoryStream.Filter<? super Path> filter) {
        this.system = system;
        this.kernel = kernel;
        this.folder = folder;
        this.path = path;
        this.filter = filter;
        this.names = folder.listing();
        this.boot = kernel.store().boot();
        folder.open++;
    }

    private boolean isGone() {
        return isClosed || boot != kernel.store().boot();
    }

    private DiskPath in(Path name) {
        if (isGone()) {
            throw new ClosedDirectoryStreamException();
        }
        return DiskPath.of(system, name);
    }

    @Override
    public SecureDirectoryStream<Path> newDirectoryStream(Path name, LinkOption... options) throws IOException {
        DiskPath inner = in(name);
        Inode opened = kernel.list(folder, inner, DiskProvider.follows(options));
        return new DiskFolder(system, kernel, opened, (DiskPath) path.resolve(inner), null);
    }

    @Override
    public SeekableByteChannel newByteChannel(
            Path name, Set<? extends OpenOption> options, FileAttribute<?>... attributes) throws IOException {
        return kernel.open(folder, in(name), OpenFlags.of(options), DiskProvider.mode(FILE_MODE, attributes));
    }

    @Override
    public void deleteFile(Path name) throws IOException {
        kernel.delete(folder, in(name), false);
    }

    @Override
    public void deleteDirectory(Path name) throws IOException {
        try {
            kernel.delete(folder, in(name), true);
        } catch (DirectoryNotEmptyException e) {
            // The JDK doesn't say which.
            throw DiskFailure.NOT_EMPTY_TO_DELETE.of(null);
        }
    }

    @Override
    public void move(Path name, SecureDirectoryStream<Path> target, Path newName) throws IOException {
        if (!(target instanceof DiskFolder other)) {
            throw new ProviderMismatchException();
        }
        kernel.move(folder, in(name), other.folder, other.in(newName));
    }

    @Override
    public <V extends FileAttributeView> V getFileAttributeView(Class<V> type) {
        return getFileAttributeView(system.here(), type);
    }

    @Override
    public <V extends FileAttributeView> V getFileAttributeView(Path name, Class<V> type, LinkOption... options) {
        DiskPath inner = in(name);
        return DiskProvider.view(new DiskAttributeView(kernel, folder, inner, DiskProvider.follows(options)), type);
    }

    @Override
    public Iterator<Path> iterator() {
        if (isGone()) {
            throw new IllegalStateException("Directory stream is closed");
        }
        if (isListed) {
            throw new IllegalStateException("Iterator already obtained");
        }
        isListed = true;
        return new Entries();
    }

    @Override
    public void close() {
        if (!isGone()) {
            kernel.store().closed(folder);
        }
        isClosed = true;
    }

    private final class Entries implements Iterator<Path> {

        private int next;
        private Path ready;

        @Override
        public boolean hasNext() {
            while (ready == null && next < names.length && !isGone()) {
                Path entry = path.child(names[next++]);
                try {
                    ready = filter == null || filter.accept(entry) ? entry : null;
                } catch (IOException e) {
                    throw new DirectoryIteratorException(e);
                }
            }
            return ready != null;
        }

        @Override
        public Path next() {
            if (!hasNext()) {
                throw new NoSuchElementException();
            }
            Path entry = ready;
            ready = null;
            return entry;
        }
    }
}
