package dev.buzon.delivery;

import dev.buzon.intake.FileIdentity;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** The sources that were handled and stay in their inboxes: in the ledger, and at hand for each poll. Thread-safe. */
final class LeftSources {

    private final Ledger ledger;
    private final Map<Path, LeftSource> byPath = new ConcurrentHashMap<>();

    LeftSources(Ledger ledger) {
        this.ledger = ledger;
    }

    void load() throws SQLException {
        ledger.leftSources().forEach(source -> byPath.put(source.path(), source));
    }

    boolean contains(Path file, FileIdentity identity) {
        LeftSource source = byPath.get(file);
        return source != null && source.identity().equals(identity);
    }

    List<LeftSource> all() {
        return List.copyOf(byPath.values());
    }

    /** @param entry what the ledger says of its content */
    void add(Delivery delivery, LedgerEntry entry) throws SQLException, IOException {
        LeftSource source =
                new LeftSource(delivery.source(), delivery.route().route(), delivery.getKey(), delivery.identity());
        ledger.leave(entry, source);
        byPath.put(source.path(), source);
    }

    /** @param entry where the source was the one that made its content known: what became of it */
    void remove(LeftSource source, Optional<LedgerEntry> entry) throws SQLException, IOException {
        ledger.clean(source, entry);
        byPath.remove(source.path(), source);
    }
}
