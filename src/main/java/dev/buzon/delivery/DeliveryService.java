package dev.buzon.delivery;

import dev.buzon.home.CleanSource;
import dev.buzon.home.Home;
import dev.buzon.home.RouteSettings;
import dev.buzon.home.Settings;
import dev.buzon.intake.ContentKey;
import dev.buzon.intake.FileIdentity;
import dev.buzon.intake.Gate;
import dev.buzon.intake.NoRegularFileException;
import dev.buzon.intake.SeenFile;
import dev.buzon.intake.SettledFiles;
import dev.buzon.intake.StrayListener;
import dev.buzon.intake.Strays;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.camel.Body;
import org.apache.camel.Exchange;
import org.apache.camel.InvalidPayloadException;
import org.apache.camel.component.file.GenericFile;
import org.apache.commons.lang3.exception.ExceptionUtils;

/**
 * The steps of the life of a file, for the routes to call one after another: {@link #key}, then {@link #recall} or
 * {@link #stage}, the job and {@link #commit}, then {@link #publish} and {@link #archive}; {@link #explain} and
 * {@link #reject} in place of the commit where the input is wrong, {@link #retry} wherever the world is. Each step can
 * be cut short by a crash: {@link #recover} and the file's next look bring it to the same end.
 *
 * <p>Thread-safe; a route hands over one file at a time.
 */
public final class DeliveryService implements Gate, StrayListener {

    /** The exchange's property that holds its delivery. */
    static final String DELIVERY = "BuzonDelivery";
    /** The one that holds the key of its content, which the idempotent repository is asked for. */
    private static final String KEY = "BuzonKey";

    private final Settings settings;
    private final Home home;
    private final Ledger ledger;
    private final Staging staging;
    private final Publishing publishing;
    private final FileRetries retries;
    /** Files whose sources have gone where they belong, and whose rows the ledger could not take. */
    private final Queue<LedgerEntry> unwritten = new ConcurrentLinkedQueue<>();

    private final List<DeliveryListener> listeners = new CopyOnWriteArrayList<>();
    private final LeftSources left;
    private final Sources sources;
    private final ForcedSources forced;
    private final SettledFiles settled;
    private final Strays strays;
    private final Duplicates duplicates;
    /** Under which number of the lease this works, or has worked until it was lost. */
    private volatile long lease;

    /** The home's folders are there. */
    public DeliveryService(Settings settings, Ledger ledger) throws IOException {
        this.settings = settings;
        this.home = settings.home();
        this.ledger = ledger;
        this.lease = ledger.leaseNumber();
        this.staging = new Staging(home, settings.routes().values());
        this.publishing = new Publishing(settings, ledger, staging);
        this.left = new LeftSources(ledger, settings.routes().keySet());
        this.sources = new Sources(home, ledger);
        this.forced = new ForcedSources(ledger);
        this.retries = new FileRetries(settings);
        this.settled = new SettledFiles(settings.routes().values(), this, home.instanceFolder());
        this.strays = new Strays(settings.routes().values(), this, home.instanceFolder());
        this.duplicates = new Duplicates(settings, ledger, sources, left);
    }

    /** Before a start, under the lock of the home: frees what a crash left staged on a disk that is full. */
    public static void makeRoom(Settings settings) {
        Publishing.makeRoom(settings);
    }

    public void addListener(DeliveryListener listener) {
        listeners.add(listener);
    }

    /** What cleans up behind these deliveries. */
    public Housekeeping housekeeping() {
        return new Housekeeping(settings, ledger, left, sources);
    }

    /** What chooses the files that are delivered. */
    public SettledFiles settled() {
        return settled;
    }

    /** What looks after all else in the inboxes. */
    public Strays strays() {
        return strays;
    }

    @Override
    public List<SeenFile> unhandled(String route, List<SeenFile> files) throws IOException {
        return left.leaveOut(route, files);
    }

    @Override
    public boolean isDue(Path file, FileIdentity identity) {
        return retries.isDue(file, identity);
    }

    @Override
    public void leftAlone(String route, String name, String kind) {
        listeners.forEach(listener -> listener.leftAlone(route, name, kind));
    }

    @Override
    public void renamed(String route, String name) {
        listeners.forEach(listener -> listener.renamed(route, name));
    }

    /** Rolls committed files forward and throws away what was not committed. Before any route starts. */
    public void recover() throws IOException, SQLException {
        lease = ledger.leaseNumber();
        publishing.recover();
        for (LedgerEntry entry : ledger.unfinished()) {
            rollForward(entry);
        }
        duplicates.recover();
        left.load();
    }

    /**
     * After the last route has stopped: where another daemon works by now, throws away what was staged here and not
     * committed. That one does not look for it.
     */
    public void discard() {
        if (ledger.leaseNumber() == lease) {
            return;
        }
        try {
            publishing.discard(lease);
        } catch (IOException | SQLException e) {
            // The next one to take over throws it away.
        }
    }

    /** Writes down what the ledger could not take when it came to its end, if it can now. */
    public void catchUp() {
        try {
            for (LedgerEntry entry = unwritten.peek(); entry != null; entry = unwritten.peek()) {
                rollForward(entry);
                unwritten.remove(entry);
            }
            duplicates.catchUp();
        } catch (IOException | SQLException e) {
            // Said when it failed first. The next call tries again.
        }
    }

    /**
     * Brings a committed file as far as can be without its next look.
     *
     * @return its row then: still COMMITTED where its source is in the inbox
     */
    private LedgerEntry rollForward(LedgerEntry entry) throws IOException, SQLException {
        RouteSettings route = settings.routes().get(entry.route());
        if (route == null) {
            return entry;
        }
        LedgerEntry published = publishing.publish(route, entry);
        Path source = route.inbox().resolve(entry.source());
        Optional<Path> archived = sources.archived(entry);
        if (archived.isEmpty() && Files.exists(source, LinkOption.NOFOLLOW_LINKS)) {
            return published;
        }
        FileState state;
        if (archived.isPresent()) {
            state = arrived(entry);
        } else {
            state = route.cleanSource() == CleanSource.DELETE ? FileState.DELETED : FileState.GONE;
        }
        if (Files.notExists(source, LinkOption.NOFOLLOW_LINKS)) {
            sources.removeDoneFile(route, source);
        }
        LedgerEntry finished =
                published.finished(state, archived.map(this::relative).orElse(null), Instant.now());
        ledger.update(finished);
        listeners.forEach(listener -> listener.finished(finished));
        return finished;
    }

    /**
     * Keyed: takes the file's identity and the key of its content, if it is still what was chosen. The body becomes a
     * {@link Delivery}.
     */
    public void key(Exchange exchange) throws IOException {
        Instant now = Instant.now();
        StepTimes times = new StepTimes();
        Path source = exchange.getMessage().getBody(File.class).toPath().toAbsolutePath();
        RouteSettings route = settings.route(exchange.getFromRouteId());
        try {
            Optional<FileIdentity> identity = settled.take(route, source);
            if (identity.isEmpty()) {
                strays.isStray(route, source);
                exchange.setRouteStop(true);
                return;
            }
            Delivery delivery = new Delivery(
                    route, source, identity.get(), ContentKey.of(source), now, times, ledger.leaseNumber());
            times.end(Step.KEY);
            exchange.setProperty(DELIVERY, delivery);
            exchange.setProperty(KEY, delivery.getKey());
            exchange.getMessage().setBody(delivery);
            listeners.forEach(listener -> listener.keyed(delivery));
        } catch (NoSuchFileException | NoRegularFileException e) {
            // Its sender took it back, or swapped it, at this very moment.
            strays.isStray(route, source);
            exchange.setRouteStop(true);
        }
    }

    /** Known: tells a leftover of a crash, which goes on where it stopped, from a resend. */
    public void recall(Exchange exchange) throws IOException, SQLException {
        Delivery delivery = delivery(exchange);
        LedgerEntry entry =
                ledger.findKnown(delivery.route().route(), delivery.getKey()).orElseThrow();
        if (entry.state() == FileState.COMMITTED) {
            entry = rollForward(entry);
        }
        boolean same = entry.source().equals(delivery.name());
        if (same && (entry.state() == FileState.COMMITTED || entry.state() == FileState.LEFT)) {
            delivery.entry(entry);
        } else {
            delivery.first(entry);
        }
        delivery.times().end(Step.KNOWN, Step.PUBLISH);
    }

    /** New: gives the job an empty staging. */
    public void stage(Exchange exchange) throws IOException, SQLException {
        Delivery delivery = delivery(exchange);
        ledger.expectHeld();
        delivery.times().end(Step.KNOWN);
        if (staging.holds(delivery.staging()) || staging.holds(delivery.rejectedStaging())) {
            // Of a try that failed, in its commit perhaps: what that commit needs goes only once it can't come back.
            ledger.settle();
            if (ledger.findKnown(delivery.route().route(), delivery.getKey()).isPresent()) {
                throw new IOException("The commit of " + delivery.name() + ", taken for failed, came to its end.");
            }
        }
        delivery.setDisposable(true);
        staging.makeEmpty(delivery.staging());
        staging.clear(delivery.rejectedStaging());
        delivery.times().end(Step.STAGE);
    }

    /**
     * Unchanged? and committed: forces what the job staged, and the source, then writes the file's row and the job's own change in one
     * transaction. The body is the job's {@link Outcome}.
     */
    public void commit(Exchange exchange) throws IOException, SQLException, InvalidPayloadException {
        Delivery delivery = delivery(exchange);
        delivery.times().end(Step.COMPUTE);
        Outcome outcome = exchange.getMessage().getMandatoryBody(Outcome.class);
        if (!isUnchanged(delivery)) {
            exchange.setRouteStop(true);
            return;
        }
        delivery.resultBound().check();
        RouteSettings route = delivery.route();
        SafeName name = delivery.safeName();
        Optional<String> result = staging.result(delivery.staging());
        Path output = null;
        if (result.isPresent()) {
            output = name.freeIn(route.outbox(), delivery.extensionOfResult(result.get()));
            staging.force(delivery.staging());
        }
        Path rejectedOutput = null;
        if (outcome.rejected() > 0) {
            rejectedOutput = name.freeIn(route.rejected(), ".records.jsonl");
            staging.force(delivery.rejectedStaging());
        }
        forced.force(delivery);
        LedgerEntry entry = newEntry(
                delivery,
                outcome,
                output,
                rejectedOutput,
                plannedArchive(delivery, route.archive().resolve(LocalDate.now().toString())),
                null);
        LedgerEntry committed = publishing.commit(delivery, entry, outcome.change(), outcome.resultsInLedger());
        delivery.outcome(outcome.withResults(committed.results()));
        delivery.entry(committed);
        delivery.times().end(Step.COMMIT);
    }

    /** Published: what is staged appears, each with one rename. Nothing where that was done before. */
    public void publish(Exchange exchange) throws IOException, SQLException {
        Delivery delivery = delivery(exchange);
        if (delivery.entry() != null) {
            delivery.entry(publishing.publish(delivery.route(), delivery.entry()));
        }
        delivery.times().end(Step.PUBLISH);
    }

    /** Archived: the source goes where {@code clean-source} says. The end of a file's life. */
    public void archive(Exchange exchange) throws IOException, SQLException {
        Delivery delivery = delivery(exchange);
        if (delivery.route().cleanSource() != CleanSource.DELETE) {
            // One that came again: the others were forced before their commit.
            forced.force(delivery);
        }
        if (delivery.entry() != null) {
            finish(delivery);
        } else {
            putAwayDuplicate(delivery);
        }
        retries.succeeded(delivery.source());
    }

    /** The input is wrong: the body becomes what is to be said of it. */
    public void explain(Exchange exchange) {
        Delivery delivery = delivery(exchange);
        delivery.times().end(Step.COMPUTE);
        Map<String, Object> error = new LinkedHashMap<>();
        error.put("route", delivery.route().route());
        error.put("source", delivery.name());
        error.put("key", delivery.getKey());
        error.put("bytes", delivery.identity().size());
        error.put("reason", reason(exchange));
        error.put("rejectedAt", Instant.now().toString());
        exchange.getMessage().setBody(error);
    }

    /** The input is wrong, and nothing of it can be read: that is committed in place of a result. */
    public void reject(Exchange exchange, @Body byte[] explanation) throws IOException, SQLException {
        Delivery delivery = delivery(exchange);
        if (!isUnchanged(delivery)) {
            exchange.setRouteStop(true);
            return;
        }
        staging.clear(delivery.staging());
        staging.makeEmpty(delivery.rejectedStaging());
        Files.write(delivery.stagedError(), explanation);
        staging.force(delivery.rejectedStaging());
        forced.force(delivery);
        Path rejected = delivery.route().rejected();
        LedgerEntry entry = newEntry(
                delivery,
                null,
                null,
                delivery.safeName().freeIn(rejected, ".error.json"),
                delivery.route().cleanSource() == CleanSource.OFF ? null : plannedIn(rejected, delivery),
                reason(exchange));
        delivery.entry(publishing.commit(delivery, entry, LedgerChange.NONE, false));
        delivery.times().end(Step.COMMIT);
    }

    /** The world is wrong: the file stays and is tried again after a wait. */
    public void retry(Exchange exchange) {
        Throwable cause = exchange.getProperty(Exchange.EXCEPTION_CAUGHT, Throwable.class);
        String name = exchange.getProperty(Exchange.FILE_EXCHANGE_FILE, GenericFile.class)
                .getFileNameOnly();
        RouteSettings route = settings.route(exchange.getFromRouteId());
        Path source = route.inbox().resolve(name);
        Delivery delivery = delivery(exchange);
        if (delivery != null) {
            publishing.discard(delivery);
        }
        if (isOther(delivery)) {
            tellChanged(delivery);
            return;
        }
        if (delivery != null
                && delivery.entry() != null
                && delivery.entry().state() == FileState.COMMITTED
                && Files.notExists(source, LinkOption.NOFOLLOW_LINKS)) {
            // No look at the inbox comes upon it any more.
            unwritten.add(delivery.entry());
        }
        Duration wait = retries.failed(source);
        listeners.forEach(listener -> listener.retrying(route.route(), name, cause, wait));
    }

    private static String reason(Exchange exchange) {
        Throwable caught = exchange.getProperty(Exchange.EXCEPTION_CAUGHT, Throwable.class);
        // From a task, Spark has put it into an exception of its own.
        return ExceptionUtils.throwableOfType(caught, UnreadableFileException.class)
                .getMessage();
    }

    private static Delivery delivery(Exchange exchange) {
        return exchange.getProperty(DELIVERY, Delivery.class);
    }

    private boolean isUnchanged(Delivery delivery) throws IOException {
        boolean unchanged = isAsTaken(delivery);
        if (!unchanged) {
            staging.clear(delivery.staging());
            staging.clear(delivery.rejectedStaging());
            tellChanged(delivery);
        }
        return unchanged;
    }

    /** Whether the source changed before anything of it was committed: nothing is retried. */
    private static boolean isOther(Delivery delivery) {
        try {
            return delivery != null && delivery.entry() == null && delivery.first() == null && !isAsTaken(delivery);
        } catch (IOException e) {
            return false;
        }
    }

    private void tellChanged(Delivery delivery) {
        if (!strays.isStray(delivery.route(), delivery.source())) {
            listeners.forEach(listener -> listener.changed(delivery.route().route(), delivery.name()));
        }
    }

    private static boolean isAsTaken(Delivery delivery) throws IOException {
        return FileIdentity.of(delivery.source()).equals(Optional.of(delivery.identity()));
    }

    private LedgerEntry newEntry(
            Delivery delivery, Outcome outcome, Path output, Path rejectedOutput, Path archived, String error) {
        Instant now = Instant.now();
        return new LedgerEntry(
                delivery.route().route(),
                delivery.getKey(),
                delivery.name(),
                delivery.identity().size(),
                outcome == null ? 0 : outcome.records().count(),
                outcome == null ? 0 : outcome.results().count(),
                outcome == null ? 0 : outcome.rejected(),
                relative(output),
                relative(rejectedOutput),
                relative(archived),
                FileState.COMMITTED,
                outcome == null ? null : outcome.charset(),
                error,
                delivery.startedAt(),
                now,
                delivery.times().millis(),
                0,
                delivery.lease());
    }

    private static Path plannedArchive(Delivery delivery, Path folder) {
        return delivery.route().cleanSource() == CleanSource.ARCHIVE ? plannedIn(folder, delivery) : null;
    }

    private static Path plannedIn(Path folder, Delivery delivery) {
        return delivery.safeName().freeIn(folder, delivery.safeName().extension());
    }

    private void finish(Delivery delivery) throws IOException, SQLException {
        LedgerEntry entry = delivery.entry();
        if (entry.state() == FileState.LEFT) {
            // It was handled long ago, and touched since.
            left.add(delivery, entry);
            return;
        }
        LedgerEntry finished;
        if (entry.archived() != null) {
            Optional<Path> archived = sources.archive(
                    delivery.route(),
                    delivery.source(),
                    delivery.identity(),
                    home.resolve(entry.archived()).getParent(),
                    delivery.safeName());
            finished = entry.finished(
                    archived.isPresent() ? arrived(entry) : FileState.GONE,
                    archived.map(this::relative).orElse(null),
                    Instant.now(),
                    delivery.times().millis());
            ledger.note(finished);
        } else if (delivery.route().cleanSource() == CleanSource.DELETE) {
            sources.delete(delivery.route(), delivery.source(), delivery.identity());
            finished = entry.finished(
                    FileState.DELETED, null, Instant.now(), delivery.times().millis());
            ledger.note(finished);
        } else {
            FileState state = entry.error() == null ? FileState.LEFT : FileState.REJECTED;
            finished =
                    entry.finished(state, null, Instant.now(), delivery.times().millis());
            left.add(delivery, finished);
        }
        delivery.times().end(Step.ARCHIVE);
        for (DeliveryListener listener : listeners) {
            if (finished.error() != null) {
                listener.rejected(delivery, finished);
            } else if (delivery.outcome() != null) {
                listener.handled(delivery, finished, delivery.outcome());
            } else {
                listener.finished(finished);
            }
        }
    }

    private void putAwayDuplicate(Delivery delivery) throws IOException, SQLException {
        String where = duplicates.putAway(delivery);
        delivery.times().end(Step.ARCHIVE);
        listeners.forEach(listener -> listener.duplicate(delivery, delivery.first(), where));
    }

    private static FileState arrived(LedgerEntry entry) {
        return entry.error() == null ? FileState.ARCHIVED : FileState.REJECTED;
    }

    private String relative(Path path) {
        return path == null ? null : home.relative(path);
    }
}
