package dev.buzon.delivery;

import dev.buzon.home.Disk;
import dev.buzon.home.RouteSettings;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/** A file of the outbox that always holds the newest state, and is replaced as a whole. */
public final class Snapshot {

    private Snapshot() {}

    /**
     * Replaces the file where its content changed.
     *
     * @param ledger what it is the state of
     * @param name in the route's outbox
     * @return whether it changed
     */
    public static boolean replace(Ledger ledger, RouteSettings route, String name, InputStream content)
            throws IOException {
        Path target = route.outbox().resolve(name);
        Path staged = route.outboxStaging().resolve(Staging.name(name, ledger.leaseNumber()));
        try {
            Files.copy(content, staged, java.nio.file.StandardCopyOption.REPLACE_EXISTING);
            if (Files.exists(target) && Files.mismatch(staged, target) < 0) {
                return false;
            }
            Disk.force(staged);
            ledger.expectHeld();
            Disk.move(staged, target);
            return true;
        } finally {
            Files.deleteIfExists(staged);
        }
    }
}
