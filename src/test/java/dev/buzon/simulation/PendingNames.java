package dev.buzon.simulation;

import dev.buzon.simulation.DiskHabits.Order;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * The changes of names that are not on the disk yet, as they happened. Those that a power cut loses are undone, the last
 * one first: all that build on one that is lost are lost, too.
 */
final class PendingNames {

    private static final NameChange[] NONE = {};

    private final Order order;
    private final List<NameChange> pending = new ArrayList<>();
    /** The last one of a folder from one into another: these stay in order, or two folders could come to lie in each other. */
    private NameChange lastFolderMove;

    PendingNames(Order order) {
        this.order = order;
    }

    void add(NameChange change) {
        if (order == Order.AT_ONCE) {
            return;
        }
        if (order == Order.ANY_ORDER) {
            change.needs = needs(change);
            change.folder.lastChanges.put(change.name, change);
            if (change.target != null) {
                change.target.lastChanges.put(change.newName, change);
            }
            if (change.movesFolder()) {
                lastFolderMove = change;
            }
        }
        change.folder.pending++;
        if (change.target != null) {
            change.target.pending++;
        }
        pending.add(change);
    }

    private NameChange[] needs(NameChange change) {
        List<NameChange> needs = new ArrayList<>(2);
        addIfAny(needs, change.folder.lastChanges.get(change.name));
        if (change.target != null) {
            addIfAny(needs, change.target.lastChanges.get(change.newName));
        }
        if (change.movesFolder()) {
            addIfAny(needs, lastFolderMove);
        }
        Inode removed = change.removedFolder();
        if (removed != null) {
            needs.addAll(removed.lastChanges.values());
        }
        return needs.isEmpty() ? NONE : needs.toArray(NONE);
    }

    private static void addIfAny(List<NameChange> needs, NameChange change) {
        if (change != null) {
            needs.add(change);
        }
    }

    /** Brings the changes in a folder to the disk, with those that they need. */
    void force(Inode folder) {
        if (folder.pending == 0) {
            return;
        }
        if (order == Order.IN_ORDER) {
            int last = pending.size() - 1;
            while (!pending.get(last).touches(folder)) {
                last--;
            }
            List<NameChange> forced = pending.subList(0, last + 1);
            forced.forEach(this::settle);
            forced.clear();
            return;
        }
        for (int i = pending.size() - 1; i >= 0; i--) {
            NameChange change = pending.get(i);
            if (change.isForced || change.touches(folder)) {
                change.isForced = true;
                for (NameChange needed : change.needs) {
                    needed.isForced = true;
                }
            }
        }
        int left = 0;
        for (int i = 0; i < pending.size(); i++) {
            NameChange change = pending.get(i);
            if (change.isForced) {
                settle(change);
            } else {
                pending.set(left++, change);
            }
        }
        pending.subList(left, pending.size()).clear();
    }

    private void settle(NameChange change) {
        change.isForced = true;
        change.needs = NONE;
        settle(change, change.folder, change.name);
        if (change.target != null) {
            settle(change, change.target, change.newName);
        }
        if (lastFolderMove == change) {
            lastFolderMove = null;
        }
    }

    private static void settle(NameChange change, Inode folder, String name) {
        folder.pending--;
        folder.lastChanges.remove(name, change);
    }

    /**
     * Chooses which changes reached the disk before the power was cut, and undoes the others.
     *
     * @param stamp of the paths of folders
     * @return in a few words what was undone
     */
    List<String> cutPower(Random choice, int stamp) {
        choose(choice);
        List<String> lost = new ArrayList<>();
        for (NameChange change : pending) {
            if (!change.isKept) {
                lost.add(change.words(stamp));
            }
        }
        for (int i = pending.size() - 1; i >= 0; i--) {
            if (!pending.get(i).isKept) {
                pending.get(i).undo();
            }
        }
        pending.forEach(this::settle);
        pending.clear();
        return lost;
    }

    private void choose(Random choice) {
        if (order == Order.IN_ORDER) {
            int kept = choice.nextInt(pending.size() + 1);
            for (int i = 0; i < kept; i++) {
                pending.get(i).isKept = true;
            }
            return;
        }
        // Between few of them and nearly all.
        int ofEight = choice.nextInt(9);
        for (NameChange change : pending) {
            boolean isKept = choice.nextInt(8) < ofEight;
            for (NameChange needed : change.needs) {
                isKept &= needed.isForced || needed.isKept;
            }
            change.isKept = isKept;
        }
    }
}
