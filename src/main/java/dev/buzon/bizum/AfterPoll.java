package dev.buzon.bizum;

import dev.buzon.delivery.Failure;
import dev.buzon.delivery.Retries;
import dev.buzon.home.Settings;
import dev.buzon.intake.OldestFirst;
import dev.buzon.intake.SettledFiles;
import org.apache.camel.CamelContext;
import org.apache.camel.CamelContextAware;
import org.apache.camel.Consumer;
import org.apache.camel.Endpoint;
import org.apache.camel.ProducerTemplate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends for the table once a poll of the bizums route is over and has changed it, whatever became of the poll's last
 * file; and once after the start, for what a crash may have left undone. Used by the route's consumer alone.
 */
public final class AfterPoll extends OldestFirst implements CamelContextAware {

    private static final Logger LOG = LoggerFactory.getLogger(AfterPoll.class);

    /** How many times as long as it took the table rests: that of a million people takes seconds. */
    private static final int REST = 9;

    private final HighestBizums job;
    private final String uri;
    private final Retries<String> retries;
    private CamelContext camelContext;
    private ProducerTemplate template;
    private long restUntil = System.nanoTime();

    /**
     * @param settled the filter of the route's consumer
     * @param uri the endpoint that the table's route begins with
     */
    public AfterPoll(SettledFiles settled, HighestBizums job, String uri, Settings settings) {
        super(settled);
        this.job = job;
        this.uri = uri;
        this.retries = new Retries<>(settings);
    }

    @Override
    public void commit(Consumer consumer, Endpoint endpoint, int polledMessages) {
        super.commit(consumer, endpoint, polledMessages);
        if (!retries.isDue(uri) || System.nanoTime() - restUntil < 0 || !job.takeChanged()) {
            return;
        }
        long begin = System.nanoTime();
        if (template == null) {
            template = camelContext.createProducerTemplate();
        }
        Exception failure = template.send(uri, exchange -> {}).getException();
        if (failure == null) {
            restUntil = System.nanoTime() + REST * (System.nanoTime() - begin);
            retries.succeeded(uri);
            return;
        }
        job.setChanged();
        LOG.warn(
                "bizums: the table can't be written, tried again in {} s: {}",
                retries.failed(uri).toSeconds(),
                Failure.reason(failure),
                Failure.isBug(failure) ? Failure.root(failure) : null);
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
