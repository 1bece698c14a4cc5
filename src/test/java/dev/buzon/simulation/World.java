package dev.buzon.simulation;

import dev.buzon.database.SimulatedLeases;
import dev.buzon.home.Disk;
import dev.buzon.home.Settings;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.EnumSet;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/** The world of one history: its disk, its database, its clocks, and those who act in it. */
final class World implements Calls {

    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

    /** What an act takes. */
    private static final long ACT_NANOS = TimeUnit.MICROSECONDS.toNanos(200);
    /** How long a commit hangs at most. */
    private static final int HANGS_MILLIS = 60_000;
    /** After how long at most a commit has come, or never will, whose connection was lost. */
    private static final int LATE_MILLIS = 30_000;

    /** Acts between which nobody else can use the database. */
    private static final Set<Act> IN_TRANSACTION = EnumSet.of(Act.STATEMENT, Act.COMMIT, Act.COMMIT_UNFORCED);

    private static final Set<Act> HARMLESS = EnumSet.of(Act.LOOK, Act.LIST);

    private final Setup setup;
    private final SimulatedTime time;
    private final Scheduler scheduler;
    private final History history;
    private final SimulatedHomes homes;
    private final SimulatedDisk disk;
    private final SimulatedStore store;
    private final Folders folders;
    /** Of what no happening chooses. */
    private final Random chance;

    private final Faults faults;
    private final Senders senders;
    private final Consumers consumers;
    private final Oracle oracle;
    private final Daemons daemons;
    private final Happenings happenings;
    /** The commands that are under way. */
    private final Deque<DaemonProcess> commands = new ArrayDeque<>();
    /** Who acts just now; null if it is somebody whom nothing hinders. */
    private DaemonProcess acting;

    private Act lastAct = Act.LOOK;

    World(Plan plan, SimulatedHomes homes, SimulatedStore store, boolean told) throws IOException, SQLException {
        setup = plan.setup();
        time = new SimulatedTime(Duration.ofMillis(setup.diskClock()));
        scheduler = new Scheduler(time);
        history = new History(time, told);
        this.homes = homes;
        disk = homes.disk();
        disk.reset(setup.habits(), time.ofDisk(), this);
        folders = new Folders(disk, setup);
        faults = new Faults(time);
        senders = new Senders(this);
        consumers = new Consumers(this);
        oracle = new Oracle(this);
        daemons = new Daemons(this);
        happenings = new Happenings(this, plan.happenings());
        this.store = store;
        chance = plan.random();
        store.reset(LedgerImages.of(setup.ledger()), chance);
        store.define(SimulatedLeases.NOW, time::millisOfServer);
        Files.createDirectory(folders.home());
        Files.setOwner(folders.home(), new DiskUser(SimulatedDisk.SERVICE));
        // Before anybody acts: whether they were read before is to change nothing.
        settings("a");
        settings("b");
        Files.createDirectory(folders.consumed());
        if (setup.handledBefore() > 0) {
            new EarlierProgram(this).handle(setup.handledBefore());
            store.reset(store.image(), chance);
        }
        Files.createDirectory(folders.secret().getParent());
        Files.writeString(folders.secret(), "secret");
        Disk.force(folders.secret());
        Disk.force(folders.secret().getParent());
        Disk.force(disk.path("/"));
    }

    /** The whole history, until all is at rest. */
    void run() {
        daemons.start();
        scheduler.runUntil(happenings::areOver);
        oracle.check();
    }

    Setup setup() {
        return setup;
    }

    Random chance() {
        return chance;
    }

    SimulatedTime time() {
        return time;
    }

    Scheduler scheduler() {
        return scheduler;
    }

    History history() {
        return history;
    }

    SimulatedDisk disk() {
        return disk;
    }

    SimulatedStore store() {
        return store;
    }

    Folders folders() {
        return folders;
    }

    Faults faults() {
        return faults;
    }

    Senders senders() {
        return senders;
    }

    Consumers consumers() {
        return consumers;
    }

    Oracle oracle() {
        return oracle;
    }

    Daemons daemons() {
        return daemons;
    }

    /** Those of a process that starts now. */
    Settings settings(String instance) {
        return homes.settings(folders.home(), setup.server() ? instance : "", setup.properties());
    }

    boolean isInCommand() {
        return !commands.isEmpty();
    }

    /** Does something as a process of a command, in the midst of what others do. */
    void asCommand(DaemonProcess command, Runnable body) {
        commands.push(command);
        try {
            as(command, body);
        } catch (Killed e) {
            // Its power was cut.
        } finally {
            commands.pop();
        }
    }

    /** Does something as a process. */
    void as(DaemonProcess process, Runnable body) {
        DaemonProcess before = acting;
        acting = process;
        try {
            body.run();
        } finally {
            acting = before;
        }
    }

    @Override
    public String user() {
        return acting == null ? "root" : SimulatedDisk.SERVICE;
    }

    @Override
    public Fault before(Act act, String on) {
        DaemonProcess process = acting;
        if (process == null) {
            return Fault.NONE;
        }
        expectAlive(process);
        time.pass(ACT_NANOS);
        acting = null;
        Fault fault = Fault.NONE;
        try {
            othersAct(process, act, on);
            if (!process.dead) {
                fault = fault(process, act, on);
            }
        } catch (Killed e) {
            throw e;
        } catch (RuntimeException | Error e) {
            // The service would take it for a failure of its own.
            scheduler.fail(e);
            process.dead = true;
        } finally {
            acting = process;
        }
        expectAlive(process);
        lastAct = act;
        if (fault == Fault.NONE
                && history.isTold()
                && !HARMLESS.contains(act)
                && act != Act.SELECT
                && act != Act.READ
                && act != Act.STATEMENT
                && act != Act.SET) {
            history.say(() -> process + ": " + act + " " + on);
        }
        return fault;
    }

    private Fault fault(DaemonProcess process, Act act, String on) {
        Fault fault = faults.at(act);
        if (fault != Fault.NONE) {
            history.say(() -> process + " meets " + fault + " at " + act + " " + on);
        }
        if (fault == Fault.HANG) {
            // No other transaction goes on meanwhile, nor whoever waits for one.
            scheduler.passOutside(nanos(HANGS_MILLIS));
            return Fault.NONE;
        }
        if (fault == Fault.LATE && setup.server()) {
            scheduler.afterOutside(nanos(LATE_MILLIS), this::settleLate);
        }
        return fault;
    }

    private void settleLate() {
        try {
            if (store.isInTransaction()) {
                scheduler.afterOutside(ACT_NANOS, this::settleLate);
            } else {
                store.settleLate(chance);
            }
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private long nanos(int mostMillis) {
        return TimeUnit.MILLISECONDS.toNanos(1 + chance.nextInt(mostMillis));
    }

    private void othersAct(DaemonProcess process, Act act, String on) {
        expectInside(act, on);
        if (lastAct == Act.MOVE) {
            consumers.seeWhatIsNew();
        }
        scheduler.doWhatIsDueOutside();
        boolean between = !IN_TRANSACTION.contains(act);
        happenings.before(act, between, process);
        if (process.stall != 0 && between && !process.dead) {
            long nanos = process.stall;
            process.stall = 0;
            history.say(() -> process + " stands still before " + act + " " + on);
            if (process.stallsWhole) {
                // The others go on after it: it may hold a lock that they want.
                process.stalledUntil = time.nanos() + nanos + 1;
                process.standsStill = true;
                scheduler.standStill(nanos);
                process.standsStill = false;
            } else {
                scheduler.standStill(nanos);
                while (process.restOfStall(time.nanos()) > 0) {
                    // Another thread stands still with all of them by now.
                    scheduler.standStill(process.restOfStall(time.nanos()));
                }
            }
            history.say(() -> process + " goes on");
        }
    }

    private void expectAlive(DaemonProcess process) {
        if (process.dead) {
            throw new Killed();
        }
    }

    private static void expectInside(Act act, String on) {
        if (on.startsWith("/") && !on.startsWith("/home") && !HARMLESS.contains(act)) {
            throw new Violation("outside of the home: " + act + " " + on);
        }
    }

    /** Whether the thread that acts holds a lock that others of its process may want. */
    static boolean holdsLocks() {
        return THREADS.getThreadInfo(new long[] {Thread.currentThread().getId()}, true, false)[0].getLockedMonitors()
                        .length
                > 0;
    }

    /** Everything is without power for a moment. */
    void cutPower(Random random) {
        history.say(() -> "the power is cut");
        daemons.all().forEach(process -> process.dead = true);
        commands.forEach(command -> command.dead = true);
        Map<Path, Content> before = senders.waiting();
        String lost = disk.cutPower(random);
        String undone;
        try {
            undone = setup.server() ? "the server goes on" : store.cutPower(random);
            if (setup.server()) {
                store.endSessions(null);
            }
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
        history.say(() -> lost + "; " + undone);
        oracle.checkAfterPowerCut();
        folders.allComeBack();
        senders.afterPowerCut(before, oracle.handled());
        daemons.startAgain(random);
    }
}
