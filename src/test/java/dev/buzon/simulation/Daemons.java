package dev.buzon.simulation;

import dev.buzon.bizum.HighestBizums;
import dev.buzon.database.Lease;
import dev.buzon.database.SimulatedLeases;
import dev.buzon.delivery.BareDaemon;
import dev.buzon.home.SettingsException;
import dev.buzon.job.Snapshot;
import java.io.IOException;
import java.sql.SQLException;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;

/** The daemons of the simulated home, which are started again whenever they end, and what their timers call for. */
final class Daemons {

    private static final long POLL_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final long CATCH_UP_NANOS = TimeUnit.SECONDS.toNanos(2);
    private static final long STRAYS_NANOS = TimeUnit.SECONDS.toNanos(20);
    private static final long STANDBY_NANOS = TimeUnit.MILLISECONDS.toNanos(250);
    private static final long START_AGAIN_NANOS = TimeUnit.SECONDS.toNanos(5);
    private static final int LONGEST_START_MILLIS = 8_000;

    private static final Map<String, Snapshot> TABLES = Map.of("bizums", new HighestBizums(1 << 20, false));

    private final World world;
    private final SimulatedJobs jobs;
    /** By their names: those that run. */
    private final Map<String, DaemonProcess> running = new LinkedHashMap<>();

    private int names;

    Daemons(World world) {
        this.world = world;
        this.jobs = new SimulatedJobs(world.disk());
    }

    private List<String> instances() {
        return world.setup().server() ? List.of("a", "b") : List.of("a");
    }

    Collection<DaemonProcess> all() {
        return running.values();
    }

    /** Null if none runs. */
    DaemonProcess any(Random random) {
        List<DaemonProcess> all = List.copyOf(running.values());
        return all.isEmpty() ? null : all.get(random.nextInt(all.size()));
    }

    void start() {
        instances().forEach(name -> start(name, 0));
    }

    /** After a power cut. */
    void startAgain(Random random) {
        running.clear();
        instances().forEach(name -> start(name, millis(random)));
    }

    private static long millis(Random random) {
        return TimeUnit.MILLISECONDS.toNanos(random.nextInt(LONGEST_START_MILLIS));
    }

    private void start(String name, long delay) {
        DaemonProcess process = new DaemonProcess(name);
        running.put(name, process);
        later(process, delay, () -> begin(process));
    }

    /** Does something as a process, unless that is dead by then. */
    private void later(DaemonProcess process, long delay, Runnable body) {
        world.scheduler().after(delay, () -> {
            if (process.dead) {
                return;
            }
            long rest = process.restOfStall(world.time().nanos());
            if (rest > 0) {
                later(process, rest, body);
                return;
            }
            process.inHand++;
            try {
                world.as(process, body);
            } catch (RuntimeException | Error e) {
                if (!process.dead) {
                    throw e;
                }
                // What it held open was closed under it.
            } finally {
                process.inHand--;
            }
        });
    }

    private void every(DaemonProcess process, long nanos, Runnable body) {
        later(process, nanos, () -> {
            if (!process.stopping) {
                body.run();
                every(process, nanos, body);
            }
        });
    }

    private void begin(DaemonProcess process) {
        world.history().say(() -> process + " starts");
        try {
            BareDaemon.World outside = outside(process);
            process.daemon = new BareDaemon(world.settings(process.name), outside, lease(process), TABLES);
            if (world.setup().server()) {
                standBy(process);
            } else {
                process.daemon.begin();
                work(process);
            }
        } catch (IOException | SQLException | SettingsException e) {
            world.history().say(() -> process + " can't start: " + e);
            kill(process, START_AGAIN_NANOS);
        }
    }

    private BareDaemon.World outside(DaemonProcess process) {
        process.database = world.setup().server()
                ? SimulatedDatabase.server(world.store(), world)
                : SimulatedDatabase.file(world.store(), world);
        return new BareDaemon.World(
                process.database, world.time(), () -> "batch" + ++names, world.chance(), jobs::handle);
    }

    private Lease lease(DaemonProcess process) {
        if (!world.setup().server()) {
            return Lease.UNSHARED;
        }
        boolean[] ended = new boolean[1];
        SimulatedLeases.Timer timer = new SimulatedLeases.Timer() {
            @Override
            public void every(long nanos, Runnable task) {
                later(process, nanos, () -> {
                    if (!ended[0]) {
                        task.run();
                        every(nanos, task);
                    }
                });
            }

            @Override
            public void end() {
                ended[0] = true;
            }
        };
        return SimulatedLeases.of(process.database, process.name, () -> stop(process), world.time(), timer);
    }

    private void standBy(DaemonProcess process) {
        if (process.stopping) {
            return;
        }
        try {
            if (process.daemon.begin()) {
                work(process);
                return;
            }
        } catch (IOException | SQLException | SettingsException e) {
            world.history().say(() -> process + " can't take over: " + e);
        }
        later(process, STANDBY_NANOS, () -> standBy(process));
    }

    private void work(DaemonProcess process) {
        world.history().say(() -> process + " works");
        world.as(null, world.senders()::whileADaemonIsNew);
        process.works = true;
        for (String route : Setup.ROUTES) {
            every(process, POLL_NANOS, () -> process.daemon.poll(route));
        }
        every(process, CATCH_UP_NANOS, process.daemon::catchUp);
        every(process, STRAYS_NANOS, process.daemon::lookForStrays);
    }

    /** As an operator does, or since another daemon works. Started again. */
    void stop(DaemonProcess process) {
        if (process.stopping) {
            return;
        }
        world.history().say(() -> process + " stops");
        process.stopping = true;
        if (process.daemon != null) {
            process.daemon.prepareStop();
        }
        endOnceNothingIsInHand(process);
    }

    private void endOnceNothingIsInHand(DaemonProcess process) {
        later(process, TimeUnit.MILLISECONDS.toNanos(100), () -> {
            if (process.inHand > 1) {
                endOnceNothingIsInHand(process);
                return;
            }
            try {
                if (process.daemon != null) {
                    process.daemon.stop();
                }
            } catch (SQLException e) {
                world.history().say(() -> process + " can't close its ledger: " + e);
            }
            kill(process, POLL_NANOS);
        });
    }

    /** It is started again. */
    void kill(DaemonProcess process, Random random) {
        world.history().say(() -> process + " is killed");
        kill(process, millis(random));
    }

    private void kill(DaemonProcess process, long delay) {
        process.dead = true;
        try {
            if (world.setup().server()) {
                if (process.database != null) {
                    process.database.ended();
                }
            } else {
                world.store().processEnded(new Random(31 * world.time().nanos()));
            }
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
        start(process.name, delay);
    }

    /** Has the housekeeping run, unless it does. */
    void clean() {
        running.values().forEach(process -> later(process, 0, () -> clean(process)));
    }

    private void clean(DaemonProcess process) {
        if (!process.works || process.stopping || process.cleaning) {
            return;
        }
        process.cleaning = true;
        try {
            process.daemon.clean();
        } catch (IOException | SQLException e) {
            world.history().say(() -> process + " can't clean: " + e);
        } finally {
            process.cleaning = false;
        }
    }

    /** A command of a person's. */
    void replay(Content content) {
        String name = content.key.substring(0, 16);
        DaemonProcess command = new DaemonProcess("replay");
        world.asCommand(command, () -> {
            try {
                content.replays++;
                content.isReplayed = false;
                String now = BareDaemon.replay(world.settings("a"), outside(command), content.route, name);
                content.isReplayed = true;
                world.history().say(() -> "replay: " + name + " is " + now);
            } catch (IOException | SQLException | IllegalStateException | SettingsException e) {
                world.history().say(() -> "replay of " + name + " fails: " + e);
            }
        });
    }
}
