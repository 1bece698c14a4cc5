package dev.buzon.home;

import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.SecureDirectoryStream;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A folder that is held open. What is done in it is done in that very folder, whatever somebody puts under its name
 * meanwhile, and no link in it is followed. Where Java can't hold a folder open (macOS), the same is done by paths.
 *
 * <p>Used by one thread at a time.
 */
public final class OpenFolder implements Closeable {

    private final Path path;
    /** Null if it can't be held open. */
    private final SecureDirectoryStream<Path> stream;

    private OpenFolder(Path path, DirectoryStream<Path> stream) throws IOException {
        this.path = path;
        this.stream = stream instanceof SecureDirectoryStream<Path> secure ? secure : null;
        if (this.stream == null) {
            stream.close();
        }
    }

    /** Opens a folder that the user names, which may be a link. */
    public static OpenFolder at(Path path) throws IOException {
        return new OpenFolder(path, Files.newDirectoryStream(path));
    }

    /**
     * Opens a folder in this one.
     *
     * @throws NoSuchFileException if there is none
     * @throws ForeignFolderException if it is a link, or no folder
     */
    public OpenFolder open(String name) throws IOException {
        PosixFileAttributes there = attributes(name);
        if (!there.isDirectory()) {
            throw new ForeignFolderException(path.resolve(name)
                    + (there.isSymbolicLink() ? " is a link" : " is no folder")
                    + ". Buzón makes this folder itself, and follows no link: look what it is, and remove it.");
        }
        Path inner = path.resolve(name);
        return new OpenFolder(
                inner,
                stream == null
                        ? Files.newDirectoryStream(inner)
                        : stream.newDirectoryStream(Path.of(name), LinkOption.NOFOLLOW_LINKS));
    }

    public Path path() {
        return path;
    }

    /** The attributes of the folder itself. */
    public PosixFileAttributes attributes() throws IOException {
        return view().readAttributes();
    }

    public void setPermissions(Set<PosixFilePermission> permissions) throws IOException {
        view().setPermissions(permissions);
    }

    private PosixFileAttributeView view() {
        return stream == null
                ? Files.getFileAttributeView(path, PosixFileAttributeView.class)
                : stream.getFileAttributeView(PosixFileAttributeView.class);
    }

    /** @throws NoSuchFileException if nothing is of that name */
    public PosixFileAttributes attributes(String name) throws IOException {
        return view(name).readAttributes();
    }

    /** The attributes of what is in it, to be read or set. A link's are its own. */
    public PosixFileAttributeView view(String name) {
        return stream == null
                ? Files.getFileAttributeView(
                        path.resolve(name), PosixFileAttributeView.class, LinkOption.NOFOLLOW_LINKS)
                : stream.getFileAttributeView(Path.of(name), PosixFileAttributeView.class, LinkOption.NOFOLLOW_LINKS);
    }

    /** Empty if nothing is of that name. */
    public Optional<PosixFileAttributes> find(String name) throws IOException {
        try {
            return Optional.of(attributes(name));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
    }

    /** The names of what is in it. */
    public List<String> names() throws IOException {
        List<String> names = new ArrayList<>();
        try (DirectoryStream<Path> again = stream == null
                ? Files.newDirectoryStream(path)
                : stream.newDirectoryStream(Path.of("."), LinkOption.NOFOLLOW_LINKS)) {
            again.forEach(child -> names.add(child.getFileName().toString()));
        }
        return names;
    }

    /** Removes a file, or a folder with all that is in it; nothing if there is none. */
    public void clear(String name) throws IOException {
        Optional<PosixFileAttributes> there = find(name);
        if (there.isEmpty()) {
            return;
        }
        try {
            delete(name, there.get().isDirectory());
        } catch (DirectoryNotEmptyException e) {
            try (OpenFolder folder = open(name)) {
                for (String child : folder.names()) {
                    folder.clear(child);
                }
            }
            delete(name, true);
        }
    }

    /** Removes a file, or an empty folder. */
    public void delete(String name, boolean folder) throws IOException {
        delete(Path.of(name), folder);
    }

    private void delete(Path name, boolean folder) throws IOException {
        if (stream == null) {
            Files.delete(path.resolve(name));
        } else if (folder) {
            stream.deleteDirectory(name);
        } else {
            stream.deleteFile(name);
        }
    }

    /**
     * Renames what is in it, within a file system. The caller has made sure that the target is free: it would be
     * replaced. Nothing is forced.
     */
    public void move(String name, OpenFolder target, String newName) throws IOException {
        move(Path.of(name), target, newName);
    }

    private void move(Path name, OpenFolder target, String newName) throws IOException {
        if (stream == null || target.stream == null) {
            Files.move(path.resolve(name), target.path.resolve(newName), StandardCopyOption.ATOMIC_MOVE);
        } else {
            stream.move(name, target.stream, Path.of(newName));
        }
    }

    /**
     * Gives a file in it a second name, if that is free: nothing is replaced, even if somebody takes the name in this
     * moment. Where that can't be, it is renamed. Nothing is forced.
     *
     * @return whether the name was free
     */
    public boolean link(Path name, String newName) throws IOException {
        if (find(newName).isPresent()) {
            return false;
        }
        try {
            Files.createLink(path.resolve(newName), path.resolve(name));
        } catch (FileAlreadyExistsException e) {
            return false;
        } catch (UnsupportedOperationException | FileSystemException e) {
            // The file system knows no links, or the file belongs to somebody else.
            move(name, this, newName);
        }
        return true;
    }

    /** Removes the name of a file, if it still has that, once its others are on the disk. */
    public void unlink(Path name) throws IOException {
        force();
        try {
            delete(name, false);
        } catch (NoSuchFileException e) {
            // It was renamed.
        }
    }

    /** Makes a file, to be written. */
    public FileChannel create(String name) throws IOException {
        return channel(name, Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE));
    }

    /** Forces what is in it, which is no link, to disk; see {@link Disk#force}. */
    public void force(String name) throws IOException {
        try (FileChannel channel = channel(name, Set.of(StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS))) {
            channel.force(true);
        }
    }

    /** Forces its own entries to disk. */
    public void force() throws IOException {
        force(".");
    }

    private FileChannel channel(String name, Set<OpenOption> options) throws IOException {
        return stream == null
                ? FileChannel.open(path.resolve(name), options)
                : (FileChannel) stream.newByteChannel(Path.of(name), options);
    }

    @Override
    public void close() throws IOException {
        if (stream != null) {
            stream.close();
        }
    }
}
