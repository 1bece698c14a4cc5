package dev.buzon.simulation;

import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;

/** Makes inodes, and knows which of their numbers are free, and the time of the disk. */
final class Inodes {

    private static final long NANOS = 1_000_000_000L;
    private static final long ROOT_NUMBER = 2;

    private final DiskHabits habits;
    private final InstantSource clock;
    private final Deque<Long> free = new ArrayDeque<>();
    private long last = ROOT_NUMBER - 1;
    private long lastDevice;
    private int boot;
    private Instant instant;
    private FileTime now;

    Inodes(DiskHabits habits, InstantSource clock) {
        this.habits = habits;
        this.clock = clock;
    }

    long newDevice() {
        return ++lastDevice;
    }

    /** @param target null unless it is a link */
    Inode make(Inode.Kind kind, long device, DiskUser owner, int mode, DiskPath target) {
        Inode made = new Inode(kind, device, newNumber(), target);
        made.owner = owner;
        made.mode = mode;
        made.accessed = now();
        made.modified = made.accessed;
        made.changed = made.accessed;
        made.boot = boot;
        return made;
    }

    private long newNumber() {
        return habits.reusesInodes() && !free.isEmpty() ? free.pop() : ++last;
    }

    /** Frees the number of an inode if no name leads to it and nobody holds it open. */
    void release(Inode inode) {
        if (habits.reusesInodes() && inode.names == 0 && inode.open == 0) {
            free.push(inode.number);
        }
    }

    /** Counts power cuts. */
    int boot() {
        return boot;
    }

    FileTime now() {
        Instant current = clock.instant();
        if (!current.equals(instant)) {
            instant = current;
            now = cut(current);
        }
        return now;
    }

    FileTime cut(FileTime time) {
        return cut(time.toInstant());
    }

    private FileTime cut(Instant time) {
        Duration grain = habits.grain();
        if (grain.isZero()) {
            return FileTime.from(time);
        }
        long nanos = Math.addExact(Math.multiplyExact(time.getEpochSecond(), NANOS), time.getNano());
        return FileTime.from(Instant.EPOCH.plusNanos(nanos - Math.floorMod(nanos, grain.toNanos())));
    }

    /**
     * After a power cut: chooses the content of each file that names still lead to, and counts these names.
     *
     * @param lost is added in a few words what contents lost
     */
    void restart(Inode root, Random choice, List<String> lost) {
        boot++;
        Set<Long> taken = new HashSet<>();
        root.boot = boot;
        taken.add(root.number);
        visit(root, "", choice, lost, taken);
        if (!habits.reusesInodes()) {
            return;
        }
        free.removeAll(taken);
        Set<Long> known = new HashSet<>(free);
        for (long number = ROOT_NUMBER; number <= last; number++) {
            if (!taken.contains(number) && !known.contains(number)) {
                free.push(number);
            }
        }
    }

    private void visit(Inode folder, String path, Random choice, List<String> lost, Set<Long> taken) {
        folder.open = 0;
        for (String name : folder.listing()) {
            Inode inode = folder.get(name);
            String place = path + "/" + name;
            if (inode.boot != boot) {
                inode.boot = boot;
                inode.names = 0;
                inode.open = 0;
                if (!taken.add(inode.number)) {
                    // Its number was given out again before its loss of a name had reached the disk.
                    inode.number = ++last;
                    taken.add(inode.number);
                }
                String words = inode.content == null ? null : inode.content.cutPower(choice);
                if (words != null) {
                    lost.add("content of " + place + ": " + words);
                }
                if (inode.isFolder()) {
                    visit(inode, place, choice, lost, taken);
                }
                if (inode.under != null) {
                    inode.under.boot = boot;
                    taken.add(inode.under.number);
                    visit(inode.under, place, choice, lost, taken);
                }
            }
            inode.names++;
        }
    }
}
