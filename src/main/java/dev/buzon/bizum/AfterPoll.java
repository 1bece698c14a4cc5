package dev.buzon.bizum;

import java.util.concurrent.TimeUnit;
import org.apache.camel.CamelContext;
import org.apache.camel.CamelContextAware;
import org.apache.camel.Consumer;
import org.apache.camel.Endpoint;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.support.DefaultPollingConsumerPollStrategy;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends for the table once a poll of the bizums route is over and has changed it, whatever became of the poll's last
 * file; and once after the start, for what a crash may have left undone. Used by the route's consumer alone.
 */
public final class AfterPoll extends DefaultPollingConsumerPollStrategy implements CamelContextAware {

    private static final Logger LOG = LoggerFactory.getLogger(AfterPoll.class);
    private static final long FIRST_WAIT_MILLIS = 1_000;
    private static final long LONGEST_WAIT_MILLIS = 60_000;

    private final HighestBizums job;
    private final String uri;
    private CamelContext camelContext;
    private ProducerTemplate template;
    private long waitMillis;
    private long dueNanos;

    /** @param uri the endpoint that the table's route begins with */
    public AfterPoll(HighestBizums job, String uri) {
        this.job = job;
        this.uri = uri;
    }

    @Override
    public void commit(Consumer consumer, Endpoint endpoint, int polledMessages) {
        super.commit(consumer, endpoint, polledMessages);
        if (waitMillis > 0 && System.nanoTime() - dueNanos < 0 || !job.takeChanged()) {
            return;
        }
        if (template == null) {
            template = camelContext.createProducerTemplate();
        }
        Exception failure = template.send(uri, exchange -> {}).getException();
        if (failure == null) {
            waitMillis = 0;
            return;
        }
        job.setChanged();
        waitMillis = Math.min(waitMillis == 0 ? FIRST_WAIT_MILLIS : waitMillis * 2, LONGEST_WAIT_MILLIS);
        dueNanos = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(waitMillis);
        LOG.warn("bizums: the table can't be written, tried again in {} s: {}", waitMillis / 1000, failure.toString());
    }

    @Override
    public CamelContext getCamelContext() {
        return camelContext;
    }

    @Override
    public void setCamelContext(CamelContext camelContext) {
        this.camelContext = camelContext;
    }
}
