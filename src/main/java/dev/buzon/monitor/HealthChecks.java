package dev.buzon.monitor;

import dev.buzon.database.Lease;
import dev.buzon.delivery.Ledger;
import dev.buzon.delivery.Printable;
import dev.buzon.home.RouteSettings;
import dev.buzon.home.Settings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.apache.camel.CamelContext;
import org.apache.camel.Route;
import org.apache.camel.ServiceStatus;
import org.apache.camel.health.HealthCheckRegistry;
import org.apache.camel.health.HealthCheckResultBuilder;
import org.apache.camel.impl.health.AbstractHealthCheck;

/** What has to be right for the service to do its work, as health checks of Camel. Thread-safe. */
final class HealthChecks {

    private static final int BYTES_PER_MEGABYTE = 1 << 20;

    private final Settings settings;
    private final Ledger ledger;
    private final Lease lease;
    private final Map<String, RetryingFiles> retrying;

    HealthChecks(Settings settings, Ledger ledger, Lease lease, Map<String, RetryingFiles> retrying) {
        this.settings = settings;
        this.ledger = ledger;
        this.lease = lease;
        this.retrying = retrying;
    }

    /**
     * @param spark says what is wrong with Spark
     * @param lock says what is wrong with the home's lock
     */
    void register(CamelContext context, Supplier<List<String>> spark, Supplier<List<String>> lock) {
        HealthCheckRegistry registry = HealthCheckRegistry.get(context);
        registry.register(new Check("routes", () -> routes(context)));
        registry.register(new Check("folders", this::folders));
        registry.register(new Check("disk", this::disk));
        registry.register(new Check("files", this::files));
        registry.register(new Check("ledger", this::ledger));
        registry.register(new Check("spark", spark));
        registry.register(new Check("lock", lock));
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
        List<String> reasons = new ArrayList<>();
        for (Path folder : allFolders()) {
            if (!Files.isDirectory(folder)) {
                reasons.add("The folder " + folder + " is missing.");
            } else if (!Files.isWritable(folder)) {
                reasons.add("The folder " + folder + " can't be written to.");
            }
        }
        return reasons;
    }

    private List<String> disk() {
        long least = Long.parseLong(settings.get("buzon.health.free-megabytes"));
        List<String> reasons = new ArrayList<>();
        Set<Object> disks = new LinkedHashSet<>();
        for (Path folder : allFolders()) {
            try {
                if (!disks.add(Files.getAttribute(folder, "unix:dev"))) {
                    continue;
                }
            } catch (IOException e) {
                // The check of the folders says why.
                continue;
            }
            long free = folder.toFile().getUsableSpace() / BYTES_PER_MEGABYTE;
            if (free < least) {
                reasons.add("The disk of " + folder + " is nearly full: " + free + " MB are free, " + least
                        + " MB ought to be.");
            }
        }
        return reasons;
    }

    private List<String> files() {
        Instant longAgo = Instant.now().minus(settings.duration("buzon.health.failing-for"));
        List<String> reasons = new ArrayList<>();
        retrying.forEach((route, files) -> files.all().stream()
                .filter(file -> file.since().isBefore(longAgo))
                .forEach(file -> reasons.add(route + ": " + Printable.of(file.file()) + ": " + file.reason())));
        return reasons;
    }

    private List<String> ledger() {
        try {
            ledger.check();
            return List.of();
        } catch (SQLException | IOException e) {
            return List.of("The ledger can't be read: " + Reason.of(e));
        }
    }

    private Set<Path> allFolders() {
        Set<Path> folders = new LinkedHashSet<>();
        for (RouteSettings route : settings.routes().values()) {
            folders.addAll(route.folders());
        }
        folders.add(settings.home().privateFolder());
        return folders;
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
