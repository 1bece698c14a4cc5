package dev.buzon.cli;

import dev.buzon.home.Home;
import dev.buzon.home.Settings;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Properties;
import picocli.CommandLine.Option;

/** What goes with each command: which home, and settings of the call. */
final class HomeOptions {

    /** Set by the launcher: the folder that holds the program's routes. */
    private static final String INSTALLATION = "buzonInstallation";

    @Option(names = "--home", paramLabel = "DIR", description = "The home folder. Default: the current folder.")
    private Path home = Path.of("");

    @Option(
            names = "--instance",
            paramLabel = "NAME",
            description = "Which of several daemons that share a home and a ledger on a server.")
    private String instance = "";

    @Option(
            names = "-D",
            paramLabel = "KEY=VALUE",
            mapFallbackValue = "true",
            description = "A setting, before those of the home's buzon.properties.")
    private Map<String, String> given = new LinkedHashMap<>();

    /** @throws dev.buzon.home.SettingsException where somebody else made it, or could change it */
    Home home() {
        Home chosen = new Home(home, instance);
        chosen.expectTrust();
        return chosen;
    }

    Map<String, String> given() {
        return given;
    }

    /** @throws dev.buzon.home.SettingsException with all that is wrong */
    Settings settings() {
        Properties system = new Properties();
        system.putAll(System.getProperties());
        given.forEach(system::setProperty);
        return Settings.read(home(), shippedRoutes(), system);
    }

    /** The routes of the installation, or the ones beside the jar's folder where it was started without the launcher. */
    static Path shippedRoutes() {
        String installation = System.getProperty(INSTALLATION);
        if (installation != null) {
            return Path.of(installation).resolve("routes");
        }
        Path jarFolder = jar().getParent();
        Path beside = jarFolder.resolve("routes");
        return Files.isDirectory(beside)
                ? beside
                : jarFolder.resolve("../../routes").normalize();
    }

    static Path jar() {
        return Path.of(java.net.URI.create(
                Buzon.class.getProtectionDomain().getCodeSource().getLocation().toString()));
    }
}
