package dev.buzon.monitor;

import dev.buzon.delivery.DeliveryListener;
import dev.buzon.delivery.LedgerEntry;
import dev.buzon.delivery.Outcome;
import dev.buzon.delivery.Printable;
import dev.buzon.home.RouteSettings;
import dev.buzon.home.Settings;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import javax.management.JMException;
import javax.management.MBeanServer;
import javax.management.ObjectName;

/** Tells whether the world is right: every folder can be written to, and no file waits for a retry. Thread-safe. */
public final class Health implements HealthMXBean, DeliveryListener {

    private final Settings settings;
    /** What is wrong, by the path of the file that waits for it. */
    private final Map<Path, String> retrying = new ConcurrentSkipListMap<>();

    public Health(Settings settings) {
        this.settings = settings;
    }

    public void register(MBeanServer server) throws JMException {
        Registration.replace(server, objectName(), this);
    }

    static ObjectName objectName() throws JMException {
        return new ObjectName(RouteProgress.DOMAIN + ":type=Health");
    }

    @Override
    public String getState() {
        return getReasons().isEmpty() ? "UP" : "DOWN";
    }

    @Override
    public List<String> getReasons() {
        List<String> reasons = new ArrayList<>();
        for (RouteSettings route : settings.routes().values()) {
            for (Path folder : route.folders()) {
                if (!Files.isDirectory(folder)) {
                    reasons.add("The folder " + folder + " is missing.");
                } else if (!Files.isWritable(folder)) {
                    reasons.add("The folder " + folder + " can't be written to.");
                }
            }
        }
        // A file that its sender took away waits no more.
        retrying.keySet().removeIf(file -> Files.notExists(file, LinkOption.NOFOLLOW_LINKS));
        reasons.addAll(retrying.values());
        return reasons;
    }

    @Override
    public void retrying(String route, String name, Throwable cause, Duration wait) {
        retrying.put(source(route, name), route + ": " + Printable.of(name) + ": " + Reason.of(cause));
    }

    @Override
    public void handled(LedgerEntry entry, Outcome outcome) {
        goesOn(entry.route(), entry.source());
    }

    @Override
    public void finished(LedgerEntry entry) {
        goesOn(entry.route(), entry.source());
    }

    @Override
    public void duplicate(String route, String name, LedgerEntry first, String archived) {
        goesOn(route, name);
    }

    @Override
    public void rejected(LedgerEntry entry) {
        goesOn(entry.route(), entry.source());
    }

    @Override
    public void changed(String route, String name) {
        goesOn(route, name);
    }

    private void goesOn(String route, String name) {
        retrying.remove(source(route, name));
    }

    private Path source(String route, String name) {
        return settings.route(route).inbox().resolve(name);
    }
}
