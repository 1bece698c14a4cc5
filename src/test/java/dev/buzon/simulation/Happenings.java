package dev.buzon.simulation;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.TimeUnit;

/**
 * Has the happenings of a plan happen, each in its turn; then the world is right again, and all has to come to rest: twice,
 * for after the first time one more file is sent to each route.
 */
final class Happenings {

    /** A kind of acts that doesn't come is not waited for any longer. */
    private static final int PATIENCE = 400;

    private static final long REST_NANOS = TimeUnit.MINUTES.toNanos(20);
    private static final long LOOK_NANOS = TimeUnit.SECONDS.toNanos(4);

    private final World world;
    private final Queue<Happening> ahead;
    private int acts;
    private int actsOfKind;
    private boolean ended;
    private boolean isLastSent;
    private boolean cleaned;
    private boolean over;
    private long restUntil;

    Happenings(World world, List<Happening> happenings) {
        this.world = world;
        this.ahead = new ArrayDeque<>(happenings);
    }

    boolean areOver() {
        return over;
    }

    /**
     * Before an act of a process.
     *
     * @param between whether others may use the database now
     */
    void before(Act act, boolean between, DaemonProcess process) {
        acts++;
        boolean counted = false;
        while (!ahead.isEmpty()) {
            Happening next = ahead.peek();
            if (!counted && act == next.act()) {
                actsOfKind++;
                counted = true;
            }
            boolean due = next.act() == null
                    ? acts > next.after()
                    : act == next.act() && actsOfKind > next.after() || acts > PATIENCE;
            // Nothing keeps a name free from the look at it to the rename, before which a command may act.
            boolean isTooLate = next.what() == What.OCCUPY && (act == Act.MOVE || world.isInCommand());
            if (!due || isTooLate || needsDatabase(next.what()) && !between) {
                return;
            }
            ahead.remove();
            acts = 0;
            actsOfKind = 0;
            happen(next.what(), next.random(), process);
            if (process.dead) {
                return;
            }
        }
        if (!ended) {
            ended = true;
            world.scheduler().afterOutside(0, this::end);
        }
    }

    private static boolean needsDatabase(What what) {
        return what == What.REPLAY;
    }

    private void happen(What what, Random random, DaemonProcess process) {
        switch (what) {
            case DROP -> world.senders().drop(random);
            case RESEND -> world.senders().resend(random);
            case MEDDLE -> world.senders().meddle(random);
            case OCCUPY -> occupy(random);
            case CONSUME -> world.consumers().take();
            case DISK_FAULT -> fault(world.faults().addOfDisk(random));
            case DATABASE_FAULT -> fault(world.faults().addOfDatabase(random));
            case EVICT -> world.senders().whileDiskForgets(() -> world.disk().evict(random));
            case VANISH -> vanish(random);
            case KILL -> kill(random, process);
            case POWER_CUT -> world.cutPower(random);
            case STALL, STALL_THREAD -> {
                // A command acts in the midst of a daemon's act: that would stand still with it.
                if (world.daemons().all().contains(process)) {
                    stall(what == What.STALL, random, process);
                }
            }
            case STOP -> stop(random);
            case SET_CLOCK -> setClock(random);
            case REPLAY -> replay(random);
            case CLEAN -> {
                cleaned = true;
                world.daemons().clean();
            }
        }
    }

    private void fault(String rule) {
        world.history().say(() -> "from now on: " + rule);
    }

    private void occupy(Random random) {
        String route = Setup.ROUTES.get(random.nextInt(Setup.ROUTES.size()));
        List<Path> files = world.folders().visible(world.folders().inbox(route));
        if (!files.isEmpty()) {
            Path file = files.get(random.nextInt(files.size()));
            Content content = world.senders().find(route, world.folders().read(file));
            if (content != null) {
                world.consumers().occupy(content, file.getFileName().toString());
            }
        }
    }

    private void vanish(Random random) {
        if (!Files.exists(world.folders().home().resolve(".buzon/folders"))) {
            // The first start is not over, and makes all that is missing.
            return;
        }
        String route = Setup.ROUTES.get(random.nextInt(Setup.ROUTES.size()));
        Path folder =
                switch (random.nextInt(3)) {
                    case 0 -> world.folders().inbox(route);
                    case 1 -> world.folders().outbox(route);
                    default -> world.folders().archive(route);
                };
        boolean isStarting = world.daemons().all().stream().anyMatch(daemon -> daemon.daemon == null);
        if (isStarting || world.senders().areWritingTo(folder)) {
            return;
        }
        world.history().say(() -> folder + " is gone for a while");
        world.folders().vanish(folder);
        world.scheduler().afterOutside(millis(random, 60_000), () -> {
            world.history().say(() -> folder + " comes back");
            world.folders().comeBack(folder);
        });
    }

    private static long millis(Random random, int most) {
        return TimeUnit.MILLISECONDS.toNanos(1 + random.nextInt(most));
    }

    private void kill(Random random, DaemonProcess process) {
        DaemonProcess killed = random.nextInt(4) == 0 ? world.daemons().any(random) : process;
        if (killed != null && world.daemons().all().contains(killed)) {
            world.daemons().kill(killed, random);
        }
    }

    private static void stall(boolean whole, Random random, DaemonProcess process) {
        if (whole || process.stall == 0 && !World.holdsLocks()) {
            process.stall = millis(random, random.nextBoolean() ? 20_000 : 3_000);
            process.stallsWhole = whole;
        }
    }

    private void stop(Random random) {
        DaemonProcess stopped = world.daemons().any(random);
        if (stopped != null) {
            world.daemons().stop(stopped);
        }
    }

    private void setClock(Random random) {
        if (Setup.ROUTES.stream()
                .anyMatch(route -> world.senders().areWritingTo(world.folders().inbox(route)))) {
            // A daemon that starts afterwards can't know.
            return;
        }
        Duration by = Duration.ofMillis(random.nextInt(20_000_000) - 10_000_000);
        if (random.nextInt(3) == 0) {
            by = Duration.ofMillis(random.nextInt(10_000) - 5_000);
        }
        boolean disk = random.nextBoolean();
        // A file that is written at a moment that comes twice, in the place and with the number of another, is as that
        // was.
        boolean comesTwice =
                disk && world.setup().grainMillis() > 0 && world.setup().reusesInodes();
        Duration jump = comesTwice ? by.abs() : by;
        world.history().say(() -> "the clock of the " + (disk ? "disk" : "day") + " jumps by " + jump);
        if (disk) {
            world.time().jumpOfDisk(jump);
        } else {
            world.time().jump(jump);
        }
    }

    private void replay(Random random) {
        List<Content> contents = world.senders().contents();
        if (contents.isEmpty()) {
            return;
        }
        Content content = contents.get(random.nextInt(contents.size()));
        world.history().say(() -> "somebody has handled anew: " + content);
        world.daemons().replay(content);
    }

    /** Nothing goes wrong any more. */
    private void end() {
        if (world.folders().areToBeMade()) {
            // No daemon has come so far.
            world.scheduler().afterOutside(LOOK_NANOS, this::end);
            return;
        }
        world.history().say(() -> "from now on nothing goes wrong");
        world.faults().end();
        world.folders().allComeBack();
        world.senders().end();
        restUntil = world.time().nanos() + REST_NANOS;
        lookForRest();
    }

    private void lookForRest() {
        String left = world.scheduler().isAnyStanding()
                ? "somebody stands still"
                : world.oracle().whatIsLeft(isLastSent);
        if (left.isEmpty() && !isLastSent) {
            isLastSent = true;
            world.senders().sendLast();
            world.scheduler().afterOutside(LOOK_NANOS, this::lookForRest);
        } else if (left.isEmpty() && cleaned) {
            // What an earlier run could not write down, the next one does.
            cleaned = false;
            world.daemons().clean();
            world.scheduler().afterOutside(LOOK_NANOS, this::lookForRest);
        } else if (left.isEmpty()) {
            over = true;
        } else if (world.time().nanos() > restUntil) {
            throw new Violation("does not come to rest: " + left);
        } else {
            world.scheduler().afterOutside(LOOK_NANOS, this::lookForRest);
        }
    }
}
