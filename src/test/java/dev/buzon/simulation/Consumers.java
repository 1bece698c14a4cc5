package dev.buzon.simulation;

import dev.buzon.home.Disk;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Who looks at the outboxes: what is to be seen there is whole, at any moment. */
final class Consumers {

    private static final String TABLE = "highest-bizums.csv";

    private final World world;
    /** What the table has ever been. */
    private final Set<String> tables = new HashSet<>();
    /** Of others, who put files where the service would. */
    private final List<Path> foreign = new ArrayList<>();

    private int taken;

    Consumers(World world) {
        this.world = world;
    }

    /** Something may have appeared just now. */
    void seeWhatIsNew() {
        // A daemon that holds the folder open goes on in it while it is gone.
        Path table = world.folders().now(table().getParent()).resolve(TABLE);
        if (Files.isRegularFile(table, LinkOption.NOFOLLOW_LINKS)) {
            tables.add(world.folders().read(table));
        }
        if (world.setup().eager()) {
            take();
        }
    }

    Path table() {
        return world.folders().outbox("bizums").resolve(TABLE);
    }

    /** Takes all results. */
    void take() {
        for (Path result : results()) {
            expectWhole(result);
            Path now = world.folders().consumed().resolve(++taken + "-" + result.getFileName());
            try {
                Files.move(result, now);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            world.history().say(() -> "consumer: takes " + result);
        }
    }

    /** In the outboxes. */
    List<Path> results() {
        List<Path> results = new ArrayList<>();
        for (String route : Setup.ROUTES) {
            results.addAll(world.folders().visible(world.folders().outbox(route)));
        }
        results.remove(table());
        results.removeAll(foreign);
        return results;
    }

    /** Where a result was before it was taken. */
    Path placeOf(Path result) {
        String name = result.getFileName().toString();
        return result.startsWith(world.folders().consumed())
                ? world.folders().outbox("invoices").resolve(name.substring(name.indexOf('-') + 1))
                : result;
    }

    /** With those that were taken. */
    List<Path> allResults() {
        List<Path> all = results();
        all.addAll(world.folders().visible(world.folders().consumed()));
        return all;
    }

    private void expectWhole(Path result) {
        String text = world.folders().read(result);
        if (world.senders().contents().stream()
                .noneMatch(content -> content.hasResult() && content.result().equals(text))) {
            throw new Violation(result + " is no result of anything that was sent: \"" + text + "\"");
        }
    }

    void expectWhole() {
        allResults().forEach(this::expectWhole);
        Path table = table();
        if (Files.exists(table) && !tables.contains(world.folders().read(table))) {
            throw new Violation(
                    table + " was never like this: \"" + world.folders().read(table) + "\"");
        }
        for (Path file : foreign) {
            if (world.folders().isThere(file.getParent())
                    && (!Files.exists(file) || !world.folders().read(file).equals("foreign"))) {
                throw new Violation("somebody else's file is gone, or is another: " + file);
            }
        }
    }

    /** Somebody puts a file of their own where the result or the source of a content would go. */
    void occupy(Content content, String name) {
        String stem = name.contains(".") ? name.substring(0, name.lastIndexOf('.')) : name;
        String extension = name.contains(".") ? name.substring(name.lastIndexOf('.')) : "";
        String key = content.key.substring(0, 8);
        Path outbox = world.folders().outbox(content.route);
        Path day = world.folders()
                .archive(content.route)
                .resolve(world.time().today().toString());
        put(outbox.resolve(stem + "-" + key + ".txt"));
        put(day.resolve(stem + "-" + key + extension));
    }

    private void put(Path file) {
        if (!world.folders().isThere(file.getParent()) || Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        try {
            Files.writeString(file, "foreign");
            Disk.force(file);
            Disk.force(file.getParent());
            // A folder of a day may be new, and its own name not yet forced.
            Disk.force(file.getParent().getParent());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        foreign.add(file);
        world.history().say(() -> "somebody: puts a file at " + file);
    }

    List<Path> foreign() {
        return foreign;
    }
}
