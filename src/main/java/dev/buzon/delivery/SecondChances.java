package dev.buzon.delivery;

import dev.buzon.home.BoundedMap;
import dev.buzon.job.Outcome;
import dev.buzon.job.UnreadableFileException;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.Semaphore;
import org.apache.camel.Exchange;
import org.apache.commons.lang3.exception.ExceptionUtils;

/**
 * Runs the jobs of batches, and stops the files whose jobs run out of memory or stack. The memory is everybody's, so the
 * first such failure may be the fault of another file: the second try runs alone. If that fails too, the file is
 * unreadable. Thread-safe.
 */
public final class SecondChances {

    /** More than ever run at once. */
    private static final int ALL = Integer.MAX_VALUE;
    /** How many files are remembered. One that is forgotten gets another second chance. */
    private static final int MOST = 1_000;

    /** Each running job holds one of its permits, and one that runs alone holds all of them. */
    private final Semaphore running = new Semaphore(ALL, true);

    /** By route and key, the files whose last try failed so. */
    private final Set<String> suspects = Collections.synchronizedSet(Collections.newSetFromMap(new BoundedMap<>(MOST)));

    /**
     * Runs the job of a batch, and waits before that until it may run. A job that throws {@link UnreadableFileException},
     * or that has run out of memory or stack for the second time, says that its file is unreadable; if it has several,
     * each is tried again by itself.
     *
     * @return what the job returns
     */
    public Object run(Exchange exchange, Callable<Object> job) throws Exception {
        Batch batch = RouteSteps.batch(exchange);
        if (batch == null) {
            return job.call();
        }
        List<Delivery> files = batch.newOnes();
        String file = files.size() > 1
                ? null
                : batch.route().id() + " " + files.get(0).key();
        boolean alone = file != null && suspects.contains(file);
        int permits = alone ? ALL : 1;
        running.acquire(permits);
        try {
            Object result = job.call();
            suspects.remove(file);
            return result;
        } catch (Exception | Error e) {
            UnreadableFileException unreadable = ExceptionUtils.throwableOfType(e, UnreadableFileException.class);
            VirtualMachineError exhausted = ExceptionUtils.throwableOfType(e, VirtualMachineError.class);
            if (file != null && unreadable != null) {
                return List.of(Outcome.unreadable(unreadable.getMessage()));
            }
            if (file == null || exhausted == null || isOfTheWorld(exhausted)) {
                throw e;
            }
            if (!alone) {
                suspects.add(file);
                throw e;
            }
            suspects.remove(file);
            return List.of(Outcome.unreadable("its job failed twice, the second time alone: " + exhausted));
        } finally {
            running.release(permits);
        }
    }

    /** The system has no thread to give: another limit than the heap's. */
    private static boolean isOfTheWorld(VirtualMachineError e) {
        return e.getMessage() != null && e.getMessage().contains("native thread");
    }
}
