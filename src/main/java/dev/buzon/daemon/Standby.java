package dev.buzon.daemon;

import dev.buzon.database.Lease;
import dev.buzon.delivery.Failure;
import dev.buzon.delivery.Recovery;
import dev.buzon.home.Home;
import dev.buzon.home.HomeIdentity;
import dev.buzon.home.SettingsException;
import dev.buzon.ledger.LedgerHome;
import java.util.concurrent.TimeUnit;
import org.apache.camel.CamelContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A daemon that stands by: it waits until nobody else works, and then does what the start of any other does. */
final class Standby implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Standby.class);
    private static final long LOOK_MILLIS = 250;

    private final Lease lease;
    private final LedgerHome owner;
    private final Runnable refused;
    private final Recovery recovery;
    private final CamelContext context;
    private final Thread waiting = new Thread(this::await, "standby");
    private String before;
    private String trouble;

    /**
     * @param refused is called, by a thread of this, if the ledger is no longer one for this daemon
     * @param context has started without its routes
     */
    Standby(Lease lease, LedgerHome owner, Runnable refused, Recovery recovery, CamelContext context) {
        this.lease = lease;
        this.owner = owner;
        this.refused = refused;
        this.recovery = recovery;
        this.context = context;
        waiting.setDaemon(true);
        waiting.start();
    }

    /** What the daemon of a home is called among those that share it: of each name there is one process at most. */
    static String nameOf(Home home) {
        String host = HomeIdentity.thisHost();
        return (home.instance().isEmpty() ? home.folder() : home.instance()) + " on " + host;
    }

    private void await() {
        try {
            while (!tryToBegin()) {
                TimeUnit.MILLISECONDS.sleep(LOOK_MILLIS);
            }
        } catch (InterruptedException e) {
            // The daemon stops.
        }
    }

    private boolean tryToBegin() throws InterruptedException {
        try {
            owner.expectFit();
            if (!lease.isHeld()) {
                before = lease.holder();
            }
            if (!lease.take()) {
                trouble = null;
                return false;
            }
            owner.claim();
            recovery.recover();
            context.getRouteController().startAllRoutes();
            LOG.info("Buzón has taken over from {}, and is ready", before);
            return true;
        } catch (InterruptedException e) {
            throw e;
        } catch (SettingsException e) {
            LOG.error("Buzón can't stand by any longer: {}", e.getMessage());
            refused.run();
            return true;
        } catch (Exception | Error e) {
            // Nothing else would ever look again.
            String reason = Failure.reason(e);
            if (!reason.equals(trouble)) {
                trouble = reason;
                LOG.warn("Buzón can't take over, and tries again: {}", trouble, Failure.isBug(e) ? e : null);
            }
            return false;
        }
    }

    @Override
    public void close() {
        waiting.interrupt();
        try {
            waiting.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
