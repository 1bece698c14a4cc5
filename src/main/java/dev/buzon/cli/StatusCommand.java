package dev.buzon.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import dev.buzon.delivery.Printable;
import dev.buzon.home.Home;
import dev.buzon.home.HomeLock;
import dev.buzon.monitor.JmxStatus;
import dev.buzon.monitor.RouteStatus;
import dev.buzon.monitor.ServiceStatus;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** What the daemon does, over JMX. */
@Command(
        name = "status",
        description = "Shows whether the service runs, and each route's metrics. Exits 0 when it runs, 3 when not.",
        mixinStandardHelpOptions = true)
final class StatusCommand extends HomeCommand {

    private static final int NOT_RUNNING = 3;

    @Option(names = "--json", description = "As JSON.")
    private boolean json;

    @Override
    public Integer call() throws IOException {
        Home home = options().home();
        OptionalLong holder = HomeLock.holder(home);
        ServiceStatus service = holder.isPresent()
                ? JmxStatus.read(holder.getAsLong())
                : new ServiceStatus("DOWN", List.of("Buzón is not running."), List.of());
        if (json) {
            Map<String, Object> status = new LinkedHashMap<>();
            status.put("state", holder.isPresent() ? "running" : "stopped");
            status.put("home", home.folder().toString());
            holder.ifPresent(pid -> status.put("pid", pid));
            status.put("health", service.health());
            status.put("reasons", service.reasons());
            status.put("routes", service.routes());
            out().println(new ObjectMapper()
                    .enable(SerializationFeature.INDENT_OUTPUT)
                    .writeValueAsString(status));
        } else if (holder.isPresent()) {
            out().println("Buzón is running, as process " + holder.getAsLong() + ", in " + home.folder());
            out().println("Health: " + service.health());
            service.reasons().forEach(reason -> out().println("  " + reason));
            out().printf(
                            "%-15s %-8s %9s %6s %6s %7s %7s %7s  %s%n",
                            "route",
                            "state",
                            "completed",
                            "failed",
                            "inside",
                            "mean ms",
                            "last ms",
                            "max ms",
                            "last file");
            for (RouteStatus route : service.routes()) {
                out().printf(
                                "%-15s %-8s %9d %6d %6d %7d %7d %7d  %s%n",
                                route.route(),
                                route.state(),
                                route.exchangesCompleted(),
                                route.exchangesFailed(),
                                route.inFlight(),
                                route.meanMillis(),
                                route.lastMillis(),
                                route.maxMillis(),
                                route.lastFile() == null ? "" : Printable.of(route.lastFile()));
            }
        } else {
            out().println("Buzón is not running in " + home.folder());
        }
        return holder.isPresent() ? 0 : NOT_RUNNING;
    }
}
