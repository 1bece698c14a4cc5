package dev.buzon.home;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * The folder that holds a service's inboxes, outboxes and archives, and a private {@code .buzon}.
 *
 * @param instance the name of one daemon among those that share the home; empty where it has no name
 */
public record Home(Path folder, String instance) {

    /** @throws SettingsException where the instance can't be called that */
    public Home {
        folder = folder.toAbsolutePath().normalize();
        if (!instance.matches("[A-Za-z0-9_-]*")) {
            throw new SettingsException(
                    List.of("An instance can't be called " + instance + ": letters, digits, - and _ are expected."));
        }
    }

    public Home(Path folder) {
        this(folder, "");
    }

    /** @param path relative to the home, or absolute */
    public Path resolve(String path) {
        return folder.resolve(path).normalize();
    }

    /** Holds what is nobody's but the service's. */
    public Path privateFolder() {
        return folder.resolve(".buzon");
    }

    /** Holds what is nobody's but this daemon's. */
    public Path instanceFolder() {
        return instance.isEmpty()
                ? privateFolder()
                : privateFolder().resolve("instances").resolve(instance);
    }

    /** The same home as each daemon has it that ran here and has a name. */
    public List<Home> instances() throws IOException {
        Path all = privateFolder().resolve("instances");
        return Files.isDirectory(all)
                ? Disk.list(all).stream()
                        .map(instanceFolder ->
                                new Home(folder, instanceFolder.getFileName().toString()))
                        .toList()
                : List.of();
    }

    public Path properties() {
        return folder.resolve("buzon.properties");
    }

    public Path ledger() {
        return privateFolder().resolve("ledger.db");
    }

    /** Says which home it is, to a ledger that is elsewhere. */
    public Path id() {
        return privateFolder().resolve("home-id");
    }

    public Path lock() {
        return instanceFolder().resolve("lock");
    }

    /** Says who holds the lock, too, since that one may be removed. */
    public Path holder() {
        return instanceFolder().resolve("holder");
    }

    /** Holds the process id of the daemon that is ready, to work or to stand by. */
    public Path ready() {
        return instanceFolder().resolve("ready");
    }

    public Path log() {
        return instanceFolder().resolve("buzon.log");
    }

    public Path temporary() {
        return instanceFolder().resolve("tmp");
    }

    /**
     * Before anything is read from the home, or made in it.
     *
     * @throws SettingsException with all that belongs to another user, or that others could change
     */
    public void expectTrust() {
        trust().enforce();
    }

    Trust trust() {
        return new Trust()
                .expect("The home", folder)
                .expectPrivateFolder(privateFolder())
                .expect("The settings", properties());
    }

    /**
     * The private folders with what has to lie there before a daemon starts.
     *
     * @throws SettingsException if one of them is a link, or no folder
     */
    public void makePrivateFolders() throws IOException {
        expectTrust();
        Disk.makeFolders(folder);
        // Somebody else may have been faster.
        expectTrust();
        try {
            Disk.makePrivateFolder(privateFolder());
            if (!instance.isEmpty()) {
                Disk.makePrivateFolder(instanceFolder().getParent());
                Disk.makePrivateFolder(instanceFolder());
            }
            Disk.makePrivateFolder(temporary());
        } catch (ForeignFolderException e) {
            throw new SettingsException(List.of(e.getMessage()));
        }
    }

    /**
     * Makes each folder once. One that was there at an earlier start and is missing now is an error: an inbox that is
     * not mounted must not look like an empty one.
     *
     * @throws SettingsException with all that is missing, can't be written, lies on a file system of its own, is not to
     *     be shared, or stands where the service makes a folder
     */
    public void prepare(Settings settings) throws IOException {
        Path madeBefore = privateFolder().resolve("folders");
        Set<String> known = new LinkedHashSet<>(Disk.exists(madeBefore) ? Files.readAllLines(madeBefore) : List.of());
        int knownBefore = known.size();
        List<String> problems;
        try {
            problems = new ArrayList<>(FolderRules.problems(settings.routes().values(), Home::identity));
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
        if (!problems.isEmpty()) {
            throw new SettingsException(problems);
        }
        for (RouteSettings route : settings.routes().values()) {
            for (Path path : route.folders()) {
                if (known.add(path.toString())) {
                    Disk.makeFolders(path);
                    forceNames(path);
                } else if (!Files.isDirectory(path)) {
                    problems.add("The folder " + path + " is missing. Mount it, or make it, then start again.");
                    continue;
                }
                if (!Files.isWritable(path)) {
                    problems.add("The folder " + path + " can't be written to.");
                }
            }
        }
        if (problems.isEmpty()) {
            for (RouteSettings route : settings.routes().values()) {
                boolean outboxIsFit = isFit(route, route.outbox(), problems);
                if (isFit(route, route.rejected(), problems) && outboxIsFit) {
                    problems.addAll(renamesThatCantWork(route));
                }
            }
        }
        if (!problems.isEmpty()) {
            throw new SettingsException(problems);
        }
        if (known.size() > knownBefore) {
            Path fresh = privateFolder().resolve("folders.new");
            Files.write(fresh, known);
            Disk.force(fresh);
            Disk.rename(fresh, madeBefore);
        }
    }

    /** A start that was killed may have made a folder in the home, and not have forced it. */
    private void forceNames(Path path) throws IOException {
        for (Path made = path; made.startsWith(folder) && !made.equals(folder); made = made.getParent()) {
            Disk.force(made.getParent());
        }
    }

    /** Equal for paths that lead to one folder, or will once they are made, whatever links and mounts they go through. */
    private static Object identity(Path path) {
        try {
            return Files.readAttributes(path, BasicFileAttributes.class).fileKey();
        } catch (NoSuchFileException e) {
            return List.of(identity(path.getParent()), path.getFileName());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Makes the folder in which a route stages. */
    private boolean isFit(RouteSettings route, Path around, List<String> problems) throws IOException {
        try {
            new StagingFolder(this, around, RouteSettings.STAGING, route.id())
                    .open()
                    .close();
            return true;
        } catch (ForeignFolderException e) {
            problems.add(e.getMessage());
            return false;
        }
    }

    /** A file's life rests on renames, which work only within a file system. */
    private static List<String> renamesThatCantWork(RouteSettings route) throws IOException {
        List<String> problems = new ArrayList<>();
        expectOneFileSystem(route.outboxStaging(), route.outbox(), problems);
        expectOneFileSystem(route.rejectedStaging(), route.rejected(), problems);
        if (route.cleanSource() != CleanSource.DELETE) {
            // With clean-source=off it is the housekeeping that moves them.
            expectOneFileSystem(route.inbox(), route.archive(), problems);
            expectOneFileSystem(route.inbox(), route.duplicates(), problems);
        }
        if (route.cleanSource() != CleanSource.OFF) {
            expectOneFileSystem(route.inbox(), route.rejected(), problems);
        }
        return problems;
    }

    private static void expectOneFileSystem(Path from, Path to, List<String> problems) throws IOException {
        if (!Files.getAttribute(from, "unix:dev").equals(Files.getAttribute(to, "unix:dev"))) {
            problems.add("The folders " + from + " and " + to + " must share a file system: a file is moved from one to"
                    + " the other with a rename.");
        }
    }

    /** A path as a person in the home would write it. */
    public String relative(Path path) {
        return path.startsWith(folder) ? folder.relativize(path).toString() : path.toString();
    }
}
