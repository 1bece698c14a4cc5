package dev.buzon.delivery;

import dev.buzon.home.CleanSource;
import dev.buzon.home.RouteSettings;
import dev.buzon.intake.ContentKey;
import dev.buzon.intake.FileIdentity;
import dev.buzon.intake.NoRegularFileException;
import dev.buzon.intake.SettledFiles;
import dev.buzon.intake.Strays;
import dev.buzon.job.InputFile;
import dev.buzon.job.Outcome;
import dev.buzon.ledger.FileState;
import dev.buzon.ledger.Ledger;
import dev.buzon.ledger.LedgerEntry;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The life of a batch of files, step by step: {@link #claim}, {@link #recall}, {@link #stage}, its job, {@link #commit},
 * {@link #publish} and {@link #archive}; {@link #retry} if one of them fails. Each step can be cut short by a crash:
 * {@link Recovery} and the next look at the inbox bring each file to the same end.
 *
 * <p>Thread-safe; a route has one batch at a time.
 */
final class Lifecycle {

    private final Ledger ledger;
    private final Staging staging;
    private final Publishing publishing;
    private final Committing committing;
    private final Archiving archiving;
    private final Duplicates duplicates;
    private final LeftSources left;
    private final Recovery recovery;
    private final ForcedSources forced;
    private final SettledFiles settled;
    private final Strays strays;
    private final FileRetries retries;
    private final DeliveryListener listener;
    private final Surroundings surroundings;
    private final Parallel parallel;
    private final Snapshots snapshots;

    Lifecycle(Deliveries parts, SettledFiles settled, Strays strays) {
        this.ledger = parts.ledger;
        this.staging = parts.staging;
        this.publishing = parts.publishing;
        this.committing = parts.committing;
        this.archiving = parts.archiving;
        this.duplicates = parts.duplicates;
        this.recovery = parts.recovery;
        this.left = parts.left;
        this.forced = parts.forced;
        this.retries = parts.retries;
        this.listener = parts.listeners;
        this.surroundings = parts.surroundings;
        this.parallel = parts.parallel;
        this.snapshots = parts.snapshots;
        this.settled = settled;
        this.strays = strays;
    }

    /** A source that was looked at; there is no delivery if it is not to be taken now. */
    private record Claimed(Path source, Delivery delivery, boolean mayBeStray, IOException failure) {}

    /**
     * Looks at each source once more, and takes the identity and the key of its content, if it is still what was chosen.
     *
     * @param sources in the inbox of the route
     * @return a batch of those that are to be handled now; it may have none
     * @throws IOException if the only source can't be read; others wait for their retries
     */
    Batch claim(RouteSettings route, List<Path> sources) throws IOException {
        Batch batch = new Batch(route, ledger.leaseNumber(), surroundings);
        for (Claimed claimed : parallel.map(sources, source -> claim(batch, source))) {
            if (claimed.delivery != null) {
                batch.add(claimed.delivery);
            } else if (claimed.mayBeStray) {
                strays.isStray(route, claimed.source);
            } else if (claimed.failure != null && sources.size() == 1) {
                throw claimed.failure;
            } else if (claimed.failure != null) {
                retryLater(route, claimed.source, claimed.failure);
            }
        }
        batch.times().end(Step.KEY);
        batch.deliveries().forEach(listener::keyed);
        return batch;
    }

    private Claimed claim(Batch batch, Path source) {
        try {
            Optional<FileIdentity> identity = settled.take(batch.route(), source);
            return identity.isEmpty()
                    ? new Claimed(source, null, true, null)
                    : new Claimed(
                            source, new Delivery(batch, source, identity.get(), ContentKey.of(source)), false, null);
        } catch (NoSuchFileException | NoRegularFileException e) {
            // Its sender took it back, or swapped it, at this very moment.
            return new Claimed(source, null, true, null);
        } catch (IOException e) {
            return new Claimed(source, null, false, e);
        }
    }

    /** Tells new files from resends, and from leftovers of a crash, which go on where they stopped. */
    void recall(Batch batch) throws IOException, SQLException {
        Map<String, LedgerEntry> known = ledger.findKnown(
                batch.route().id(),
                batch.deliveries().stream().map(Delivery::key).toList());
        boolean begun = known.values().stream().anyMatch(entry -> entry.state() == FileState.COMMITTED);
        Map<String, Delivery> twins = new HashMap<>();
        for (Delivery delivery : batch.deliveries()) {
            LedgerEntry entry = known.get(delivery.key());
            if (entry != null) {
                recall(delivery, entry, known);
            } else {
                delivery.twin(twins.putIfAbsent(delivery.key(), delivery));
            }
        }
        if (begun) {
            discardEarlierTries(batch);
        }
        if (batch.newOnes().isEmpty()) {
            batch.times().end(Step.KNOWN, Step.PUBLISH);
        }
    }

    private void recall(Delivery delivery, LedgerEntry found, Map<String, LedgerEntry> known)
            throws IOException, SQLException {
        LedgerEntry entry = found;
        if (entry.state() == FileState.COMMITTED) {
            entry = recovery.rollForward(entry);
            snapshots.setChanged(entry.route());
            known.put(entry.key(), entry);
        }
        boolean same = entry.source().equals(delivery.name());
        if (same && entry.state() == FileState.COMMITTED) {
            delivery.leftover(entry);
            recovery.takeUp(entry);
        } else if (same && entry.state() == FileState.LEFT || left.has(entry.route(), delivery.source(), entry.key())) {
            delivery.touched(entry);
        } else {
            delivery.first(entry);
        }
    }

    /** What committed files needed of them is published by now, and what a commit needs that may still come stays. */
    private void discardEarlierTries(Batch batch) throws IOException, SQLException {
        ledger.expectHeld();
        if (ledger.isInDoubt()) {
            ledger.resolveDoubt();
        }
        publishing.discard(batch.route(), batch.lease());
    }

    /**
     * Gives the job of new files an empty staging.
     *
     * @return what the job is handed
     */
    List<InputFile> stage(Batch batch) throws IOException, SQLException {
        ledger.expectHeld();
        batch.times().end(Step.KNOWN);
        if (staging.holdsAny(batch.route()) || ledger.isInDoubt()) {
            // Of a try that failed, in its commit perhaps: what that commit needs goes only once it can't come back.
            ledger.resolveDoubt();
            expectUnknown(batch);
            publishing.discard(batch.route(), batch.lease());
        }
        batch.setDisposable(true);
        staging.make(batch);
        batch.times().end(Step.STAGE);
        return batch.newOnes().stream().map(Delivery::input).toList();
    }

    private void expectUnknown(Batch batch) throws IOException, SQLException {
        List<Delivery> newOnes = batch.newOnes();
        Map<String, LedgerEntry> known = ledger.findKnown(
                batch.route().id(), newOnes.stream().map(Delivery::key).toList());
        for (Delivery delivery : newOnes) {
            if (known.containsKey(delivery.key())) {
                throw new IOException("The commit of " + delivery.name() + ", taken for failed, came to its end.");
            }
        }
    }

    /**
     * Commits the new files that are still what they were when they were claimed: the point of no return.
     *
     * @param outcomes what the job says of each new file, in the order in which it was handed them
     */
    void commit(Batch batch, List<Outcome> outcomes, Committing.Explanation explanation)
            throws IOException, SQLException {
        batch.times().end(Step.COMPUTE);
        List<Delivery> handed = batch.newOnes();
        if (outcomes.size() != handed.size()) {
            throw new IllegalStateException(
                    "The job of the route " + batch.route().id() + " was handed " + handed.size()
                            + " files, and says of " + outcomes.size() + " what became of them.");
        }
        List<Delivery> unchanged = new ArrayList<>();
        List<Outcome> ofUnchanged = new ArrayList<>();
        List<Delivery> changed = new ArrayList<>();
        for (int i = 0; i < handed.size(); i++) {
            if (outcomes.get(i) == null) {
                throw new IllegalStateException(
                        "The job of the route " + batch.route().id() + " does not say what became of "
                                + handed.get(i).name() + ".");
            }
            if (handed.get(i).isAsTaken()) {
                unchanged.add(handed.get(i));
                ofUnchanged.add(outcomes.get(i));
            } else {
                changed.add(handed.get(i));
            }
        }
        changed.forEach(this::tellChanged);
        batch.remove(changed);
        if (!unchanged.isEmpty()) {
            committing.commit(batch, unchanged, ofUnchanged, explanation);
            if (unchanged.stream().anyMatch(Lifecycle::changesTable)) {
                snapshots.setChanged(batch.route().id());
            }
        }
        // A twin of a file that is not committed waits for a later batch.
        List<Delivery> waiting = new ArrayList<>();
        for (Delivery delivery : batch.deliveries()) {
            if (delivery.twin() != null && delivery.twin().entry() != null) {
                delivery.first(delivery.twin().entry());
            } else if (delivery.twin() != null) {
                waiting.add(delivery);
            }
        }
        batch.remove(waiting);
        batch.times().end(Step.COMMIT);
    }

    private static boolean changesTable(Delivery delivery) {
        Outcome.Handled outcome = delivery.outcome();
        return outcome != null && outcome.changeIsResult() && outcome.results().count() > 0;
    }

    /** Publishes what is staged, each file with one rename. */
    void publish(Batch batch) throws IOException, SQLException {
        List<Delivery> committed =
                batch.deliveries().stream().filter(Delivery::isCommitted).toList();
        List<LedgerEntry> published = publishing.publish(
                batch, committed.stream().map(Delivery::entry).toList());
        for (int i = 0; i < committed.size(); i++) {
            committed.get(i).committed(published.get(i));
        }
        batch.times().end(Step.PUBLISH);
    }

    /** Has the sources go where {@code clean-source} says. The end of the files' lives. */
    void archive(Batch batch) throws IOException, SQLException {
        letGoOfChangedDuplicates(batch);
        if (batch.route().cleanSource() != CleanSource.DELETE) {
            // Those that came again: the others were forced before their commit.
            parallel.forEach(
                    batch.deliveries().stream().filter(Delivery::isThere).toList(), forced::force);
        }
        List<Delivery> own = batch.deliveries().stream()
                .filter(delivery -> delivery.entry() != null)
                .toList();
        List<Delivery> again = batch.deliveries().stream()
                .filter(delivery -> delivery.first() != null)
                .toList();
        Map<Delivery, LedgerEntry> finished = own.isEmpty() ? Map.of() : archiving.finish(own);
        end(batch, own);
        own.stream().filter(finished::containsKey).forEach(delivery -> tell(delivery, finished.get(delivery)));
        List<String> places = again.isEmpty() ? List.of() : duplicates.putAway(again);
        end(batch, again);
        for (int i = 0; i < again.size(); i++) {
            listener.duplicate(again.get(i), again.get(i).first(), places.get(i));
        }
    }

    /** They were not looked at since they were claimed, and the job may have taken long since then. */
    private void letGoOfChangedDuplicates(Batch batch) throws IOException {
        parallel.forEach(batch.deliveries(), Delivery::lookAgain);
        List<Delivery> changed = batch.deliveries().stream()
                .filter(delivery -> delivery.first() != null && !delivery.isThere())
                .toList();
        changed.forEach(this::tellChanged);
        batch.remove(changed);
    }

    private void end(Batch batch, List<Delivery> deliveries) {
        batch.times().end(Step.ARCHIVE);
        for (Delivery delivery : deliveries) {
            delivery.setDone();
            retries.succeeded(delivery.source());
        }
    }

    private void tell(Delivery delivery, LedgerEntry finished) {
        if (finished.error() != null) {
            listener.rejected(delivery, finished);
        } else if (delivery.outcome() != null) {
            listener.handled(delivery, finished, delivery.outcome());
        } else {
            listener.finished(finished);
        }
    }

    /**
     * Has files wait and be tried again, as the world is wrong. Files that failed together are tried one by one, so that
     * one of them holds nobody up.
     *
     * @param sources that the batch was to have
     * @param batch null if it failed before there was one
     */
    void retry(RouteSettings route, List<Path> sources, Batch batch, Throwable cause) {
        if (batch != null) {
            recovery.failed(batch);
        }
        List<Path> waiting = batch == null
                ? sources
                : batch.deliveries().stream()
                        .filter(this::isToBeRetried)
                        .map(Delivery::source)
                        .toList();
        if (sources.size() == 1) {
            waiting.forEach(source -> retryLater(route, source, cause));
        } else if (!waiting.isEmpty()) {
            retries.separate(waiting);
            listener.separated(route.id(), waiting.size(), cause);
        }
    }

    private boolean isToBeRetried(Delivery delivery) {
        if (delivery.isDone()) {
            return false;
        }
        if (isOther(delivery)) {
            tellChanged(delivery);
            return false;
        }
        if (delivery.entry() != null && delivery.entry().state() == FileState.COMMITTED) {
            recovery.leaveUnfinished(delivery.entry());
        }
        return true;
    }

    private void retryLater(RouteSettings route, Path source, Throwable cause) {
        listener.retrying(route.id(), source.getFileName().toString(), cause, retries.failed(source));
    }

    /** Whether the source changed before anything of it was committed: nothing is retried. */
    private static boolean isOther(Delivery delivery) {
        try {
            return delivery.entry() == null && delivery.first() == null && !delivery.isAsTaken();
        } catch (IOException e) {
            return false;
        }
    }

    private void tellChanged(Delivery delivery) {
        if (!strays.isStray(delivery.route(), delivery.source())) {
            listener.changed(delivery.route().id(), delivery.name());
        }
    }
}
