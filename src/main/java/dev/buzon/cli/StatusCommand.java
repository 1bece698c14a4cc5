package dev.buzon.cli;

import dev.buzon.home.Holder;
import dev.buzon.home.Home;
import dev.buzon.home.HomeLock;
import dev.buzon.jmx.JmxStatus;
import dev.buzon.monitor.Json;
import dev.buzon.monitor.ServiceStatus;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** What the daemon does, over JMX. */
@Command(
        name = "status",
        description = "Shows whether the service runs, and what its routes do. Exits 0 when it runs, 3 when not.",
        mixinStandardHelpOptions = true)
final class StatusCommand extends HomeCommand {

    private static final int NOT_RUNNING = 3;
    private static final String CLEAR_SCREEN = "\033[H\033[2J";

    @Option(names = "--json", description = "As JSON: the same as GET /api/status.")
    private boolean json;

    @Option(names = "--watch", description = "Again each second, until Ctrl-C or the service has stopped.")
    private boolean watch;

    @Override
    public Integer call() throws IOException, InterruptedException {
        Home home = options().home();
        Optional<Holder> holder = HomeLock.holder(home);
        if (holder.isEmpty()) {
            return notRunning(home);
        }
        if (holder.get().process().isEmpty()) {
            return refuse("What Buzón does can't be told: the home is held by "
                    + holder.get().description() + ".");
        }
        long pid = holder.get().process().get().pid();
        try (JmxStatus service = new JmxStatus(pid)) {
            show(service.read());
            while (watch) {
                TimeUnit.SECONDS.sleep(1);
                show(service.read());
            }
        } catch (IOException e) {
            if (HomeLock.holder(home).isEmpty()) {
                // It stopped while it was looked at.
                return notRunning(home);
            }
            err().println("Buzón, process " + pid + ", does not answer: " + e.getMessage());
            return CommandLine.ExitCode.SOFTWARE;
        }
        return 0;
    }

    private int notRunning(Home home) throws IOException {
        if (json) {
            out().println("{\"health\":{\"state\":\"DOWN\",\"reasons\":[\"Buzón is not running.\"]}}");
            return NOT_RUNNING;
        }
        String instance = home.instance().isEmpty() ? "" : ", as " + home.instance();
        out().println("Buzón is not running in " + home.folder() + instance);
        for (Home other : home.instances()) {
            if (HomeLock.holder(other).isPresent()) {
                out().println("There is --instance " + other.instance() + ".");
            }
        }
        return NOT_RUNNING;
    }

    private void show(ServiceStatus service) {
        if (json) {
            out().println(watch ? Json.write(service) : Json.writeIndented(service));
        } else {
            out().print((watch ? CLEAR_SCREEN : "") + StatusTable.of(service));
        }
        out().flush();
    }
}
