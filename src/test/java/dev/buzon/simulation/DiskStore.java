package dev.buzon.simulation;

import java.nio.file.attribute.FileTime;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** What is on the disk, and how changes of it come there. Nobody is asked here, and nothing is refused. */
final class DiskStore {

    private static final int OPEN_TO_ALL = 0755;

    private final Inodes inodes;
    private final PendingNames pending;
    private final Inode root;
    /** The files of which a failed force lost something. */
    private final List<Inode> damaged = new ArrayList<>();

    DiskStore(DiskHabits habits, InstantSource clock) {
        this.inodes = new Inodes(habits, clock);
        this.pending = new PendingNames(habits.order());
        this.root = make(Inode.Kind.FOLDER, inodes.newDevice(), DiskUser.ROOT, OPEN_TO_ALL, null);
        this.root.names = 1;
    }

    Inode root() {
        return root;
    }

    /** @param target null unless it is a link */
    Inode make(Inode.Kind kind, long device, DiskUser owner, int mode, DiskPath target) {
        return inodes.make(kind, device, owner, mode, target);
    }

    FileTime now() {
        return inodes.now();
    }

    /** A time without what is below the grain. */
    FileTime cut(FileTime time) {
        return inodes.cut(time);
    }

    /** Counts power cuts. */
    int boot() {
        return inodes.boot();
    }

    /** Somebody who held an inode open does so no more. */
    void closed(Inode inode) {
        inode.open--;
        inodes.release(inode);
    }

    void change(NameChange change) {
        // Before the entries change: a folder that is taken away is asked what is pending in it.
        pending.add(change);
        change.apply();
        written(change.folder);
        if (change.target != null) {
            written(change.target);
        }
    }

    void lostName(Inode inode) {
        inode.names--;
        inode.changed = now();
        inodes.release(inode);
    }

    /** Sets the times of a file that was written to, or of a folder in which something came or went. */
    void written(Inode inode) {
        inode.modified = now();
        inode.changed = inode.modified;
    }

    /** Brings a file's content, or a folder's entries, to the disk. */
    void force(Inode inode) {
        if (inode.isFolder()) {
            pending.force(inode);
        } else {
            inode.content.force();
        }
    }

    void forceInVain(Inode inode) {
        if (!inode.isFolder()) {
            inode.content.forceInVain();
            if (inode.content.isLost() && !damaged.contains(inode)) {
                damaged.add(inode);
            }
        }
    }

    void evict(Random choice) {
        for (Inode inode : damaged) {
            if (choice.nextBoolean()) {
                inode.content.evict(choice.nextBoolean());
            }
        }
        damaged.removeIf(inode -> !inode.content.isLost());
    }

    /**
     * Loses what was not forced, or a part of it.
     *
     * @param stamp of the paths of folders
     * @return in a few words what was lost
     */
    List<String> cutPower(Random choice, int stamp) {
        List<String> lost = pending.cutPower(choice, stamp);
        inodes.restart(root, choice, lost);
        damaged.clear();
        return lost;
    }

    /** Puts an empty folder, of another device, in the place of one. */
    void unmount(Inode folder) {
        if (folder.under == null) {
            Inode under = make(Inode.Kind.FOLDER, inodes.newDevice(), folder.owner, OPEN_TO_ALL, null);
            under.parent = folder.parent;
            under.name = folder.name;
            under.names = 1;
            folder.under = under;
        }
        folder.isUnmounted = true;
    }
}
