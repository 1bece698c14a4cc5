package dev.buzon.simulation;

import dev.buzon.home.CleanSource;
import dev.buzon.home.Disk;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/** A program that made the ledger which a history begins with, and has handled some files long ago. */
final class EarlierProgram {

    /** In which the sources that stay were told by the time of their last write. */
    private static final int BY_LAST_WRITE = 1;

    private static final int WITH_TOTALS = 3;

    private final World world;
    private final long then;
    private final Random random = new Random(2);
    private final Map<String, String> highest = new TreeMap<>();

    EarlierProgram(World world) {
        this.world = world;
        then = world.time().now().toEpochMilli() - TimeUnit.DAYS.toMillis(3);
    }

    /** @param files for each route */
    void handle(int files) throws IOException, SQLException {
        for (String route : Setup.ROUTES) {
            int records = 0;
            for (int i = 1; i <= files; i++) {
                Content content = world.senders().handledBefore(route, random);
                handle(content, "old" + i + ".txt");
                records += content.good().size();
            }
            if (world.setup().ledger() >= WITH_TOTALS) {
                insert(
                        "INSERT INTO total (route, handled, duplicates, rejected_files, bytes, records, results,"
                                + " rejected_records, last_success) VALUES (?, ?, 0, 0, 0, ?, ?, 0, ?)",
                        route,
                        files,
                        records,
                        records,
                        then);
            }
        }
        // Longer ago than the times of files are apart.
        world.time().passTo(world.time().nanos() + TimeUnit.SECONDS.toNanos(10));
        for (String line : highest.values()) {
            String[] cells = line.split(";");
            insert(
                    "INSERT INTO highest_bizum (person, cents, concept) VALUES (?, ?, ?)",
                    cells[0],
                    100L * Integer.parseInt(cells[1]),
                    cells[2]);
        }
    }

    private void handle(Content content, String name) throws IOException, SQLException {
        CleanSource clean = world.setup().cleanSource().get(Setup.ROUTES.indexOf(content.route));
        String inArchive = name.replace(".txt", "-" + content.key.substring(0, 8) + ".txt");
        Path archived = world.folders().archive(content.route).resolve("2026-01-01/" + inArchive);
        String state =
                switch (clean) {
                    case ARCHIVE -> {
                        put(archived, content.text);
                        yield "ARCHIVED";
                    }
                    case DELETE -> "DELETED";
                    case OFF -> {
                        leave(content, world.folders().inbox(content.route).resolve(name));
                        yield "LEFT";
                    }
                };
        if (content.hasResult()) {
            put(world.folders().consumed().resolve("old-" + inArchive), content.result());
        } else {
            content.good().forEach(line -> highest.merge(line.split(";")[0], line, Oracle::higher));
        }
        insert(
                "INSERT INTO file (route, key, source, bytes, records, results, rejected, output, rejected_output,"
                        + " archived, state, error, started_at, finished_at, millis)"
                        + " VALUES (?, ?, ?, ?, ?, ?, 0, ?, NULL, ?, ?, NULL, ?, ?, 1)",
                content.route,
                content.key,
                name,
                content.text.length(),
                content.good().size(),
                content.good().size(),
                content.hasResult() ? "outbox/invoices/" + inArchive : null,
                clean == CleanSource.ARCHIVE
                        ? world.folders().home().relativize(archived).toString()
                        : null,
                state,
                then,
                then);
    }

    private void leave(Content content, Path file) throws IOException, SQLException {
        put(file, content.text);
        boolean byLastWrite = world.setup().ledger() == BY_LAST_WRITE;
        Map<String, Object> now =
                Files.readAttributes(file, "unix:ino,size,ctime,lastModifiedTime", LinkOption.NOFOLLOW_LINKS);
        insert(
                "INSERT INTO left_source (path, route, key, inode, bytes, "
                        + (byLastWrite ? "modified_at" : "changed_at") + ") VALUES (?, ?, ?, ?, ?, ?)",
                file.toString(),
                content.route,
                content.key,
                now.get("ino"),
                now.get("size"),
                now.get(byLastWrite ? "lastModifiedTime" : "ctime").toString());
    }

    private void put(Path file, String text) throws IOException {
        makeFolders(file.getParent());
        Files.writeString(file, text);
        Disk.force(file);
        Disk.force(file.getParent());
    }

    private static void makeFolders(Path folder) throws IOException {
        if (!Disk.exists(folder)) {
            makeFolders(folder.getParent());
            Disk.makeFolder(folder);
            Files.setOwner(folder, new DiskUser(SimulatedDisk.SERVICE));
        }
    }

    private void insert(String sql, Object... values) throws SQLException {
        try (PreparedStatement insert = world.store().look().prepareStatement(sql)) {
            for (int i = 0; i < values.length; i++) {
                insert.setObject(i + 1, values[i]);
            }
            insert.executeUpdate();
        }
    }
}
