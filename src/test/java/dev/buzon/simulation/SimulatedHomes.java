package dev.buzon.simulation;

import dev.buzon.home.Home;
import dev.buzon.home.Settings;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Properties;

/** A disk for one history after another, and the settings of homes on it, which take longer to read than a history. */
final class SimulatedHomes {

    private static final Path ROUTES = Path.of("routes").toAbsolutePath();

    private final SimulatedDisk disk =
            new SimulatedDisk(Setup.SIMPLE.habits(), () -> Instant.EPOCH, LedgerImages.UNDISTURBED);
    private final Map<Properties, Map<String, Settings>> settings = new HashMap<>();

    SimulatedDisk disk() {
        return disk;
    }

    /** @param instance of the daemon; empty if there is one alone */
    Settings settings(Path home, String instance, Properties given) {
        return settings.computeIfAbsent(given, same -> new HashMap<>())
                .computeIfAbsent(instance, same -> Settings.read(new Home(home, instance), ROUTES, given));
    }
}
