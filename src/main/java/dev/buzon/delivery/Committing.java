package dev.buzon.delivery;

import dev.buzon.home.CleanSource;
import dev.buzon.home.Home;
import dev.buzon.home.OpenFolder;
import dev.buzon.home.RouteSettings;
import dev.buzon.job.LedgerChange;
import dev.buzon.job.Outcome;
import dev.buzon.job.UnreadableFileException;
import dev.buzon.ledger.FileState;
import dev.buzon.ledger.Ledger;
import dev.buzon.ledger.LedgerEntry;
import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The commit of a batch: what its job staged, and the sources, are forced to disk; then the rows of its files and the
 * changes of its job are written in one transaction. Thread-safe.
 */
final class Committing {

    private static final String ERROR = ".error.json";

    /** What there is of a single file is forced sooner than other threads are awake. */
    private static final Parallel ONE_BY_ONE = new Parallel(Runnable::run);

    private final Home home;
    private final Ledger ledger;
    private final Staging staging;
    private final ForcedSources forced;
    private final Parallel parallel;

    Committing(Home home, Ledger ledger, Staging staging, ForcedSources forced, Parallel parallel) {
        this.home = home;
        this.ledger = ledger;
        this.staging = staging;
        this.forced = forced;
        this.parallel = parallel;
    }

    /** Writes what is to be said of a file of which nothing can be read. */
    @FunctionalInterface
    interface Explanation {
        void write(Map<String, Object> said, OutputStream to) throws IOException;
    }

    /** Something to be forced to disk. */
    private interface Force {
        void force() throws IOException;
    }

    /** Commits the new files of a batch, of which its job has said what the outcomes say, in the same order. */
    void commit(Batch batch, List<Delivery> deliveries, List<Outcome> outcomes, Explanation explanation)
            throws IOException, SQLException {
        Map<String, List<Staging.Staged>> results = byKey(batch.staging());
        Map<String, List<Staging.Staged>> bad = byKey(batch.rejectedStaging());
        // Two files may have the same safe name.
        Set<Path> planned = new HashSet<>();
        List<Ledger.Commit> commits = new ArrayList<>();
        for (int i = 0; i < deliveries.size(); i++) {
            Delivery delivery = deliveries.get(i);
            List<Staging.Staged> result = results.getOrDefault(delivery.key(), List.of());
            List<Staging.Staged> records = bad.getOrDefault(delivery.key(), List.of());
            Outcome outcome = checked(delivery, outcomes.get(i), result, records);
            if (outcome instanceof Outcome.Handled handled) {
                delivery.outcome(handled);
                commits.add(new Ledger.Commit(
                        handled(delivery, handled, result, planned), handled.change(), handled.changeIsResult()));
            } else if (outcome instanceof Outcome.Unreadable unreadable) {
                remove(batch.staging(), result);
                remove(batch.rejectedStaging(), records);
                results.remove(delivery.key());
                explain(delivery, unreadable, explanation);
                commits.add(new Ledger.Commit(unreadable(delivery, unreadable, planned), LedgerChange.NONE, false));
            }
        }
        force(batch, deliveries, results.values().stream().flatMap(List::stream).toList());
        List<LedgerEntry> committed = commit(batch, commits);
        for (int i = 0; i < deliveries.size(); i++) {
            Delivery delivery = deliveries.get(i);
            delivery.committed(committed.get(i));
            if (delivery.outcome() != null) {
                delivery.outcome(delivery.outcome().withResults(committed.get(i).results()));
            }
        }
    }

    /** What is staged is needed from then on, unless the commit surely failed. */
    private List<LedgerEntry> commit(Batch batch, List<Ledger.Commit> commits) throws IOException, SQLException {
        batch.setDisposable(false);
        try {
            return ledger.commit(commits);
        } catch (SQLException | IOException | RuntimeException e) {
            if (ledger.isInDoubt()) {
                commits.forEach(commit -> batch.perhapsCommitted().add(commit.entry()));
            } else {
                batch.setDisposable(true);
            }
            throw e;
        }
    }

    private Map<String, List<Staging.Staged>> byKey(Path folder) throws IOException {
        return staging.in(folder).stream().collect(Collectors.groupingBy(Staging.Staged::key));
    }

    /** A file whose results take too much can't be read, whatever its job says. */
    private static Outcome checked(
            Delivery delivery, Outcome outcome, List<Staging.Staged> result, List<Staging.Staged> records)
            throws IOException {
        long bytes = 0;
        for (List<Staging.Staged> all : List.of(result, records)) {
            for (Staging.Staged staged : all) {
                bytes += staged.bytes();
            }
        }
        try {
            delivery.input().bound().check(bytes);
            return outcome;
        } catch (UnreadableFileException e) {
            return Outcome.unreadable(e.getMessage());
        }
    }

    private LedgerEntry handled(
            Delivery delivery, Outcome.Handled outcome, List<Staging.Staged> result, Set<Path> planned)
            throws IOException {
        RouteSettings route = delivery.route();
        SafeName name = delivery.safeName();
        Path archive = route.archive().resolve(delivery.batch().time().today().toString());
        return entry(
                delivery,
                new LedgerEntry.Counts(
                        outcome.records().count(),
                        outcome.results().count(),
                        outcome.badRecords().count()),
                new LedgerEntry.Places(
                        result.isEmpty()
                                ? null
                                : home.relative(name.freeIn(
                                        route.outbox(), result.get(0).extension(), planned)),
                        outcome.badRecords().count() == 0
                                ? null
                                : home.relative(name.freeIn(route.rejected(), ".records.jsonl", planned)),
                        route.cleanSource() == CleanSource.ARCHIVE
                                ? home.relative(name.freeIn(archive, name.extension(), planned))
                                : null),
                outcome.charset(),
                null);
    }

    private LedgerEntry unreadable(Delivery delivery, Outcome.Unreadable outcome, Set<Path> planned)
            throws IOException {
        RouteSettings route = delivery.route();
        SafeName name = delivery.safeName();
        return entry(
                delivery,
                LedgerEntry.Counts.NONE,
                new LedgerEntry.Places(
                        null,
                        home.relative(name.freeIn(route.rejected(), ERROR, planned)),
                        route.cleanSource() == CleanSource.OFF
                                ? null
                                : home.relative(name.freeIn(route.rejected(), name.extension(), planned))),
                null,
                outcome.reason());
    }

    private static LedgerEntry entry(
            Delivery delivery, LedgerEntry.Counts counts, LedgerEntry.Places places, String charset, String error) {
        return new LedgerEntry(
                delivery.route().id(),
                delivery.key(),
                delivery.name(),
                delivery.identity().size(),
                counts,
                places,
                FileState.COMMITTED,
                charset,
                error,
                new LedgerEntry.Span(
                        delivery.startedAt(),
                        delivery.batch().time().now(),
                        delivery.times().millis()),
                0,
                delivery.batch().lease());
    }

    /** Stages what is to be said of a file. */
    private void explain(Delivery delivery, Outcome.Unreadable outcome, Explanation explanation) throws IOException {
        Batch batch = delivery.batch();
        Map<String, Object> said = new LinkedHashMap<>();
        said.put("route", delivery.route().id());
        said.put("source", delivery.name());
        said.put("key", delivery.key());
        said.put("bytes", delivery.identity().size());
        said.put("reason", outcome.reason());
        said.put("rejectedAt", batch.time().now().toString());
        staging.makeRejected(batch);
        try (StagedFolder folder = new StagedFolder(batch.rejectedStaging());
                FileChannel file = folder.files.create(delivery.key() + ERROR)) {
            explanation.write(said, Channels.newOutputStream(file));
        }
    }

    /** Removes what a job staged of a file. */
    private void remove(Path folder, List<Staging.Staged> all) throws IOException {
        if (!all.isEmpty()) {
            try (StagedFolder batch = new StagedFolder(folder)) {
                for (Staging.Staged staged : all) {
                    batch.files.clear(staged.name());
                }
            }
        }
    }

    /** Forces the sources, what is staged, and the folders that hold what is staged, each once. */
    private void force(Batch batch, List<Delivery> deliveries, Collection<Staging.Staged> results) throws IOException {
        Collection<Staging.Staged> rejected = staging.in(batch.rejectedStaging());
        Parallel force = deliveries.size() > 1 ? parallel : ONE_BY_ONE;
        try (StagedFolder forResults = results.isEmpty() ? null : new StagedFolder(batch.staging());
                StagedFolder forRejected = rejected.isEmpty() ? null : new StagedFolder(batch.rejectedStaging())) {
            List<Force> files = new ArrayList<>();
            deliveries.forEach(delivery -> files.add(() -> forced.force(delivery)));
            results.forEach(staged -> files.add(() -> forResults.files.force(staged.name())));
            rejected.forEach(staged -> files.add(() -> forRejected.files.force(staged.name())));
            force.forEach(files, Force::force);
            List<Force> folders = new ArrayList<>();
            for (StagedFolder folder : Arrays.asList(forResults, forRejected)) {
                if (folder != null) {
                    folders.add(folder.files::force);
                    folders.add(folder.all::force);
                }
            }
            force.forEach(folders, Force::force);
        }
    }

    /** The folder of a batch, held open, and the one that it is in. */
    private final class StagedFolder implements Closeable {

        private final OpenFolder all;
        private final OpenFolder files;

        StagedFolder(Path folder) throws IOException {
            all = staging.open(folder.getParent());
            try {
                files = all.open(folder.getFileName().toString());
            } catch (IOException e) {
                all.close();
                throw e;
            }
        }

        @Override
        public void close() throws IOException {
            try (all) {
                files.close();
            }
        }
    }
}
