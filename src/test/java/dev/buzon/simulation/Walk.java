package dev.buzon.simulation;

import java.nio.file.FileSystemException;

/**
 * Finds what a path leads to, as the kernel does. It holds what it found until the next walk: whatever else happens
 * meanwhile makes it stale.
 */
final class Walk {

    private static final int LINKS_AT_MOST = 40;
    private static final int SEARCH = 1;

    private final Calls calls;
    private final Inode root;
    /** Counts moves of folders, each of which changes the paths of what is below. */
    private int stamp;

    /** Where the last name is, or would be; null if that is no name of its own, as "/" or "..". */
    Inode folder;

    String name;
    /** What is of that name; null if nothing is. */
    Inode inode;
    /** Why the way ended before the last name; null if it did not. */
    DiskFailure failure;
    /** Whether it is a folder that is seen while another is unmounted. */
    boolean isUnder;

    private boolean isPlain;

    Walk(Calls calls, Inode root) {
        this.calls = calls;
        this.root = root;
    }

    void folderMoved() {
        stamp++;
    }

    int stamp() {
        return stamp;
    }

    /**
     * Whether the user that acts may do something.
     *
     * @param bits that others need: 4 to read, 2 to write, 1 to search
     */
    boolean mayDo(int bits, Inode with) {
        if ((with.mode & bits * 0101) == bits * 0101) {
            return true;
        }
        String user = calls.user();
        int granted = user.equals(with.owner.name()) ? with.mode >> 6 : with.mode;
        return (granted & bits) == bits || user.equals(DiskUser.ROOT.name());
    }

    /**
     * Goes from a folder along a path.
     *
     * @param follows whether a link at the end is followed
     */
    void go(Inode base, DiskPath path, boolean follows) {
        folder = null;
        name = null;
        inode = null;
        isUnder = false;
        failure = path.isTooLong() ? DiskFailure.NAME_TOO_LONG : null;
        isPlain = path.isAbsolute();
        if (failure == null) {
            go(isPlain ? root : base, path.names(), follows);
        }
    }

    private void go(Inode from, String[] path, boolean follows) {
        String[] names = path;
        Inode at = from;
        int links = 0;
        for (int i = 0; i < names.length; i++) {
            if (!at.isFolder()) {
                fail(DiskFailure.NO_FOLDER);
                return;
            }
            String next = names[i];
            boolean isLast = i == names.length - 1;
            if (isDots(next)) {
                isPlain = false;
                at = next.equals("..") && at.parent != null ? at.parent : at;
                continue;
            }
            if (!mayDo(SEARCH, at)) {
                fail(DiskFailure.NO_ACCESS);
                return;
            }
            Inode child = at.get(next);
            boolean unmounted = child != null && child.isUnmounted;
            if (unmounted) {
                child = child.under;
            }
            if (child != null && child.kind == Inode.Kind.LINK && (follows || !isLast)) {
                if (++links > LINKS_AT_MOST) {
                    fail(DiskFailure.TOO_MANY_LINKS);
                    return;
                }
                isPlain = false;
                names = behind(child, names, i);
                at = child.target.isAbsolute() ? root : at;
                i = -1;
            } else if (isLast) {
                folder = at;
                name = next;
                inode = child;
                isUnder = unmounted;
                return;
            } else if (child == null) {
                fail(DiskFailure.MISSING);
                return;
            } else {
                at = child;
            }
        }
        inode = at;
    }

    private void fail(DiskFailure reason) {
        failure = reason;
        isPlain = true;
    }

    private static boolean isDots(String name) {
        return name.isEmpty()
                || name.charAt(0) == '.' && (name.length() == 1 || name.length() == 2 && name.charAt(1) == '.');
    }

    private static String[] behind(Inode link, String[] names, int at) {
        String[] target = link.target.names();
        String[] all = new String[target.length + names.length - at - 1];
        System.arraycopy(target, 0, all, 0, target.length);
        System.arraycopy(names, at + 1, all, target.length, names.length - at - 1);
        return all;
    }

    /** The absolute path without links of where the walk ended; what the path says if it came to no end. */
    String place(Inode base, DiskPath path) {
        if (isPlain) {
            return path.isAbsolute() ? path.toString() : base.path(stamp) + "/" + path;
        }
        if (folder != null) {
            return folder.path(stamp) + "/" + name;
        }
        if (inode != null) {
            return inode.parent == null ? "/" : inode.path(stamp);
        }
        return base.path(stamp) + "/" + path;
    }

    /** @return what is there */
    Inode found(String file) throws FileSystemException {
        if (failure != null) {
            throw failure.of(file);
        }
        if (inode == null) {
            throw DiskFailure.MISSING.of(file);
        }
        return inode;
    }
}
