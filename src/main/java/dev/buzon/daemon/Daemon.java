package dev.buzon.daemon;

import dev.buzon.delivery.DeliveryService;
import dev.buzon.delivery.Ledger;
import dev.buzon.delivery.LedgerIdempotentRepository;
import dev.buzon.home.Home;
import dev.buzon.home.HomeLock;
import dev.buzon.home.Settings;
import dev.buzon.intake.SettledFiles;
import dev.buzon.monitor.FileLog;
import dev.buzon.monitor.RouteProgress;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.stream.Stream;
import org.apache.camel.CamelContext;
import org.apache.camel.main.BaseMainSupport;
import org.apache.camel.main.Main;
import org.apache.camel.main.MainListenerSupport;
import org.apache.camel.spi.Resource;
import org.apache.camel.support.PluginHelper;
import org.apache.camel.support.ResourceHelper;
import org.apache.spark.sql.SparkSession;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The running service of one home. Started once, stopped once; {@link #stop} may be called by any thread. */
public final class Daemon {

    private static final Logger LOG = LoggerFactory.getLogger(Daemon.class);

    /** What has started, to be stopped in reverse order. */
    private final Deque<AutoCloseable> started = new ArrayDeque<>();

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
            } catch (Exception suppressed) {
                e.addSuppressed(suppressed);
            }
            throw e;
        }
    }

    private void startAll(Home home, Settings settings) throws Exception {
        started.push(HomeLock.acquire(home));
        Files.deleteIfExists(home.ready());
        home.prepare(settings);
        Ledger ledger = Ledger.open(home.ledger());
        started.push(ledger);
        DeliveryService delivery = new DeliveryService(settings, ledger);
        delivery.addListener(new FileLog());
        for (String route : settings.routes().keySet()) {
            RouteProgress progress = new RouteProgress(route);
            progress.register(ManagementFactory.getPlatformMBeanServer());
            delivery.addListener(progress);
        }
        delivery.recover();

        SparkSession spark = SparkRuntime.start(home, settings);
        started.push(spark::stop);
        Main main = new Main();
        main.bind("settings", settings);
        main.bind("books", ledger);
        main.bind("ledger", new LedgerIdempotentRepository(ledger));
        main.bind("delivery", delivery);
        main.bind("settled", new SettledFiles(settings.routes().values(), delivery));
        main.bind("spark-session", spark);
        configure(main, settings);
        started.push(main::stop);
        main.start();

        Files.writeString(home.ready(), Long.toString(ProcessHandle.current().pid()));
        started.push(() -> Files.deleteIfExists(home.ready()));
        LOG.info("Buzón is ready: {} in {}", settings.routes().keySet(), home.folder());
    }

    private static void configure(Main main, Settings settings) {
        main.setDefaultPropertyPlaceholderLocation("false");
        main.setOverrideProperties(settings.placeholders());
        settings.withPrefix("camel.").forEach(main::addInitialProperty);
        main.configure()
                .withName("buzon")
                .withShutdownTimeout((int)
                        Math.max(1, settings.duration("buzon.stop-timeout").toSeconds()))
                .withShutdownLogInflightExchangesOnTimeout(false)
                .withRoutesCollectorEnabled(false);
        main.addMainListener(new MainListenerSupport() {
            @Override
            public void afterConfigure(BaseMainSupport configured) {
                try {
                    loadRoutes(configured.getCamelContext(), settings.routesFolder());
                } catch (Exception e) {
                    throw new IllegalStateException("The routes can't be loaded: " + e.getMessage(), e);
                }
            }
        });
    }

    private static void loadRoutes(CamelContext context, Path folder) throws Exception {
        List<Resource> resources = new ArrayList<>();
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file :
                    files.filter(f -> f.toString().endsWith(".yaml")).sorted().toList()) {
                resources.add(ResourceHelper.fromBytes(file.toString(), Files.readAllBytes(file)));
            }
        }
        PluginHelper.getRoutesLoader(context).loadRoutes(resources);
    }

    /** Stops in reverse order of the start: Camel with the files in hand, then Spark, then the ledger. */
    public synchronized void stop() throws Exception {
        Exception failure = null;
        while (!started.isEmpty()) {
            try {
                started.pop().close();
            } catch (Exception e) {
                if (failure == null) {
                    failure = e;
                } else {
                    failure.addSuppressed(e);
                }
            }
        }
        if (failure != null) {
            throw failure;
        }
    }
}
