package dev.buzon.delivery;

import dev.buzon.intake.OldestFirst;
import dev.buzon.intake.SettledFiles;
import org.apache.camel.Consumer;
import org.apache.camel.Endpoint;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.RouteAware;

/** Has each poll of a drop folder begin with the choice of its files, and end with the table of its job. Thread-safe. */
public final class AfterPoll extends OldestFirst {

    private final SnapshotSteps snapshots;
    private volatile ProducerTemplate template;

    public AfterPoll(SettledFiles settled, SnapshotSteps snapshots) {
        super(settled);
        this.snapshots = snapshots;
    }

    @Override
    public void commit(Consumer consumer, Endpoint endpoint, int polledMessages) {
        super.commit(consumer, endpoint, polledMessages);
        if (template == null) {
            template = endpoint.getCamelContext().createProducerTemplate();
        }
        snapshots.afterPoll(((RouteAware) consumer).getRoute().getRouteId(), template);
    }
}
