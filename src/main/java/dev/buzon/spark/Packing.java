package dev.buzon.spark;

import java.util.ArrayList;
import java.util.List;

/** Packs what is to be read into partitions: a task costs more than to read a small file. */
final class Packing {

    /** In bytes: more is not packed into a partition. */
    private static final long LARGEST = 8L << 20;

    private Packing() {}

    /** Something to be read, and its size in bytes. */
    record Item<T>(T value, long bytes) {}

    /**
     * Packs items that follow each other into partitions of like size.
     *
     * @param parallelism how many tasks run at once: as many partitions are made at least, if there are as many items
     * @return the partitions, in the order of the items; none is empty
     */
    static <T> List<List<T>> pack(List<Item<T>> items, int parallelism) {
        long total = items.stream().mapToLong(Item::bytes).sum();
        long target = Math.min(LARGEST, total / Math.max(1, parallelism));
        List<List<T>> partitions = new ArrayList<>();
        List<T> partition = new ArrayList<>();
        long bytes = 0;
        for (int i = 0; i < items.size(); i++) {
            Item<T> item = items.get(i);
            // Closed where that is nearer to the target than it would be with the item.
            if (!partition.isEmpty() && bytes + item.bytes / 2 > target) {
                partitions.add(partition);
                partition = new ArrayList<>();
                bytes = 0;
            }
            partition.add(item.value);
            bytes += item.bytes;
        }
        partitions.add(partition);
        return partitions;
    }
}
