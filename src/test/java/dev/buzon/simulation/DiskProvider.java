package dev.buzon.simulation;

import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.AccessMode;
import java.nio.file.CopyOption;
import java.nio.file.DirectoryStream;
import java.nio.file.FileStore;
import java.nio.file.FileSystem;
import java.nio.file.FileSystemException;
import java.nio.file.LinkOption;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributeView;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.FileAttributeView;
import java.nio.file.attribute.FileOwnerAttributeView;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.spi.FileSystemProvider;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Makes the system calls that the JDK's own provider makes on Linux. */
final class DiskProvider extends FileSystemProvider {

    private static final int FILE_MODE = 0666;
    private static final int FOLDER_MODE = 0777;
    private static final int BUFFER = 1 << 13;

    private static final String[] BASIC = {
        "size",
        "creationTime",
        "lastAccessTime",
        "lastModifiedTime",
        "isDirectory",
        "isRegularFile",
        "isSymbolicLink",
        "isOther",
        "fileKey"
    };
    private static final String[] POSIX = {"permissions", "owner", "group"};
    private static final String[] UNIX = {"mode", "ino", "dev", "rdev", "nlink", "uid", "gid", "ctime"};

    private final DiskFileSystem system;
    private Kernel kernel;
    /** The names in a list of attributes. */
    private final Map<String, String[]> attributeNames = new HashMap<>();

    DiskProvider(DiskFileSystem system, Kernel kernel) {
        this.system = system;
        this.kernel = kernel;
    }

    void use(Kernel another) {
        kernel = another;
    }

    private DiskPath path(Path path) {
        return DiskPath.of(system, path);
    }

    private Inode root() {
        return kernel.root();
    }

    static boolean follows(LinkOption... options) {
        return options.length == 0;
    }

    static int mode(int otherwise, FileAttribute<?>... attributes) {
        int mode = otherwise;
        for (FileAttribute<?> attribute : attributes) {
            if (!attribute.name().equals("posix:permissions")) {
                throw new UnsupportedOperationException(attribute.name());
            }
            mode = 0;
            for (Object permission : (Collection<?>) attribute.value()) {
                mode |= DiskAttributes.mode(List.of((PosixFilePermission) permission));
            }
        }
        return mode;
    }

    @Override
    public String getScheme() {
        return "disk";
    }

    @Override
    public FileSystem newFileSystem(URI uri, Map<String, ?> environment) {
        throw new UnsupportedOperationException();
    }

    @Override
    public FileSystem getFileSystem(URI uri) {
        return system;
    }

    @Override
    public Path getPath(URI uri) {
        return system.getPath(uri.getPath());
    }

    @Override
    public FileChannel newFileChannel(Path path, Set<? extends OpenOption> options, FileAttribute<?>... attributes)
            throws IOException {
        return kernel.open(root(), path(path), OpenFlags.of(options), mode(FILE_MODE, attributes));
    }

    @Override
    public SeekableByteChannel newByteChannel(
            Path path, Set<? extends OpenOption> options, FileAttribute<?>... attributes) throws IOException {
        return newFileChannel(path, options, attributes);
    }

    @Override
    public DirectoryStream<Path> newDirectoryStream(Path folder, DirectoryStream.Filter<? super Path> filter)
            throws IOException {
        DiskPath path = path(folder);
        return new DiskFolder(system, kernel, kernel.list(root(), path, true), path, filter);
    }

    @Override
    public void createDirectory(Path folder, FileAttribute<?>... attributes) throws IOException {
        kernel.makeFolder(root(), path(folder), mode(FOLDER_MODE, attributes));
    }

    @Override
    public void createSymbolicLink(Path link, Path target, FileAttribute<?>... attributes) throws IOException {
        kernel.makeLink(root(), path(link), path(target));
    }

    @Override
    public void createLink(Path link, Path existing) throws IOException {
        kernel.link(root(), path(link), path(existing));
    }

    @Override
    public Path readSymbolicLink(Path link) throws IOException {
        return system.getPath(kernel.readLink(root(), path(link)));
    }

    @Override
    public void delete(Path file) throws IOException {
        DiskPath path = path(file);
        kernel.delete(root(), path, kernel.look(root(), path, false).isFolder());
    }

    @Override
    public void move(Path source, Path target, CopyOption... options) throws IOException {
        List<CopyOption> chosen = List.of(options);
        if (!chosen.contains(StandardCopyOption.ATOMIC_MOVE)) {
            Inode moved = kernel.look(root(), path(source), false);
            if (!makesRoom(moved, target, chosen)) {
                return;
            }
        }
        kernel.move(root(), path(source), root(), path(target));
    }

    /** @return whether there is anything to do: not if it is the same file */
    private boolean makesRoom(Inode source, Path target, List<CopyOption> options) throws IOException {
        Inode there;
        try {
            there = kernel.look(root(), path(target), false);
        } catch (FileSystemException e) {
            // Nothing, it seems: the next call says more.
            return true;
        }
        if (there == source) {
            return false;
        }
        if (!options.contains(StandardCopyOption.REPLACE_EXISTING)) {
            throw DiskFailure.EXISTS.of(target.toString());
        }
        kernel.delete(root(), path(target), there.isFolder());
        return true;
    }

    @Override
    public void copy(Path source, Path target, CopyOption... options) throws IOException {
        List<CopyOption> chosen = List.of(options);
        boolean follows = !chosen.contains(LinkOption.NOFOLLOW_LINKS);
        Inode copied = kernel.look(root(), path(source), follows);
        if (!makesRoom(copied, target, chosen)) {
            return;
        }
        switch (copied.kind) {
            case FOLDER -> kernel.makeFolder(root(), path(target), copied.mode);
            case LINK -> kernel.makeLink(root(), path(target), copied.target);
            default -> copyContent(source, target, copied.mode);
        }
        if (chosen.contains(StandardCopyOption.COPY_ATTRIBUTES)) {
            kernel.setTimes(root(), path(target), follows, copied.modified, copied.accessed);
            kernel.setMode(root(), path(target), follows, copied.mode);
        }
    }

    private void copyContent(Path source, Path target, int mode) throws IOException {
        Set<OpenOption> creates = Set.of(StandardOpenOption.WRITE, StandardOpenOption.CREATE_NEW);
        try (FileChannel from = newFileChannel(source, Set.of(StandardOpenOption.READ));
                FileChannel to = kernel.open(root(), path(target), OpenFlags.of(creates), mode)) {
            ByteBuffer buffer = ByteBuffer.allocate(BUFFER);
            while (from.read(buffer) >= 0) {
                to.write(buffer.flip());
                buffer.clear();
            }
        }
    }

    @Override
    public boolean isSameFile(Path one, Path other) throws IOException {
        if (one.equals(other)) {
            return true;
        }
        return other instanceof DiskPath
                && kernel.look(root(), path(one), true) == kernel.look(root(), path(other), true);
    }

    @Override
    public boolean isHidden(Path path) {
        return path.getFileName() != null && path.getFileName().toString().startsWith(".");
    }

    @Override
    public FileStore getFileStore(Path path) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void checkAccess(Path path, AccessMode... modes) throws IOException {
        int bits = 0;
        for (AccessMode mode : modes) {
            bits |= switch (mode) {
                case READ -> Kernel.READ;
                case WRITE -> Kernel.WRITE;
                case EXECUTE -> Kernel.SEARCH;
            };
        }
        kernel.access(root(), path(path), bits);
    }

    Path toRealPath(Path path, LinkOption... options) throws IOException {
        return system.getPath(kernel.realPath(root(), path(path), follows(options)));
    }

    @Override
    public <V extends FileAttributeView> V getFileAttributeView(Path path, Class<V> type, LinkOption... options) {
        return view(new DiskAttributeView(kernel, root(), path(path), follows(options)), type);
    }

    /** @return null if there is no such view */
    static <V extends FileAttributeView> V view(DiskAttributeView view, Class<V> type) {
        boolean isKnown = type == PosixFileAttributeView.class
                || type == BasicFileAttributeView.class
                || type == FileOwnerAttributeView.class;
        return isKnown ? type.cast(view) : null;
    }

    @Override
    public <A extends BasicFileAttributes> A readAttributes(Path path, Class<A> type, LinkOption... options)
            throws IOException {
        if (type != BasicFileAttributes.class && type != PosixFileAttributes.class) {
            throw new UnsupportedOperationException();
        }
        return type.cast(DiskAttributes.of(kernel.look(root(), path(path), follows(options))));
    }

    @Override
    public Map<String, Object> readAttributes(Path path, String attributes, LinkOption... options) throws IOException {
        String[] names = attributeNames.computeIfAbsent(attributes, DiskProvider::namesIn);
        DiskAttributes read = DiskAttributes.of(kernel.look(root(), path(path), follows(options)));
        Map<String, Object> found = new HashMap<>(names.length * 2);
        for (String name : names) {
            found.put(name, read.get(name));
        }
        return Collections.unmodifiableMap(found);
    }

    private static String[] namesIn(String attributes) {
        int colon = attributes.indexOf(':');
        String view = colon < 0 ? "basic" : attributes.substring(0, colon);
        Set<String> known = new LinkedHashSet<>(List.of(BASIC));
        if (view.equals("posix") || view.equals("unix")) {
            known.addAll(List.of(POSIX));
        }
        if (view.equals("unix")) {
            known.addAll(List.of(UNIX));
        }
        Set<String> names =
                new LinkedHashSet<>(List.of(attributes.substring(colon + 1).split(",")));
        if (names.contains("*")) {
            return known.toArray(new String[0]);
        }
        if (!known.containsAll(names)) {
            throw new IllegalArgumentException("'" + attributes + "' not recognized");
        }
        return names.toArray(new String[0]);
    }

    @Override
    public void setAttribute(Path path, String attribute, Object value, LinkOption... options) throws IOException {
        new DiskAttributeView(kernel, root(), path(path), follows(options))
                .set(attribute.substring(attribute.indexOf(':') + 1), value);
    }
}
