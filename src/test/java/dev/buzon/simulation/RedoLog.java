package dev.buzon.simulation;

import java.util.ArrayList;
import java.util.List;

/** What was committed since an image was made: the image and these transactions make up what is stored. */
final class RedoLog {

    private final List<Transaction> since = new ArrayList<>();
    private byte[] image;
    /** How many of the transactions can't be lost any more: the last forced one, and those before. */
    private int durable;

    void beginWith(byte[] newImage) {
        image = newImage;
        since.clear();
        durable = 0;
    }

    byte[] image() {
        return image;
    }

    List<Transaction> since() {
        return since;
    }

    void add(Transaction transaction) {
        since.add(transaction);
        if (transaction.forced()) {
            durable = since.size();
        }
    }

    /** Those that may be lost with the power, the first one first: what is lost is an end of them. */
    List<Transaction> unforced() {
        return since.subList(durable, since.size());
    }

    /** What has outlived a loss of power is on the disk. */
    void allDurable() {
        durable = since.size();
    }
}
