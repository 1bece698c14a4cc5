package dev.buzon.delivery;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.Semaphore;
import org.apache.camel.Exchange;
import org.apache.commons.lang3.exception.ExceptionUtils;

/**
 * Runs the jobs of files, and stops the files whose jobs run out of memory or stack. The memory is everybody's, so the
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
    private final Set<String> suspects = Collections.synchronizedSet(Collections.newSetFromMap(new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Boolean> eldest) {
            return size() > MOST;
        }
    }));

    /**
     * Runs a file's job, and waits before that until it may run.
     *
     * @throws UnreadableFileException if the job has run out of memory or stack for the second time
     */
    public Object run(Exchange exchange, Callable<Object> job) throws Exception {
        Delivery delivery = exchange.getProperty(DeliveryService.DELIVERY, Delivery.class);
        if (delivery == null) {
            return job.call();
        }
        String file = delivery.route().route() + " " + delivery.getKey();
        boolean alone = suspects.contains(file);
        int permits = alone ? ALL : 1;
        running.acquire(permits);
        try {
            Object result = job.call();
            suspects.remove(file);
            return result;
        } catch (Exception | Error e) {
            VirtualMachineError exhausted = ExceptionUtils.throwableOfType(e, VirtualMachineError.class);
            if (exhausted == null || isOfTheWorld(exhausted)) {
                throw e;
            }
            if (!alone) {
                suspects.add(file);
                throw e;
            }
            suspects.remove(file);
            throw new UnreadableFileException("its job failed twice, the second time alone: " + exhausted);
        } finally {
            running.release(permits);
        }
    }

    /** The system has no thread to give: another limit than the heap's. */
    private static boolean isOfTheWorld(VirtualMachineError e) {
        return e.getMessage() != null && e.getMessage().contains("native thread");
    }
}
