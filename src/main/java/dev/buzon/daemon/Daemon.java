package dev.buzon.daemon;

import dev.buzon.database.Database;
import dev.buzon.database.Lease;
import dev.buzon.database.SqliteDatabase;
import dev.buzon.delivery.AfterPoll;
import dev.buzon.delivery.Deliveries;
import dev.buzon.delivery.Recovery;
import dev.buzon.delivery.SecondChances;
import dev.buzon.delivery.Snapshots;
import dev.buzon.engine.Engine;
import dev.buzon.home.Home;
import dev.buzon.home.HomeIdentity;
import dev.buzon.home.HomeLock;
import dev.buzon.home.Settings;
import dev.buzon.home.SettingsException;
import dev.buzon.intake.InboxComponent;
import dev.buzon.intake.SettledFiles;
import dev.buzon.jmx.Beans;
import dev.buzon.jmx.LoopbackConnector;
import dev.buzon.jmx.RemoteAccess;
import dev.buzon.jmx.RemoteConnector;
import dev.buzon.jmx.RouteControl;
import dev.buzon.ledger.Ledger;
import dev.buzon.ledger.LedgerHome;
import dev.buzon.ledger.LedgerIdempotentRepository;
import dev.buzon.ledger.LedgerReader;
import dev.buzon.monitor.FileLog;
import dev.buzon.monitor.Meters;
import dev.buzon.monitor.Monitor;
import dev.buzon.monitor.PollErrorLog;
import dev.buzon.spark.FileSplits;
import dev.buzon.spark.SparkComponent;
import dev.buzon.spark.WholeFiles;
import dev.buzon.web.Web;
import java.nio.file.Files;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.apache.camel.CamelContext;
import org.apache.camel.Service;
import org.apache.camel.main.BaseMainSupport;
import org.apache.camel.main.Main;
import org.apache.camel.main.MainListenerSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The running service of one home. Started once, stopped once; {@link #stop} may be called by any thread. */
public final class Daemon {

    private static final Logger LOG = LoggerFactory.getLogger(Daemon.class);

    /** What has started, to be stopped in reverse order. */
    private final Deque<AutoCloseable> started = new ArrayDeque<>();

    private final CompletableFuture<Void> lost = new CompletableFuture<>();

    private Daemon() {}

    /**
     * Starts everything, or stops what had started.
     *
     * @throws dev.buzon.home.SettingsException where the configuration or the home is not fit
     */
    public static Daemon start(Home home, Settings settings) throws Exception {
        Daemon daemon = new Daemon();
        try {
            daemon.startAll(home, settings);
            return daemon;
        } catch (Exception | Error e) {
            try {
                daemon.stop();
            } catch (Exception | Error suppressed) {
                e.addSuppressed(suppressed);
            }
            throw e;
        }
    }

    /** Done when another daemon has taken over: this one is to be stopped then, and may be started anew to stand by. */
    public CompletableFuture<Void> lost() {
        return lost;
    }

    private void startAll(Home home, Settings settings) throws Exception {
        RouteFiles routes = RouteFiles.of(settings.routeDefinitions());
        HomeLock lock = HomeLock.acquire(home, () -> Recovery.makeRoom(settings));
        started.push(lock);
        LockWatch lockWatch = new LockWatch(lock, home);
        started.push(lockWatch);
        Files.deleteIfExists(home.ready());
        home.prepare(settings);
        Optional<RemoteAccess> remote = RemoteAccess.read(settings);
        Database database = Database.of(settings);
        // Beside all that doesn't need it.
        Engine spark = Engine.start(settings);
        started.push(spark);
        Ledger ledger = openLedger(settings, database);
        started.push(ledger);
        boolean inHome = database instanceof SqliteDatabase;
        LedgerHome owner =
                new LedgerHome(ledger, HomeIdentity.of(home, inHome ? LedgerHome.idIn(ledger) : null), inHome);
        owner.expectFit();
        Lease lease = database.lease(() -> Standby.nameOf(home), () -> lost.complete(null));
        started.push(lease);
        ledger.workUnder(lease);
        Deliveries deliveries = new Deliveries(settings, ledger);
        started.push(deliveries.recovery()::discard);
        deliveries.addListener(new FileLog());
        SettledFiles settled = deliveries.settled();
        Monitor monitor = new Monitor(settings, new LedgerReader(database), lease, settled);
        started.push(monitor);
        deliveries.addListener(monitor);
        Main main = new Main();
        RouteControl control = new CamelRoutes(main::getCamelContext, deliveries.replay(), lease);
        started.push(new Beans(monitor, control, deliveries::addListener));
        started.push(LoopbackConnector.start());
        if (remote.isPresent()) {
            started.push(RemoteConnector.start(remote.get()));
        }
        boolean works = lease.take();
        if (works) {
            owner.claim();
            deliveries.recovery().recover();
        }

        LedgerIdempotentRepository repository = new LedgerIdempotentRepository(ledger);
        main.bind("ledger", repository);
        main.bind("delivery", deliveries.steps());
        main.bind("recovery", deliveries.recovery());
        main.bind("housekeeping", deliveries.housekeeping());
        main.bind("snapshots", deliveries.snapshotSteps());
        main.bind("pollErrors", new PollErrorLog());
        main.bind("file", new InboxComponent(settled));
        main.bind("settled", settled);
        main.bind("afterPoll", new AfterPoll(settled, deliveries.snapshotSteps()));
        main.bind("strays", deliveries.strays());
        main.bind("files", new WholeFiles());
        main.bind("splits", new FileSplits());
        Meters meters = new Meters(monitor);
        started.push(meters);
        configure(main, settings, routes, deliveries.snapshots(), works, context -> {
            addService(context, repository);
            monitor.prepare(context, spark::problems, lockWatch::problems);
            meters.prepare(context);
            spark.awaitStart();
            main.bind("spark-sessions", spark);
            SparkComponent component = context.getComponent("spark", SparkComponent.class);
            spark.linkFolder().ifPresent(folder -> component.setLinkFolder(folder.toString()));
            component.setJobRunner(new SecondChances()::run);
        });
        started.push(main::stop);
        started.push(spark::prepareStop);
        routes.start(main);
        monitor.watch(main.getCamelContext());
        startWeb(settings, monitor, ledger, deliveries.snapshots(), meters);

        if (!works) {
            started.push(new Standby(
                    lease, owner, () -> lost.complete(null), deliveries.recovery(), main.getCamelContext()));
        }
        Files.writeString(home.ready(), Long.toString(ProcessHandle.current().pid()));
        started.push(() -> Files.deleteIfExists(home.ready()));
        LOG.info(
                "Buzón {}: {} in {}",
                works ? "is ready" : "stands by, since " + lease.holder() + " works",
                settings.routes().keySet(),
                home.folder());
    }

    /** So that it is seen over JMX. */
    private static void addService(CamelContext context, Service service) {
        try {
            context.addService(service);
        } catch (Exception e) {
            throw new IllegalStateException("It needs no start.", e);
        }
    }

    private static Ledger openLedger(Settings settings, Database database) throws Exception {
        try {
            return Ledger.openAtStart(database);
        } catch (SettingsException e) {
            Recovery.makeRoom(settings);
            return Ledger.openAtStart(database);
        }
    }

    private void startWeb(Settings settings, Monitor monitor, Ledger ledger, Snapshots snapshots, Meters meters) {
        int port = Integer.parseInt(settings.get("buzon.web.port"));
        if (port > 0) {
            Web.start(port, settings.home(), monitor, ledger, snapshots, meters::scrape)
                    .ifPresent(started::push);
        }
    }

    /**
     * @param works whether the routes start at once
     * @param beforeStart is called once the routes are loaded
     */
    private static void configure(
            Main main,
            Settings settings,
            RouteFiles routes,
            Snapshots snapshots,
            boolean works,
            Consumer<CamelContext> beforeStart) {
        main.setDefaultPropertyPlaceholderLocation("false");
        main.setOverrideProperties(settings.placeholders());
        settings.withPrefix("camel.").forEach(main::addInitialProperty);
        main.configure()
                .withName("buzon")
                .withAutoStartup(works)
                .withShutdownTimeout((int)
                        Math.max(1, settings.duration("buzon.stop-timeout").toSeconds()))
                .withShutdownLogInflightExchangesOnTimeout(false)
                // A table of a million people.
                .withStreamCachingSpoolEnabled(true)
                .withStreamCachingSpoolDirectory(
                        settings.home().temporary().resolve("camel").toString())
                .withSourceLocationEnabled(true)
                .withRoutesCollectorEnabled(false);
        // The monitor has checks of its own of both.
        main.configure().health().withRoutesEnabled(false).setConsumersEnabled(false);
        main.addMainListener(new MainListenerSupport() {
            @Override
            public void afterConfigure(BaseMainSupport configured) {
                Polls.scheduleIn(configured.getCamelContext());
                routes.load(configured.getCamelContext(), snapshots);
                beforeStart.accept(configured.getCamelContext());
            }
        });
    }

    /** Stops in reverse order of the start: Camel with the files in hand, then the ledger and Spark. */
    public synchronized void stop() throws Exception {
        Throwable failure = null;
        while (!started.isEmpty()) {
            try {
                started.pop().close();
            } catch (Exception | Error e) {
                if (failure == null) {
                    failure = e;
                } else {
                    failure.addSuppressed(e);
                }
            }
        }
        if (failure instanceof Error error) {
            throw error;
        }
        if (failure instanceof Exception exception) {
            throw exception;
        }
    }
}
