package dev.buzon;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** A copy of the routes that come with the program, to be changed. */
public final class RoutesCopy {

    private final Path folder;

    private RoutesCopy(Path folder) {
        this.folder = folder;
    }

    /** @param parent in which the folder {@code routes} is made */
    public static RoutesCopy in(Path parent) throws IOException {
        RoutesCopy copy = new RoutesCopy(Files.createDirectory(parent.resolve("routes")));
        try (Stream<Path> shipped = Files.list(Path.of("routes"))) {
            for (Path file : shipped.toList()) {
                Files.copy(file, copy.folder.resolve(file.getFileName()));
            }
        }
        return copy;
    }

    public Path folder() {
        return folder;
    }

    /** @param name such as {@code invoices} */
    public Path file(String name) {
        return folder.resolve(name + ".camel.yaml");
    }

    /** @throws IllegalArgumentException if the file does not have it */
    public RoutesCopy replace(String name, String text, String by) throws IOException {
        String content = Files.readString(file(name));
        if (!content.contains(text)) {
            throw new IllegalArgumentException(name + " has no " + text);
        }
        Files.writeString(file(name), content.replace(text, by));
        return this;
    }

    /** Another route that does what one does, under a name of its own. */
    public RoutesCopy copy(String name, String other) throws IOException {
        String content = Files.readString(file(name));
        Files.writeString(file(other), content.replace("routeId: " + name, "routeId: " + other));
        return this;
    }

    /**
     * Adds a step to the life of a file.
     *
     * @param id of the step that it is to come before
     * @param step in YAML, on one line, without its hyphen
     */
    public RoutesCopy before(String id, String step) throws IOException {
        List<String> lines = new ArrayList<>(Files.readAllLines(file("drop-folder")));
        int at = lines.indexOf(lines.stream()
                .filter(line -> line.strip().equals("id: " + id))
                .findFirst()
                .orElseThrow());
        while (!lines.get(at).strip().startsWith("- ")) {
            at--;
        }
        lines.add(at, lines.get(at).replaceFirst("-.*", "- ") + step);
        Files.write(file("drop-folder"), lines);
        return this;
    }
}
