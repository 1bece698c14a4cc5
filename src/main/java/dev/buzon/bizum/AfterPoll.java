package dev.buzon.bizum;

import dev.buzon.delivery.Retries;
import dev.buzon.home.Settings;
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

    private final HighestBizums job;
    private final String uri;
    private final Retries<String> retries;
    private CamelContext camelContext;
    private ProducerTemplate template;

    /** @param uri the endpoint that the table's route begins with */
    public AfterPoll(HighestBizums job, String uri, Settings settings) {
        this.job = job;
        this.uri = uri;
        this.retries = new Retries<>(settings);
    }

    @Override
    public void commit(Consumer consumer, Endpoint endpoint, int polledMessages) {
        super.commit(consumer, endpoint, polledMessages);
        if (!retries.isDue(uri) || !job.takeChanged()) {
            return;
        }
        if (template == null) {
            template = camelContext.createProducerTemplate();
        }
        Exception failure = template.send(uri, exchange -> {}).getException();
        if (failure == null) {
            retries.succeeded(uri);
            return;
        }
        job.setChanged();
        LOG.warn(
                "bizums: the table can't be written, tried again in {} s: {}",
                retries.failed(uri).toSeconds(),
                failure.toString());
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
