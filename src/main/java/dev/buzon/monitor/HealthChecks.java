package dev.buzon.monitor;

import dev.buzon.database.Lease;
import dev.buzon.delivery.Failure;
import dev.buzon.home.Settings;
import dev.buzon.job.Printable;
import dev.buzon.ledger.LedgerReader;
import dev.buzon.monitor.Look.Seen;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Supplier;
import org.apache.camel.CamelContext;
import org.apache.camel.Route;
import org.apache.camel.ServiceStatus;
import org.apache.camel.health.HealthCheckRegistry;
import org.apache.camel.health.HealthCheckResultBuilder;
import org.apache.camel.impl.health.AbstractHealthCheck;

/**
 * What has to be right for the service to do its work, as health checks of Camel. None of them waits for a disk, a server
 * or Spark for longer than a moment. Thread-safe.
 */
final class HealthChecks {

    private final Settings settings;
    private final Lease lease;
    private final Map<String, RetryingFiles> retrying;
    private final WorkInHand inHand;
    private final Look<LedgerReader.Glance> ledger;
    private final Folders folders;
    private final Look<List<String>> foldersLook;

    HealthChecks(
            Settings settings,
            Lease lease,
            Map<String, RetryingFiles> retrying,
            WorkInHand inHand,
            Look<LedgerReader.Glance> ledger) {
        this.settings = settings;
        this.lease = lease;
        this.retrying = retrying;
        this.inHand = inHand;
        this.ledger = ledger;
        this.folders = new Folders(settings);
        this.foldersLook = Look.at(() -> {
            List<String> problems = folders.problems();
            retrying.values().forEach(RetryingFiles::forgetTaken);
            return problems;
        });
    }

    /**
     * @param spark says what is wrong with Spark
     * @param lock says what is wrong with the home's lock
     */
    void register(CamelContext context, Supplier<List<String>> spark, Supplier<List<String>> lock) {
        Look<List<String>> sparkLook = Look.at(spark::get);
        Look<List<String>> lockLook = Look.at(lock::get);
        HealthCheckRegistry registry = HealthCheckRegistry.get(context);
        registry.register(new Check("routes", () -> routes(context)));
        registry.register(new Check("steps", inHand::problems));
        registry.register(new Check("folders", this::folders));
        registry.register(new Check("files", () -> files(Trouble.WORLD)));
        registry.register(new Check("ledger", this::ledger));
        registry.register(new Check("spark", () -> answer(sparkLook.get(), "Spark")));
        registry.register(new Check("lock", () -> answer(lockLook.get(), "The home's lock")));
    }

    /** Has what takes a moment begin now, so that not one moment comes after the other. */
    void begin() {
        foldersLook.begin();
        ledger.begin();
    }

    /** What waits for somebody, while the service and its routes can work. Camel's checks have no state for it. */
    List<String> degraded() {
        return files(Trouble.FILE);
    }

    /** Camel's own check of routes has nothing to say of one that is suspended. */
    private List<String> routes(CamelContext context) {
        List<String> reasons = new ArrayList<>();
        if (!lease.isHeld()) {
            // Those of a daemon that stands by wait for its turn.
            return reasons;
        }
        for (Route route : context.getRoutes()) {
            ServiceStatus status = context.getRouteController().getRouteStatus(route.getRouteId());
            if (!status.isStarted() && !status.isStarting()) {
                reasons.add("The route " + route.getRouteId() + " is "
                        + status.name().toLowerCase(Locale.ROOT) + ".");
            }
        }
        return reasons;
    }

    private List<String> folders() {
        Seen<List<String>> seen = foldersLook.get();
        return answer(seen, "The folder " + folders.lookedAt());
    }

    private List<String> files(Trouble trouble) {
        Duration failing = settings.duration("buzon.health.failing-for");
        List<String> reasons = new ArrayList<>();
        retrying.forEach((route, files) -> files.failingFor(failing).stream()
                .filter(file -> file.trouble() == trouble)
                .forEach(file -> reasons.add(route + ": " + Printable.of(file.file()) + ": " + file.reason())));
        return reasons;
    }

    private List<String> ledger() {
        Seen<LedgerReader.Glance> seen = ledger.get();
        if (seen.silentSince() != null) {
            return List.of(silent("The ledger", seen.silentSince()));
        }
        return seen.failure() == null
                ? List.of()
                : List.of("The ledger can't be read: " + Failure.reason(seen.failure()));
    }

    private static List<String> answer(Seen<List<String>> seen, String what) {
        if (seen.silentSince() != null) {
            return List.of(silent(what, seen.silentSince()));
        }
        if (seen.failure() != null) {
            return List.of(what + ": " + Failure.reason(seen.failure()));
        }
        return seen.value() == null ? List.of() : seen.value();
    }

    private static String silent(String what, Instant since) {
        return what + " has not answered since " + since.truncatedTo(ChronoUnit.SECONDS) + ".";
    }

    private static final class Check extends AbstractHealthCheck {

        private final Supplier<List<String>> reasons;

        Check(String name, Supplier<List<String>> reasons) {
            super("buzon", "buzon:" + name);
            this.reasons = reasons;
        }

        @Override
        protected void doCall(HealthCheckResultBuilder builder, Map<String, Object> options) {
            List<String> found = reasons.get();
            if (found.isEmpty()) {
                builder.up();
            } else {
                builder.down().message(String.join("\n", found));
            }
        }
    }
}
