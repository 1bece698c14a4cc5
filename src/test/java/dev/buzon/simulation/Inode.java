package dev.buzon.simulation;

import java.nio.file.attribute.FileTime;
import java.util.HashMap;
import java.util.Map;

/** What names in folders lead to: a file, a folder, a link, or a pipe. */
final class Inode {

    enum Kind {
        FILE,
        FOLDER,
        LINK,
        PIPE
    }

    private static final String[] NOTHING = {};

    final Kind kind;
    final long device;
    long number;
    DiskUser owner;
    DiskUser group = DiskUser.USERS;
    int mode;
    FileTime accessed;
    FileTime modified;
    FileTime changed;
    /** How many names lead here. */
    int names;
    /** How many channels and streams hold it open. */
    int open;
    /** Counts power cuts: what is of an earlier time than the disk was not found after the last one. */
    int boot;

    /** Of a file. */
    final FileContent content;
    /** Where a link leads. */
    final DiskPath target;

    /** Of a folder, by name. */
    private final Map<String, Inode> entries;
    /** The names in a folder, in an order that looks like chance; never changed, but replaced. */
    private String[] listing = NOTHING;
    /** In which a folder lies, or lay last; null for the root. */
    Inode parent;
    /** Of a folder. */
    String name = "";
    /** What is seen in the place of a folder while it is unmounted; null if it never was. */
    Inode under;

    boolean isUnmounted;
    /** How many changes of its entries are pending. */
    int pending;
    /** The last pending change of each entry. */
    final Map<String, NameChange> lastChanges;

    private String path;
    private int pathStamp = -1;

    Inode(Kind kind, long device, long number, DiskPath target) {
        this.kind = kind;
        this.device = device;
        this.number = number;
        this.target = target;
        this.content = kind == Kind.FILE ? new FileContent() : null;
        this.entries = kind == Kind.FOLDER ? new HashMap<>() : null;
        this.lastChanges = kind == Kind.FOLDER ? new HashMap<>() : null;
    }

    boolean isFolder() {
        return kind == Kind.FOLDER;
    }

    /** The entry itself, which may be an unmounted folder. */
    Inode get(String child) {
        return entries.get(child);
    }

    boolean isEmpty() {
        return listing.length == 0;
    }

    /** The names in it. Nobody changes the array. */
    String[] listing() {
        return listing;
    }

    /** @param inode null if nothing is to be of that name */
    void put(String child, Inode inode) {
        if (inode == null) {
            entries.remove(child);
            listing = without(child);
            return;
        }
        if (entries.put(child, inode) == null) {
            listing = with(child);
        }
        if (inode.isFolder()) {
            inode.parent = this;
            inode.name = child;
            if (inode.under != null) {
                inode.under.parent = this;
                inode.under.name = child;
            }
        }
    }

    private String[] with(String child) {
        int at = -position(child) - 1;
        String[] more = new String[listing.length + 1];
        System.arraycopy(listing, 0, more, 0, at);
        more[at] = child;
        System.arraycopy(listing, at, more, at + 1, listing.length - at);
        return more;
    }

    private String[] without(String child) {
        int at = position(child);
        if (at < 0) {
            return listing;
        }
        String[] fewer = new String[listing.length - 1];
        System.arraycopy(listing, 0, fewer, 0, at);
        System.arraycopy(listing, at + 1, fewer, at, fewer.length - at);
        return fewer;
    }

    /** As {@link java.util.Arrays#binarySearch(Object[], Object)} says it. */
    private int position(String child) {
        int mixed = mix(child);
        int low = 0;
        int high = listing.length - 1;
        while (low <= high) {
            int middle = (low + high) >>> 1;
            int order = Integer.compare(mix(listing[middle]), mixed);
            if (order == 0) {
                order = listing[middle].compareTo(child);
            }
            if (order == 0) {
                return middle;
            } else if (order < 0) {
                low = middle + 1;
            } else {
                high = middle - 1;
            }
        }
        return -low - 1;
    }

    private static int mix(String name) {
        int hash = name.hashCode() * 0x9E3779B9;
        return hash ^ hash >>> 15;
    }

    /**
     * The path of a folder; empty for the root.
     *
     * @param stamp another one after a folder was moved
     */
    String path(int stamp) {
        if (pathStamp != stamp) {
            path = parent == null ? "" : parent.path(stamp) + "/" + name;
            pathStamp = stamp;
        }
        return path;
    }

    /** Whether it is a folder or lies below it. */
    boolean isIn(Inode folder) {
        for (Inode at = this; at != null; at = at.parent) {
            if (at == folder) {
                return true;
            }
        }
        return false;
    }
}
