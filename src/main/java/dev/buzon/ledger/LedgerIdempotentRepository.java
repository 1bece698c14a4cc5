package dev.buzon.ledger;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import org.apache.camel.Exchange;
import org.apache.camel.RuntimeCamelException;
import org.apache.camel.api.management.ManagedOperation;
import org.apache.camel.api.management.ManagedResource;
import org.apache.camel.spi.IdempotentRepository;
import org.apache.camel.support.service.ServiceSupport;

/**
 * The ledger as Camel's idempotent repository. A key belongs to the route that an exchange came from; without an
 * exchange, as over JMX, to any route.
 *
 * <p>Routes made from the template {@code drop-folder} put their keys in with their commits. Any other route may use it
 * as any other repository.
 */
@ManagedResource(description = "Ledger of the files handled")
public final class LedgerIdempotentRepository extends ServiceSupport implements IdempotentRepository {

    private final Ledger ledger;

    public LedgerIdempotentRepository(Ledger ledger) {
        this.ledger = ledger;
    }

    @Override
    @ManagedOperation(description = "Adds the key, for every route")
    public boolean add(String key) {
        return add(Ledger.ANY_ROUTE, key);
    }

    @Override
    public boolean add(Exchange exchange, String key) {
        return add(exchange.getFromRouteId(), key);
    }

    @Override
    @ManagedOperation(description = "Whether the key is known to any route")
    public boolean contains(String key) {
        return run(() -> ledger.containsKey(key));
    }

    @Override
    public boolean contains(Exchange exchange, String key) {
        return run(
                () -> ledger.findKnown(exchange.getFromRouteId(), List.of(key)).containsKey(key));
    }

    @Override
    @ManagedOperation(description = "Removes the key from every route, so that the content is new again")
    public boolean remove(String key) {
        return run(() -> ledger.remove(null, key) > 0);
    }

    @Override
    public boolean remove(Exchange exchange, String key) {
        return run(() -> ledger.remove(exchange.getFromRouteId(), key) > 0);
    }

    /** The default asks without the exchange, which reads all rows. */
    @Override
    public boolean confirm(Exchange exchange, String key) {
        return contains(exchange, key);
    }

    @Override
    public boolean confirm(String key) {
        return contains(key);
    }

    /** @throws UnsupportedOperationException always: a ledger is not wiped by one call */
    @Override
    public void clear() {
        throw new UnsupportedOperationException("The ledger is not cleared: remove single keys.");
    }

    private boolean add(String route, String key) {
        return run(() -> {
            if (ledger.find(route, key).isPresent()) {
                return false;
            }
            Instant now = Instant.now();
            ledger.add(new LedgerEntry(
                    route,
                    key,
                    "(a key added by hand)",
                    0,
                    LedgerEntry.Counts.NONE,
                    LedgerEntry.Places.NONE,
                    FileState.ADDED,
                    null,
                    null,
                    new LedgerEntry.Span(now, now, 0),
                    0,
                    ledger.leaseNumber()));
            return true;
        });
    }

    private static boolean run(Question question) {
        try {
            return question.ask();
        } catch (SQLException e) {
            throw new RuntimeCamelException("The ledger doesn't answer: " + e.getMessage(), e);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private interface Question {
        boolean ask() throws SQLException, IOException;
    }
}
