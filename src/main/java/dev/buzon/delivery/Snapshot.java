package dev.buzon.delivery;

import dev.buzon.home.OpenFolder;
import dev.buzon.home.RouteSettings;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
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
        String staged = Staging.name(name, ledger.leaseNumber());
        try (OpenFolder outbox = OpenFolder.at(route.outbox());
                OpenFolder all = outbox.open(RouteSettings.STAGING);
                OpenFolder staging = all.open(route.route())) {
            staging.clear(staged);
            try (FileChannel file = staging.create(staged)) {
                content.transferTo(Channels.newOutputStream(file));
                if (Files.exists(target) && Files.mismatch(staging.path().resolve(staged), target) < 0) {
                    return false;
                }
                file.force(true);
                ledger.expectHeld();
                staging.move(staged, outbox, name);
                outbox.force();
                staging.force();
                return true;
            } finally {
                staging.clear(staged);
            }
        }
    }
}
