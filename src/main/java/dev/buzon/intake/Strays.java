package dev.buzon.intake;

import dev.buzon.home.OpenFolder;
import dev.buzon.home.RouteSettings;
import dev.buzon.home.Time;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What lies in an inbox and no {@code file:} consumer can take. Links, folders, pipes and devices are left alone and
 * said once. Regular files whose names Camel can't read, since they are no text in the encoding of file names or hold
 * what it takes for a separator, are given a name in which these bytes are written as {@code %XX}. Sources that were left
 * on their way out of the inbox are told of. Thread-safe.
 */
public final class Strays {

    /** How the name begins that a source has on its way out of its inbox: hidden, so that no look takes it. */
    public static final String ASIDE = ".buzon-aside-";

    private static final int LONGEST = 200;
    private static final int SAID_AT_MOST = 1_000;
    /** How many times as long as a look took the next one waits: there is no hurry. */
    private static final int PAUSE = 9;

    private final Map<RouteSettings, Sightings> sightings = new LinkedHashMap<>();
    private final StrayListener listener;
    private final Pause pause;
    private final Set<Path> said = new HashSet<>();

    /** @param ours a folder that nobody else writes to */
    public Strays(Collection<RouteSettings> routes, StrayListener listener, Path ours, Time time) {
        Clocks clocks = new SystemClocks(ours, time);
        routes.forEach(route -> sightings.put(route, new Sightings(route, clocks)));
        this.listener = listener;
        this.pause = new Pause(clocks);
    }

    /** Looks through all inboxes. One that can't be read is for its consumer to complain of. */
    public synchronized void look() {
        if (pause.goesOn(PAUSE)) {
            return;
        }
        pause.lookBegins();
        said.removeIf(path -> Files.notExists(path, LinkOption.NOFOLLOW_LINKS));
        for (RouteSettings route : sightings.keySet()) {
            sightings.get(route).beginListing();
            try (DirectoryStream<Path> entries = Files.newDirectoryStream(route.inbox())) {
                for (Path entry : entries) {
                    String name = entry.getFileName().toString();
                    if (SettledFiles.isFinal(name)) {
                        isStray(route, entry);
                    } else if (name.startsWith(ASIDE) && isSettled(route, name, FileIdentity.of(entry))) {
                        listener.leftAside(route);
                    }
                }
            } catch (IOException | DirectoryIteratorException e) {
                continue;
            }
        }
        pause.lookEnds();
    }

    /**
     * Looks at what lies at a path in a route's inbox, as {@link #look} does.
     *
     * @return whether it is no file to be taken
     */
    public synchronized boolean isStray(RouteSettings route, Path entry) {
        try {
            return lookAt(route, entry);
        } catch (IOException e) {
            // Gone meanwhile, or not to be had just now: the next look tells more.
            return false;
        }
    }

    private boolean lookAt(RouteSettings route, Path entry) throws IOException {
        Map<String, Object> attributes = Files.readAttributes(
                entry, "unix:isSymbolicLink,isDirectory," + FileIdentity.ATTRIBUTES, LinkOption.NOFOLLOW_LINKS);
        if (!(Boolean) attributes.get("isRegularFile")) {
            if (said.size() < SAID_AT_MOST && said.add(entry)) {
                listener.leftAlone(route.id(), entry.getFileName().toString(), kind(attributes));
            }
            return true;
        }
        if (isUnreadable(entry) && isSettled(route, entry.getFileName().toString(), FileIdentity.of(attributes))) {
            try (OpenFolder inbox = OpenFolder.at(route.inbox())) {
                listener.renamed(route.id(), rename(inbox, entry));
            }
        }
        return false;
    }

    private boolean isSettled(RouteSettings route, String name, Optional<FileIdentity> identity) {
        return identity.isPresent() && sightings.get(route).isSettled(name, identity.get());
    }

    private static String kind(Map<String, Object> attributes) {
        if ((Boolean) attributes.get("isSymbolicLink")) {
            return "a symbolic link";
        }
        return (Boolean) attributes.get("isDirectory") ? "a folder" : "no regular file";
    }

    private static boolean isUnreadable(Path file) {
        try {
            return file.getFileName().toString().contains("\\")
                    || !file.getFileSystem().getPath(file.toString()).equals(file);
        } catch (InvalidPathException e) {
            return true;
        }
    }

    private static String rename(OpenFolder folder, Path file) throws IOException {
        String encoded = file.toUri().getRawPath();
        String name = encoded.substring(encoded.lastIndexOf('/') + 1);
        int dot = name.lastIndexOf('.') > 0 ? name.lastIndexOf('.') : name.length();
        String extension = name.length() - dot > LONGEST / 2 ? "" : name.substring(dot);
        String stem = name.substring(0, Math.min(dot, LONGEST - extension.length()));
        String free = stem + extension;
        for (int i = 2; !folder.link(file.getFileName(), free); i++) {
            free = stem + "-" + i + extension;
        }
        folder.unlink(file.getFileName());
        return free;
    }
}
