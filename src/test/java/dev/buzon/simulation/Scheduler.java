package dev.buzon.simulation;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.PriorityQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/**
 * Does the tasks of the simulated world at their times, one at a time. A task may stand still in its midst while others go
 * on: then another thread goes on with the tasks, since Java 17 has no other way to leave a stack and come back to it.
 * Exactly one thread runs at any time, and which one is a matter of the tasks alone.
 */
final class Scheduler {

    private static final ExecutorService THREADS = Executors.newCachedThreadPool(task -> {
        Thread thread = new Thread(task, "simulation");
        thread.setDaemon(true);
        return thread;
    });

    private final SimulatedTime time;
    private final PriorityQueue<Event> events = new PriorityQueue<>();
    /** Those of others than the daemons: they go on while a task of a daemon takes its time. */
    private final PriorityQueue<Event> outside = new PriorityQueue<>();
    /** The threads whose tasks stand still. */
    private final Deque<Thread> standing = new ArrayDeque<>();

    private long sequence;
    private Thread first;
    private BooleanSupplier done;
    private boolean over;
    private Throwable failure;
    /** The only thread that runs; null from when one stands still until another has begun. */
    private volatile Thread turn;

    /** @param standing the thread that goes on then, in place of a task that is begun */
    private record Event(long nanos, long sequence, Runnable task, Thread standing) implements Comparable<Event> {
        @Override
        public int compareTo(Event other) {
            int byTime = Long.compare(nanos, other.nanos);
            return byTime != 0 ? byTime : Long.compare(sequence, other.sequence);
        }
    }

    Scheduler(SimulatedTime time) {
        this.time = time;
    }

    void after(long nanos, Runnable task) {
        events.add(new Event(time.nanos() + nanos, sequence++, task, null));
    }

    /** For who is no daemon: a short task, which never stands still. */
    void afterOutside(long nanos, Runnable task) {
        outside.add(new Event(time.nanos() + nanos, sequence++, task, null));
    }

    /** In a task of a daemon: what others do that is due by now. */
    void doWhatIsDueOutside() {
        while (!outside.isEmpty() && outside.peek().nanos <= time.nanos()) {
            outside.remove().task.run();
        }
    }

    /** In a task of a daemon, which hangs: only those who are no daemons go on. */
    void passOutside(long nanos) {
        long end = time.nanos() + nanos;
        while (!outside.isEmpty() && outside.peek().nanos < end) {
            time.passTo(outside.peek().nanos);
            outside.remove().task.run();
        }
        time.passTo(end);
    }

    private Event next() {
        boolean isOutside =
                !outside.isEmpty() && (events.isEmpty() || outside.peek().compareTo(events.peek()) < 0);
        return isOutside ? outside.remove() : events.remove();
    }

    /** Does tasks until that is so, or one of them fails. Those that stand still then end by {@link Killed}. */
    void runUntil(BooleanSupplier isDone) {
        first = Thread.currentThread();
        done = isDone;
        turn = first;
        goOn();
        awaitTurn();
        while (!standing.isEmpty()) {
            give(standing.peek());
            awaitTurn();
        }
        if (failure instanceof Error error) {
            throw error;
        }
        if (failure instanceof RuntimeException exception) {
            throw exception;
        }
    }

    /** Until all is over, or a thread that stood still goes on in place of this one. */
    private void goOn() {
        while (!over && !done.getAsBoolean()) {
            Event event = next();
            time.passTo(event.nanos);
            if (event.standing != null) {
                give(event.standing);
                return;
            }
            try {
                event.task.run();
            } catch (Killed e) {
                // Its process is dead.
            } catch (RuntimeException | Error e) {
                fail(e);
            }
        }
        over = true;
        if (Thread.currentThread() != first) {
            give(first);
        }
    }

    boolean isAnyStanding() {
        return !standing.isEmpty();
    }

    /**
     * In a task: others go on meanwhile.
     *
     * @throws Killed if all is over by then
     */
    void standStill(long nanos) {
        Thread me = Thread.currentThread();
        events.add(new Event(time.nanos() + nanos, sequence++, null, me));
        standing.add(me);
        turn = null;
        THREADS.execute(() -> {
            turn = Thread.currentThread();
            goOn();
        });
        awaitTurn();
        standing.remove(me);
        if (over) {
            throw new Killed();
        }
    }

    /** Ends all, since the history is wrong, or the simulation. */
    void fail(Throwable e) {
        failure = failure == null ? e : failure;
        over = true;
    }

    private void give(Thread next) {
        turn = next;
        LockSupport.unpark(next);
    }

    private void awaitTurn() {
        while (turn != Thread.currentThread()) {
            LockSupport.park(this);
        }
    }
}
