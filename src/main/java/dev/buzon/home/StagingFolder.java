package dev.buzon.home;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.UserPrincipal;
import java.util.List;

/**
 * A private folder that the service makes below a folder of the user's, into which others may write, too. They may put a
 * link or a folder of theirs in its place, and then nothing is to be made or removed there. Thread-safe.
 */
public final class StagingFolder {

    private final Path around;
    private final List<String> names;
    private final Path path;
    private final Object device;
    private final UserPrincipal user;
    /** Tells the folder that was found to be ours from any other. */
    private volatile Object checked;

    /**
     * @param home whose private folder the service made, too
     * @param around the folder of the user's
     * @param names one below the other, the last is this folder's
     */
    public StagingFolder(Home home, Path around, String... names) throws IOException {
        this.around = around;
        this.names = List.of(names);
        this.path = around.resolve(String.join("/", names));
        this.device = device();
        this.user = Files.getOwner(home.privateFolder());
    }

    public Path path() {
        return path;
    }

    /**
     * Opens it, and makes it if it is missing.
     *
     * @throws ForeignFolderException if it is not as the service makes it: what stands there, and how to mend it
     */
    public OpenFolder open() throws IOException {
        if (checked != null) {
            try {
                OpenFolder folder = OpenFolder.at(path);
                if (folder.attributes().fileKey().equals(checked)) {
                    return folder;
                }
                folder.close();
            } catch (NoSuchFileException | NotDirectoryException e) {
                // The look at each folder on the way says why.
            }
        }
        OpenFolder folder = OpenFolder.at(around);
        for (String name : names) {
            try (OpenFolder outer = folder) {
                folder = ours(outer, name);
            }
        }
        checked = folder.attributes().fileKey();
        return folder;
    }

    private OpenFolder ours(OpenFolder outer, String name) throws IOException {
        if (outer.find(name).isEmpty()) {
            if (!device().equals(device)) {
                throw new IOException(around + " is on another device than at the start: not mounted?");
            }
            Disk.makePrivateFolder(outer.path().resolve(name));
        } else {
            // A crash may have come before it was forced.
            outer.force();
        }
        OpenFolder folder = outer.open(name);
        try {
            PosixFileAttributes attributes = folder.attributes();
            if (!isOurs(attributes.owner())) {
                throw new ForeignFolderException(folder.path() + " belongs to " + attributes.owner() + ", not to "
                        + user + ". Buzón makes this folder itself: look what is in it, and remove it.");
            }
            if (!attributes.permissions().equals(Disk.OURS_ALONE)) {
                folder.setPermissions(Disk.OURS_ALONE);
            }
            return folder;
        } catch (IOException e) {
            folder.close();
            throw e;
        }
    }

    private Object device() throws IOException {
        return Files.getAttribute(around, "unix:dev");
    }

    private boolean isOurs(UserPrincipal owner) throws IOException {
        if (owner.equals(user)) {
            return true;
        }
        // A file server may make what one user writes another's.
        Path probe = Files.createTempFile(around, ".buzon-probe-", "");
        try {
            return Files.getOwner(probe).equals(owner);
        } finally {
            Files.delete(probe);
        }
    }
}
