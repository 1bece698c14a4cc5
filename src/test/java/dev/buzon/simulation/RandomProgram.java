package dev.buzon.simulation;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.CopyOption;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.SecureDirectoryStream;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;

/** Does the same on any file system, and tells what came of it, so that two of them can be compared. */
final class RandomProgram {

    private static final String[] NAMES = {"a", "b", "c", "d", "a", "b", "a/b", "b/a", "a/c", "c/b/a", ".", "a/../b"};
    private static final String[] PERMISSIONS = {"rwxr-xr-x", "rw-r--r--", "rwx------", "r--------"};
    private static final CopyOption[][] COPIES = {
        {StandardCopyOption.ATOMIC_MOVE}, {}, {StandardCopyOption.REPLACE_EXISTING}
    };
    private static final List<Set<OpenOption>> OPENS = List.of(
            Set.of(StandardOpenOption.READ),
            Set.of(StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS),
            Set.of(StandardOpenOption.WRITE),
            Set.of(StandardOpenOption.WRITE, StandardOpenOption.CREATE),
            Set.of(StandardOpenOption.WRITE, StandardOpenOption.CREATE, LinkOption.NOFOLLOW_LINKS),
            Set.of(StandardOpenOption.WRITE, StandardOpenOption.CREATE_NEW),
            Set.of(StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING),
            Set.of(StandardOpenOption.APPEND, StandardOpenOption.CREATE),
            Set.of(StandardOpenOption.READ, StandardOpenOption.WRITE, StandardOpenOption.CREATE));
    private static final int KINDS = 26;
    private static final int HELD = 2;

    private final Path base;
    private final Random random;
    private final List<String> told = new ArrayList<>();
    private final Map<Integer, SecureDirectoryStream<Path>> folders = new HashMap<>();
    private final Map<Integer, FileChannel> channels = new HashMap<>();

    private RandomProgram(Path base, long seed) {
        this.base = base;
        this.random = new Random(seed);
    }

    private interface Step {
        Object run() throws IOException;
    }

    /**
     * Runs a program.
     *
     * @param base an empty folder
     * @return each step with its result, or the class of its exception
     */
    static List<String> run(Path base, long seed, int steps) throws IOException {
        RandomProgram program = new RandomProgram(base, seed);
        for (int i = 0; i < steps; i++) {
            program.step();
        }
        for (SecureDirectoryStream<Path> folder : program.folders.values()) {
            folder.close();
        }
        for (FileChannel channel : program.channels.values()) {
            channel.close();
        }
        return program.told;
    }

    private void tell(String what, Step step) {
        String result;
        try {
            result = String.valueOf(step.run());
        } catch (FileSystemException e) {
            String reason = e.getReason() == null ? "" : e.getReason().replaceAll(" (or unable|\\(NOFOLLOW).*", "");
            result = nameOf(e) + " " + e.getFile() + " " + e.getOtherFile() + " " + reason;
        } catch (IOException e) {
            result = nameOf(e) + " " + e.getMessage();
        } catch (RuntimeException e) {
            result = nameOf(e);
        }
        told.add(what + " = " + result);
    }

    private static String nameOf(Exception e) {
        Class<?> type = e.getClass();
        return (type.getName().startsWith("java.") ? type : type.getSuperclass()).getName();
    }

    private String name() {
        return NAMES[random.nextInt(NAMES.length)];
    }

    private Path path() {
        return base.resolve(name());
    }

    private LinkOption[] follow() {
        return random.nextBoolean() ? new LinkOption[0] : new LinkOption[] {LinkOption.NOFOLLOW_LINKS};
    }

    private void step() {
        int kind = random.nextInt(KINDS);
        Path path = path();
        Path other = path();
        LinkOption[] follow = follow();
        int number = random.nextInt(1000);
        if (kind >= 18) {
            stepHeld(kind, path, number);
            return;
        }
        switch (kind) {
            case 0, 1 -> tell("write " + path, () -> Files.size(Files.writeString(path, "text " + number)));
            case 2, 3 -> tell("make folder " + path, () -> Files.createDirectory(path));
            case 4 -> tell("delete " + path, () -> Files.deleteIfExists(path));
            case 5, 6 -> {
                CopyOption[] options = COPIES[number % 3];
                tell("move " + number % 3 + " " + path + " " + other, () -> Files.move(path, other, options));
            }
            case 7 -> {
                Path target = number % 2 == 0 ? path : path.getFileSystem().getPath(name());
                tell("link " + other + " to " + target, () -> Files.createSymbolicLink(other, target));
            }
            case 8 -> tell("name " + other + " for " + path, () -> Files.createLink(other, path));
            case 9 -> tell("read link " + path, () -> Files.readSymbolicLink(path));
            case 10 -> tell("real path " + path, () -> path.toRealPath());
            case 11 -> tell("attributes " + path + follow.length, () -> attributes(path, follow));
            case 12 -> tell("list " + path, () -> list(path));
            case 13 -> tell("walk", () -> state(base));
            case 14 -> tell("read " + path, () -> Files.readString(path));
            case 15 ->
                tell(
                        "permit " + path,
                        () -> Files.setPosixFilePermissions(
                                path, PosixFilePermissions.fromString(PERMISSIONS[number % PERMISSIONS.length])));
            case 16 -> {
                FileTime time = FileTime.from(Instant.ofEpochSecond(number));
                tell("set time " + path + follow.length, () -> {
                    Files.getFileAttributeView(path, PosixFileAttributeView.class, follow)
                            .setTimes(time, null, null);
                    return Files.getLastModifiedTime(path, follow);
                });
            }
            default ->
                tell(
                        "compare " + path + " " + other,
                        () -> Files.isSameFile(path, other)
                                + " "
                                + (Files.isRegularFile(path) && Files.isRegularFile(other)
                                        ? Files.mismatch(path, other)
                                        : 0)
                                + Files.exists(path, follow) + Files.notExists(path, follow)
                                + Files.isDirectory(other, follow)
                                + Files.isRegularFile(other) + Files.isWritable(path) + Files.isExecutable(other));
        }
    }

    /** What is done by something that is held open. */
    private void stepHeld(int kind, Path path, int number) {
        int held = number % HELD;
        Path name = Path.of(name());
        Path newName = Path.of(name());
        switch (kind) {
            case 18 -> tell("hold " + held + " " + path, () -> hold(held, Files.newDirectoryStream(path)));
            case 19 ->
                tell(
                        "hold " + held + " in it " + name,
                        () -> folders.containsKey(held)
                                ? hold(held, folders.get(held).newDirectoryStream(name, follow()))
                                : "");
            case 20 -> {
                Set<OpenOption> options = OPENS.get(random.nextInt(OPENS.size()));
                tell("open " + held + " " + path + options.size(), () -> {
                    FileChannel before = channels.put(held, FileChannel.open(path, options));
                    if (before != null) {
                        before.close();
                    }
                    return "";
                });
            }
            case 21 -> {
                FileChannel channel = channels.get(held);
                if (channel != null && channel.isOpen()) {
                    tell("use " + held, () -> use(channel, number));
                }
            }
            default -> {
                SecureDirectoryStream<Path> folder = folders.get(held);
                SecureDirectoryStream<Path> target = folders.get(random.nextInt(HELD));
                Set<OpenOption> options = OPENS.get(random.nextInt(OPENS.size()));
                LinkOption[] follow = follow();
                if (folder == null || target == null) {
                    return;
                }
                switch (kind) {
                    case 22 ->
                        tell("open in " + held + " " + name, () -> {
                            try (FileChannel channel = (FileChannel) folder.newByteChannel(name, options)) {
                                return use(channel, number);
                            }
                        });
                    case 23 ->
                        tell("move in " + held + " " + name + " " + newName, () -> {
                            folder.move(name, target, newName);
                            return "";
                        });
                    case 24 ->
                        tell("delete in " + held + " " + name, () -> {
                            if (number % 3 == 0) {
                                folder.deleteDirectory(name);
                            } else {
                                folder.deleteFile(name);
                            }
                            return "";
                        });
                    default ->
                        tell("look in " + held + " " + name, () -> {
                            folder.getFileAttributeView(PosixFileAttributeView.class)
                                    .readAttributes();
                            BasicFileAttributes there = folder.getFileAttributeView(
                                            name, PosixFileAttributeView.class, follow)
                                    .readAttributes();
                            return there.isDirectory() + " " + there.isSymbolicLink() + " "
                                    + (there.isDirectory() ? 0 : there.size());
                        });
                }
            }
        }
    }

    private String hold(int held, DirectoryStream<Path> folder) throws IOException {
        SecureDirectoryStream<Path> before = folders.put(held, (SecureDirectoryStream<Path>) folder);
        if (before != null) {
            before.close();
        }
        List<String> names = new ArrayList<>();
        folder.forEach(path -> names.add(path.toString()));
        names.sort(null);
        return names.toString();
    }

    private static String use(FileChannel channel, int number) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(number % 50);
        switch (number % 4) {
            case 0 -> {
                channel.position(number % 7);
                return channel.read(buffer) + " " + channel.position() + " " + channel.size();
            }
            case 1 -> {
                return channel.write(buffer) + " " + channel.position() + " " + channel.size();
            }
            case 2 -> {
                return channel.truncate(number % 20).position() + " " + channel.size();
            }
            default -> {
                channel.force(true);
                return channel.write(buffer, 30) + " " + channel.position();
            }
        }
    }

    private static String attributes(Path path, LinkOption... follow) throws IOException {
        Map<String, Object> read = new TreeMap<>(Files.readAttributes(
                path, "unix:isRegularFile,isDirectory,isSymbolicLink,isOther,size,nlink,mode,uid,owner", follow));
        if ((Boolean) read.get("isDirectory")) {
            read.remove("size");
            read.remove("nlink");
        }
        return read.toString();
    }

    private static String list(Path path) throws IOException {
        try (Stream<Path> children = Files.list(path)) {
            return children.sorted().toList().toString();
        }
    }

    /** What is in a folder, and below. */
    static List<String> state(Path base) throws IOException {
        List<String> all = new ArrayList<>();
        Set<Object> keys = new HashSet<>();
        try (Stream<Path> paths = Files.walk(base)) {
            for (Path path : paths.sorted().toList()) {
                BasicFileAttributes there =
                        Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
                all.add(base.relativize(path)
                        + (there.isRegularFile() ? Files.readString(path) : "")
                        + keys.add(there.fileKey()));
            }
        }
        return all;
    }
}
