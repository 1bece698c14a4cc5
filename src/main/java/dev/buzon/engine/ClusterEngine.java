package dev.buzon.engine;

import dev.buzon.engine.StandaloneMaster.State;
import dev.buzon.engine.StandaloneMaster.UnreachableException;
import dev.buzon.home.BackOff;
import dev.buzon.home.DaemonThreads;
import dev.buzon.home.Settings;
import dev.buzon.home.SettingsException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.apache.commons.lang3.exception.ExceptionUtils;
import org.apache.spark.SparkConf;
import org.apache.spark.SparkContext;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.storage.BlockManagerId;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import scala.jdk.javaapi.CollectionConverters;

/**
 * Spark on a cluster. Looks after it once a second: a session that has lost its cluster is ended, so that the jobs in hand
 * fail and their files wait, and a new one is made as soon as the cluster is there again. While the Master is away no job
 * is begun; one that runs on executors that live goes on to its end.
 */
final class ClusterEngine implements Engine {

    private static final Logger LOG = LoggerFactory.getLogger(Engine.class);

    private static final Duration LOOK_EVERY = Duration.ofSeconds(1);
    /** What a stop waits for a session that is being made. */
    private static final Duration LONGEST_CLOSE = Duration.ofSeconds(5);

    private final SparkConf conf;
    private final Optional<StandaloneMaster> master;
    private final SharedFolders folders;
    private final LocalFolders local;
    private final Duration executorWait;
    private final BackOff<ClusterEngine> starts;
    private final ScheduledExecutorService clock =
            Executors.newSingleThreadScheduledExecutor(DaemonThreads.named("spark-cluster"));
    /** For what may have to wait for an executor. */
    private final ExecutorService prober = Executors.newSingleThreadExecutor(DaemonThreads.named("spark-folders"));

    private final CompletableFuture<Void> begun = new CompletableFuture<>();
    private volatile boolean stagingIsQuiet;
    private volatile SparkSession session;
    private volatile List<String> problems = List.of("Spark is starting.");
    /** What could take the place of an executor that is lost is away. */
    private volatile boolean masterIsAway;
    /** No executor for too long: there is no use in giving it jobs. */
    private volatile boolean forsaken;

    private String startFailure;
    private String traced;
    private long hadExecutor = System.nanoTime();
    private CompletableFuture<Void> check = CompletableFuture.completedFuture(null);
    /** By executor, what is wrong with the folders that it sees. */
    private final ConcurrentMap<String, List<String>> checked = new ConcurrentHashMap<>();
    /** Null where nothing kept the last check from being made. */
    private volatile String checkFailure;

    ClusterEngine(SparkConf conf, Settings settings) {
        this.conf = conf;
        this.master = StandaloneMaster.of(conf);
        this.folders = new SharedFolders(settings);
        this.local = new LocalFolders(settings.home().temporary());
        this.executorWait = settings.duration("buzon.spark.executor-wait");
        this.starts = new BackOff<>(settings);
        clock.scheduleWithFixedDelay(this::look, 0, LOOK_EVERY.toMillis(), TimeUnit.MILLISECONDS);
    }

    @Override
    public SparkSession session() {
        SparkSession now = session;
        if (now == null || masterIsAway || forsaken) {
            List<String> why = problems;
            throw new IllegalStateException(why.isEmpty() ? "Spark has lost its cluster." : String.join(" ", why));
        }
        local.makeMissing(now.sparkContext());
        return now;
    }

    @Override
    public void awaitStart() {
        stagingIsQuiet = true;
        try {
            begun.join();
        } catch (CompletionException e) {
            throw e.getCause() instanceof RuntimeException cause ? cause : e;
        }
    }

    /** Where a crash leaves a link, the next start clears it. */
    @Override
    public Optional<Path> linkFolder() {
        return folders.written();
    }

    @Override
    public List<String> problems() {
        return problems;
    }

    private void look() {
        List<String> found = new ArrayList<>();
        try {
            Optional<State> state = askMaster(found);
            masterIsAway = !found.isEmpty();
            Map<String, String> executors = executors();
            if (session != null && isLost(state, executors)) {
                endSession();
            }
            if (session == null && found.isEmpty()) {
                startSession(found);
                executors = executors();
            }
            if (session != null) {
                lookAfter(executors, state, found);
            }
            if (!found.isEmpty() && session == null) {
                begun.complete(null);
            }
        } catch (Throwable e) {
            // It would be the last look.
            tellTrace(e);
            found.add(inWords(e));
            begun.completeExceptionally(e);
        }
        tell(found);
    }

    /** Once for each kind of what nobody expected. */
    private void tellTrace(Throwable failure) {
        String kind = failure.toString();
        if (!(failure instanceof SettingsException) && !kind.equals(traced)) {
            traced = kind;
            LOG.error("Spark's cluster can't be looked after, and is looked at again", failure);
        }
    }

    private static String inWords(Throwable failure) {
        return failure instanceof SettingsException
                ? failure.getMessage()
                : "Spark can't be used: " + ExceptionUtils.getRootCauseMessage(failure);
    }

    private Optional<State> askMaster(List<String> found) {
        try {
            return master.isPresent() ? Optional.of(master.get().state()) : Optional.empty();
        } catch (UnreachableException e) {
            found.add(e.getMessage());
            return Optional.empty();
        }
    }

    private boolean isLost(Optional<State> state, Map<String, String> executors) {
        SparkContext context = session.sparkContext();
        if (context.isStopped()) {
            return true;
        }
        return state.map(known -> !known.applications().contains(context.applicationId()))
                .orElse(masterIsAway && executors.isEmpty());
    }

    private void startSession(List<String> found) {
        if (!starts.isDue(this)) {
            found.add(startFailure);
            return;
        }
        try {
            session = Sessions.on(new SparkContext(conf));
            starts.succeeded(this);
            hadExecutor = System.nanoTime();
        } catch (Throwable e) {
            starts.failed(this);
            startFailure = inWords(e);
            throw e;
        }
    }

    private void endSession() {
        SparkSession ended = session;
        session = null;
        checked.clear();
        if (ended != null) {
            ended.stop();
        }
    }

    private void lookAfter(Map<String, String> executors, Optional<State> state, List<String> found) {
        SparkContext context = session.sparkContext();
        long now = System.nanoTime();
        boolean idle = conf.getBoolean("spark.dynamicAllocation.enabled", false)
                && context.statusTracker().getActiveJobIds().length == 0;
        if (!executors.isEmpty() || idle && begun.isDone()) {
            hadExecutor = now;
        } else {
            found.add(noExecutor(state));
        }
        forsaken = now - hadExecutor > executorWait.toNanos();
        if (forsaken) {
            context.cancelAllJobs();
            begun.complete(null);
        }
        checked.keySet().retainAll(executors.keySet());
        checked.values().forEach(found::addAll);
        if (checkFailure != null) {
            found.add(checkFailure);
            begun.complete(null);
        }
        if (!executors.isEmpty() && checked.keySet().containsAll(executors.keySet())) {
            if (checked.values().stream().allMatch(List::isEmpty)) {
                begun.complete(null);
            } else {
                begun.completeExceptionally(new SettingsException(found));
            }
        } else if (!executors.isEmpty() && stagingIsQuiet && check.isDone()) {
            check = CompletableFuture.runAsync(() -> check(context, executors), prober);
        }
    }

    private String noExecutor(Optional<State> state) {
        if (state.isPresent() && state.get().workers() == 0) {
            return "Spark has no executor: its Master has no Worker.";
        }
        return forsaken
                ? "Spark gets no executor: the cluster's cores or memory are taken, or executors end as soon as they"
                        + " start, as their logs say."
                : "Spark waits for an executor.";
    }

    private void check(SparkContext context, Map<String, String> executors) {
        try {
            executors.keySet().removeAll(checked.keySet());
            checked.putAll(folders.check(context, executors));
            checkFailure = null;
        } catch (Throwable e) {
            // The next look tries again.
            checkFailure = context.isStopped() ? null : inWords(e);
        }
    }

    /** By id, the hosts of those that are given tasks: one that was given up may still say that it has blocks. */
    private Map<String, String> executors() {
        Map<String, String> executors = new TreeMap<>();
        if (session != null && !session.sparkContext().isStopped()) {
            SparkContext context = session.sparkContext();
            Set<String> used = Set.copyOf(CollectionConverters.asJava(context.getExecutorIds()));
            for (BlockManagerId id : CollectionConverters.asJava(
                    context.env().blockManager().master().getMemoryStatus().keys())) {
                if (used.contains(id.executorId())) {
                    executors.put(id.executorId(), id.host());
                }
            }
        }
        return executors;
    }

    private void tell(List<String> found) {
        if (!found.equals(problems)) {
            if (found.isEmpty()) {
                LOG.info("Spark's cluster is there");
            } else {
                LOG.warn("{}", String.join(" ", found));
            }
            problems = List.copyOf(found);
        }
    }

    @Override
    public void prepareStop() {
        SparkSession now = session;
        if (now != null && executors().isEmpty()) {
            now.sparkContext().cancelAllJobs();
        }
    }

    @Override
    public void close() {
        clock.shutdownNow();
        prober.shutdownNow();
        try {
            clock.awaitTermination(LONGEST_CLOSE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        endSession();
        master.ifPresent(StandaloneMaster::close);
    }
}
