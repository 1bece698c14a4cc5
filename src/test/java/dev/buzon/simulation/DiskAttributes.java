package dev.buzon.simulation;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.GroupPrincipal;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.UserPrincipal;
import java.util.Collection;
import java.util.EnumSet;
import java.util.Set;

/** The attributes of an inode at one moment. */
record DiskAttributes(
        Inode.Kind kind,
        long device,
        long number,
        int names,
        UserPrincipal owner,
        GroupPrincipal group,
        int mode,
        long size,
        FileTime lastAccessTime,
        FileTime lastModifiedTime,
        FileTime changed)
        implements PosixFileAttributes {

    private static final long FOLDER_SIZE = 4096;
    private static final PosixFilePermission[] FROM_THE_HIGHEST_BIT = {
        PosixFilePermission.OWNER_READ,
        PosixFilePermission.OWNER_WRITE,
        PosixFilePermission.OWNER_EXECUTE,
        PosixFilePermission.GROUP_READ,
        PosixFilePermission.GROUP_WRITE,
        PosixFilePermission.GROUP_EXECUTE,
        PosixFilePermission.OTHERS_READ,
        PosixFilePermission.OTHERS_WRITE,
        PosixFilePermission.OTHERS_EXECUTE
    };
    private static final int HIGHEST_BIT = 0400;

    /** Tells an inode from all others of its time. */
    private record Key(long device, long number) {
        @Override
        public String toString() {
            return "(dev=" + Long.toHexString(device) + ",ino=" + number + ")";
        }
    }

    static DiskAttributes of(Inode inode) {
        long size =
                switch (inode.kind) {
                    case FILE -> inode.content.size();
                    case FOLDER -> inode.names == 0 ? 0 : FOLDER_SIZE;
                    case LINK -> inode.target.toString().length();
                    case PIPE -> 0;
                };
        return new DiskAttributes(
                inode.kind,
                inode.device,
                inode.number,
                inode.names,
                inode.owner,
                inode.group,
                inode.mode,
                size,
                inode.accessed,
                inode.modified,
                inode.changed);
    }

    static int mode(Collection<PosixFilePermission> permissions) {
        int mode = 0;
        for (PosixFilePermission permission : permissions) {
            mode |= HIGHEST_BIT >> permission.ordinal();
        }
        return mode;
    }

    /** One attribute by its name, as the view "unix" calls it. */
    Object get(String attribute) {
        return switch (attribute) {
            case "mode" ->
                mode
                        | switch (kind) {
                            case FILE -> 0100000;
                            case FOLDER -> 0040000;
                            case LINK -> 0120000;
                            case PIPE -> 0010000;
                        };
            case "ino" -> number;
            case "dev" -> device;
            case "rdev" -> 0L;
            case "nlink" -> names;
            case "uid" -> Users.numberOf(owner.getName());
            case "gid" -> Users.numberOf(group.getName());
            case "ctime" -> changed;
            case "owner" -> owner;
            case "group" -> group;
            case "permissions" -> permissions();
            case "size" -> size;
            case "fileKey" -> fileKey();
            case "creationTime" -> creationTime();
            case "lastAccessTime" -> lastAccessTime;
            case "lastModifiedTime" -> lastModifiedTime;
            case "isRegularFile" -> isRegularFile();
            case "isDirectory" -> isDirectory();
            case "isSymbolicLink" -> isSymbolicLink();
            case "isOther" -> isOther();
            default -> throw new IllegalArgumentException("'" + attribute + "' not recognized");
        };
    }

    /** A new set, which may be changed. */
    @Override
    public Set<PosixFilePermission> permissions() {
        Set<PosixFilePermission> permissions = EnumSet.noneOf(PosixFilePermission.class);
        for (int i = 0; i < FROM_THE_HIGHEST_BIT.length; i++) {
            if ((mode & HIGHEST_BIT >> i) != 0) {
                permissions.add(FROM_THE_HIGHEST_BIT[i]);
            }
        }
        return permissions;
    }

    @Override
    public FileTime creationTime() {
        return lastModifiedTime;
    }

    @Override
    public boolean isRegularFile() {
        return kind == Inode.Kind.FILE;
    }

    @Override
    public boolean isDirectory() {
        return kind == Inode.Kind.FOLDER;
    }

    @Override
    public boolean isSymbolicLink() {
        return kind == Inode.Kind.LINK;
    }

    @Override
    public boolean isOther() {
        return kind == Inode.Kind.PIPE;
    }

    @Override
    public Object fileKey() {
        return new Key(device, number);
    }

    /** The numbers of users, which the service compares with its own. */
    private static final class Users {

        private static final int FIRST = 100_000;
        private static final int OURS = ours();

        private Users() {}

        /** The service's own number if it is called so; others have some number that is not in use. */
        static int numberOf(String name) {
            return switch (name) {
                case "root" -> 0;
                case SimulatedDisk.SERVICE -> OURS;
                default -> FIRST + Math.floorMod(name.hashCode(), FIRST);
            };
        }

        private static int ours() {
            try {
                return (Integer) Files.getAttribute(Path.of("/proc/self"), "unix:uid");
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
