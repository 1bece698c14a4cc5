package dev.buzon.home;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** The folder that holds a service's inboxes, outboxes and archives, and a private {@code .buzon}. */
public record Home(Path folder) {

    public Home {
        folder = folder.toAbsolutePath().normalize();
    }

    /** @param path relative to the home, or absolute */
    public Path resolve(String path) {
        return folder.resolve(path).normalize();
    }

    /** Holds what is nobody's but the service's. */
    public Path privateFolder() {
        return folder.resolve(".buzon");
    }

    public Path properties() {
        return folder.resolve("buzon.properties");
    }

    public Path ledger() {
        return privateFolder().resolve("ledger.db");
    }

    public Path lock() {
        return privateFolder().resolve("lock");
    }

    /** Holds the process id of the daemon that is ready. */
    public Path ready() {
        return privateFolder().resolve("ready");
    }

    public Path log() {
        return privateFolder().resolve("buzon.log");
    }

    public Path temporary() {
        return privateFolder().resolve("tmp");
    }

    /**
     * Makes each folder once. One that was there at an earlier start and is missing now is an error: an inbox that is
     * not mounted must not look like an empty one.
     *
     * @throws SettingsException with all that is missing or can't be written
     */
    public void prepare(Settings settings) throws IOException {
        Set<Path> folders = new LinkedHashSet<>();
        for (RouteSettings route : settings.routes().values()) {
            folders.addAll(
                    List.of(route.inbox(), route.outbox(), route.archive(), route.duplicates(), route.rejected()));
        }
        Path madeBefore = privateFolder().resolve("folders");
        Set<String> known = new LinkedHashSet<>(Files.exists(madeBefore) ? Files.readAllLines(madeBefore) : List.of());
        int knownBefore = known.size();
        List<String> problems = new ArrayList<>();
        for (Path path : folders) {
            if (known.add(path.toString())) {
                Files.createDirectories(path);
            } else if (!Files.isDirectory(path)) {
                problems.add("The folder " + path + " is missing. Mount it, or make it, then start again.");
                continue;
            }
            if (!Files.isWritable(path)) {
                problems.add("The folder " + path + " can't be written to.");
            }
        }
        if (!problems.isEmpty()) {
            throw new SettingsException(problems);
        }
        if (known.size() > knownBefore) {
            Files.write(madeBefore, known);
        }
        for (RouteSettings route : settings.routes().values()) {
            Files.createDirectories(route.outboxStaging());
            Files.createDirectories(route.rejectedStaging());
        }
        Files.createDirectories(temporary());
    }

    /** A path as a person in the home would write it. */
    public String relative(Path path) {
        return path.startsWith(folder) ? folder.relativize(path).toString() : path.toString();
    }
}
