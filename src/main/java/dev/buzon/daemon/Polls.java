package dev.buzon.daemon;

import java.util.Collection;
import org.apache.camel.CamelContext;
import org.apache.camel.Route;
import org.apache.camel.support.DefaultScheduledPollConsumerScheduler;
import org.apache.camel.support.LifecycleStrategySupport;
import org.apache.camel.support.ScheduledPollConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The polls of a consumer. One that ends with an {@link Error}, such as no memory, is followed by the next: Camel's own
 * scheduler would poll no more.
 */
final class Polls extends DefaultScheduledPollConsumerScheduler {

    private static final Logger LOG = LoggerFactory.getLogger(Polls.class);

    private Polls(ScheduledPollConsumer consumer) {
        setInitialDelay(consumer.getInitialDelay());
        setDelay(consumer.getDelay());
        setTimeUnit(consumer.getTimeUnit());
        setUseFixedDelay(consumer.isUseFixedDelay());
    }

    /** Schedules the consumers of all routes that are added from now on, unless they name a scheduler. */
    static void scheduleIn(CamelContext context) {
        context.addLifecycleStrategy(new LifecycleStrategySupport() {
            @Override
            public void onRoutesAdd(Collection<Route> routes) {
                for (Route route : routes) {
                    if (route.getConsumer() instanceof ScheduledPollConsumer consumer
                            && consumer.getScheduler() == null) {
                        consumer.setScheduler(new Polls(consumer));
                    }
                }
            }
        });
    }

    @Override
    public void scheduleTask(Runnable poll) {
        super.scheduleTask(() -> {
            try {
                poll.run();
            } catch (Error e) {
                LOG.error("The poll that met an error is followed by the next");
            }
        });
    }
}
