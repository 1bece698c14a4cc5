package dev.buzon.intake;

import dev.buzon.home.RouteSettings;
import dev.buzon.home.Time;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.camel.component.file.GenericFile;
import org.apache.camel.component.file.GenericFileFilter;

/**
 * Lets a {@code file:} consumer see regular files only, under a final name, that nothing has touched for the quiet
 * period of their route, and whose done file is there if the route has one. Camel's own read locks either wait for each
 * file or open what may be no file at all. Thread-safe.
 */
public final class SettledFiles implements GenericFileFilter<File> {

    private static final Set<String> UNFINISHED = Set.of(".tmp", ".part", ".filepart", ".crdownload", "~");
    /** How many files the policy is asked for at once. */
    private static final int CHUNK = 500;

    private final Map<Path, Inbox> inboxes;
    private final PickupPolicy policy;
    private final Clocks clocks;
    private final Map<String, InboxLook> looks = new ConcurrentHashMap<>();

    /** @param ours a folder that nobody else writes to */
    public SettledFiles(Collection<RouteSettings> routes, PickupPolicy policy, Path ours, Time time) {
        this(routes, policy, new SystemClocks(ours, time));
    }

    SettledFiles(Collection<RouteSettings> routes, PickupPolicy policy, Clocks clocks) {
        this.inboxes =
                routes.stream().collect(Collectors.toMap(RouteSettings::inbox, route -> new Inbox(route, clocks)));
        this.policy = policy;
        this.clocks = clocks;
    }

    /**
     * Chooses what the poll of an inbox that begins now is to take: the oldest files, as many as its route takes in one
     * poll. Camel makes an exchange of all that a filter lets through, before it sorts and cuts: for a backlog of
     * 100,000 files that takes more memory than there is.
     *
     * @return whether there is anything to poll for
     */
    public boolean choose(Path folder) {
        Inbox inbox = inbox(folder);
        if (inbox.isPausing()) {
            return false;
        }
        String route = inbox.route().id();
        InboxLook look = new InboxLook(clocks.nanos(), 0);
        looks.put(route, look);
        try {
            looks.put(route, look.of(folder));
            return choose(inbox);
        } finally {
            looks.remove(route);
        }
    }

    /** The looks at inboxes that have begun and not ended, by route. */
    public Map<String, InboxLook> looks() {
        return Map.copyOf(looks);
    }

    private boolean choose(Inbox inbox) {
        RouteSettings route = inbox.route();
        inbox.beginLook();
        if (route.maxFilesPerPoll() == 0) {
            return true;
        }
        OldestFiles oldest = new OldestFiles(route.maxFilesPerPoll());
        try {
            long unhandled = forEachUnhandled(route, file -> {
                if (isTakeable(inbox, file)) {
                    oldest.add(file);
                }
            });
            inbox.endLook(oldest.all(), unhandled == 0);
        } catch (IOException e) {
            // The poll meets the same, and says so.
            return true;
        }
        return !oldest.all().isEmpty();
    }

    /** Whether a folder is the inbox of a route. */
    boolean isInbox(Path folder) {
        return inboxes.containsKey(folder);
    }

    /**
     * Takes the files of the next batch off a queue: as many as the route's job handles at once, or one that goes alone.
     *
     * @param folder an inbox
     * @param queue of what stands for files, not empty
     * @param path of the file that an element stands for
     */
    public <T> Deque<T> nextBatch(Path folder, Queue<T> queue, Function<T, Path> path) {
        int most = Math.max(1, inbox(folder).route().filesPerJob());
        Deque<T> batch = new ArrayDeque<>();
        batch.add(queue.remove());
        if (policy.isAlone(path.apply(batch.peek()))) {
            return batch;
        }
        while (batch.size() < most && !queue.isEmpty() && !policy.isAlone(path.apply(queue.peek()))) {
            batch.add(queue.remove());
        }
        return batch;
    }

    /** The names of the files that the poll of a folder is to take; empty where it takes all, or no route's inbox is there. */
    public Optional<Collection<String>> chosen(Path folder) {
        return Optional.ofNullable(inboxes.get(folder)).flatMap(Inbox::chosen);
    }

    /**
     * Looks again at a file that is to be taken now, which may be long after it was chosen.
     *
     * @return empty if it is gone, is not the one that was chosen, or is not settled any more: it is for a later poll
     */
    public Optional<FileIdentity> take(RouteSettings route, Path file) throws IOException {
        Inbox inbox = inbox(route.inbox());
        Optional<FileIdentity> now = FileIdentity.of(file);
        return now.filter(
                identity -> inbox.isSettledStill(file.getFileName().toString(), identity) && isDone(route, file));
    }

    /** What is still to be taken of a route's inbox, by a look at all that is in it. */
    public Backlog backlog(RouteSettings route) throws IOException {
        BacklogCount count = new BacklogCount();
        forEachUnhandled(route, count);
        return count.backlog();
    }

    /**
     * The identity of a file that is still to be taken.
     *
     * @param name of a file in the route's inbox; empty where there is none of that name
     */
    public Optional<FileIdentity> waiting(RouteSettings route, String name) throws IOException {
        Path file = route.inbox().resolve(name);
        return route.inbox().equals(file.getParent())
                ? lookAtUnhandled(route, file).map(SeenFile::identity)
                : Optional.empty();
    }

    /** Of the chosen ones where a choice was made, otherwise as the file is now. */
    @Override
    public boolean accept(GenericFile<File> candidate) {
        File file = candidate.getFile();
        Inbox inbox = inbox(file.getParentFile().toPath());
        Optional<Collection<String>> chosen = inbox.chosen();
        if (chosen.isPresent()) {
            return chosen.get().contains(file.getName());
        }
        try {
            return lookAtUnhandled(inbox.route(), file.toPath())
                    .filter(seen -> isTakeable(inbox, seen))
                    .isPresent();
        } catch (InvalidPathException e) {
            // See Strays.
            return false;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Inbox inbox(Path folder) {
        Inbox inbox = inboxes.get(folder);
        if (inbox == null) {
            throw new IllegalArgumentException("No route has the inbox " + folder + ".");
        }
        return inbox;
    }

    private boolean isTakeable(Inbox inbox, SeenFile file) {
        return inbox.isSettled(file.name(), file.identity())
                && isDone(inbox.route(), file.path())
                && policy.isDue(file.path(), file.identity());
    }

    /** @return how many there are */
    private long forEachUnhandled(RouteSettings route, Consumer<SeenFile> consumer) throws IOException {
        long count = 0;
        List<SeenFile> chunk = new ArrayList<>(CHUNK);
        try (DirectoryStream<Path> files = Files.newDirectoryStream(route.inbox())) {
            for (Path file : files) {
                look(route, file).ifPresent(chunk::add);
                if (chunk.size() == CHUNK) {
                    count += forEachUnhandled(route, chunk, consumer);
                    chunk.clear();
                }
            }
        } catch (DirectoryIteratorException e) {
            throw e.getCause();
        }
        return count + forEachUnhandled(route, chunk, consumer);
    }

    private int forEachUnhandled(RouteSettings route, List<SeenFile> chunk, Consumer<SeenFile> consumer)
            throws IOException {
        List<SeenFile> unhandled = policy.unhandled(route.id(), chunk);
        unhandled.forEach(consumer);
        return unhandled.size();
    }

    private Optional<SeenFile> lookAtUnhandled(RouteSettings route, Path file) throws IOException {
        Optional<SeenFile> seen = look(route, file);
        return seen.isEmpty()
                ? seen
                : policy.unhandled(route.id(), List.of(seen.get())).stream().findFirst();
    }

    /** @return empty where it never is to be taken as it is now */
    private static Optional<SeenFile> look(RouteSettings route, Path file) {
        String name = file.getFileName().toString();
        if (!isFinal(name) || route.isDoneFile(name) || !route.filePattern().matches(file.getFileName())) {
            return Optional.empty();
        }
        try {
            Map<String, Object> attributes =
                    Files.readAttributes(file, "unix:" + FileIdentity.ATTRIBUTES, LinkOption.NOFOLLOW_LINKS);
            return FileIdentity.of(attributes)
                    .map(identity -> new SeenFile(file, (FileTime) attributes.get("lastModifiedTime"), identity));
        } catch (IOException e) {
            // Gone, or not to be looked at: not there to be taken. The next look tells more.
            return Optional.empty();
        }
    }

    /** Whether it is no name that senders give to what they are still writing. */
    static boolean isFinal(String name) {
        return !name.startsWith(".") && UNFINISHED.stream().noneMatch(name::endsWith);
    }

    private static boolean isDone(RouteSettings route, Path file) {
        return route.doneFileOf(file)
                .map(done -> Files.isRegularFile(done, LinkOption.NOFOLLOW_LINKS))
                .orElse(true);
    }
}
