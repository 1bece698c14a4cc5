package dev.buzon.simulation;

import dev.buzon.home.Disk;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/** Who puts files into the inboxes, and has second thoughts. Each is as careless as it may be. */
final class Senders {

    private static final List<String> PEOPLE = List.of("ana", "aitor", "zoe", "iker");
    /** What a writer rests at most between two pieces of a file, in milliseconds: less than the quiet period. */
    private static final int LONGEST_REST = 1_700;

    private final World world;
    /** By route and text. */
    private final Map<String, Content> contents = new LinkedHashMap<>();
    /** Files that are being written, with what they are to be. */
    private final Map<Path, Content> unfinished = new HashMap<>();
    /** Files that nobody may read for a while. */
    private final Set<Path> closed = new HashSet<>();

    private int number;

    Senders(World world) {
        this.world = world;
    }

    List<Content> contents() {
        return List.copyOf(contents.values());
    }

    /** Null if nobody has sent it. */
    Content find(String route, String text) {
        return contents.get(route + " " + text);
    }

    private Content content(String route, String text) {
        return contents.computeIfAbsent(route + " " + text, same -> new Content(route, text));
    }

    /** Many are of one length, as it is where a size tells nothing. */
    private Content fresh(String route, Random random) {
        number++;
        String id = "c%04d".formatted(number);
        StringBuilder text = new StringBuilder();
        int kind = random.nextInt(10);
        int lines = 1 + (kind > 6 ? random.nextInt(3) : 0);
        for (int i = 0; i < lines; i++) {
            if (route.equals("bizums")) {
                text.append(PEOPLE.get(random.nextInt(PEOPLE.size())) + ";" + (10 + random.nextInt(20)) + ";" + id);
            } else {
                text.append("line ").append(id);
            }
            text.append('\n');
        }
        if (kind == 0) {
            text.insert(0, "unreadable ");
        } else if (kind == 1) {
            text.append("bad ").append(id).append('\n');
        } else if (kind == 2 && route.equals("invoices")) {
            text.insert(0, "bad ");
        }
        return content(route, text.toString());
    }

    /** One that is right, and was sent and handled before the history begins. */
    Content handledBefore(String route, Random random) {
        Content content = fresh(route, random);
        while (content.isUnreadable() || !content.bad().isEmpty()) {
            contents.remove(route + " " + content.text);
            content = fresh(route, random);
        }
        content.sure++;
        return content;
    }

    private String name(Random random) {
        return switch (random.nextInt(8)) {
            case 0 -> "same.txt";
            case 1 -> "a b;" + number + ".csv";
            case 2 -> "noextension" + number;
            default -> "f" + number + ".txt";
        };
    }

    private static String route(Random random) {
        return Setup.ROUTES.get(random.nextInt(3) == 0 ? 1 : 0);
    }

    void drop(Random random) {
        String route = route(random);
        if (!world.folders().isThere(world.folders().inbox(route))) {
            return;
        }
        Content content = fresh(route, random);
        String name = name(random);
        if (random.nextInt(5) == 0) {
            writeInPieces(world.folders().inbox(route).resolve(name), content, random);
            return;
        }
        put(world.folders().inbox(route).resolve(name), content, random.nextInt(3) > 0, random);
        if (route.equals("bizums")
                && !world.setup().oneArchive()
                && random.nextInt(4) == 0
                && world.folders().isThere(world.folders().inbox("invoices"))) {
            Content twin = content("invoices", content.text);
            put(world.folders().inbox("invoices").resolve(name), twin, true, random);
        }
    }

    void resend(Random random) {
        List<Content> all = contents();
        if (all.isEmpty()) {
            return;
        }
        Content content = all.get(random.nextInt(all.size()));
        Path inbox = world.folders().inbox(content.route);
        if (world.folders().isThere(inbox) && !unfinished.containsValue(content)) {
            put(inbox.resolve(name(random)), content, random.nextInt(3) > 0, random);
        }
    }

    /** Under another name first. What is there is replaced. */
    private void put(Path target, Content content, boolean forced, Random random) {
        if (unfinished.containsKey(target)) {
            return;
        }
        try {
            leave(target);
            Path temporary = target.resolveSibling(target.getFileName() + ".tmp");
            Files.writeString(temporary, content.text);
            if (random.nextInt(6) == 0) {
                Files.setLastModifiedTime(temporary, FileTime.fromMillis(random.nextInt(1_000_000)));
            }
            if (forced) {
                Disk.force(temporary);
            }
            Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE);
            // With the content, journals bring the file's names to the disk, too.
            Disk.force(target.getParent());
            content.sure++;
            world.history().say(() -> "sender: " + target + " is " + content + (forced ? "" : ", not forced"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What is at a path is no longer sure to be handled. */
    private void leave(Path path) throws IOException {
        Content there = at(path);
        if (there != null) {
            there.unsure();
        }
    }

    /** What lies there whole; null if it is nothing that was sent. */
    private Content at(Path path) throws IOException {
        if (!Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS) || unfinished.containsKey(path)) {
            return null;
        }
        return find(world.folders().routeOf(path), Files.readString(path));
    }

    private void writeInPieces(Path target, Content content, Random random) {
        if (Files.exists(target, LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        content.sure++;
        unfinished.put(target, content);
        world.history().say(() -> "sender: begins to write " + target + ", which will be " + content);
        append(target, content, 0, random);
    }

    private void append(Path target, Content content, int from, Random random) {
        if (unfinished.get(target) != content) {
            // It was written anew after a power cut.
            return;
        }
        int length = content.text.length();
        int to = from + 1 + random.nextInt(length - from);
        try {
            if (from > 0 && !isAsWritten(target, content, from)) {
                throw new Violation("taken while it was being written: " + target + ", " + content);
            }
            Files.writeString(
                    target,
                    content.text.substring(from, to),
                    from == 0 ? StandardOpenOption.CREATE : StandardOpenOption.APPEND,
                    StandardOpenOption.WRITE);
            if (from == 0) {
                Disk.force(target.getParent());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        world.history().say(() -> "sender: writes to " + target + " up to byte " + to);
        if (to == length) {
            unfinished.remove(target);
            world.history().say(() -> "sender: " + target + " is whole");
        } else {
            long rest = TimeUnit.MILLISECONDS.toNanos(1 + random.nextInt(LONGEST_REST));
            world.scheduler().afterOutside(rest, () -> append(target, content, to, random));
        }
    }

    private static boolean isAsWritten(Path target, Content content, int to) throws IOException {
        return Files.isRegularFile(target, LinkOption.NOFOLLOW_LINKS)
                && Files.readString(target).equals(content.text.substring(0, to));
    }

    void meddle(Random random) {
        String route = route(random);
        Path inbox = world.folders().inbox(route);
        List<Path> files = new ArrayList<>();
        if (world.folders().isThere(inbox)) {
            world.folders().visible(inbox).stream()
                    .filter(file -> !unfinished.containsKey(file) && !closed.contains(file))
                    .forEach(files::add);
        }
        if (files.isEmpty()) {
            return;
        }
        Path file = files.get(random.nextInt(files.size()));
        try {
            Content content = at(file);
            if (content != null) {
                meddle(file, content, random);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void meddle(Path file, Content content, Random random) throws IOException {
        Path other = file.resolveSibling("r" + ++number + ".txt");
        switch (random.nextInt(8)) {
            case 0, 1 -> {
                if (!content.linked) {
                    leave(file);
                    Content now = fresh(content.route, random);
                    now.sure++;
                    Files.writeString(file, now.text);
                    world.history().say(() -> "sender: writes over " + file + ", which is " + now);
                }
            }
            case 2 -> put(file, fresh(content.route, random), random.nextBoolean(), random);
            case 3 -> {
                content.renamed = true;
                Files.move(file, other, StandardCopyOption.ATOMIC_MOVE);
                world.history().say(() -> "sender: renames " + file + " to " + other);
            }
            case 4 -> {
                leave(file);
                takeBack(file);
            }
            case 5 -> {
                content.linked = true;
                content.touched = true;
                content.sure++;
                Files.createLink(other, file);
                world.history().say(() -> "sender: " + other + " is another name of " + file);
            }
            case 6 -> {
                leave(file);
                Files.delete(file);
                Files.createSymbolicLink(file, world.folders().secret());
                world.history().say(() -> "sender: " + file + " is a link now");
            }
            default -> {
                content.touched = true;
                close(file, random);
            }
        }
    }

    private void close(Path file, Random random) throws IOException {
        closed.add(file);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("---------"));
        world.history().say(() -> "sender: nobody may read " + file);
        world.scheduler().afterOutside(TimeUnit.MILLISECONDS.toNanos(1 + random.nextInt(30_000)), () -> open(file));
    }

    private void open(Path file) {
        if (!world.folders().isThere(file.getParent())) {
            world.scheduler().afterOutside(TimeUnit.SECONDS.toNanos(1), () -> open(file));
            return;
        }
        if (!closed.remove(file)) {
            return;
        }
        try {
            if (Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
                Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
                world.history().say(() -> "sender: everybody may read " + file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * After a restart or a takeover nothing knows that a source could be neither forced nor written anew, as the README
     * says: who was told so sends it again.
     */
    void whileADaemonIsNew() {
        waiting().forEach((file, content) -> {
            if (content != null && world.disk().isDamaged(file)) {
                put(file, content, true, new Random(1));
            }
        });
    }

    /** What is in the inboxes; null for a content that nobody has sent. */
    Map<Path, Content> waiting() {
        Map<Path, Content> waiting = new LinkedHashMap<>();
        for (String route : Setup.ROUTES) {
            for (Path file : world.folders().visible(world.folders().inbox(route))) {
                waiting.put(file, find(route, world.folders().read(file)));
            }
        }
        return waiting;
    }

    /** The disk shows what it has of files that it failed to force: some are others from then on. */
    void whileDiskForgets(Runnable forgetting) {
        if (!Setup.ROUTES.stream()
                .allMatch(route -> world.folders().isThere(world.folders().inbox(route)))) {
            // Nobody would know what became of the files in it.
            return;
        }
        Map<Path, Content> before = waiting();
        forgetting.run();
        before.forEach((file, content) -> {
            String text = world.folders().read(file);
            if (content != null && !text.equals(content.text) && !unfinished.containsKey(file)) {
                content.unsure();
                Content had = content(content.route, text);
                had.maybe++;
                had.lost = true;
                world.history().say(() -> "disk: of " + file + " it has \"" + text.strip() + "\"");
            }
        });
    }

    /**
     * A file that was not handled before the power was cut, and is lost or torn, is sent once more.
     *
     * @param before what waited then
     */
    void afterPowerCut(Map<Path, Content> before, Set<Content> handled) {
        waiting().forEach((file, now) -> {
            Content had = before.get(file);
            if (now != null && had != null && now != had) {
                // Of several names that it has only one may be counted.
                now.maybe++;
                now.linked |= had.linked;
            }
        });
        try {
            for (String route : Setup.ROUTES) {
                Path inbox = world.folders().inbox(route);
                if (world.folders().isThere(inbox)) {
                    List<Path> files = new ArrayList<>(world.folders().visible(inbox));
                    files.addAll(world.folders().aside(inbox));
                    for (Path file : files) {
                        if (find(route, world.folders().read(file)) == null) {
                            Files.delete(file);
                        }
                    }
                }
            }
            for (Map.Entry<Path, Content> begun : Map.copyOf(unfinished).entrySet()) {
                unfinished.remove(begun.getKey());
                begun.getValue().sure--;
            }
            for (Content content : contents()) {
                int lost = content.sure - world.folders().copiesOf(content);
                for (int i = 0; i < lost; i++) {
                    content.unsure();
                    if (!handled.contains(content)) {
                        Path target = world.folders().inbox(content.route).resolve("again" + ++number + ".txt");
                        if (world.folders().isThere(target.getParent())) {
                            put(target, content, true, new Random(0));
                        }
                    }
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Everybody may read their files, and those that the disk has lost are taken back. */
    void end() {
        List.copyOf(closed).forEach(this::open);
        openAll();
        for (String route : Setup.ROUTES) {
            for (Path file : world.folders().visible(world.folders().inbox(route))) {
                Content content = find(route, world.folders().read(file));
                if (content == null || unfinished.containsKey(file)) {
                    continue;
                }
                boolean isSure = content.sure > 0;
                if (isSure && content.lost) {
                    // They gave it one more name.
                    content.unsure();
                }
                if (content.lost || !isSure && content.maybe > 0) {
                    takeBack(file);
                }
            }
        }
    }

    /** Sends one more to each route. */
    void sendLast() {
        for (String route : Setup.ROUTES) {
            put(world.folders().inbox(route).resolve("last.txt"), fresh(route, new Random(1)), true, new Random(1));
        }
    }

    /** Those that were archived, or had another name, while nobody might read them. */
    private void openAll() {
        Folders folders = world.folders();
        for (String route : Setup.ROUTES) {
            for (Path folder : List.of(
                    folders.inbox(route), folders.archive(route), folders.duplicates(route), folders.rejected(route))) {
                folders.visibleBelow(folder).forEach(Senders::allow);
            }
            folders.aside(folders.inbox(route)).forEach(Senders::allow);
        }
    }

    private static void allow(Path file) {
        try {
            if (Files.getPosixFilePermissions(file).isEmpty()) {
                Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void takeBack(Path file) {
        world.folders().delete(file);
        world.history().say(() -> "sender: takes back " + file);
    }

    /** Whether somebody is in the midst of a file in an inbox. */
    boolean areWritingTo(Path inbox) {
        return unfinished.keySet().stream().anyMatch(file -> file.startsWith(inbox));
    }

    boolean isAtRest() {
        return unfinished.isEmpty() && closed.isEmpty();
    }
}
